/* Tests people/find.c, show.c and person.c: the two verbs over a small base, as the command line
 * would run them. */
#include "people/answer.h"
#include "people/person.h"
#include "people/verbs.h"

#include "people/crowd.h"

#include <stdio.h>

static const char *const ID_NUMBER = "440524198001010013";

typedef struct Told {
    const char *id_number, *name, *phone, *employer;
    int64_t town, level, months;
} Told;

/* Batch 1 of 2012-05-01 and batch 2 of 2012-06-01; the first of each is one person. */
static const Told FIRST[] = {
    {"440524198001010013", "王伟", "13800138000", "长安ABC电子厂", 441900119, 2, 20},
    {NULL, "李秀英", "13900139000", "虎门ａｂｃ服装厂", 441900121, 3, 0},
    {NULL, "㼆敏", "13700137000", NULL, 0, 0, 0},
};
static const Told SECOND[] = {
    {"440524198001010013", "王伟", "13800138111", "长安ABC电子厂", 441900119, 1, 21},
};

typedef struct Taking {
    Context *context;
    int64_t batch;
    const Told *told;
    size_t count;
} Taking;

static ErrCode take_body(Db *db, void *state, Err *err)
{
    Taking *taking = state;
    Answer answers[8];
    AnswerCounts counts;
    for (size_t i = 0; i < taking->count; i++) {
        const Told *told = &taking->told[i];
        answers[i] =
            (Answer){.sheet = 1, .line = (unsigned)i + 4, .facts = {.pension_on = DATE_NONE}};
        FactValue *values = answers[i].facts.values;
        values[FACT_ID_NUMBER] =
            (FactValue){.known = told->id_number != NULL, .text = told->id_number};
        values[FACT_NAME] = (FactValue){.known = true, .text = told->name};
        values[FACT_PHONE] = (FactValue){.known = true, .text = told->phone};
        values[FACT_EMPLOYER] =
            (FactValue){.known = told->employer != NULL, .text = told->employer};
        values[FACT_EMPLOYER_TOWN] = (FactValue){.known = told->town != 0, .number = told->town};
        values[FACT_SKILL_LEVEL] = (FactValue){.known = told->level != 0, .number = told->level};
        values[FACT_PENSION_MONTHS] =
            (FactValue){.known = told->months != 0, .number = told->months};
    }
    AnswerBatch batch = {.batch = taking->batch,
                         .surveyed_on = date_of(2012, 4 + (int)taking->batch, 1),
                         .credibility = 5,
                         .answers = answers,
                         .count = taking->count};
    TRY(answers_lock(db, err));
    return answers_take(db, taking->context->sealer, &batch, &counts, NULL, err);
}

static void take(TestHome *home, int64_t batch, const Told *told, size_t count)
{
    Err err = {0};
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO batch (id, file, sha256, form, source, credibility,"
                                " surveyed_on, encoding, line_count, accepted, quarantined,"
                                " people_new, people_changed, people_unchanged, report,"
                                " imported_by, imported_at, elapsed_ms) VALUES (%d, 'f%d.xlsx',"
                                " SHA2('%d', 256), 'enterprise', 'firm %d', 5, '2012-0%d-01',"
                                " 'UTF-8', 0, 0, 0, 0, 0, 0, '{}', 'tester', UTC_TIMESTAMP(3), 0)",
                                (int)batch, (int)batch, (int)batch, (int)batch, 4 + (int)batch));
    Taking taking = {.context = &home->context, .batch = batch, .told = told, .count = count};
    assert_ok(db_transact(home->context.db, take_body, &taking, &err), &err);
}

static int base_setup(void **state)
{
    test_home_setup(state);
    TestHome *home = *state;
    take(home, 1, FIRST, sizeof FIRST / sizeof *FIRST);
    take(home, 2, SECOND, sizeof SECOND / sizeof *SECOND);
    return 0;
}

/* Runs words as the command line would; the result is owned by the caller. */
static ErrCode run(TestHome *home, const char *const *words, json_t **ret_result, Err *err)
{
    char *argv[16] = {arena_strdup(home->context.arena, "talent")};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = arena_strdup(home->context.arena, words[argc - 1]);
    Globals globals;
    const Command *command;
    Arguments *arguments;
    *ret_result = NULL;
    TRY(command_parse(home->context.arena, PEOPLE_VERBS, argc, argv, &globals, &command, &arguments,
                      err));
    return command->run(&home->context, arguments, ret_result, err);
}

#define WORDS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/* The names found, in order, one behind the other. */
static const char *names(TestHome *home, const char *const *words)
{
    Err err = {0};
    json_t *result;
    const char *all = "";
    size_t index;
    json_t *person;
    assert_ok(run(home, words, &result, &err), &err);
    assert_true(json_is_array(result));
    json_array_foreach(result, index, person) all =
        arena_printf(home->context.arena, "%s%s%s", all, index ? " " : "",
                     json_string_value(json_object_get(person, "name")));
    json_decref(result);
    return all;
}

static void words_are_sought_in_names_employers_towns_and_levels(void **state)
{
    TestHome *home = *state;
    assert_string_equal(names(home, WORDS("people", "find")), "王伟 李秀英 㼆敏");
    assert_string_equal(names(home, WORDS("people", "find", "秀英")), "李秀英");
    assert_string_equal(names(home, WORDS("people", "find", "㼆")), "㼆敏");
    assert_string_equal(names(home, WORDS("people", "find", "电子厂")), "王伟");
    assert_string_equal(names(home, WORDS("people", "find", "长安镇")), "王伟");
    assert_string_equal(names(home, WORDS("people", "find", "Humen")), "李秀英");
    assert_string_equal(names(home, WORDS("people", "find", "高级技师")), "王伟");
    assert_string_equal(names(home, WORDS("people", "find", "厂", "虎门")), "李秀英");
    assert_string_equal(names(home, WORDS("people", "find", "厂", "莞城")), "");
    assert_string_equal(names(home, WORDS("people", "find", "%")), "");
    assert_string_equal(names(home, WORDS("people", "find", "--limit", "2")), "王伟 李秀英");
}

static void neither_case_nor_width_matters(void **state)
{
    TestHome *home = *state;
    assert_string_equal(names(home, WORDS("people", "find", "abc")), "王伟 李秀英");
    assert_string_equal(names(home, WORDS("people", "find", "ABC")), "王伟 李秀英");
    assert_string_equal(names(home, WORDS("people", "find", "ＡＢＣ")), "王伟 李秀英");
}

static void an_expression_finds_people_and_those_of_whom_it_is_unknown(void **state)
{
    TestHome *home = *state;
    assert_string_equal(names(home, WORDS("people", "find", "--where", "skill_level <= 2")),
                        "王伟");
    assert_string_equal(
        names(home, WORDS("people", "find", "--unknown", "--where", "skill_level <= 2")), "㼆敏");
    assert_string_equal(
        names(home, WORDS("people", "find", "厂", "--where", "town in (虎门, 长安)")),
        "王伟 李秀英");
}

static void people_are_shown_with_codes_and_without_their_numbers(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result;
    assert_ok(run(home, WORDS("people", "find", "王伟"), &result, &err), &err);
    char *text = json_dumps(result, JSON_COMPACT);
    assert_non_null(strstr(text, "\"id_number\":\"**************0013\""));
    assert_non_null(strstr(text, "\"phone\":\"*******8111\""));
    assert_non_null(
        strstr(text, "\"employer_town\":\"Chang'an Town\",\"employer_town_code\":441900119"));
    assert_non_null(strstr(text, "\"skill_level\":\"senior technician\",\"skill_level_code\":1"));
    assert_non_null(strstr(text, "\"wants_settlement\":null,\"wants_settlement_code\":null"));
    assert_non_null(strstr(text, "\"answers\":2,\"conflicts\":2")); /* level and phone */
    assert_null(strstr(text, ID_NUMBER));
    assert_null(strstr(text, "13800138111"));
    free(text);
    json_decref(result);
}

static const char *names_from_stdin(TestHome *home, const char *line)
{
    FILE *before = stdin;
    FILE *given = fmemopen((void *)(uintptr_t)line, strlen(line), "r");
    assert_non_null(given);
    stdin = given;
    const char *found = names(home, WORDS("people", "find", "--id-stdin"));
    stdin = before;
    fclose(given);
    return found;
}

static void a_number_on_standard_input_finds_its_people(void **state)
{
    TestHome *home = *state;
    assert_string_equal(names_from_stdin(home, "440524198001010013\n"), "王伟");
    assert_string_equal(names_from_stdin(home, "440524800101001"), "王伟");
    assert_string_equal(names_from_stdin(home, "139-0013-9000\n"), "李秀英");
    assert_string_equal(names_from_stdin(home, "13800138000\n"), ""); /* the older answer's */
    assert_string_equal(names_from_stdin(home, "11010519491231002X\n"), "");
}

static void numbers_are_neither_typed_nor_repeated(void **state)
{
    TestHome *home = *state;
    static const char *const TYPED[] = {"440524198001010013", "440524800101001", "13800138000",
                                        "440524198001010000"};
    json_t *result;
    Err err = {0};
    for (size_t i = 0; i < sizeof TYPED / sizeof *TYPED; i++) {
        assert_int_equal(run(home, WORDS("people", "find", TYPED[i]), &result, &err), ERR_USAGE);
        assert_string_equal(err.text, "ID numbers and phones are not typed on the command line, "
                                      "where others can see them");
        assert_string_equal(err.hint, "give it on standard input: talent people find --id-stdin");
    }
    FILE *before = stdin;
    char line[] = "440524198001010014\n";
    stdin = fmemopen(line, strlen(line), "r");
    assert_int_equal(run(home, WORDS("people", "find", "--id-stdin"), &result, &err), ERR_INPUT);
    fclose(stdin);
    stdin = before;
    assert_string_equal(err.text,
                        "standard input holds neither a sound ID number nor a mobile number");
    assert_int_equal(run(home, WORDS("people", "find", "--id-stdin", "王"), &result, &err),
                     ERR_USAGE);
    assert_int_equal(run(home, WORDS("people", "find", "--unknown"), &result, &err), ERR_USAGE);
}

static const json_t *fact_of(const json_t *result, const char *name)
{
    size_t index;
    const json_t *fact;
    json_array_foreach(json_object_get(result, "facts"), index,
                       fact) if (strcmp(json_string_value(json_object_get(fact, "fact")), name) ==
                                 0) return fact;
    return NULL;
}

static void assert_json(const json_t *value, const char *expected)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert_string_equal(text, expected);
    free(text);
}

static void a_person_is_shown_with_sources_and_with_what_others_say(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result;
    assert_ok(run(home, WORDS("people", "show", "1"), &result, &err), &err);
    assert_json(json_object_get(result, "conflicts"), "[\"skill_level\",\"phone\"]");
    assert_json(
        fact_of(result, "skill_level"),
        "{\"code\":1,\"fact\":\"skill_level\",\"label\":\"skill level\",\"others\":[{\"code\":2,"
        "\"source\":{\"batch\":1,\"by\":\"firm 1\",\"file\":\"f1.xlsx\",\"line\":4,\"sheet\":1},"
        "\"surveyed_on\":\"2012-05-01\",\"value\":\"technician\"}],\"source\":{\"batch\":2,\"by\":"
        "\"firm 2\",\"file\":\"f2.xlsx\",\"line\":4,\"sheet\":1},\"surveyed_on\":\"2012-06-01\","
        "\"value\":\"senior technician\"}");
    /* Months grow from survey to survey: no disagreement. */
    assert_json(json_object_get(fact_of(result, "pension_months"), "value"), "\"21\"");
    assert_json(json_object_get(fact_of(result, "pension_months"), "others"), "[]");
    assert_null(fact_of(result, "school"));
    char *text = json_dumps(result, 0);
    assert_non_null(strstr(text, "*******8000")); /* the other phone, masked too */
    assert_null(strstr(text, ID_NUMBER));
    assert_null(strstr(text, "13800138"));
    free(text);
    json_decref(result);
}

static void a_person_that_is_not_there_is_named(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result;
    assert_int_equal(run(home, WORDS("people", "show", "999"), &result, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "there is no person 999");
    assert_string_equal(err.hint, "find people with: talent people find");
}

static void a_person_is_read_whole_and_in_the_clear(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Person person;
    Context *context = &home->context;
    assert_ok(person_load(context->db, context->sealer, context->arena, 1, &person, &err), &err);
    assert_int_equal(person.id, 1);
    assert_int_equal(person.answers, 2);
    assert_string_equal(person.facts.values[FACT_ID_NUMBER].text, ID_NUMBER);
    assert_string_equal(person.facts.values[FACT_PHONE].text, "13800138111");
    assert_int_equal(person.facts.values[FACT_PENSION_MONTHS].number, 21);
    assert_int_equal(person.facts.pension_on, date_of(2012, 6, 1));
    assert_false(person.facts.values[FACT_SCHOOL].known);
}

/* A value sealed under another key, or cut, says which person and which fact, and nothing of it. */
static void a_damaged_sealed_value_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Person person;
    Context *context = &home->context;
    test_sql(home, "UPDATE person SET phone = CONCAT(LEFT(phone, LENGTH(phone) - 1),"
                   " CHAR(ASCII(RIGHT(phone, 1)) ^ 1)) WHERE id = 3");
    assert_int_equal(person_load(context->db, context->sealer, context->arena, 3, &person, &err),
                     ERR_SEAL);
    assert_string_equal(err.text, "cannot read 'phone' of person 3: a sealed value does not open "
                                  "with this key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_sought_in_names_employers_towns_and_levels),
        cmocka_unit_test(neither_case_nor_width_matters),
        cmocka_unit_test(an_expression_finds_people_and_those_of_whom_it_is_unknown),
        cmocka_unit_test(people_are_shown_with_codes_and_without_their_numbers),
        cmocka_unit_test(a_number_on_standard_input_finds_its_people),
        cmocka_unit_test(numbers_are_neither_typed_nor_repeated),
        cmocka_unit_test(a_person_is_shown_with_sources_and_with_what_others_say),
        cmocka_unit_test(a_person_that_is_not_there_is_named),
        cmocka_unit_test(a_person_is_read_whole_and_in_the_clear),
        cmocka_unit_test(a_damaged_sealed_value_is_an_error),
    };
    return cmocka_run_group_tests(tests, base_setup, test_home_teardown);
}
