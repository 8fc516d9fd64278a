/* tests/base/test_command.c: the command line is read from the declarations and nothing else. */
#include "base/arguments.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static ErrCode nothing(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)context;
    (void)arguments;
    (void)ret_result;
    (void)err;
    return OK;
}

static const Option OPTIONS[] = {
    {.name = "form", .kind = OPTION_TEXT, .value = "ID", .help = "which form"},
    {.name = "limit",
     .kind = OPTION_INT,
     .value = "N",
     .help = "at most",
     .min = 1,
     .max = 100,
     .preset = "20"},
    {.name = "surveyed-on", .kind = OPTION_DATE, .value = "DATE", .help = "the day"},
    {.name = "o",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = "where to",
     .endings = "xlsx csv"},
    {.name = "set", .kind = OPTION_TEXT, .value = "P=V", .help = "move a parameter", .many = true},
    {.name = "dry-run", .kind = OPTION_FLAG, .help = "change nothing"},
    {0},
};
static const Option NEEDED[] = {
    {.name = "why", .kind = OPTION_TEXT, .value = "TEXT", .help = "the reason", .required = true},
    {0},
};
static const Positional FILES[] = {{"FILE", "questionnaires", false, true}, {0}};
static const Positional PAIR[] = {{"A", "one", false, false}, {"B", "the other", true, false}, {0}};
static const Command IMPORT = {.words = "survey import",
                               .summary = "take in",
                               .positionals = FILES,
                               .options = OPTIONS,
                               .run = nothing};
static const Command UNDO = {.words = "survey undo", .summary = "take back", .run = nothing};
static const Command MERGE = {.words = "people merge",
                              .summary = "join",
                              .positionals = PAIR,
                              .options = NEEDED,
                              .run = nothing};
static const Command OPTOUT_ADD = {
    .words = "outreach optout add", .summary = "add", .positionals = PAIR, .run = nothing};
static const Command OPTOUT = {.words = "outreach optout", .summary = "list", .run = nothing};
static const Command *const TABLE[] = {&IMPORT, &UNDO, &MERGE, &OPTOUT_ADD, &OPTOUT, NULL};

typedef struct Parsed {
    ErrCode code;
    Err err;
    Globals globals;
    const Command *command;
    Arguments *arguments;
} Parsed;

static Parsed parse(Arena *arena, const char *line)
{
    Parsed parsed = {0};
    lang_set("en"); /* an earlier line may have said --lang zh */
    char **words = arena_array(arena, char *, 64), *rest = arena_strdup(arena, line);
    int count = 0;
    words[count++] = arena_strdup(arena, "talent");
    for (char *word; (word = strsep(&rest, " ")) && count < 63;)
        if (*word)
            words[count++] = word;
    parsed.code = command_parse(arena, TABLE, count, words, &parsed.globals, &parsed.command,
                                &parsed.arguments, &parsed.err);
    return parsed;
}

static int arena_setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void values_come_by_option_name(void **state)
{
    Parsed p =
        parse(*state, "survey import a.xlsx --form=enterprise --limit 7 --set a=1 b.csv --set b=2"
                      " --surveyed-on 2012-09-20 -o out.csv --dry-run");
    assert_int_equal(p.code, OK);
    assert_ptr_equal(p.command, &IMPORT);
    assert_int_equal(argument_count(p.arguments), 2);
    assert_string_equal(argument_at(p.arguments, 0), "a.xlsx");
    assert_string_equal(argument_at(p.arguments, 1), "b.csv");
    assert_null(argument_at(p.arguments, 2));
    assert_string_equal(option_text(p.arguments, "form"), "enterprise");
    assert_int_equal(option_int(p.arguments, "limit", 0), 7);
    assert_int_equal(option_date(p.arguments, "surveyed-on", 0), date_of(2012, 9, 20));
    assert_string_equal(option_text(p.arguments, "o"), "out.csv");
    assert_true(option_flag(p.arguments, "dry-run"));
    const char *const *values;
    assert_int_equal(option_values(p.arguments, "set", &values), 2);
    assert_string_equal(values[0], "a=1");
    assert_string_equal(values[1], "b=2");
}

static void presets_hold_until_something_is_typed(void **state)
{
    Parsed p = parse(*state, "survey import a");
    assert_int_equal(option_int(p.arguments, "limit", 5), 20);
    assert_false(option_given(p.arguments, "limit"));
    assert_null(option_text(p.arguments, "form"));
    assert_int_equal(option_date(p.arguments, "surveyed-on", 99), 99);
    assert_false(option_flag(p.arguments, "dry-run"));
    assert_true(option_given(parse(*state, "survey import a --limit 20").arguments, "limit"));
}

static void the_longest_words_win(void **state)
{
    assert_ptr_equal(parse(*state, "outreach optout").command, &OPTOUT);
    assert_ptr_equal(parse(*state, "outreach optout add x").command, &OPTOUT_ADD);
    assert_ptr_equal(parse(*state, "--json survey undo").command, &UNDO);
    assert_ptr_equal(parse(*state, "survey --quiet undo").command, &UNDO);
}

static void global_options_stand_anywhere(void **state)
{
    Parsed p = parse(
        *state, "--home /h survey --lang=zh import --json a --as-of 2012-10-01 --quiet --config c");
    assert_int_equal(p.code, OK);
    assert_string_equal(p.globals.home, "/h");
    assert_string_equal(p.globals.lang, "zh");
    assert_string_equal(p.globals.config_file, "c");
    assert_int_equal(p.globals.as_of, date_of(2012, 10, 1));
    assert_true(p.globals.json && p.globals.quiet && !p.globals.help && !p.globals.version);
    assert_int_equal(parse(*state, "survey undo").globals.as_of, DATE_NONE);
    assert_true(
        parse(*state, "people merge --help").globals.help); /* before what it lacks is missed */
    assert_int_equal(parse(*state, "people merge --help").code, OK);
    assert_null(parse(*state, "--version").command);
    assert_null(parse(*state, "").command);
}

static void words_behind_two_dashes_are_no_options(void **state)
{
    Parsed p = parse(*state, "survey import -- --form -x");
    assert_int_equal(p.code, OK);
    assert_int_equal(argument_count(p.arguments), 2);
    assert_string_equal(argument_at(p.arguments, 0), "--form");
    assert_string_equal(argument_at(parse(*state, "survey import -").arguments, 0), "-");
}

static void wrong_usage_is_one_line_with_a_hint(void **state)
{
    static const struct {
        const char *line, *text, *hint;
    } CASES[] = {
        {"survey imprt a", "unknown command 'survey imprt'",
         "did you mean 'talent survey import'?"},
        {"xyzzyxyzzyxyzzy", "unknown command 'xyzzyxyzzyxyzzy'",
         "'talent --help' lists the commands"},
        {"survey import a --fom x", "unknown option '--fom'", "did you mean '--form'?"},
        {"--jsn survey undo", "unknown option '--jsn'", "did you mean '--json'?"},
        {"survey import a --form", "option '--form' needs a value", ""},
        {"survey import a --limit 0", "option 'limit' takes a number from 1 to 100, not '0'", ""},
        {"survey import a --limit 101", "option 'limit' takes a number from 1 to 100, not '101'",
         ""},
        {"survey import a --limit 1x", "option 'limit' takes a number from 1 to 100, not '1x'", ""},
        {"survey import a --limit 99999999999999999999",
         "option 'limit' takes a number from 1 to 100, not '99999999999999999999'", ""},
        {"survey import a --surveyed-on 2012-02-30",
         "option 'surveyed-on' takes a date such as 2012-09-27, not '2012-02-30'", ""},
        {"survey undo --as-of yesterday",
         "option 'as-of' takes a date such as 2012-09-27, not 'yesterday'", ""},
        {"survey import a -o out.doc", "cannot write 'out.doc': its ending is not known",
         "one of: xlsx csv"},
        {"survey import a -o out.x", "cannot write 'out.x': its ending is not known",
         "one of: xlsx csv"},
        {"survey import a -o out", "cannot write 'out': its ending is not known",
         "one of: xlsx csv"},
        {"survey import a --form x --form y", "option 'form' is given twice", ""},
        {"survey import a --dry-run=no", "option 'dry-run' takes no value", ""},
        {"survey import", "'survey import' needs FILE: questionnaires", ""},
        {"survey undo x", "'survey undo' does not take 'x'", ""},
        {"people merge 1 2", "'people merge' needs option 'why'", ""},
        {"people merge 1 2 3 --why x", "'people merge' does not take '3'", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Parsed p = parse(*state, CASES[i].line);
        if (p.code != ERR_USAGE)
            fail_msg("'%s' is accepted", CASES[i].line);
        assert_string_equal(p.err.text, CASES[i].text);
        assert_string_equal(p.err.hint, CASES[i].hint);
    }
}

static void numbers_of_things_start_at_one(void **state)
{
    static const char *const WRONG[] = {"0", "-1", "x", "1.5", "99999999999999999999"};
    Err err = {0};
    int64_t number = 7;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Parsed p = parse(*state, arena_printf(*state, "people merge --why x -- %s", WRONG[i]));
        assert_int_equal(p.code, OK);
        assert_int_equal(argument_number(p.arguments, 0, &number, &err), ERR_USAGE);
        assert_string_equal(err.text,
                            arena_printf(*state, "A must be a number from 1, not '%s'", WRONG[i]));
    }
    Parsed p = parse(*state, "people merge 12 --why x");
    assert_int_equal(argument_number(p.arguments, 0, &number, &err), OK);
    assert_int_equal(number, 12);
    assert_int_equal(argument_number(p.arguments, 1, &number, &err), ERR_USAGE);
}

static void json_options_meet_the_same_checks(void **state)
{
    Err err = {0};
    Arguments *arguments = NULL;
    json_t *good = json_pack("{s:[s], s:i, s:b, s:b}", "arguments", "a.xlsx", "limit", 3, "dry-run",
                             1, "form", 0);
    json_t *unknown = json_pack("{s:[s], s:i}", "arguments", "a", "limt", 3);
    json_t *large = json_pack("{s:[s], s:i}", "arguments", "a", "limit", 300);
    json_t *object = json_pack("{s:[s], s:{}}", "arguments", "a", "form");
    json_t *none = json_object();
    assert_int_equal(command_arguments(*state, &IMPORT, good, &arguments, &err), OK);
    assert_int_equal(option_int(arguments, "limit", 0), 3);
    assert_true(option_flag(arguments, "dry-run"));
    assert_false(option_given(arguments, "form"));
    assert_int_equal(command_arguments(*state, &IMPORT, unknown, &arguments, &err), ERR_USAGE);
    assert_string_equal(err.hint, "did you mean '--limit'?");
    assert_int_equal(command_arguments(*state, &IMPORT, large, &arguments, &err), ERR_USAGE);
    assert_int_equal(command_arguments(*state, &IMPORT, object, &arguments, &err), ERR_USAGE);
    assert_int_equal(command_arguments(*state, &IMPORT, none, &arguments, &err), ERR_USAGE);
    json_decref(good);
    json_decref(unknown);
    json_decref(large);
    json_decref(object);
    json_decref(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_by_option_name),
        cmocka_unit_test(presets_hold_until_something_is_typed),
        cmocka_unit_test(the_longest_words_win),
        cmocka_unit_test(global_options_stand_anywhere),
        cmocka_unit_test(words_behind_two_dashes_are_no_options),
        cmocka_unit_test(wrong_usage_is_one_line_with_a_hint),
        cmocka_unit_test(numbers_of_things_start_at_one),
        cmocka_unit_test(json_options_meet_the_same_checks),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
