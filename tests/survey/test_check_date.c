/* tests/survey/test_check_date.c: dates in every spelling, and what they must agree with. */
#include "support/home.h"
#include "support/rows.h"

static void dates_are_read_in_seven_spellings_and_as_serials(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"发证日期", "2012-09-07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012-9-7", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012/9/7", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012.09.07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012年9月7日", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "20120907", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "２０１２－０９－０７", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012-9-7 00:00:00", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "12/9/7", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2",
         ""}, /* 2012-09-07 or 2007-09-12 */
        {"发证日期", "12/9/27", FACT_CERTIFICATE_DATE, "-", "date_future@D2", ""},
        {"发证日期", "12/8/27", FACT_CERTIFICATE_DATE, "2012-08-27", "", ""},
        {"发证日期", "27/8/2012", FACT_CERTIFICATE_DATE, "2012-08-27", "", ""},
        {"发证日期", "5/6/2012", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2", ""},
        {"发证日期", "#41159", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "41159", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "@2012-09-07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "@1900-02-29", FACT_CERTIFICATE_DATE, "-", "date_impossible@D2",
         ""}, /* serial 60 */
        {"发证日期", "2012-02-30", FACT_CERTIFICATE_DATE, "-", "date_impossible@D2", ""},
        {"发证日期", "2013-01-01", FACT_CERTIFICATE_DATE, "-", "date_future@D2", ""},
        {"发证日期", "1912-01-01", FACT_CERTIFICATE_DATE, "-", "date_too_early@D2", ""},
        {"发证日期", "去年", FACT_CERTIFICATE_DATE, "-", "date_unreadable@D2", ""},
        {"发证日期", "2010年至今", FACT_CERTIFICATE_DATE, "-", "date_unreadable@D2", ""},
        {"发证日期", "2012年6月", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "2012.06", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "201206", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "2012年9月", FACT_CERTIFICATE_DATE, "2012-09-20", "",
         "date_month@D2"}, /* not after the survey */
        {"发证日期", "#2012.1", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2",
         ""}, /* January or October */
        {"发证日期", "2012", FACT_CERTIFICATE_DATE, "-", "", "date_incomplete@D2"},
        {"发证日期", "/", FACT_CERTIFICATE_DATE, "-", "", ""},
        {"发证日期", "无", FACT_CERTIFICATE_DATE, "-", "", ""},
        {"发证日期", "!#N/A", FACT_CERTIFICATE_DATE, "-", "cell_error@D2", ""},
        {"发证日期", "＃N/A", FACT_CERTIFICATE_DATE, "-", "cell_error@D2",
         ""}, /* as a .csv has it */
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
}

static void day_of_filling_in_judges_the_other_dates(void **state)
{
    RowsWorld *world = *state;
    const char *headings[] = {"姓名", "身份证号码", "发证日期", "填表日期", NULL};
    const char *early[] = {"张伟", ROWS_ID, "2012-08-01", "2012年7月1日", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, early);
    assert_int_equal(checked.surveyed_on, date_of(2012, 7, 1));
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                        "date_future@C2");
    const char *future[] = {"张伟", ROWS_ID, "", "2012-10-02", NULL};
    checked = rows_check(world->arena, world->enterprise, headings, future);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                        "date_future@D2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_seven_spellings_and_as_serials),
        cmocka_unit_test(day_of_filling_in_judges_the_other_dates),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
