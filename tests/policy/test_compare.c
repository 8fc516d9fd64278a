/* A comparison is what judging everyone by both policies says. */
#include "verb.h"

#include "judged.h"

enum { PEOPLE = 8000 };

static Crowd crowd;
static const Policy *shipped;
static const char *other_file;
static const Policy *other;

/* Another policy: the shipped one under another name, without its first route, for people up to 60.
 */
static void write_other(const TestHome *home)
{
    Err err = {0};
    Arena *arena = home->context.arena;
    json_error_t where;
    json_t *root = json_loadb(shipped->file.bytes, shipped->file.length, 0, &where);
    assert_non_null(root);
    json_object_set_new(root, "id", json_string("later-rule"));
    json_array_remove(json_object_get(root, "routes"), 0);
    json_t *age = json_object_get(json_object_get(root, "parameters"), "age_max");
    json_object_set_new(age, "value", json_integer(60));
    other_file = arena_printf(arena, "%s/later-rule.json", home->dir);
    assert_int_equal(json_dump_file(root, other_file, 0), 0);
    json_decref(root);
    assert_ok(policy_load(arena, other_file, &other, &err), &err);
    assert_int_equal(other->route_count, shipped->route_count - 1);
}

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Err err = {0};
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    assert_ok(policy_load(home->context.arena, NULL, &shipped, &err), &err);
    write_other(home);
    return 0;
}

typedef struct Expected {
    int64_t people, cross[VERDICT_COUNT + 1][VERDICT_COUNT + 1];
    int64_t gained[ROUTES_AT_MOST], lost[ROUTES_AT_MOST], gained_all, lost_all;
} Expected;

static Expected expect(const Policy *a, const Policy *b, const Where *where)
{
    Expected expected = {0};
    for (size_t i = 0; i < crowd.count; i++) {
        const Facts *facts = &crowd.people[i];
        Judgement in_a, in_b;
        if (where && where_holds(where, facts) != KLEENE_TRUE)
            continue;
        policy_judge(a, facts, crowd.as_of, &in_a);
        policy_judge(b, facts, crowd.as_of, &in_b);
        expected.people++;
        expected.cross[in_a.verdict][in_b.verdict]++;
        bool reached_a = in_a.verdict <= VERDICT_LIKELY, reached_b = in_b.verdict <= VERDICT_LIKELY;
        if (reached_b && !reached_a) {
            expected.gained[in_b.route]++;
            expected.gained_all++;
        }
        if (reached_a && !reached_b) {
            expected.lost[in_a.route]++;
            expected.lost_all++;
        }
    }
    return expected;
}

static void assert_moved(const json_t *moved, const Policy *policy, const int64_t *routes,
                         int64_t all)
{
    assert_int_equal(json_number(moved, "people"), all);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(json_number(json_object_get(moved, "routes"), policy->routes[i].id),
                         routes[i]);
}

static void assert_side(const json_t *side, const Policy *policy, const Where *where)
{
    Judged judged = judge_all(policy, &crowd, crowd.as_of, where);
    json_t *row = json_deep_copy(side);
    json_object_update(row, json_object_get(side, "verdicts"));
    assert_row_is_judged(row, policy, &judged);
    assert_string_equal(json_string_value(json_object_get(side, "policy")), policy->id);
    assert_string_equal(json_string_value(json_object_get(side, "sha256")), policy->sha256);
    json_decref(row);
}

static void assert_comparison(const json_t *result, const Policy *a, const Policy *b,
                              const Where *where)
{
    Expected expected = expect(a, b, where);
    assert_int_equal(json_number(result, "people"), expected.people);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        const json_t *row =
            json_object_get(json_object_get(result, "cross"), verdict_name((Verdict)i));
        for (int k = VERDICT_ELIGIBLE; k <= VERDICT_COUNT; k++)
            assert_int_equal(json_number(row, verdict_name((Verdict)k)), expected.cross[i][k]);
    }
    assert_side(json_object_get(result, "a"), a, where);
    assert_side(json_object_get(result, "b"), b, where);
    assert_moved(json_object_get(result, "gained"), b, expected.gained, expected.gained_all);
    assert_moved(json_object_get(result, "lost"), a, expected.lost, expected.lost_all);
    assert_int_equal(json_number(json_object_get(result, "a"), "reached") + expected.gained_all -
                         expected.lost_all,
                     json_number(json_object_get(result, "b"), "reached"));
}

static void two_policies_are_compared_as_the_judge_judges(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       other_file),
              &err);
    assert_comparison(result, shipped, other, NULL);
    assert_true(json_number(json_object_get(result, "gained"), "people") > 0);
    assert_true(json_number(json_object_get(result, "lost"), "people") > 0);
    json_decref(result);
}

static void where_and_moved_parameters_of_b_are_compared(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    const Where *where;
    const Policy *moved;
    static const char *const SETTINGS[] = {"age_max=30", "pension_months_min=12"};
    assert_ok(where_parse(home->context.arena, "skill_level <= 3", &where, &err), &err);
    assert_ok(policy_set(home->context.arena, shipped, SETTINGS, 2, &moved, &err), &err);
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       "dongguan-2012-140", "--set", SETTINGS[0], "--set", SETTINGS[1], "--where",
                       "skill_level <= 3"),
              &err);
    assert_comparison(result, shipped, moved, where);
    json_decref(result);
}

static void a_policy_compared_with_itself_loses_and_gains_nobody(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       "dongguan-2012-140"),
              &err);
    assert_true(json_equal(json_object_get(result, "a"), json_object_get(result, "b")));
    assert_int_equal(json_number(json_object_get(result, "gained"), "people"), 0);
    assert_int_equal(json_number(json_object_get(result, "lost"), "people"), 0);
    json_decref(result);
}

static void a_comparison_reads_well(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       other_file),
              &err);
    const char *shown = verb_shown(&POLICY_COMPARE, &home->context, result);
    static const char *const PARTS[] = {
        "A dongguan-2012-140, B later-rule on 2012-10-01: 8,000 people",
        "all under A",
        "all under B",
        "possibly eligible",
        "Gained: reached under B alone: ",
        "Lost: reached under A alone: ",
        "senior_worker"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    json_decref(result);
}

static void a_wrong_question_is_refused_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *a, *b, *option, *value;
        ErrCode code;
    } TABLE[] = {
        {"nowhere-2030", "dongguan-2012-140", "--set", "age_max=50", ERR_NOT_FOUND},
        {"dongguan-2012-140", "nowhere-2030", "--set", "age_max=50", ERR_NOT_FOUND},
        {"dongguan-2012-140", "dongguan-2012-140", "--set", "age_max=999", ERR_USAGE},
        {"dongguan-2012-140", "dongguan-2012-140", "--where", "nonsense = 3", ERR_USAGE},
    };
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(VERB_RUN(&context, &result, &err, "policy", "compare", TABLE[i].a,
                                  TABLE[i].b, TABLE[i].option, TABLE[i].value),
                         TABLE[i].code);
        assert_null(result);
    }
}

static void a_base_that_has_gone_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "RENAME TABLE person TO person_away");
    ErrCode code = VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                            other_file);
    test_sql(home, "RENAME TABLE person_away TO person");
    assert_int_equal(code, ERR_DB);
    assert_null(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_policies_are_compared_as_the_judge_judges),
        cmocka_unit_test(where_and_moved_parameters_of_b_are_compared),
        cmocka_unit_test(a_policy_compared_with_itself_loses_and_gains_nobody),
        cmocka_unit_test(a_comparison_reads_well),
        cmocka_unit_test(a_wrong_question_is_refused_before_the_base_is_asked),
        cmocka_unit_test(a_base_that_has_gone_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
