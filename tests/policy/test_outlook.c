#include "policy/outlook.h"

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

static Date day(const char *text)
{
    Date date = DATE_NONE;
    assert_true(date_parse(text, &date));
    return date;
}

/* A tree over the facts themselves. */
static Kleene truth(const Policy *policy, const Facts *facts, Date as_of)
{
    Standings standings;
    standings_read(policy, facts, as_of, &standings);
    return rule_truth(&policy->routes[0].rule, &standings);
}

static Facts with(FactId fact, int64_t number)
{
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[fact] = (FactValue){.known = true, .number = number};
    return facts;
}

static void a_window_ends_on_the_day_that_its_name_says(void **state)
{
    (void)state;
    assert_int_equal(window_end(WINDOW_SAME_YEAR, day("2012-01-01")), day("2012-12-31"));
    assert_int_equal(window_end(WINDOW_SAME_YEAR, day("2012-12-31")), day("2012-12-31"));
    assert_int_equal(window_end(WINDOW_NEXT_JUNE, day("2012-07-01")), day("2013-06-30"));
    assert_int_equal(window_end(WINDOW_TWO_YEARS, day("2012-02-29")), day("2014-02-28"));
}

/* Each condition's first and last true day around its boundary. */
static void a_condition_turns_on_its_day(void **state)
{
    (void)state;
    static const struct {
        const char *condition;
        FactId fact;
        const char *value, *last_false_before, *first_true, *last_true;
    } TABLE[] = {
        {"\"fact\": \"birth_date\", \"age_at_most\": 45", FACT_BIRTH_DATE, "1967-10-01", NULL, NULL,
         "2013-09-30"},
        {"\"fact\": \"birth_date\", \"age_at_most\": 45, \"includes_year\": false", FACT_BIRTH_DATE,
         "1967-10-01", NULL, NULL, "2012-09-30"},
        {"\"fact\": \"birth_date\", \"age_below\": 45", FACT_BIRTH_DATE, "1967-10-01", NULL, NULL,
         "2012-09-30"},
        {"\"fact\": \"birth_date\", \"age_at_least\": 18", FACT_BIRTH_DATE, "1996-02-29",
         "2014-02-28", "2014-03-01", NULL},
        {"\"fact\": \"certificate_date\", \"months_since\": 1", FACT_CERTIFICATE_DATE, "2012-01-31",
         "2012-02-28", "2012-02-29", NULL},
        {"\"fact\": \"graduation_date\", \"within\": \"same_year\"", FACT_GRADUATION_DATE,
         "2012-07-01", "2012-06-30", "2012-07-01", "2012-12-31"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const Policy *policy = small_policy(arena, TABLE[i].condition);
        const Facts facts = with(TABLE[i].fact, day(TABLE[i].value));
        if (TABLE[i].last_false_before)
            assert_int_equal(truth(policy, &facts, day(TABLE[i].last_false_before)), KLEENE_FALSE);
        if (TABLE[i].first_true)
            assert_int_equal(truth(policy, &facts, day(TABLE[i].first_true)), KLEENE_TRUE);
        if (TABLE[i].last_true) {
            assert_int_equal(truth(policy, &facts, day(TABLE[i].last_true)), KLEENE_TRUE);
            assert_int_equal(truth(policy, &facts, day(TABLE[i].last_true) + 1), KLEENE_FALSE);
        }
    }
}

static void months_that_can_only_grow_are_an_interval(void **state)
{
    (void)state;
    const Policy *policy = small_policy(arena, "\"fact\": \"pension_months\", \"grown_to\": 24");
    Facts facts = with(FACT_PENSION_MONTHS, 22);
    assert_int_equal(truth(policy, &facts, day("2012-10-01")),
                     KLEENE_UNKNOWN); /* nobody knows since when */
    facts.pension_on = day("2012-08-01");
    assert_int_equal(truth(policy, &facts, day("2012-09-30")), KLEENE_FALSE);
    assert_int_equal(truth(policy, &facts, day("2012-10-01")), KLEENE_UNKNOWN);
    Outlook outlook;
    Span span = SPAN_NEVER;
    rule_outlook(&policy->routes[0].rule, &facts, &outlook);
    assert_true(spans_from(&outlook.holds, DATE_MIN, &span));
    assert_int_equal(span.from, day("2012-10-01"));
    facts.values[FACT_PENSION_MONTHS].number = 24;
    assert_int_equal(truth(policy, &facts, day("2000-01-01")), KLEENE_TRUE);
}

static void an_unknown_fact_is_unknown_on_every_day(void **state)
{
    (void)state;
    const Rule *rule =
        &small_policy(arena, "\"fact\": \"birth_date\", \"age_at_most\": 45")->routes[0].rule;
    const Facts nothing = {.pension_on = DATE_NONE};
    Outlook outlook;
    rule_outlook(rule, &nothing, &outlook);
    assert_int_equal(outlook.holds.count, 0);
    assert_int_equal(outlook.possible.count, 1);
    assert_int_equal(outlook.possible.spans[0].from, DATE_MIN);
    assert_int_equal(outlook.possible.spans[0].until, DATE_MAX);
}

static void a_day_after_the_last_year_is_as_good_as_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *condition;
        FactId fact;
    } TABLE[] = {
        {"\"fact\": \"birth_date\", \"age_at_most\": 45", FACT_BIRTH_DATE},
        {"\"fact\": \"certificate_date\", \"months_since\": 1200", FACT_CERTIFICATE_DATE},
        {"\"fact\": \"graduation_date\", \"within\": \"two_years\"", FACT_GRADUATION_DATE},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const Facts facts = with(TABLE[i].fact, day("9999-01-01"));
        assert_int_equal(truth(small_policy(arena, TABLE[i].condition), &facts, day("2012-10-01")),
                         KLEENE_UNKNOWN);
    }
    Facts grown = with(FACT_PENSION_MONTHS, 1);
    grown.pension_on = day("9999-01-01");
    assert_int_equal(truth(small_policy(arena, "\"fact\": \"pension_months\", \"grown_to\": 24"),
                           &grown, day("2012-10-01")),
                     KLEENE_UNKNOWN);
}

/* "not" of a window: before it and after it. */
static void a_negated_window_has_two_sides(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *group =
        "\"not\": {\"any\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
        "\"graduation_date\", \"within\": \"same_year\"}]}";
    assert_ok(small_read(arena, small_json(arena, "", group), &policy, &err), &err);
    const Facts facts = with(FACT_GRADUATION_DATE, day("2012-07-01"));
    Outlook outlook;
    rule_outlook(&policy->routes[0].rule, &facts, &outlook);
    assert_int_equal(outlook.holds.count, 2);
    assert_int_equal(outlook.holds.spans[0].until, day("2012-06-30"));
    assert_int_equal(outlook.holds.spans[1].from, day("2013-01-01"));
}

static void what_is_missing_is_asked_only_where_it_can_decide(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *group = "\"all\": [{\"any\": [{\"clause\": \"a\", \"text\": \"t\", \"en\": \"e\", "
                        "\"fact\": \"sex\", \"in\": [1]}, "
                        "{\"clause\": \"b\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                        "\"education\", \"at_least\": 5}]}, "
                        "{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": "
                        "\"certificate_type\", \"in\": [1], \"review\": [2]}]";
    assert_ok(small_read(arena, small_json(arena, "", group), &policy, &err), &err);
    const Rule *rule = &policy->routes[0].rule;
    Facts facts = {.pension_on = DATE_NONE};
    const uint32_t sex = UINT32_C(1) << FACT_SEX, education = UINT32_C(1) << FACT_EDUCATION,
                   type = UINT32_C(1) << FACT_CERTIFICATE_TYPE;
    Standings standings;
    standings_read(policy, &facts, 0, &standings);
    assert_int_equal(rule_waits(rule, &standings, STANDS_ASK), sex | education | type);
    facts.values[FACT_SEX] = (FactValue){.known = true, .number = 1};
    standings_read(policy, &facts, 0, &standings);
    assert_int_equal(rule_waits(rule, &standings, STANDS_ASK), type);
    facts.values[FACT_CERTIFICATE_TYPE] = (FactValue){.known = true, .number = 2};
    standings_read(policy, &facts, 0, &standings);
    assert_int_equal(rule_waits(rule, &standings, STANDS_ASK), 0);
    assert_int_equal(rule_waits(rule, &standings, STANDS_REVIEW), type);
    assert_int_equal(standings.of[rule->items[1].place], STANDS_REVIEW);
    assert_int_equal(standings.of[rule->items[0].items[1].place], STANDS_ASK);
    assert_int_equal(standings.of[rule->items[0].items[0].place], STANDS_TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_ends_on_the_day_that_its_name_says),
        cmocka_unit_test(a_condition_turns_on_its_day),
        cmocka_unit_test(months_that_can_only_grow_are_an_interval),
        cmocka_unit_test(an_unknown_fact_is_unknown_on_every_day),
        cmocka_unit_test(a_day_after_the_last_year_is_as_good_as_unknown),
        cmocka_unit_test(a_negated_window_has_two_sides),
        cmocka_unit_test(what_is_missing_is_asked_only_where_it_can_decide),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
