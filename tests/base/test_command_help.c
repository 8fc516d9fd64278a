/* tests/base/test_command_help.c: help, man page, completion and README's table come from one
 * declaration. */
#include "base/command.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const Option OPTIONS[] = {
    {.name = "limit",
     .kind = OPTION_INT,
     .value = "N",
     .help = "at most so many",
     .min = 1,
     .max = 9,
     .preset = "5"},
    {.name = "o",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = "where to",
     .endings = "csv",
     .required = true},
    {.name = "set", .kind = OPTION_TEXT, .value = "P=V", .help = "move a parameter", .many = true},
    {.name = "dry-run", .kind = OPTION_FLAG, .help = "change nothing"},
    {0},
};
static const Positional FILES[] = {
    {"FORM", "enterprise|school", false, false}, {"FILE", "inputs", true, true}, {0}};
static const Command IMPORT = {.words = "survey import",
                               .summary = "take questionnaires in",
                               .details = ".first word\n'quoted' and a back\\slash",
                               .positionals = FILES,
                               .options = OPTIONS};
static const Command SIZE = {.words = "policy size", .summary = "how many"};
static const Command *const TABLE[] = {&IMPORT, &SIZE, NULL};

static int arena_setup(void **state)
{
    *state = arena_new(0);
    lang_set("en");
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

typedef void (*Printer)(void);

static void print_all(void)
{
    command_help(TABLE, NULL);
}
static void print_room(void)
{
    command_help(TABLE, "policy");
}
static void print_one(void)
{
    command_help_one(&IMPORT);
}
static void print_man(void)
{
    command_man_page(TABLE);
}
static void print_completion(void)
{
    command_completion(TABLE);
}
static void print_readme(void)
{
    command_readme_table(TABLE);
}

/* What a printer writes to stdout. */
static const char *printed(Arena *arena, Printer printer)
{
    FILE *kept = tmpfile();
    assert_non_null(kept);
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    dup2(fileno(kept), STDOUT_FILENO);
    printer();
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    long length = lseek(fileno(kept), 0, SEEK_END);
    assert_true(length > 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    assert_int_equal(pread(fileno(kept), text, (size_t)length, 0), length);
    fclose(kept);
    return text;
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("does not hold '%s':\n%s", part, text);
}

static void help_of_one_command_says_all_that_was_declared(void **state)
{
    const char *text = printed(*state, print_one);
    assert_holds(
        text,
        "usage: talent survey import FORM [FILE…] [--limit N] -o FILE [--set P=V]… [--dry-run]\n");
    assert_holds(text, "take questionnaires in");
    assert_holds(text, "at most so many (1–9) [5]");
    assert_holds(text, "--as-of DATE");
    char *rest = arena_strdup(*state, text);
    for (char *line; (line = strsep(&rest, "\n"));)
        if (strncmp(line, "usage:", 6) != 0)
            assert_true(text_columns(line) <= 80);
}

static void help_lists_all_rooms_or_one(void **state)
{
    const char *all = printed(*state, print_all), *policy = printed(*state, print_room);
    assert_holds(all, "  survey import");
    assert_holds(all, "  policy size");
    assert_holds(policy, "  policy size");
    assert_null(strstr(policy, "survey import"));
}

static void the_man_page_protects_what_troff_would_read(void **state)
{
    const char *text = printed(*state, print_man);
    assert_int_equal(strncmp(text, ".TH TALENT 1", 12), 0);
    assert_holds(text, "\\&.first word");
    assert_holds(text, "back\\eslash");
    assert_holds(text, "\\-\\-dry\\-run");
    char *rest = arena_strdup(*state, text);
    for (char *line; (line = strsep(&rest, "\n"));)
        assert_true(line[0] != '\'');
}

static void the_readme_table_has_a_row_a_command(void **state)
{
    const char *text = printed(*state, print_readme);
    assert_holds(text, "| `survey import FORM [FILE…] [--limit N] -o FILE [--set P=V]… "
                       "[--dry-run]` | take questionnaires in |\n");
    assert_holds(text, "| `policy size` | how many |\n");
    int lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 4);
}

/* Asks the printed function in a real bash, as readline would. */
static const char *complete(Arena *arena, const char *words, int at)
{
    char path[] = "/tmp/talent-complete-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    const char *script = printed(arena, print_completion);
    assert_int_equal(write(file, script, strlen(script)), strlen(script));
    close(file);
    const char *ask = arena_printf(arena,
                                   "bash -c 'source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _talent; "
                                   "echo \"${COMPREPLY[*]}\"'",
                                   path, words, at);
    FILE *answer = popen(ask, "re");
    assert_non_null(answer);
    char line[500] = "";
    assert_non_null(fgets(line, sizeof line, answer));
    assert_int_equal(pclose(answer), 0);
    unlink(path);
    line[strcspn(line, "\n")] = '\0';
    return arena_strdup(arena, line);
}

static void completion_works_in_a_real_shell(void **state)
{
    assert_string_equal(complete(*state, "talent \"\"", 1), "policy survey");
    assert_string_equal(complete(*state, "talent su", 1), "survey");
    assert_string_equal(complete(*state, "talent survey \"\"", 2), "import");
    assert_string_equal(complete(*state, "talent survey import --d", 3), "--dry-run");
    assert_holds(complete(*state, "talent survey import -", 3), "--as-of");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_of_one_command_says_all_that_was_declared),
        cmocka_unit_test(help_lists_all_rooms_or_one),
        cmocka_unit_test(the_man_page_protects_what_troff_would_read),
        cmocka_unit_test(the_readme_table_has_a_row_a_command),
        cmocka_unit_test(completion_works_in_a_real_shell),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
