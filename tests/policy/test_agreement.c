/* The law of the room: the judge, by sets of days, and the SQL compiler, by candidate days, say the
 * same of everyone. */
#include "policy/compile.h"
#include "policy/parse.h"

#include "random_policy.h"

enum { PEOPLE = 100000, POLICIES = 20, POLICIES_A_DAY = 4, TURNING_PEOPLE = 5000 };

static void differ(const Policy *policy, const Crowd *crowd, size_t index, const Judgement *judged,
                   int64_t verdict, int64_t route)
{
    AUTO_BUFFER text = BUFFER(1 << 16);
    AUTO_ARENA arena = arena_new(0);
    char day[11];
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        const char *shown =
            fact_show(arena, (FactId)fact, crowd->people[index].values[fact], LANG_EN);
        if (shown)
            buffer_printf(&text, "  %s=%s", fact_info((FactId)fact)->name, shown);
    }
    buffer_printf(&text, "  pension_on=%s", date_format(crowd->people[index].pension_on, day));
    fail_msg("as_of %s, %s\njudge %s route %d, SQL %s route %lld\n%s\n%s",
             date_format(crowd->as_of, day), policy->id, verdict_name(judged->verdict),
             judged->route, verdict_name((Verdict)verdict), (long long)route, buffer_string(&text),
             policy->file.bytes);
}

/* Compares everyone; counts[verdict] += people of that verdict. */
static void compare(TestHome *home, const Policy *policy, const Crowd *crowd, size_t *counts)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    Err err = {0};
    const Hole holes[] = {
        {"verdict", policy_verdict_expr(arena, policy, crowd->as_of, "p")},
        {"route", policy_route_expr(arena, policy, crowd->as_of, "p")},
    };
    assert_ok(db_query_filled(home->context.db, QUERY_POLICY_VERDICT_LIST, NO_PARAMS, holes, 2,
                              &rows, &err),
              &err);
    assert_int_equal(rows_count(rows), crowd->count);
    for (size_t i = 0; rows_next(rows); i++) {
        Judgement judged;
        policy_judge(policy, &crowd->people[i], crowd->as_of, &judged);
        int64_t route = rows_null(rows, 2) ? -1 : rows_int(rows, 2);
        assert_int_equal(rows_int(rows, 0), i + 1);
        if (rows_int(rows, 1) != (int64_t)judged.verdict || route != judged.route)
            differ(policy, crowd, i, &judged, rows_int(rows, 1), route);
        if (judged.verdict == VERDICT_LATER)
            assert_true(judged.eligible_on > crowd->as_of &&
                        judged.eligible_until != judged.eligible_on - 1);
        counts[judged.verdict]++;
    }
}

static void judge_and_sql_agree_on_100000_people(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    const Policy *policy = NULL;
    size_t counts[VERDICT_COUNT + 1] = {0};
    Crowd crowd = {.seed = crowd_seed(), .as_of = date_of(2012, 10, 1), .count = PEOPLE};
    assert_ok(policy_load(arena, "dongguan-2012-140", &policy, &err), &err);
    crowd_make(arena, &crowd);
    crowd_store(home, &crowd);
    compare(home, policy, &crowd, counts);
    for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++)
        assert_true(counts[verdict] > 100); /* the crowd has people of every kind */
}

static void judge_and_sql_agree_on_days_when_rules_turn(void **state)
{
    TestHome *home = *state;
    static const char *const DAYS[] = {"2012-02-29", "2013-02-28", "2013-03-01", "2012-12-31",
                                       "2013-01-01"};
    static const char *const MOVED[] = {"graduation_window=two_years", "pension_mode=continuous",
                                        "age_max_includes_year=no"};
    uint64_t seed = crowd_seed();
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        AUTO_ARENA arena = arena_new(0);
        Err err = {0};
        const Policy *policy = NULL;
        size_t counts[VERDICT_COUNT + 1] = {0};
        Crowd crowd = {.seed = seed + i, .count = TURNING_PEOPLE};
        assert_true(date_parse(DAYS[i], &crowd.as_of));
        assert_ok(policy_load(arena, NULL, &policy, &err), &err);
        assert_ok(policy_set(arena, policy, MOVED, i % 4, &policy, &err), &err);
        crowd_make(arena, &crowd);
        crowd_store(home, &crowd);
        compare(home, policy, &crowd, counts);
    }
}

static void judge_and_sql_agree_on_100000_people_by_20_random_policies(void **state)
{
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    size_t counts[VERDICT_COUNT + 1] = {0};
    Crowd crowd = {.seed = seed, .count = PEOPLE};
    AUTO_ARENA people = arena_new(0);
    for (int i = 0; i < (int)test_rounds(POLICIES); i++) {
        AUTO_ARENA arena = arena_new(0);
        AUTO_BUFFER json = BUFFER(1 << 20);
        Err err = {0};
        const Policy *policy = NULL;
        if (i % POLICIES_A_DAY == 0) { /* now and then a new day and new people */
            arena_reset(people);
            crowd.as_of = crowd_hard_day(&seed);
            crowd_make(people, &crowd);
            crowd_store(home, &crowd);
        }
        random_policy(&json, &seed);
        const PolicyFile file = {
            .name = "random", .bytes = buffer_string(&json), .length = json.length};
        if (policy_read(arena, file, NULL, 0, &policy, &err) != OK)
            fail_msg("%s\n%s", err.text, buffer_string(&json));
        compare(home, policy, &crowd, counts);
    }
    for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++)
        assert_true(counts[verdict] > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_and_sql_agree_on_100000_people),
        cmocka_unit_test(judge_and_sql_agree_on_days_when_rules_turn),
        cmocka_unit_test(judge_and_sql_agree_on_100000_people_by_20_random_policies),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
