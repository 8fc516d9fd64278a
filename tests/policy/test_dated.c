/* Parameters whose value changes on a day: who is judged by which, and what the change opens and
 * shuts. */
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

#define AGES(values)                                                                               \
    "\"parameters\": {\"age_max\": {\"value\": " values                                            \
    ", \"min\": 16, \"max\": 120, \"zh\": \"z\", \"en\": \"e\", \"why\": \"all\"}},"
#define AGED                                                                                       \
    "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"birth_date\", "     \
    "\"age_at_most\": \"$age_max\"}]"
#define HISTORY                                                                                    \
    AGES("[{\"from\": \"2012-09-01\", \"value\": 45}, {\"from\": \"2015-01-01\", \"value\": 50, "  \
         "\"why\": \"raised\"}, {\"from\": \"2018-03-01\", \"value\": 40}]")

static const Policy *read(const char *members)
{
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(small_read(arena, small_json(arena, members, AGED), &policy, &err), &err);
    return policy;
}

static Date day(const char *text)
{
    Date date;
    assert_true(date_parse(text, &date));
    return date;
}

static Judgement judge(const Policy *policy, const char *birth, const char *as_of)
{
    Judgement judged;
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = day(birth)};
    policy_judge(policy, &facts, day(as_of), &judged);
    return judged;
}

static void each_day_has_the_value_that_began_last(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        int64_t value;
        const char *since, *why;
    } TABLE[] = {
        {"1999-01-01", 45, "2012-09-01", "all"}, /* before the first day the first one counts */
        {"2012-09-01", 45, "2012-09-01", "all"},    {"2014-12-31", 45, "2012-09-01", "all"},
        {"2015-01-01", 50, "2015-01-01", "raised"}, {"2018-02-28", 50, "2015-01-01", "raised"},
        {"2018-03-01", 40, "2018-03-01", "all"},    {"2999-01-01", 40, "2018-03-01", "all"},
    };
    const Policy *policy = read(HISTORY);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const Policy *then = policy_at(policy, day(TABLE[i].day));
        assert_int_equal(then->parameters[0].number, TABLE[i].value);
        assert_int_equal(then->parameters[0].since, day(TABLE[i].since));
        assert_string_equal(then->parameters[0].why, TABLE[i].why);
        assert_int_equal(then->conditions[0]->bound, TABLE[i].value + 1);
        assert_string_equal(then->sha256, policy->sha256);
    }
}

static void a_change_opens_and_shuts_the_door(void **state)
{
    (void)state;
    static const struct {
        const char *birth, *as_of;
        Verdict verdict;
        const char *on, *until;
    } TABLE[] = {
        /* 46 on 2013-05-05; 51 on 2018-05-05, but from March 2018 on only 40 counts */
        {"1967-05-05", "2013-05-04", VERDICT_ELIGIBLE, NULL, "2013-05-04"},
        {"1967-05-05", "2013-05-05", VERDICT_LATER, "2015-01-01", "2018-02-28"},
        {"1967-05-05", "2014-12-31", VERDICT_LATER, "2015-01-01", "2018-02-28"},
        {"1967-05-05", "2015-01-01", VERDICT_ELIGIBLE, NULL, "2018-02-28"},
        {"1967-05-05", "2018-02-28", VERDICT_ELIGIBLE, NULL, "2018-02-28"},
        {"1967-05-05", "2018-03-01", VERDICT_INELIGIBLE, NULL, NULL},
        /* open through the first change: no gap between the eras */
        {"1970-01-02", "2012-10-01", VERDICT_ELIGIBLE, NULL, "2018-02-28"},
        /* the 46th birthday is the day of the change itself */
        {"1969-01-01", "2014-12-31", VERDICT_ELIGIBLE, NULL, "2018-02-28"},
        {"1968-12-31", "2014-12-31", VERDICT_LATER, "2015-01-01", "2018-02-28"},
        /* young enough for all of them */
        {"1990-02-28", "2012-10-01", VERDICT_ELIGIBLE, NULL, "2031-02-27"},
        /* too old for the middle one: 51 before 2015 */
        {"1960-01-01", "2012-10-01", VERDICT_INELIGIBLE, NULL, NULL},
    };
    const Policy *policy = read(HISTORY);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Judgement judged = judge(policy, TABLE[i].birth, TABLE[i].as_of);
        if (judged.verdict != TABLE[i].verdict)
            fail_msg("%s on %s: %s", TABLE[i].birth, TABLE[i].as_of, verdict_name(judged.verdict));
        assert_int_equal(judged.eligible_on, TABLE[i].on ? day(TABLE[i].on) : DATE_NONE);
        assert_int_equal(judged.eligible_until, TABLE[i].until ? day(TABLE[i].until) : DATE_NONE);
    }
}

static void a_moved_parameter_has_one_value_on_all_days(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = read(HISTORY), *moved = NULL;
    const char *const settings[] = {"age_max=60"};
    assert_ok(policy_set(arena, policy, settings, 1, &moved, &err), &err);
    assert_null(moved->next);
    assert_int_equal(moved->era_until, DATE_MAX);
    assert_int_equal(judge(moved, "1967-05-05", "2018-03-01").verdict, VERDICT_ELIGIBLE);
    assert_int_equal(judge(moved, "1967-05-05", "2013-05-05").eligible_until, day("2028-05-04"));
}

static void eras_end_where_any_parameter_changes(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL, *era = NULL;
    const char *const settings[] = {"age_below_technician=50"};
    assert_ok(policy_load(arena, "dongguan-2021-talent", &policy, &err), &err);
    assert_int_equal(policy->era_from, DATE_MIN);
    assert_int_equal(policy->era_until, day("2024-05-31"));
    era = policy->next;
    assert_int_equal(era->era_from, day("2024-06-01"));
    assert_int_equal(era->era_until, day("2025-08-31"));
    assert_int_equal(era->condition_count, policy->condition_count);
    era = era->next;
    assert_int_equal(era->era_from, day("2025-09-01"));
    assert_int_equal(era->condition_count, policy->condition_count + 3); /* insurance is asked */
    assert_null(era->next);
    /* moving one leaves the days of the others */
    assert_ok(policy_set(arena, policy, settings, 1, &policy, &err), &err);
    assert_int_equal(policy->era_until, day("2024-05-31"));
}

static void a_policy_that_ends_before_the_change_never_opens_by_it(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *json = small_json(arena, HISTORY, AGED), *from = "\"from\": \"2012-01-01\"}",
               *place = strstr(json, from);
    assert_non_null(place);
    const char *ended = arena_printf(arena, "%.*s\"from\": \"2012-01-01\", \"until\": \"%s\"}%s",
                                     (int)(place - json), json, "2014-12-31", place + strlen(from));
    assert_ok(small_read(arena, ended, &policy, &err), &err);
    assert_int_equal(judge(policy, "1967-05-05", "2013-05-05").verdict, VERDICT_INELIGIBLE);
    assert_int_equal(judge(policy, "1990-05-05", "2013-05-05").eligible_until, day("2014-12-31"));
}

static void bad_histories_are_refused_at_their_path(void **state)
{
    (void)state;
    static const struct {
        const char *members, *error;
    } TABLE[] = {
        {AGES("[]"), "value: needs at least one value"},
        {AGES("[45]"), "value[0]: must be an object, not a number"},
        {AGES("[{\"value\": 45}]"), "value[0]: key 'from' is missing"},
        {AGES("[{\"from\": \"2012-02-30\", \"value\": 45}]"),
         "value[0].from: '2012-02-30' is not a date such as 2012-09-27"},
        {AGES("[{\"from\": \"2012-09-01\"}]"), "value[0]: key 'value' is missing"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45, \"whi\": \"w\"}]"),
         "value[0]: unknown key 'whi'"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45, \"why\": 1}]"),
         "value[0].why: must be a text, not a number"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45}, {\"from\": \"2012-09-01\", \"value\": "
              "46}]"),
         "value[1].from: must be a later day than the one before it"},
        {AGES("[{\"from\": \"2015-01-01\", \"value\": 45}, {\"from\": \"2012-09-01\", \"value\": "
              "46}]"),
         "value[1].from: must be a later day than the one before it"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45}, {\"from\": \"2015-01-01\", \"value\": "
              "121}]"),
         "value[1].value: must be from 16 to 120, not 121"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45}, {\"from\": \"2015-01-01\", \"value\": "
              "true}]"),
         "value[1].value: must be a whole number, not true or false"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": true}, {\"from\": \"2015-01-01\", "
              "\"value\": 1}]"),
         "value[1].value: must be true or false, not a number"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": 45}], \"since\": \"2012-09-01\""),
         "since: each of the values says 'from' which day it holds"},
        {AGES("45, \"since\": 1"), "since: must be a text, not a number"},
        {AGES("[{\"from\": \"2012-09-01\", \"value\": \"b\"}], \"choices\": [\"a\"]"),
         "value[0].value: 'b' is none of a"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        const Policy *policy = NULL;
        const char *json = small_json(arena, TABLE[i].members, AGED);
        if (small_read(arena, json, &policy, &err) != ERR_CONFIG)
            fail_msg("taken: %s", TABLE[i].members);
        const char *error =
            arena_printf(arena, "small.json: $.parameters.age_max.%s", TABLE[i].error);
        if (!strstr(TABLE[i].error, "'b'"))
            assert_string_equal(err.text, error);
    }
}

/* One value for each month from January 2012 on. */
static const char *monthly(int count)
{
    const char *list = "";
    for (int i = 0; i < count; i++)
        list = arena_printf(arena, "%s%s{\"from\": \"%d-%02d-01\", \"value\": %d}", list,
                            i ? ", " : "", 2012 + i / 12, i % 12 + 1, 40 + i % 2);
    return arena_printf(arena,
                        "\"parameters\": {\"age_max\": {\"value\": [%s], \"min\": 16, \"max\": "
                        "120, \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},",
                        list);
}

static void a_history_has_a_greatest_length(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(small_read(arena, small_json(arena, monthly(ERAS_AT_MOST), AGED), &policy, &err),
              &err);
    assert_int_equal(
        small_read(arena, small_json(arena, monthly(ERAS_AT_MOST + 1), AGED), &policy, &err),
        ERR_CONFIG);
    assert_string_equal(err.text, "small.json: $.parameters: may change on at most 15 days");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_has_the_value_that_began_last),
        cmocka_unit_test(a_change_opens_and_shuts_the_door),
        cmocka_unit_test(a_moved_parameter_has_one_value_on_all_days),
        cmocka_unit_test(eras_end_where_any_parameter_changes),
        cmocka_unit_test(a_policy_that_ends_before_the_change_never_opens_by_it),
        cmocka_unit_test(bad_histories_are_refused_at_their_path),
        cmocka_unit_test(a_history_has_a_greatest_length),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
