/* Each row of a forecast is what judging everyone on that day says. */
#include "verb.h"

#include "judged.h"

enum { PEOPLE = 3000, MONTHS = 14 };

static Crowd crowd;
static const Policy *policy;

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Err err = {0};
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return policy_load(home->context.arena, NULL, &policy, &err) == OK ? 0 : 1;
}

static void assert_forecast(const json_t *rows, const Where *where)
{
    size_t index;
    const json_t *row;
    Judged before = {0};
    json_array_foreach(rows, index, row)
    {
        Date day;
        assert_true(date_parse(json_string_value(json_object_get(row, "as_of")), &day));
        Judged judged = judge_all(policy, &crowd, day, where);
        assert_row_is_judged(row, policy, &judged);
        assert_int_equal(json_number(row, "change"),
                         index ? judged_reached(&judged) - judged_reached(&before) : 0);
        assert_int_equal(
            json_number(row, "change_closed"),
            index ? judged.verdicts[VERDICT_INELIGIBLE] - before.verdicts[VERDICT_INELIGIBLE] : 0);
        before = judged;
    }
}

static void assert_days(const json_t *rows, const char *const *days, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *month = json_string_value(json_object_get(row, "month"));
        assert_string_equal(json_string_value(json_object_get(row, "as_of")), days[i]);
        assert_int_equal(strlen(month), 7);
        assert_memory_equal(month, days[i], 7);
    }
}

static void every_month_is_counted_as_the_judge_judges(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    static const char *const DAYS[] = {"2012-10-31", "2012-11-01", "2012-12-01", "2013-01-01"};
    Err err = {0};
    json_t *rows = NULL;
    assert_true(date_parse("2012-10-31", &context.as_of));
    assert_ok(VERB_RUN(&context, &rows, &err, "policy", "forecast", "--months", "14"), &err);
    assert_int_equal(json_array_size(rows), MONTHS + 1);
    assert_days(rows, DAYS, sizeof DAYS / sizeof *DAYS);
    assert_forecast(rows, NULL);
    json_decref(rows);
}

/* The first --where is counted on planes; the second looks at a text, which is not laid out. */
static void where_narrows_a_forecast_on_planes_and_in_the_base(void **state)
{
    TestHome *home = *state;
    static const char *const WHERES[] = {"skill_level <= 3", "occupation contains 工"};
    for (size_t i = 0; i < 2; i++) {
        Err err = {0};
        const Where *where;
        json_t *rows = NULL;
        assert_ok(where_parse(home->context.arena, WHERES[i], &where, &err), &err);
        assert_ok(VERB_RUN(&home->context, &rows, &err, "policy", "forecast", "--months", "3",
                           "--where", WHERES[i]),
                  &err);
        assert_int_equal(json_array_size(rows), 4);
        assert_forecast(rows, where);
        json_decref(rows);
    }
}

static void a_forecast_of_two_years_is_shown_with_bars(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *rows = NULL;
    assert_ok(VERB_RUN(&home->context, &rows, &err, "policy", "forecast"), &err);
    assert_int_equal(json_array_size(rows), 25);
    const char *shown = verb_shown(&POLICY_FORECAST, &home->context, rows);
    static const char *const PARTS[] = {"2012-10-01", "2014-10-01", "closed, change", "reached",
                                        "████████████████████████"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    json_decref(rows);
}

static void a_time_that_cannot_be_forecast_is_refused_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *day, *option, *value;
        ErrCode code;
    } TABLE[] = {
        {"2012-10-01", "--months", "0", ERR_USAGE},
        {"2012-10-01", "--months", "121", ERR_USAGE},
        {"9999-06-01", "--months", "12", ERR_USAGE},
        {"2012-10-01", "--policy", "nowhere-2030", ERR_NOT_FOUND},
        {"2012-10-01", "--where", "nonsense = 3", ERR_USAGE},
    };
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *rows = NULL;
        assert_true(date_parse(TABLE[i].day, &context.as_of));
        assert_int_equal(
            VERB_RUN(&context, &rows, &err, "policy", "forecast", TABLE[i].option, TABLE[i].value),
            TABLE[i].code);
        assert_null(rows);
    }
}

static void a_base_that_has_gone_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *rows = NULL;
    test_sql(home, "RENAME TABLE base_state TO base_state_away");
    ErrCode code = VERB_RUN(&home->context, &rows, &err, "policy", "forecast");
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_int_equal(code, ERR_DB);
    assert_null(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_month_is_counted_as_the_judge_judges),
        cmocka_unit_test(where_narrows_a_forecast_on_planes_and_in_the_base),
        cmocka_unit_test(a_forecast_of_two_years_is_shown_with_bars),
        cmocka_unit_test(a_time_that_cannot_be_forecast_is_refused_before_the_base_is_asked),
        cmocka_unit_test(a_base_that_has_gone_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
