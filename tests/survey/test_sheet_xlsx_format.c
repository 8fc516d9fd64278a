/* tests/survey/test_sheet_xlsx_format.c: which number formats make a day of a number. */
#include "survey/sheet_xlsx_value.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void custom_formats_are_read_by_their_letters(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        FormatKind kind;
        unsigned digits;
    } CASES[] = {
        {"yyyy-mm-dd", FORMAT_DATE, 0},
        {"yyyy\"年\"m\"月\"d\"日\"", FORMAT_DATE, 0},
        {"[$-804]yyyy\"年\"m\"月\";@", FORMAT_DATE, 0},
        {"[DBNum1][$-804]m\"月\"d\"日\"", FORMAT_DATE, 0},
        {"e\"年\"m\"月\"", FORMAT_DATE, 0},
        {"mmm", FORMAT_DATE, 0},
        {"m/d/yy h:mm", FORMAT_DATE, 0},
        {"h:mm AM/PM", FORMAT_TIME, 0},
        {"mm:ss.0", FORMAT_TIME, 0},
        {"[h]:mm:ss", FORMAT_GENERAL, 0},
        {"General", FORMAT_GENERAL, 0},
        {"General\"天\"", FORMAT_GENERAL, 0},
        {"0.00E+00", FORMAT_GENERAL, 0},
        {"0.00", FORMAT_GENERAL, 0},
        {"0%", FORMAT_GENERAL, 0},
        {"# ?/?", FORMAT_GENERAL, 0},
        {"0", FORMAT_DIGITS, 1},
        {"000000", FORMAT_DIGITS, 6},
        {"0_ ", FORMAT_DIGITS, 1},
        {"0_);[Red]\\(0\\)", FORMAT_DIGITS, 1},
        {"#,##0", FORMAT_DIGITS, 1},
        {"@", FORMAT_DIGITS, 1},
        {"0\"个月\"", FORMAT_DIGITS, 1},
        {"\"day\"0", FORMAT_DIGITS, 1},
        {"[Red]0", FORMAT_DIGITS, 1},
        {"0;yyyy", FORMAT_DIGITS, 1}, /* only the first section speaks of positive numbers */
        {"\\d0", FORMAT_DIGITS, 1},
        {"", FORMAT_GENERAL, 0},
        {"\"open", FORMAT_GENERAL, 0},
        {"[open", FORMAT_GENERAL, 0},
        {"\\", FORMAT_GENERAL, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CellFormat format = format_parse(CASES[i].code);
        if (format.kind != CASES[i].kind || format.digits != CASES[i].digits)
            fail_msg("format '%s' became %d with %u digits", CASES[i].code, (int)format.kind,
                     format.digits);
    }
}

static void builtin_formats_follow_the_standard(void **state)
{
    (void)state;
    static const unsigned DATES[] = {14, 15, 16, 17, 22, 27, 28, 29, 30,
                                     31, 36, 50, 51, 52, 53, 54, 57, 58};
    static const unsigned TIMES[] = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56};
    static const unsigned PLAIN[] = {0, 2, 4, 9, 10, 11, 12, 13, 37, 40, 46, 48, 59, 163, 9999};
    static const unsigned DIGITS[] = {1, 3, 49};
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++)
        assert_int_equal(format_builtin(DATES[i]).kind, FORMAT_DATE);
    for (size_t i = 0; i < sizeof TIMES / sizeof *TIMES; i++)
        assert_int_equal(format_builtin(TIMES[i]).kind, FORMAT_TIME);
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        assert_int_equal(format_builtin(PLAIN[i]).kind, FORMAT_GENERAL);
    for (size_t i = 0; i < sizeof DIGITS / sizeof *DIGITS; i++)
        assert_int_equal(format_builtin(DIGITS[i]).kind, FORMAT_DIGITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(custom_formats_are_read_by_their_letters),
        cmocka_unit_test(builtin_formats_follow_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
