/* tests/survey/test_sheet_xlsx_value.c: numbers as a person sees them, serials as days. */
#include "survey/sheet_xlsx_value.h"

#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static Cell value(SheetWorld *world, double number, FormatKind kind, unsigned digits,
                  bool date_1904)
{
    return value_of_number(world->arena, number, (CellFormat){kind, digits}, date_1904);
}

static void numbers_show_what_excel_shows(void **state)
{
    static const struct {
        double number;
        FormatKind kind;
        unsigned digits;
        const char *expected;
    } CASES[] = {
        {0, FORMAT_GENERAL, 0, "0"},
        {13800138000, FORMAT_GENERAL, 0, "13800138000"},
        {999999999999999, FORMAT_GENERAL, 0, "999999999999999"},
        {1e15, FORMAT_GENERAL, 0, "1E+15"},
        {440524198001010013.0, FORMAT_GENERAL, 0, "4.40524E+17"},
        {-12, FORMAT_GENERAL, 0, "-12"},
        {0.1 + 0.2, FORMAT_GENERAL, 0, "0.3"},
        {1.5, FORMAT_GENERAL, 0, "1.5"},
        {-0.0, FORMAT_GENERAL, 0, "0"},
        {1e300, FORMAT_GENERAL, 0, "1E+300"},
        {440524198001010013.0, FORMAT_DIGITS, 1, "440524198001010000"},
        {4.40524198001010e17, FORMAT_DIGITS, 1, "440524198001010000"},
        {999999999999999999.0, FORMAT_DIGITS, 1, "1000000000000000000"},
        {-1234567890123456.0, FORMAT_DIGITS, 1, "-1234567890123460"},
        {42, FORMAT_DIGITS, 6, "000042"},
        {0, FORMAT_DIGITS, 1, "0"},
        {23.5, FORMAT_DIGITS, 1, "23.5"}, /* never rounded away */
        {0.5, FORMAT_TIME, 0, "12:00:00"},
        {41179.75, FORMAT_TIME, 0, "18:00:00"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Cell cell = value(*state, CASES[i].number, CASES[i].kind, CASES[i].digits, false);
        assert_string_equal(cell.text, CASES[i].expected);
        assert_int_equal(cell.kind, CELL_NUMBER);
        assert_true(cell.number >= CASES[i].number && cell.number <= CASES[i].number);
    }
}

static void serials_are_days_of_their_system(void **state)
{
    static const struct {
        double serial;
        bool date_1904;
        CellKind kind;
        const char *expected;
    } CASES[] = {
        {1, false, CELL_DATE, "1900-01-01"},
        {59, false, CELL_DATE, "1900-02-28"},
        {60, false, CELL_TEXT, "1900-02-29"},
        {60.5, false, CELL_TEXT, "1900-02-29"},
        {61, false, CELL_DATE, "1900-03-01"},
        {0, false, CELL_TEXT, "1900-01-00"},
        {41179, false, CELL_DATE, "2012-09-27"},
        {41179.5, false, CELL_DATE, "2012-09-27 12:00:00"},
        {41178.999999999, false, CELL_DATE, "2012-09-27"},
        {2958465, false, CELL_DATE, "9999-12-31"},
        {2958466, false, CELL_NUMBER, "2958466"},
        {-1, false, CELL_NUMBER, "-1"},
        {0, true, CELL_DATE, "1904-01-01"},
        {41179 - 1462, true, CELL_DATE, "2012-09-27"},
        {60, true, CELL_DATE, "1904-03-01"},
        {-1, true, CELL_NUMBER, "-1"},
        {1e18, false, CELL_NUMBER, "1E+18"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Cell cell = value(*state, CASES[i].serial, FORMAT_DATE, 0, CASES[i].date_1904);
        assert_string_equal(cell.text, CASES[i].expected);
        assert_int_equal(cell.kind, CASES[i].kind);
    }
}

/* Every day of both systems: a serial's day is that day's serial. */
static void iso_dates_and_serials_agree(void **state)
{
    SheetWorld *world = *state;
    Date first = date_of(1904, 1, 1), last = date_of(2100, 12, 31);
    for (Date date = date_of(1900, 1, 1); date <= last; date++) {
        char text[11];
        for (int date_1904 = 0; date_1904 <= (date >= first); date_1904++) {
            Cell iso = value_of_iso_date(world->arena, date_format(date, text), date_1904);
            assert_int_equal(iso.kind, CELL_DATE);
            Cell back = value(world, iso.number, FORMAT_DATE, 0, date_1904);
            assert_int_equal(back.date, date);
        }
    }
    assert_string_equal(value_of_iso_date(world->arena, "2012-09-27T00:00:00", false).text,
                        "2012-09-27");
    assert_string_equal(value_of_iso_date(world->arena, "2012-09-27T15:04:05.123", false).text,
                        "2012-09-27 15:04:05");
    assert_int_equal(value_of_iso_date(world->arena, "2012-02-30", false).kind, CELL_TEXT);
    assert_int_equal(value_of_iso_date(world->arena, "15:04", false).kind, CELL_TEXT);
}

static void escapes_of_strings_are_undone_once(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"a_x000D_b", "a\rb"},    {"_x005F_x000D_", "_x000D_"}, {"_x5F20_三", "张三"},
        {"_xD842__xDFB7_", "𠮷"}, {"_xD842_a", "\uFFFDa"},      {"a_x0000_b", "a\uFFFDb"},
        {"_x00g0_", "_x00g0_"},   {"_x000D", "_x000D"},         {"plain", "plain"},
        {"__x0041__", "_A_"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[64];
        size_t length = strlen(CASES[i][0]);
        memcpy(text, CASES[i][0], length + 1);
        length = value_unescape(text, length);
        assert_int_equal(length, strlen(CASES[i][1]));
        assert_memory_equal(text, CASES[i][1], length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_show_what_excel_shows),
        cmocka_unit_test(serials_are_days_of_their_system),
        cmocka_unit_test(iso_dates_and_serials_agree),
        cmocka_unit_test(escapes_of_strings_are_undone_once),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
