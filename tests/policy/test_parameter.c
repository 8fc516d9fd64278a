#include "base/text.h"
#include "small.h"

static Arena *arena;
static const Policy *shipped;

static int setup(void **state)
{
    (void)state;
    Err err = {0};
    arena = arena_new(0);
    return policy_load(arena, "dongguan-2012-140", &shipped, &err) == OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *value_of(const Policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (text_equal(policy->parameters[i].name, name))
            return parameter_value(arena, &policy->parameters[i]);
    }
    return NULL;
}

static void the_shipped_parameters_are_those_of_the_notice(void **state)
{
    (void)state;
    static const char *const TABLE[][2] = {{"pension_months_min", "24"},
                                           {"pension_mode", "cumulative"},
                                           {"age_max", "45"},
                                           {"age_max_includes_year", "yes"},
                                           {"graduation_window", "same_year"}};
    assert_int_equal(shipped->parameter_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(value_of(shipped, TABLE[i][0]), TABLE[i][1]);
        assert_int_equal(shipped->parameters[i].since, date_of(2012, 9, 27));
        assert_false(shipped->parameters[i].moved);
    }
}

static void set_moves_a_parameter_and_the_hash(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *name, *value;
    } TABLE[] = {
        {"age_max=50", "age_max", "50"},
        {"age_max=16", "age_max", "16"},
        {"age_max=120", "age_max", "120"},
        {"age_max_includes_year=no", "age_max_includes_year", "no"},
        {"age_max_includes_year=false", "age_max_includes_year", "no"},
        {"age_max_includes_year=否", "age_max_includes_year", "no"},
        {"age_max_includes_year=0", "age_max_includes_year", "no"},
        {"age_max_includes_year=是", "age_max_includes_year", "yes"},
        {"graduation_window=next_june", "graduation_window", "next_june"},
        {"pension_mode=continuous", "pension_mode", "continuous"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        const Policy *moved = NULL;
        assert_ok(policy_set(arena, shipped, &TABLE[i].setting, 1, &moved, &err), &err);
        assert_string_equal(value_of(moved, TABLE[i].name), TABLE[i].value);
        assert_string_not_equal(policy_sha256(moved), policy_sha256(shipped));
    }
    assert_string_equal(value_of(shipped, "age_max"), "45");
}

static void settings_add_up_and_the_last_one_wins(void **state)
{
    (void)state;
    static const char *const FIRST[] = {"age_max=50", "pension_months_min=12"}, *const SECOND[] = {
                                                                                    "age_max=40"};
    Err err = {0};
    const Policy *moved = NULL;
    assert_ok(policy_set(arena, shipped, FIRST, 2, &moved, &err), &err);
    assert_ok(policy_set(arena, moved, SECOND, 1, &moved, &err), &err);
    assert_string_equal(value_of(moved, "age_max"), "40");
    assert_string_equal(value_of(moved, "pension_months_min"), "12");
}

static void a_wrong_setting_says_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *error, *hint;
    } TABLE[] = {
        {"age_max", "'age_max' moves no parameter", "write PARAM=VALUE, for example age_max=50"},
        {"=50", "'=50' moves no parameter", "write PARAM=VALUE, for example age_max=50"},
        {"age_mx=50", "policy 'dongguan-2012-140' has no parameter 'age_mx'",
         "did you mean 'age_max'?"},
        {"zzzzzzzzzzzzzzzz=1", "policy 'dongguan-2012-140' has no parameter 'zzzzzzzzzzzzzzzz'",
         ""},
        {"age_max=", "parameter 'age_max' takes a number from 16 to 120, not ''", ""},
        {"age_max=15", "parameter 'age_max' takes a number from 16 to 120, not '15'", ""},
        {"age_max=121", "parameter 'age_max' takes a number from 16 to 120, not '121'", ""},
        {"age_max=45y", "parameter 'age_max' takes a number from 16 to 120, not '45y'", ""},
        {"age_max=99999999999999999999",
         "parameter 'age_max' takes a number from 16 to 120, not '99999999999999999999'", ""},
        {"age_max_includes_year=maybe",
         "parameter 'age_max_includes_year' takes yes or no, not 'maybe'", ""},
        {"graduation_window=june", "parameter 'graduation_window' does not take 'june'",
         "one of: same_year, next_june, two_years"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        const Policy *moved = NULL;
        assert_int_equal(policy_set(arena, shipped, &TABLE[i].setting, 1, &moved, &err), ERR_USAGE);
        assert_null(moved);
        assert_string_equal(err.text, TABLE[i].error);
        assert_string_equal(err.hint, TABLE[i].hint);
    }
}

#define REST ", \"since\": \"2012-01-01\", \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},"
#define AGE                                                                                        \
    "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"birth_date\", "     \
    "\"age_at_most\": \"$p\"}]"
#define FLAG                                                                                       \
    "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"birth_date\", "     \
    "\"age_at_most\": 45, "                                                                        \
    "\"includes_year\": \"$p\"}]"
#define WORD                                                                                       \
    "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "                     \
    "\"graduation_date\", \"within\": \"$p\"}]"

static void a_bad_declaration_is_refused_at_its_path(void **state)
{
    (void)state;
    static const char P[] = "small.json: $.";
    static const struct {
        const char *parameters, *group, *error;
    } TABLE[] = {
        {"\"parameters\": {\"p\": 1},", AGE, "parameters.p: must be an object, not a number"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"maxi\": 1}},", AGE,
         "parameters.p: unknown key 'maxi'"},
        {"\"parameters\": {\"p\": {\"value\": 45}},", AGE, "parameters.p: key 'zh' is missing"},
        {"\"parameters\": {\"p\": {\"zh\": \"z\"}},", AGE, "parameters.p: key 'en' is missing"},
        {"\"parameters\": {\"p\": {\"zh\": \"z\", \"en\": \"e\"}},", AGE,
         "parameters.p: key 'why' is missing"},
        {"\"parameters\": {\"p\": {\"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},", AGE,
         "parameters.p: key 'value' is missing"},
        {"\"parameters\": {\"p\": {\"value\": true, \"zh\": \"z\", \"en\": \"e\", \"why\": "
         "\"w\"}},",
         AGE, "parameters.p: key 'since' is missing"},
        {"\"parameters\": {\"p\": {\"value\": 45" REST, AGE, "parameters.p: key 'min' is missing"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"min\": 1" REST, AGE,
         "parameters.p: key 'max' is missing"},
        {"\"parameters\": {\"p\": {\"value\": \"a\"" REST, WORD,
         "parameters.p: key 'choices' is missing"},
        {"\"parameters\": {\"p\": {\"value\": \"a\", \"choices\": 1" REST, WORD,
         "parameters.p.choices: must be an array, not a number"},
        {"\"parameters\": {\"p\": {\"value\": \"a\", \"choices\": [1]" REST, WORD,
         "parameters.p.choices[0]: must be a text, not a number"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"min\": 1, \"max\": 200" REST, AGE,
         "routes[0].all[0].age_at_most: parameter 'p' may be larger than 150"},
        {"\"parameters\": {\"p\": {\"value\": true" REST, AGE,
         "routes[0].all[0].age_at_most: parameter 'p' is of another kind"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"min\": 1, \"max\": 50" REST, FLAG,
         "routes[0].all[0].includes_year: parameter 'p' is of another kind"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"min\": 1, \"max\": 50" REST, WORD,
         "routes[0].all[0].within: parameter 'p' is of another kind"},
        {"\"parameters\": {\"p\": {\"value\": \"a\", \"choices\": [\"a\"]" REST, WORD,
         "routes[0].all[0].within: 'a' is no choice here"},
        {"\"parameters\": {\"p\": {\"value\": 45, \"min\": 1, \"max\": 50}, \"q\": {\"value\": "
         "true" REST,
         AGE, NULL},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        const Policy *policy = NULL;
        const char *json = small_json(arena, TABLE[i].parameters, TABLE[i].group);
        if (small_read(arena, json, &policy, &err) != ERR_CONFIG)
            fail_msg("taken: %s", json);
        if (TABLE[i].error)
            assert_string_equal(err.text, arena_printf(arena, "%s%s", P, TABLE[i].error));
    }
}

static void numbers_out_of_their_range_and_bad_days_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "\"parameters\": {\"p\": {\"value\": 51, \"min\": 1, \"max\": 50" REST,
        "\"parameters\": {\"p\": {\"value\": 45, \"min\": 50, \"max\": 1" REST,
        "\"parameters\": {\"p\": {\"value\": 45, \"min\": -1, \"max\": 50" REST,
        "\"parameters\": {\"p\": {\"value\": 45, \"since\": \"yesterday\", \"zh\": \"z\", \"en\": "
        "\"e\", \"why\": \"w\"}},",
        "\"parameters\": {\"p\": {\"value\": \"b\", \"choices\": [\"a\"]" REST,
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        Err err = {0};
        const Policy *policy = NULL;
        assert_int_equal(small_read(arena, small_json(arena, BAD[i], AGE), &policy, &err),
                         ERR_CONFIG);
        assert_non_null(strstr(err.text, "small.json: $.parameters.p"));
    }
}

static void a_parameter_that_nothing_reads_is_refused(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *json = small_json(
        arena, "\"parameters\": {\"p\": {\"value\": true" REST,
        "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"sex\", \"in\": "
        "[1]}]");
    assert_int_equal(small_read(arena, json, &policy, &err), ERR_CONFIG);
    assert_string_equal(err.text, "small.json: $.parameters: no condition reads parameter 'p'");
}

static void a_bound_may_be_a_parameter(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *json = small_json(
        arena, "\"parameters\": {\"p\": {\"value\": 4, \"min\": 1, \"max\": 8" REST,
        "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"education\", "
        "\"at_least\": \"$p\"}]");
    assert_ok(small_read(arena, json, &policy, &err), &err);
    assert_int_equal(policy->conditions[0]->bound, 4);
    assert_string_equal(policy->conditions[0]->parameter, "p");
}

static void the_first_of_dated_numbers_needs_its_range(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *json = small_json(
        arena,
        "\"parameters\": {\"p\": {\"value\": [{\"from\": \"2012-01-01\", \"value\": 3}], \"zh\": "
        "\"z\", \"en\": \"e\", \"why\": \"w\"}},",
        "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
        "\"skill_level\", \"at_most\": \"$p\"}]");
    assert_int_equal(small_read(arena, json, &policy, &err), ERR_CONFIG);
    assert_string_equal(err.text, "small.json: $.parameters.p: key 'min' is missing");
    assert_null(policy);
}

static void a_setting_beyond_all_measure_is_refused(void **state)
{
    enum { BYTES = 100000 };
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    char *setting = arena_alloc(arena, BYTES + 1);
    memset(setting, '0', BYTES);
    memcpy(setting, "age_max=", strlen("age_max="));
    assert_int_equal(policy_set(arena, shipped, (const char *const[]){setting}, 1, &policy, &err),
                     ERR_LIMIT);
    assert_null(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_parameters_are_those_of_the_notice),
        cmocka_unit_test(set_moves_a_parameter_and_the_hash),
        cmocka_unit_test(settings_add_up_and_the_last_one_wins),
        cmocka_unit_test(a_wrong_setting_says_what_is_allowed),
        cmocka_unit_test(a_bad_declaration_is_refused_at_its_path),
        cmocka_unit_test(numbers_out_of_their_range_and_bad_days_are_refused),
        cmocka_unit_test(a_parameter_that_nothing_reads_is_refused),
        cmocka_unit_test(a_bound_may_be_a_parameter),
        cmocka_unit_test(the_first_of_dated_numbers_needs_its_range),
        cmocka_unit_test(a_setting_beyond_all_measure_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
