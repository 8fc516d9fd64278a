/* tests/base/test_date.c: civil dates against a calendar that is counted by hand, day by day. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_day_of_four_centuries_goes_there_and_back(void **state)
{
    (void)state;
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    Date expected = -135140; /* 1600-01-01: 135140 days before 1970-01-01 */
    for (int year = 1600; year < 2000 + 1; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            int last = DAYS[month - 1] + (month == 2 && leap);
            assert_false(date_exists(year, month, last + 1));
            for (int day = 1; day <= last; day++, expected++) {
                Civil civil = date_civil(expected);
                if (date_of(year, month, day) != expected || civil.year != year ||
                    civil.month != month || civil.day != day)
                    fail_msg("%d-%d-%d is not day %d", year, month, day, expected);
                char text[11];
                Date parsed = 0;
                if (!date_parse(date_format(expected, text), &parsed) || parsed != expected)
                    fail_msg("%s does not survive writing", text);
            }
        }
    }
    assert_int_equal(date_of(1970, 1, 1), 0);
    assert_int_equal(date_of(1, 1, 1), DATE_MIN);
    assert_int_equal(date_of(9999, 12, 31), DATE_MAX);
    assert_int_equal(date_civil(DATE_MIN).year, 1);
    assert_int_equal(date_civil(DATE_MAX).day, 31);
}

static void parse_takes_one_form_only(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"",           "2012-9-27",   "2012-09-31", "2011-02-29",
                                        "2012/09/27", "2012-09-27 ", "12-09-27",   "2012-13-01",
                                        "0000-01-01", "2012-00-01",  "２012-09-1", "2012-09-0x"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Date date = 4711;
        assert_false(date_parse(WRONG[i], &date));
        assert_int_equal(date, 4711);
    }
    Date date;
    assert_true(date_parse("2012-02-29", &date));
    assert_int_equal(date, date_of(2012, 2, 29));
    char text[11] = "x";
    assert_string_equal(date_format(DATE_NONE, text), "");
}

static void adding_months_stops_at_the_end_of_a_month(void **state)
{
    (void)state;
    static const struct {
        Civil from;
        int months;
        Civil to;
    } CASES[] = {
        {{2012, 1, 31}, 1, {2012, 2, 29}},   {{2011, 1, 31}, 1, {2011, 2, 28}},
        {{2012, 10, 31}, 1, {2012, 11, 30}}, {{2012, 12, 15}, 1, {2013, 1, 15}},
        {{2012, 3, 31}, -1, {2012, 2, 29}},  {{2012, 1, 15}, -1, {2011, 12, 15}},
        {{2012, 2, 29}, 12, {2013, 2, 28}},  {{2012, 2, 29}, 48, {2016, 2, 29}},
        {{2012, 9, 27}, 0, {2012, 9, 27}},   {{2012, 9, 27}, -24, {2010, 9, 27}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Civil from = CASES[i].from, to = CASES[i].to;
        assert_int_equal(date_add_months(date_of(from.year, from.month, from.day), CASES[i].months),
                         date_of(to.year, to.month, to.day));
    }
}

static void born_on_29_february_has_the_birthday_on_1_march_in_common_years(void **state)
{
    (void)state;
    Date birth = date_of(1968, 2, 29);
    assert_int_equal(date_birthday(birth, 43), date_of(2011, 3, 1));
    assert_int_equal(date_birthday(birth, 44), date_of(2012, 2, 29));
    assert_int_equal(date_birthday(birth, 46), date_of(2014, 3, 1));
    assert_int_equal(date_birthday(birth, 132), date_of(2100, 3, 1)); /* 2100 is no leap year */
    assert_int_equal(date_age(birth, date_of(2011, 2, 28)), 42);
    assert_int_equal(date_age(birth, date_of(2011, 3, 1)), 43);
    assert_int_equal(date_age(birth, date_of(2012, 2, 28)), 43);
    assert_int_equal(date_age(birth, date_of(2012, 2, 29)), 44);
}

static void age_turns_on_the_birthday_itself(void **state)
{
    (void)state;
    for (Date birth = date_of(1964, 1, 1); birth < date_of(1969, 1, 1); birth++)
        for (int years = 44; years <= 46; years++) {
            Date birthday = date_birthday(birth, years);
            if (date_age(birth, birthday) != years || date_age(birth, birthday - 1) != years - 1)
                fail_msg("birth day %d, %d years", birth, years);
        }
    assert_int_equal(date_age(date_of(2012, 9, 27), date_of(2012, 9, 27)), 0);
}

static void whole_months_are_the_most_that_fit(void **state)
{
    (void)state;
    static const struct {
        Civil from, to;
        int months;
    } CASES[] = {
        {{2010, 9, 27}, {2012, 9, 27}, 24}, {{2010, 9, 27}, {2012, 9, 26}, 23},
        {{2012, 1, 31}, {2012, 2, 29}, 1},  {{2011, 1, 31}, {2011, 2, 28}, 1},
        {{2012, 1, 30}, {2012, 2, 28}, 0},  {{2012, 9, 27}, {2012, 9, 27}, 0},
        {{2012, 9, 27}, {2011, 1, 1}, 0},   {{2012, 12, 31}, {2013, 1, 1}, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Civil from = CASES[i].from, to = CASES[i].to;
        assert_int_equal(date_whole_months(date_of(from.year, from.month, from.day),
                                           date_of(to.year, to.month, to.day)),
                         CASES[i].months);
    }
    Date from = date_of(2011, 12, 31);
    for (Date to = from + 1; to < from + 800; to++) {
        int months = date_whole_months(from, to);
        if (date_add_months(from, months) > to || date_add_months(from, months + 1) <= to)
            fail_msg("%d months from day %d to day %d", months, from, to);
    }
}

static void moments_are_read_in_shanghai(void **state)
{
    (void)state;
    Moment last_second = (Moment)date_of(2012, 9, 27) * 86400000 + 57599999; /* 15:59:59.999 UTC */
    char text[20];
    assert_int_equal(moment_date(last_second), date_of(2012, 9, 27));
    assert_int_equal(moment_minute_of_day(last_second), 23 * 60 + 59);
    assert_string_equal(moment_format(last_second, text), "2012-09-27 23:59:59");
    assert_int_equal(moment_date(last_second + 1), date_of(2012, 9, 28));
    assert_int_equal(moment_minute_of_day(last_second + 1), 0);
    assert_string_equal(moment_format(last_second + 1, text), "2012-09-28 00:00:00");
    assert_true(moment_now() > (Moment)date_of(2024, 1, 1) * 86400000);
    assert_int_equal(date_today(), moment_date(moment_now()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_goes_there_and_back),
        cmocka_unit_test(parse_takes_one_form_only),
        cmocka_unit_test(adding_months_stops_at_the_end_of_a_month),
        cmocka_unit_test(born_on_29_february_has_the_birthday_on_1_march_in_common_years),
        cmocka_unit_test(age_turns_on_the_birthday_itself),
        cmocka_unit_test(whole_months_are_the_most_that_fit),
        cmocka_unit_test(moments_are_read_in_shanghai),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
