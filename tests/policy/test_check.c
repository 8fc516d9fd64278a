/* talent policy check: what it prints and how it ends. */
#include "small.h"
#include "verb.h"

static TestHome *home;

static int setup(void **state)
{
    (void)state;
    home = test_home_new();
    home->context.lang = lang_set("en");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_home_free(home);
    return 0;
}

static void shipped_policies_pass(void **state)
{
    (void)state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "check"), &err);
    assert_int_equal(json_integer_value(json_object_get(result, "findings")), 0);
    assert_int_equal(json_array_size(json_object_get(result, "policies")), 2);
    const char *shown = verb_shown(&POLICY_CHECK, &home->context, result);
    assert_contains(shown, "dongguan-2012-140: 3 routes, 15 conditions, 0 findings\n");
    assert_contains(shown, "dongguan-2021-talent: 5 routes, ");
    json_decref(result);
}

typedef struct Run {
    const char *file;
    ErrCode code;
    Err err;
    json_t *result;
} Run;

static void run_check(void *state)
{
    Run *run = state;
    run->code = VERB_RUN(&home->context, &run->result, &run->err, "policy", "check", run->file);
}

static void findings_are_printed_and_end_with_a_failure(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    Run run = {.file = arena_printf(arena, "%s/small.json", home->dir)};
    FILE *file = fopen(run.file, "w");
    assert_non_null(file);
    fputs(small_json(
              arena,
              "\"parameters\": {\"high\": {\"value\": [{\"from\": \"2012-01-01\", \"value\": 45}, "
              "{\"from\": \"2015-03-01\", \"value\": 17}], \"min\": 0, \"max\": 99, \"zh\": \"z\", "
              "\"en\": \"e\", \"why\": \"w\"}},",
              "\"all\": [{\"clause\": \"a\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
              "\"birth_date\", \"age_at_least\": 18}, {\"clause\": \"b\", \"text\": \"t\", \"en\": "
              "\"e\", \"fact\": \"birth_date\", \"age_at_most\": \"$high\"}]"),
          file);
    fclose(file);
    const char *shown = printed(arena, run_check, &run);
    assert_int_equal(run.code, ERR_REFUSED);
    assert_null(run.result);
    assert_string_equal(run.err.text, "2 findings");
    assert_contains(shown, "small: 1 routes, 2 conditions, 2 findings\n"
                           "  · policy 'small' brings no cases\n"
                           "  · route 'r' can be met by nobody (rules from 2015-03-01 on)\n");
}

static void what_cannot_be_read_is_an_error_at_its_place(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    Err err = {0};
    json_t *result = NULL;
    const char *path = arena_printf(arena, "%s/small.json", home->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(small_json(arena, "",
                     "\"all\": [{\"clause\": \"a\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                     "\"skil_level\", \"in\": [1]}]"),
          file);
    fclose(file);
    assert_int_equal(VERB_RUN(&home->context, &result, &err, "policy", "check", path), ERR_CONFIG);
    assert_string_equal(
        err.text,
        arena_printf(arena, "%s: $.routes[0].all[0].fact: unknown fact 'skil_level'", path));
    assert_string_equal(err.hint, "did you mean 'skill_level'?");
    assert_int_equal(VERB_RUN(&home->context, &result, &err, "policy", "check", "nowhere"),
                     ERR_NOT_FOUND);
    assert_null(result);
    assert_int_equal(setenv("TALENT_SHARE", "/nowhere", 1), 0);
    assert_int_equal(VERB_RUN(&home->context, &result, &err, "policy", "check"), ERR_IO);
    file = fopen(path, "w"); /* sound, but there are no forms to look into */
    assert_non_null(file);
    fputs(small_json(arena, "",
                     "\"all\": [{\"clause\": \"a\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                     "\"skill_level\", \"in\": [1]}]"),
          file);
    fclose(file);
    assert_int_equal(VERB_RUN(&home->context, &result, &err, "policy", "check", path), ERR_IO);
    assert_null(result);
    assert_int_equal(unsetenv("TALENT_SHARE"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_policies_pass),
        cmocka_unit_test(findings_are_printed_and_end_with_a_failure),
        cmocka_unit_test(what_cannot_be_read_is_an_error_at_its_place),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
