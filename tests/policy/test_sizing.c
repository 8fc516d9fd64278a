/* The funnel counted in SQL is the funnel counted by judging everyone. */
#include "policy/sizing.h"

#include "base/text.h"
#include "crowd.h"
#include "small.h"

enum { PEOPLE = 20000 };

static int64_t number_of(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    assert_true(json_is_integer(number));
    return json_integer_value(number);
}

/* What judging each person for whom `where` holds adds up to. */
typedef struct Expected {
    int64_t where[3], verdicts[VERDICT_COUNT + 1], routes[ROUTES_AT_MOST];
    int64_t conditions[CONDITIONS_AT_MOST][3], route_clauses[ROUTES_AT_MOST][3], gate[3];
    int64_t missing[FACT_COUNT], review[FACT_COUNT];
} Expected;

/* The facts of the conditions that stand so on the routes that are unknown; the shipped routes are
 * one "all" deep. */
static void expect_waits(const Policy *policy, const Judgement *judged, const Standings *standings,
                         Standing wanted, int64_t *counts)
{
    bool waits[FACT_COUNT] = {false};
    for (size_t i = 0; i < policy->condition_count; i++) {
        int route = policy->condition_route[i];
        if (route >= 0 && judged->routes[route] == KLEENE_UNKNOWN && standings->of[i] == wanted)
            waits[policy->conditions[i]->fact] = true;
    }
    for (int fact = 0; fact < FACT_COUNT; fact++)
        counts[fact] += waits[fact];
}

static void expect(const Sizing *sizing, const Crowd *crowd, Expected *expected)
{
    const Policy *policy = sizing->policy;
    for (size_t i = 0; i < crowd->count; i++) {
        const Facts *facts = &crowd->people[i];
        Judgement judged;
        Kleene where = sizing->where ? where_holds(sizing->where, facts) : KLEENE_TRUE;
        expected->where[where]++;
        if (where != KLEENE_TRUE)
            continue;
        Standings standings;
        policy_judge(policy, facts, sizing->as_of, &judged);
        standings_read(policy, facts, sizing->as_of, &standings);
        expected->verdicts[judged.verdict]++;
        expected->gate[judged.gate]++;
        if (judged.verdict <= VERDICT_LIKELY)
            expected->routes[judged.route]++;
        for (size_t route = 0; route < policy->route_count; route++)
            expected->route_clauses[route][judged.routes[route]]++;
        for (size_t k = 0; k < policy->condition_count; k++)
            expected->conditions[k][rule_truth(policy->conditions[k], &standings)]++;
        if (judged.verdict != VERDICT_POSSIBLE)
            continue;
        expect_waits(policy, &judged, &standings, STANDS_ASK, expected->missing);
        expect_waits(policy, &judged, &standings, STANDS_REVIEW, expected->review);
    }
}

static void assert_clause(const json_t *clauses, const char *clause, const int64_t counts[3])
{
    const json_t *got = json_object_get(clauses, clause);
    assert_non_null(got);
    assert_int_equal(number_of(got, "true"), counts[KLEENE_TRUE]);
    assert_int_equal(number_of(got, "false"), counts[KLEENE_FALSE]);
    assert_int_equal(number_of(got, "unknown"), counts[KLEENE_UNKNOWN]);
}

/* {fact: people}: exactly the facts that have people, most first. */
static void assert_facts(json_t *got, const int64_t *people)
{
    const char *key;
    json_t *value;
    int64_t before = INT64_MAX;
    size_t facts = 0;
    for (int fact = 0; fact < FACT_COUNT; fact++)
        facts += people[fact] > 0;
    assert_int_equal(json_object_size(got), facts);
    json_object_foreach(got, key, value)
    {
        assert_int_equal(json_integer_value(value), people[fact_find(key)]);
        assert_true(json_integer_value(value) <= before);
        before = json_integer_value(value);
    }
}

static void assert_funnel(const Sizing *sizing, const Crowd *crowd, const json_t *result)
{
    const Policy *policy = sizing->policy;
    Expected expected = {0};
    const json_t *clauses = json_object_get(result, "clauses");
    expect(sizing, crowd, &expected);
    assert_int_equal(number_of(result, "people"), crowd->count);
    assert_clause(result, "where", expected.where);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        assert_int_equal(number_of(json_object_get(result, "verdicts"), verdict_name((Verdict)i)),
                         expected.verdicts[i]);
    if (policy->gate_clause)
        assert_clause(clauses, policy->gate_clause, expected.gate);
    for (size_t i = 0; i < policy->route_count; i++) {
        assert_int_equal(number_of(json_object_get(result, "routes"), policy->routes[i].id),
                         expected.routes[i]);
        assert_clause(clauses, policy->routes[i].clause, expected.route_clauses[i]);
    }
    for (size_t i = 0; i < policy->condition_count; i++)
        assert_clause(clauses, policy->conditions[i]->clause, expected.conditions[i]);
    assert_facts(json_object_get(result, "missing"), expected.missing);
    assert_facts(json_object_get(result, "review"), expected.review);
}

static Crowd crowd;
static Sizing shipped;

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Err err = {0};
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    shipped = (Sizing){.as_of = home->context.as_of, .lang = LANG_ZH};
    return policy_load(home->context.arena, NULL, &shipped.policy, &err) == OK ? 0 : 1;
}

static json_t *count(TestHome *home, const Sizing *sizing)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(sizing_count(home->context.db, home->context.arena, sizing, &result, &err), &err);
    return result;
}

static void the_funnel_is_exact(void **state)
{
    json_t *result = count(*state, &shipped);
    assert_funnel(&shipped, &crowd, result);
    assert_int_equal(json_array_size(json_object_get(result, "groups")), 0);
    json_decref(result);
}

static void moved_parameters_move_the_funnel(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Sizing sizing = shipped;
    static const char *const MOVED[] = {"age_max=30", "pension_months_min=12",
                                        "pension_mode=continuous", "graduation_window=two_years"};
    assert_ok(policy_set(home->context.arena, shipped.policy, MOVED, 4, &sizing.policy, &err),
              &err);
    json_t *result = count(home, &sizing), *preset = count(home, &shipped);
    assert_funnel(&sizing, &crowd, result);
    assert_false(
        json_equal(json_object_get(result, "verdicts"), json_object_get(preset, "verdicts")));
    json_decref(result);
    json_decref(preset);
}

static void people_whom_where_cannot_decide_are_counted_apart(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Sizing sizing = shipped;
    assert_ok(where_parse(home->context.arena,
                          "skill_level <= 3 and employer_town in (长安镇, 虎门镇, 东城)",
                          &sizing.where, &err),
              &err);
    json_t *result = count(home, &sizing);
    assert_funnel(&sizing, &crowd, result);
    assert_true(number_of(json_object_get(result, "where"), "unknown") > 0);
    json_decref(result);
}

/* As many conditions as a policy may have: they fill all words of the query. */
static void a_policy_of_64_conditions_is_counted(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Sizing sizing = shipped;
    Err err = {0};
    const char *list = "";
    for (int i = 0; i < CONDITIONS_AT_MOST; i++) {
        const char *question =
            i % 3 == 0
                ? arena_printf(arena, "\"fact\": \"pension_months\", \"grown_to\": %d", 30 + i)
            : i % 3 == 1
                ? arena_printf(arena, "\"fact\": \"birth_date\", \"age_at_least\": %d", 50 + i)
                : arena_printf(arena, "\"fact\": \"education\", \"in\": [%d], \"review\": [%d]",
                               i % 4 + 1, i % 8 + 1);
        list = arena_printf(arena, "%s%s{\"clause\": \"c%d\", \"text\": \"t\", \"en\": \"e\", %s}",
                            list, i ? ", " : "", i, question);
    }
    const char *json = small_json(arena, "", arena_printf(arena, "\"any\": [%s]", list));
    assert_ok(small_read(arena, json, &sizing.policy, &err), &err);
    json_t *result = count(home, &sizing);
    assert_funnel(&sizing, &crowd, result);
    assert_true(number_of(json_object_get(result, "verdicts"), "possible") > 0);
    json_decref(result);
}

/* The people of a group, counted one by one. */
static int64_t people_like(const Sizing *sizing, const json_t *group, Verdict wanted,
                           Kleene where_wanted)
{
    AUTO_ARENA arena = arena_new(0);
    int64_t people = 0;
    for (size_t i = 0; i < crowd.count; i++) {
        Judgement judged;
        bool same = !sizing->where || where_holds(sizing->where, &crowd.people[i]) == where_wanted;
        for (size_t k = 0; k < sizing->by_count && same; k++) {
            const Grouping *by = &sizing->by[k];
            FactValue value = crowd.people[i].values[by->fact];
            if (value.known && fact_info(by->fact)->kind == KIND_DATE)
                value.number = date_civil((Date)value.number).year;
            same = text_equal(grouping_show(arena, by, value, sizing->lang),
                              json_string_value(json_object_get(group, by->name)));
        }
        if (!same)
            continue;
        policy_judge(sizing->policy, &crowd.people[i], sizing->as_of, &judged);
        people += where_wanted == KLEENE_UNKNOWN || judged.verdict == wanted;
    }
    return people;
}

static void assert_groups(const Sizing *sizing, const json_t *result)
{
    size_t index;
    const json_t *group;
    int64_t people = 0, unknown = 0;
    json_array_foreach(json_object_get(result, "groups"), index, group)
    {
        int64_t all = 0;
        for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
            int64_t counted =
                number_of(json_object_get(group, "verdicts"), verdict_name((Verdict)i));
            all += counted;
            if (index % 7 == 0)
                assert_int_equal(counted, people_like(sizing, group, (Verdict)i, KLEENE_TRUE));
        }
        assert_int_equal(all, number_of(group, "people"));
        people += all;
        if (sizing->where) {
            unknown += number_of(group, "where_unknown");
            if (index % 7 == 0)
                assert_int_equal(number_of(group, "where_unknown"),
                                 people_like(sizing, group, VERDICT_LIKELY, KLEENE_UNKNOWN));
        }
    }
    assert_int_equal(people, number_of(json_object_get(result, "where"), "true"));
    assert_int_equal(unknown, number_of(json_object_get(result, "where"), "unknown"));
}

static void groups_add_up_to_the_funnel(void **state)
{
    TestHome *home = *state;
    static const char *const BY[] = {
        "skill_level",         "employer_town",
        "graduation_date,sex", "occupation,pension_gap_known",
        "pension_months",      "school_kind, skill_level, sex, education"};
    for (size_t i = 0; i < sizeof BY / sizeof *BY; i++) {
        Err err = {0};
        Sizing sizing = shipped;
        assert_ok(groupings_parse(home->context.arena, BY[i], &sizing, &err), &err);
        if (i % 2)
            assert_ok(
                where_parse(home->context.arena, "wants_settlement = 愿意", &sizing.where, &err),
                &err);
        json_t *result = count(home, &sizing);
        assert_funnel(&sizing, &crowd, result);
        assert_groups(&sizing, result);
        json_decref(result);
    }
}

static void groups_read_as_people_say_it(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Sizing sizing = shipped;
    assert_ok(groupings_parse(home->context.arena, "town,skill_level", &sizing, &err), &err);
    json_t *result = count(home, &sizing);
    const json_t *groups = json_object_get(result, "groups"), *first = json_array_get(groups, 0),
                 *last;
    assert_true(json_is_null(json_object_get(first, "employer_town")));
    assert_true(json_is_null(json_object_get(first, "skill_level")));
    assert_null(json_object_get(first, "skill_level_code"));
    last = json_array_get(groups, json_array_size(groups) - 1);
    assert_string_equal(json_string_value(json_object_get(last, "employer_town")),
                        "东莞滨海湾新区");
    assert_int_equal(number_of(last, "employer_town_code"), 441900404);
    assert_string_equal(json_string_value(json_object_get(last, "skill_level")), "初级工");
    assert_int_equal(number_of(last, "skill_level_code"), 5);
    json_decref(result);
}

static const char *band_of(Arena *arena, FactValue birth, Date as_of)
{
    if (!birth.known)
        return NULL;
    int age = date_age((Date)birth.number, as_of);
    static const int FIRST[] = {0, 20, 25, 30, 35, 40, 45, 46, 50, 60};
    int band = 9;
    while (band > 0 && age < FIRST[band])
        band--;
    return band == 9   ? "60+"
           : band == 6 ? "45"
                       : arena_printf(arena, "%d–%d", FIRST[band], FIRST[band + 1] - 1);
}

static void ages_fall_into_bands(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    Sizing sizing = shipped;
    assert_ok(groupings_parse(arena, "age", &sizing, &err), &err);
    json_t *result = count(home, &sizing);
    size_t index;
    const json_t *group;
    int64_t all = 0;
    json_array_foreach(json_object_get(result, "groups"), index, group)
    {
        int64_t people = 0;
        for (size_t i = 0; i < crowd.count; i++)
            people +=
                text_equal(band_of(arena, crowd.people[i].values[FACT_BIRTH_DATE], sizing.as_of),
                           json_string_value(json_object_get(group, "age")));
        assert_int_equal(number_of(group, "people"), people);
        all += people;
    }
    assert_int_equal(all, crowd.count);
    json_decref(result);
}

static void what_may_not_be_counted_by_is_refused(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *by, *error, *hint;
    } TABLE[] = {
        {"birth_date", "cannot count by 'birth_date': it is personal", "count by 'age'"},
        {"name", "cannot count by 'name': it is personal", ""},
        {"phone", "cannot count by 'phone': it is personal", ""},
        {"skil_level", "cannot count by 'skil_level': there is no such fact",
         "did you mean 'skill_level'?"},
        {"qqqqqqqqqqqq", "cannot count by 'qqqqqqqqqqqq': there is no such fact", ""},
        {"sex,sex", "cannot count by 'sex' twice", ""},
        {"sex,education,occupation,employer,school", "cannot count by more than 4 facts", ""},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        Sizing sizing = shipped;
        assert_int_equal(groupings_parse(home->context.arena, TABLE[i].by, &sizing, &err),
                         ERR_USAGE);
        assert_string_equal(err.text, TABLE[i].error);
        assert_string_equal(err.hint, TABLE[i].hint);
    }
}

static void an_empty_base_has_an_empty_funnel(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Sizing sizing = shipped;
    test_sql(home, "TRUNCATE TABLE person");
    assert_ok(groupings_parse(home->context.arena, "sex", &sizing, &err), &err);
    json_t *result = count(home, &sizing);
    const Crowd nobody = {.as_of = sizing.as_of};
    assert_funnel(&sizing, &nobody, result);
    assert_int_equal(json_array_size(json_object_get(result, "groups")), 0);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_funnel_is_exact),
        cmocka_unit_test(moved_parameters_move_the_funnel),
        cmocka_unit_test(people_whom_where_cannot_decide_are_counted_apart),
        cmocka_unit_test(a_policy_of_64_conditions_is_counted),
        cmocka_unit_test(groups_add_up_to_the_funnel),
        cmocka_unit_test(groups_read_as_people_say_it),
        cmocka_unit_test(ages_fall_into_bands),
        cmocka_unit_test(what_may_not_be_counted_by_is_refused),
        cmocka_unit_test(an_empty_base_has_an_empty_funnel),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
