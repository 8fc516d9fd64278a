#include "small.h"

static Arena *arena;

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

static void assert_refused(const char *json, const char *error, const char *hint)
{
    Err err = {0};
    const Policy *policy = NULL;
    ErrCode code = small_read(arena, json, &policy, &err);
    if (code != ERR_CONFIG)
        fail_msg("taken, or '%s': %s", err.text, json);
    assert_null(policy);
    assert_string_equal(err.text, error);
    if (hint)
        assert_string_equal(err.hint, hint);
}

static void a_bad_condition_is_refused_at_its_path(void **state)
{
    (void)state;
    static const char P[] = "small.json: $.routes[0].all[0]";
    static const struct {
        const char *condition, *error, *hint;
    } TABLE[] = {
        {"\"in\": [3]", ": key 'fact' is missing", ""},
        {"\"fact\": 3, \"in\": [3]", ".fact: must be a text, not a number", ""},
        {"\"fact\": \"skil_level\", \"in\": [3]", ".fact: unknown fact 'skil_level'",
         "did you mean 'skill_level'?"},
        {"\"fact\": \"zzzzzzzzzzzzzz\", \"in\": [3]", ".fact: unknown fact 'zzzzzzzzzzzzzz'", ""},
        {"\"fact\": \"skill_level\"", ": has no operator, such as 'in' or 'at_least'", ""},
        {"\"fact\": \"skill_level\", \"inn\": [3]", ": unknown key 'inn'", "did you mean 'in'?"},
        {"\"fact\": \"skill_level\", \"in\": [3], \"at_most\": 3", ": has both 'in' and 'at_most'",
         ""},
        {"\"fact\": \"skill_level\", \"is\": true", ".is: 'is' does not go with fact 'skill_level'",
         ""},
        {"\"fact\": \"skill_level\", \"grown_to\": 3",
         ".grown_to: 'grown_to' does not go with fact 'skill_level'", ""},
        {"\"fact\": \"phone\", \"in\": [\"13800138000\"]",
         ".in: 'in' does not go with fact 'phone'", ""},
        {"\"fact\": \"education\", \"within\": \"same_year\"",
         ".within: 'within' does not go with fact 'education'", ""},
        {"\"fact\": \"skill_level\", \"in\": []", ".in: needs at least one value", ""},
        {"\"fact\": \"skill_level\", \"in\": [true]", ".in[0]: must be a text, not true or false",
         ""},
        {"\"fact\": \"certificate_date\", \"at_least\": \"soon\"",
         ".at_least: 'soon' is not a date", NULL},
        {"\"fact\": \"occupation\", \"in\": [3]", ".in[0]: must be a text, not a number", ""},
        {"\"fact\": \"birth_date\", \"age_at_most\": 151",
         ".age_at_most: must be from 0 to 150, not 151", NULL},
        {"\"fact\": \"birth_date\", \"age_at_most\": 45, \"includes_year\": 1",
         ".includes_year: must be true or false, not a number", ""},
        {"\"fact\": \"graduation_date\", \"within\": \"a_year\"", ".within: unknown word 'a_year'",
         NULL},
        {"\"fact\": \"birth_date\", \"age_at_most\": \"$age\"",
         ".age_at_most: unknown parameter 'age'", ""},
        {"\"fact\": \"sex\", \"in\": [1], \"when\": {\"parameter\": \"m\", \"is\": \"x\"}",
         ".when: unknown parameter 'm'", ""},
        {"\"fact\": \"sex\", \"in\": [1], \"when\": {\"parametr\": \"m\"}",
         ".when: unknown key 'parametr'", "did you mean 'parameter'?"},
        {"\"fact\": \"sex\", \"in\": [1], \"when\": {\"is\": \"x\"}",
         ".when: key 'parameter' is missing", ""},
        {"\"fact\": \"sex\", \"in\": [1], \"when\": {\"parameter\": \"m\"}",
         ".when: key 'is' is missing", ""},
        {"\"fact\": \"sex\", \"in\": [1], \"review\": []", ".review: needs at least one value", ""},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const char *group = arena_printf(
            arena, "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", %s}]",
            TABLE[i].condition);
        Err err = {0};
        const Policy *policy = NULL;
        if (small_read(arena, small_json(arena, "", group), &policy, &err) != ERR_CONFIG)
            fail_msg("taken: %s", group);
        /* the words of base/node.c are its own tests' business; the path is ours */
        const char *error = arena_printf(arena, "%s%s", P, TABLE[i].error);
        size_t path = strlen(error) - strlen(strrchr(error, ':'));
        if (TABLE[i].hint)
            assert_string_equal(err.text, error);
        else
            assert_memory_equal(err.text, error, path);
        if (TABLE[i].hint)
            assert_string_equal(err.hint, TABLE[i].hint);
    }
}

static void a_value_that_the_fact_does_not_know_is_refused_with_its_words(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *group = "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                        "\"skill_level\", \"in\": "
                        "[\"高级\"]}]";
    assert_int_equal(small_read(arena, small_json(arena, "", group), &policy, &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "small.json: $.routes[0].all[0].in[0]: "));
    assert_non_null(strstr(err.text, "高级"));
    assert_true(err.hint[0] != '\0');
}

#define LEAF(clause)                                                                               \
    "{\"clause\": \"" clause "\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"sex\", \"in\": [1]}"

static void a_bad_group_is_refused_at_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *group, *error;
    } TABLE[] = {
        {"\"all\": []", "small.json: $.routes[0].all: needs at least one condition"},
        {"\"all\": 1", "small.json: $.routes[0].all: must be an array, not a number"},
        {"\"all\": [" LEAF("a") "], \"any\": [" LEAF("b") "]",
         "small.json: $.routes[0]: has both 'all' and 'any'"},
        {"\"all\": [" LEAF("a") ", " LEAF("a") "]",
         "small.json: $.routes[0].all[1]: clause 'a' stands here a second time"},
        {"\"all\": [{\"any\": [" LEAF("a") "], \"text\": \"t\"}]",
         "small.json: $.routes[0].all[0]: unknown key 'text'"},
        {"\"all\": [1]", "small.json: $.routes[0].all[0]: must be an object, not a number"},
        {"\"all\": [{\"any\": []}]",
         "small.json: $.routes[0].all[0].any: needs at least one condition"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        assert_refused(small_json(arena, "", TABLE[i].group), TABLE[i].error, NULL);
    Err err = {0};
    const Policy *policy = NULL;
    assert_int_equal(small_read(arena, small_json(arena, "", "\"alls\": []"), &policy, &err),
                     ERR_CONFIG);
}

/* count groups within each other around one condition */
static const char *nested(int count)
{
    const char *group = LEAF("deep");
    for (int i = 0; i < count; i++)
        group = arena_printf(arena, "{\"all\": [%s]}", group);
    return arena_printf(arena, "\"any\": [%s]", group);
}

static void groups_have_a_greatest_depth(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(small_read(arena, small_json(arena, "", nested(7)), &policy, &err), &err);
    policy = NULL;
    assert_int_equal(small_read(arena, small_json(arena, "", nested(8)), &policy, &err),
                     ERR_CONFIG);
    assert_non_null(strstr(err.text, "groups may stand at most 8 deep"));
}

static void a_policy_has_a_greatest_number_of_conditions(void **state)
{
    (void)state;
    const char *list = "";
    for (int i = 0; i < CONDITIONS_AT_MOST + 1; i++)
        list = arena_printf(arena,
                            "%s%s{\"clause\": \"c%d\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                            "\"sex\", \"in\": [1]}",
                            list, i ? ", " : "", i);
    const char *group = arena_printf(arena, "\"all\": [%s]", list);
    assert_refused(small_json(arena, "", group),
                   "small.json: $.routes[0].all[64]: a policy has at most 64 conditions", NULL);
}

#define MODE                                                                                       \
    "\"parameters\": {\"mode\": {\"value\": \"off\", \"choices\": [\"off\", \"on\"], \"since\": "  \
    "\"2012-01-01\", "                                                                             \
    "\"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},"
#define SWITCHED(clause)                                                                           \
    "{\"clause\": \"" clause                                                                       \
    "\", \"text\": \"t\", \"en\": \"e\", \"when\": {\"parameter\": \"mode\", \"is\": \"on\"}, "    \
    "\"fact\": \"sex\", \"in\": [1]}"

static void a_condition_that_is_switched_off_is_not_there(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *off = NULL, *on = NULL;
    static const char *const ON[] = {"mode=on"};
    const char *json = small_json(
        arena,
        MODE " \"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"all\": [" SWITCHED(
            "g") "]},",
        "\"any\": [" LEAF("a") ", {\"not\": " SWITCHED("b") "}, " SWITCHED("c") "]");
    assert_ok(small_read(arena, json, &off, &err), &err);
    assert_int_equal(off->condition_count, 1);
    assert_int_equal(off->gate.item_count, 0);
    assert_int_equal(off->routes[0].rule.item_count, 1);
    assert_ok(policy_set(arena, off, ON, 1, &on, &err), &err);
    assert_int_equal(on->condition_count, 4);
    assert_int_equal(on->routes[0].rule.item_count, 3);
    assert_refused(small_json(arena, MODE, "\"all\": [" SWITCHED("c") "]"),
                   "small.json: $.routes[0]: no condition of route 'r' is left", NULL);
}

static void a_switch_needs_a_parameter_of_words(void **state)
{
    (void)state;
    static const char NUMBER[] =
        "\"parameters\": {\"mode\": {\"value\": 1, \"min\": 0, \"max\": 2, \"since\": "
        "\"2012-01-01\", \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},";
    assert_refused(small_json(arena, NUMBER, "\"all\": [" SWITCHED("c") "]"),
                   "small.json: $.routes[0].all[0].when: parameter 'mode' is of another kind",
                   NULL);
}

static void single_values_and_bounds_may_be_words_codes_or_dates(void **state)
{
    (void)state;
    assert_int_equal(small_policy(arena, "\"fact\": \"skill_level\", \"in\": \"技师\"")
                         ->conditions[0]
                         ->values[0]
                         .number,
                     2);
    assert_int_equal(
        small_policy(arena, "\"fact\": \"skill_level\", \"at_most\": 3")->conditions[0]->bound, 3);
    assert_int_equal(small_policy(arena, "\"fact\": \"skill_level\", \"at_most\": \"高级工\"")
                         ->conditions[0]
                         ->bound,
                     3);
    assert_int_equal(
        small_policy(arena, "\"fact\": \"certificate_date\", \"at_least\": \"2012-01-01\"")
            ->conditions[0]
            ->bound,
        date_of(2012, 1, 1));
    const Rule *age =
        small_policy(arena, "\"fact\": \"birth_date\", \"age_at_most\": 45")->conditions[0];
    assert_int_equal(age->bound, 46);
    assert_true(age->includes_year);
}

static void a_clause_of_the_gate_is_taken(void **state)
{
    (void)state;
    const char *gate = "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"all\": "
                       "[" LEAF("g") "]},";
    assert_refused(small_json(arena, gate, "\"all\": [" LEAF("G") "]"),
                   "small.json: $.routes[0].all[0]: clause 'G' stands here a second time", "");
}

/* "grown_to" asks how far a count has grown since the survey: that is so of the one count there is.
 */
static void pension_months_are_the_only_count(void **state)
{
    (void)state;
    for (int fact = 0; fact < FACT_COUNT; fact++)
        assert_int_equal(fact_info((FactId)fact)->kind == KIND_NUMBER, fact == FACT_PENSION_MONTHS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_condition_is_refused_at_its_path),
        cmocka_unit_test(a_value_that_the_fact_does_not_know_is_refused_with_its_words),
        cmocka_unit_test(a_bad_group_is_refused_at_its_path),
        cmocka_unit_test(groups_have_a_greatest_depth),
        cmocka_unit_test(a_policy_has_a_greatest_number_of_conditions),
        cmocka_unit_test(a_condition_that_is_switched_off_is_not_there),
        cmocka_unit_test(a_switch_needs_a_parameter_of_words),
        cmocka_unit_test(single_values_and_bounds_may_be_words_codes_or_dates),
        cmocka_unit_test(a_clause_of_the_gate_is_taken),
        cmocka_unit_test(pension_months_are_the_only_count),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
