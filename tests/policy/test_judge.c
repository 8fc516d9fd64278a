#include "policy/outlook.h"

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

static void know(Facts *facts, FactId fact, int64_t number)
{
    facts->values[fact] = (FactValue){.known = true, .number = number};
}

/* 高级工 with a qualification, 36 months of insurance, born 1967-10-01, of no school, an outsider
 * with a clean record. */
static Facts senior_worker(void)
{
    Facts facts = {.pension_on = date_of(2012, 10, 1)};
    know(&facts, FACT_IN_CITY_HUKOU, 0);
    know(&facts, FACT_FAMILY_PLANNING_OK, 1);
    know(&facts, FACT_NO_CRIMINAL_RECORD, 1);
    know(&facts, FACT_NO_BANNED_ORGANISATION, 1);
    know(&facts, FACT_SKILL_LEVEL, 3);
    know(&facts, FACT_CERTIFICATE_TYPE, 1);
    know(&facts, FACT_PENSION_MONTHS, 36);
    know(&facts, FACT_BIRTH_DATE, date_of(1967, 10, 1));
    know(&facts, FACT_SCHOOL_KIND, 4);
    return facts;
}

static Judgement judge(const Policy *policy, const Facts *facts, Date as_of)
{
    Judgement judgement;
    policy_judge(policy, facts, as_of, &judgement);
    return judgement;
}

static void a_judgement_names_gate_routes_and_days(void **state)
{
    (void)state;
    const Facts facts = senior_worker();
    Judgement judged = judge(shipped, &facts, date_of(2012, 10, 1));
    assert_int_equal(judged.verdict, VERDICT_ELIGIBLE);
    assert_int_equal(judged.gate, KLEENE_TRUE);
    assert_int_equal(judged.routes[0], KLEENE_FALSE);
    assert_int_equal(judged.routes[1], KLEENE_TRUE);
    assert_int_equal(judged.routes[2], KLEENE_FALSE);
    assert_int_equal(judged.route, 1);
    assert_int_equal(judged.eligible_on, DATE_NONE);
    assert_int_equal(judged.eligible_until, date_of(2013, 9, 30));
    assert_true(judged.boundary);
}

/* Day by day around everything that turns: eligible_on and eligible_until are what judging each day
 * says, when the months are said anew each day. */
static void the_days_of_a_judgement_are_those_on_which_the_verdict_changes(void **state)
{
    (void)state;
    Facts facts = senior_worker();
    know(&facts, FACT_PENSION_MONTHS, 20);
    Judgement first = judge(shipped, &facts, date_of(2012, 10, 1));
    assert_int_equal(first.verdict, VERDICT_LATER);
    assert_int_equal(first.eligible_on, date_of(2013, 2, 1));
    assert_int_equal(first.eligible_until, date_of(2013, 9, 30));
    for (Date day = date_of(2012, 10, 1); day <= date_of(2013, 12, 31); day++) {
        Facts then = facts;
        then.pension_on = day;
        know(&then, FACT_PENSION_MONTHS, 20 + date_whole_months(facts.pension_on, day));
        bool open = day >= first.eligible_on && day <= first.eligible_until;
        assert_int_equal(judge(shipped, &then, day).verdict, open ? VERDICT_ELIGIBLE
                                                             : day < first.eligible_on
                                                                 ? VERDICT_LATER
                                                                 : VERDICT_INELIGIBLE);
    }
}

static void a_failing_gate_outweighs_every_route(void **state)
{
    (void)state;
    Facts facts = senior_worker();
    know(&facts, FACT_IN_CITY_HUKOU, 1);
    Judgement judged = judge(shipped, &facts, date_of(2012, 10, 1));
    assert_int_equal(judged.verdict, VERDICT_INELIGIBLE);
    assert_int_equal(judged.gate, KLEENE_FALSE);
    assert_int_equal(judged.route, 1);
    assert_int_equal(judged.eligible_until, DATE_NONE);
}

static const Policy *with_gate(const char *until, const char *gate, const char *route)
{
    Err err = {0};
    const Policy *policy = NULL;
    const char *members = arena_printf(arena,
                                       "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": "
                                       "\"e\", \"all\": [{\"clause\": \"g\", \"text\": \"t\", "
                                       "\"en\": \"e\", %s}]},",
                                       gate);
    const char *group = arena_printf(
        arena, "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", %s}]", route);
    const char *json = small_json(arena, members, group);
    if (until) {
        const char *at = strstr(json, "\"from\"");
        json = arena_printf(arena, "%.*s\"until\": \"%s\", %s", (int)(at - json), json, until, at);
    }
    assert_ok(small_read(arena, json, &policy, &err), &err);
    return policy;
}

static void a_gate_that_closes_in_time_closes_the_door(void **state)
{
    (void)state;
    const Policy *policy = with_gate(NULL, "\"fact\": \"birth_date\", \"age_at_most\": 45",
                                     "\"fact\": \"certificate_date\", \"months_since\": 12");
    Facts facts = {.pension_on = DATE_NONE};
    know(&facts, FACT_BIRTH_DATE, date_of(1967, 10, 1));
    know(&facts, FACT_CERTIFICATE_DATE, date_of(2012, 9, 30));
    Judgement judged = judge(policy, &facts, date_of(2012, 10, 1));
    assert_int_equal(judged.verdict, VERDICT_LATER);
    assert_int_equal(judged.eligible_on, date_of(2013, 9, 30));
    assert_int_equal(judged.eligible_until, date_of(2013, 9, 30));
    assert_true(judged.boundary);
    know(&facts, FACT_CERTIFICATE_DATE, date_of(2012, 10, 1));
    assert_int_equal(judge(policy, &facts, date_of(2012, 10, 1)).verdict, VERDICT_INELIGIBLE);
    know(&facts, FACT_BIRTH_DATE, date_of(1960, 1, 1)); /* the gate fails: no flag */
    assert_false(judge(policy, &facts, date_of(2012, 10, 1)).boundary);
}

static void a_policy_that_ends_closes_the_door(void **state)
{
    (void)state;
    const Policy *policy = with_gate("2013-06-30", "\"fact\": \"sex\", \"in\": [1]",
                                     "\"fact\": \"certificate_date\", \"months_since\": 12");
    Facts facts = {.pension_on = DATE_NONE};
    know(&facts, FACT_CERTIFICATE_DATE, date_of(2012, 6, 30));
    Judgement judged = judge(policy, &facts, date_of(2012, 10, 1));
    assert_int_equal(judged.verdict, VERDICT_LATER);
    assert_int_equal(judged.eligible_until, date_of(2013, 6, 30));
    know(&facts, FACT_CERTIFICATE_DATE, date_of(2012, 7, 1));
    assert_int_equal(judge(policy, &facts, date_of(2012, 10, 1)).verdict, VERDICT_INELIGIBLE);
    know(&facts, FACT_CERTIFICATE_DATE, date_of(2010, 7, 1));
    judged =
        judge(policy, &facts, date_of(2014, 10, 1)); /* asked after its end: no last day to name */
    assert_int_equal(judged.verdict, VERDICT_LIKELY);
    assert_int_equal(judged.eligible_until, DATE_NONE);
}

static void two_routes_in_a_row_make_one_open_door(void **state)
{
    (void)state;
    Facts facts = senior_worker(); /* graduated this year, and 24 months are full on 1 January */
    know(&facts, FACT_SCHOOL_KIND, 1);
    know(&facts, FACT_SCHOOL_PROVINCE, 44);
    know(&facts, FACT_GRADUATION_DATE, date_of(2012, 7, 1));
    know(&facts, FACT_PENSION_MONTHS, 21);
    Judgement judged = judge(shipped, &facts, date_of(2012, 10, 1));
    assert_int_equal(judged.route, 2);
    assert_int_equal(judged.eligible_until, date_of(2013, 9, 30));
}

static uint32_t missing(const Facts *facts, Date as_of)
{
    Standings standings;
    standings_read(shipped, facts, as_of, &standings);
    return verdict_waits(shipped, &standings, STANDS_ASK);
}

static void what_is_missing_depends_on_the_verdict(void **state)
{
    (void)state;
    const Date as_of = date_of(2012, 10, 1);
    Facts facts = senior_worker();
    assert_int_equal(missing(&facts, as_of), 0);
    facts.values[FACT_FAMILY_PLANNING_OK].known = false;
    assert_int_equal(missing(&facts, as_of), UINT32_C(1) << FACT_FAMILY_PLANNING_OK);
    facts.values[FACT_PENSION_MONTHS].known = false;
    assert_int_equal(missing(&facts, as_of), UINT32_C(1) << FACT_PENSION_MONTHS);
    know(&facts, FACT_IN_CITY_HUKOU, 1);
    assert_int_equal(missing(&facts, as_of), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_judgement_names_gate_routes_and_days),
        cmocka_unit_test(the_days_of_a_judgement_are_those_on_which_the_verdict_changes),
        cmocka_unit_test(a_failing_gate_outweighs_every_route),
        cmocka_unit_test(a_gate_that_closes_in_time_closes_the_door),
        cmocka_unit_test(a_policy_that_ends_closes_the_door),
        cmocka_unit_test(two_routes_in_a_row_make_one_open_door),
        cmocka_unit_test(what_is_missing_depends_on_the_verdict),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
