#include "policy/cases.h"
#include "small.h"

static Arena *arena;
static Err err;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const Policy *shipped(void)
{
    const Policy *policy = NULL;
    assert_ok(policy_load(arena, "dongguan-2012-140", &policy, &err), &err);
    return policy;
}

static json_t *text_json(const char *text)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static void every_case_of_the_shipped_policies_holds(void **state)
{
    (void)state;
    const char *const *ids;
    size_t count;
    assert_ok(policy_ids(arena, &ids, &count, &err), &err);
    assert_true(count >= 1);
    for (size_t i = 0; i < count; i++) {
        const Policy *policy = NULL;
        json_t *result = NULL;
        assert_ok(policy_load(arena, ids[i], &policy, &err), &err);
        assert_ok(cases_run(arena, policy, &result, &err), &err);
        char *failures = json_dumps(json_object_get(result, "failures"), JSON_INDENT(1));
        if (json_integer_value(json_object_get(result, "failed")) != 0)
            fail_msg("%s: %s", ids[i], failures);
        free(failures);
        assert_true(json_integer_value(json_object_get(result, "cases")) >=
                    (policy->certainty == CERTAINTY_OFFICIAL ? 60 : 15));
        json_decref(result);
    }
}

static void a_wrong_expectation_is_reported_with_what_came_instead(void **state)
{
    (void)state;
    json_t *result = NULL,
           *cases = text_json(
               "{\"policy\": \"dongguan-2012-140\", \"cases\": ["
               "{\"name\": \"n\", \"why\": \"w\", \"as_of\": \"2012-10-01\","
               " \"facts\": {\"skill_level\": \"技师\", \"certificate_type\": \"职业资格\"},"
               " \"expect\": {\"verdict\": \"eligible\", \"boundary\": false}}]}");
    assert_ok(cases_run_json(arena, shipped(), "memory", cases, &result, &err), &err);
    assert_int_equal(json_integer_value(json_object_get(result, "failed")), 1);
    const json_t *failure = json_array_get(json_object_get(result, "failures"), 0);
    assert_string_equal(json_string_value(json_object_get(failure, "case")), "n");
    assert_string_equal(json_string_value(json_object_get(failure, "why")), "w");
    const json_t *got = json_object_get(failure, "got");
    assert_string_equal(json_string_value(json_object_get(got, "verdict")), "likely");
    assert_string_equal(json_string_value(json_object_get(got, "route")), "technician");
    json_decref(result);
    json_decref(cases);
}

#define ONE_CASE(member)                                                                           \
    "{\"policy\": \"dongguan-2012-140\", \"sets\": {\"s\": {}, \"bad\": {\"skill\": 1}}, "         \
    "\"cases\": [{\"name\": \"n\", "                                                               \
    "\"why\": \"w\", \"as_of\": \"2012-10-01\", " member                                           \
    ", \"expect\": {\"verdict\": \"possible\"}}]}"

static void bad_cases_are_refused_at_their_path(void **state)
{
    (void)state;
    static const struct {
        const char *cases, *error, *hint;
    } TABLE[] = {
        {"[]", "memory: $: must be an object, not an array", ""},
        {"{}", "memory: $: key 'policy' is missing", ""},
        {"{\"policy\": 1}", "memory: $.policy: must be a text, not a number", ""},
        {"{\"policy\": \"other\", \"cases\": []}",
         "memory: $: these cases belong to policy 'other', not 'dongguan-2012-140'", ""},
        {"{\"policy\": \"dongguan-2012-140\"}", "memory: $: key 'cases' is missing", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": 1}",
         "memory: $.cases: must be an array, not a number", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"nam\": 1}]}",
         "memory: $.cases[0]: unknown key 'nam'", "did you mean 'name'?"},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{}]}",
         "memory: $.cases[0]: key 'name' is missing", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"name\": \"n\"}]}",
         "memory: $.cases[0]: key 'why' is missing", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"name\": \"n\", \"why\": \"w\"}]}",
         "memory: $.cases[0]: key 'as_of' is missing", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"name\": \"n\", \"why\": \"w\", "
         "\"as_of\": \"2012-10-01\"}]}",
         "memory: $.cases[0]: key 'expect' is missing", ""},
        {ONE_CASE("\"pension_on\": 3"), NULL, ""},
        {ONE_CASE("\"with\": {}"), "memory: $.cases[0].with: must be an array, not an object", ""},
        {ONE_CASE("\"with\": [1]"), "memory: $.cases[0].with[0]: must be a text, not a number", ""},
        {ONE_CASE("\"with\": [\"t\"]"), "memory: $.cases[0].with[0]: there is no set 't'", ""},
        {ONE_CASE("\"facts\": 1"), "memory: $.cases[0].facts: must be an object, not a number", ""},
        {ONE_CASE("\"facts\": {\"skill_leve\": 1}"),
         "memory: $.cases[0].facts: unknown key 'skill_leve'", "did you mean 'skill_level'?"},
        {ONE_CASE("\"facts\": {\"skill_level\": true}"), NULL, ""},
        {ONE_CASE("\"facts\": {\"skill_level\": \"高级\"}"), NULL, NULL},
        {ONE_CASE("\"with\": [\"bad\"]"), "memory: $.sets.bad: unknown key 'skill'", ""},
        {"{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"name\": \"n\", \"why\": \"w\", "
         "\"as_of\": 3}]}",
         NULL, ""},
        {ONE_CASE("\"set\": 1"), "memory: $.cases[0].set: must be an array, not a number", ""},
        {ONE_CASE("\"set\": [1]"), "memory: $.cases[0].set[0]: must be a text, not a number", ""},
        {ONE_CASE("\"set\": [\"age_max\"]"), "memory: $.cases[0].set: 'age_max' moves no parameter",
         ""},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        err = (Err){0};
        json_t *result = NULL, *cases = text_json(TABLE[i].cases);
        ErrCode code = cases_run_json(arena, shipped(), "memory", cases, &result, &err);
        if (code != ERR_CONFIG)
            fail_msg("case %zu was taken: %s", i, TABLE[i].cases);
        if (TABLE[i].error)
            assert_string_equal(err.text, TABLE[i].error);
        else
            assert_non_null(strstr(err.text, "memory: $.cases[0]."));
        if (TABLE[i].hint)
            assert_string_equal(err.hint, TABLE[i].hint);
        assert_null(result);
        json_decref(cases);
    }
}

static void an_expectation_must_be_known(void **state)
{
    (void)state;
    static const char *const EXPECT[] = {"{}", "{\"verdict\": \"possible\", \"verdikt\": 1}", "1"};
    for (size_t i = 0; i < sizeof EXPECT / sizeof *EXPECT; i++) {
        err = (Err){0};
        json_t *result = NULL,
               *cases = text_json(
                   arena_printf(arena,
                                "{\"policy\": \"dongguan-2012-140\", \"cases\": [{\"name\": \"n\", "
                                "\"why\": \"w\", \"as_of\": \"2012-10-01\", \"expect\": %s}]}",
                                EXPECT[i]));
        assert_int_equal(cases_run_json(arena, shipped(), "memory", cases, &result, &err),
                         ERR_CONFIG);
        json_decref(cases);
    }
}

static void a_policy_without_cases_says_so(void **state)
{
    (void)state;
    err = (Err){0};
    json_t *result = NULL;
    Policy copy = *shipped();
    copy.file.name = "/nowhere/x.json";
    assert_int_equal(cases_run(arena, &copy, &result, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "cannot run the cases of policy 'dongguan-2012-140': cannot read "
                                  "'/nowhere/x.cases.json': No such file or directory");
}

/* What stands under "not" fails because it holds. */
static void a_gate_that_forbids_names_what_holds(void **state)
{
    (void)state;
    const Policy *policy = NULL;
    const char *json = small_json(
        arena,
        "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"not\": {\"any\": ["
        "{\"clause\": \"g1\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"sex\", \"in\": [1]}, "
        "{\"clause\": \"g2\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"owns_home\", \"is\": "
        "true}]}},",
        "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
        "\"skill_level\", \"in\": [1]}]");
    assert_ok(small_read(arena, json, &policy, &err), &err);
    json_t *result = NULL,
           *cases =
               text_json("{\"policy\": \"small\", \"cases\": [{\"name\": \"n\", \"why\": \"w\", "
                         "\"as_of\": \"2012-10-01\", \"facts\": {\"sex\": 1, \"owns_home\": "
                         "false, \"skill_level\": 1}, \"expect\": {\"verdict\": "
                         "\"ineligible\", \"failed\": [\"g1\"]}}]}");
    assert_ok(cases_run_json(arena, policy, "memory", cases, &result, &err), &err);
    assert_int_equal(json_integer_value(json_object_get(result, "failed")), 0);
    json_decref(result);
    json_decref(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_the_shipped_policies_holds),
        cmocka_unit_test(a_wrong_expectation_is_reported_with_what_came_instead),
        cmocka_unit_test(bad_cases_are_refused_at_their_path),
        cmocka_unit_test(an_expectation_must_be_known),
        cmocka_unit_test(a_policy_without_cases_says_so),
        cmocka_unit_test(a_gate_that_forbids_names_what_holds),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
