/* tests/survey/test_check_pension.c: months of insurance: counted, never guessed. */
#include "support/home.h"
#include "support/rows.h"

static void months_are_counted_only_when_they_were_counted(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"养老保险累计月数", "27", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "#27", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "27个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "２７ 个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "2年3个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "2年零3个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "两年三个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "二十七个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "2年", FACT_PENSION_MONTHS, "24", "", ""},
        {"养老保险累计月数", "满2年", FACT_PENSION_MONTHS, "24", "", ""},
        {"养老保险累计月数", "2年半", FACT_PENSION_MONTHS, "30", "", ""},
        {"养老保险累计月数", "2.5年", FACT_PENSION_MONTHS, "30", "", ""},
        {"养老保险累计月数", "0", FACT_PENSION_MONTHS, "0", "", ""},
        {"养老保险累计月数", "2010年9月至今", FACT_PENSION_MONTHS, "-", "",
         "pension_start_only@D2"},
        {"养老保险累计月数", "2010.09", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"养老保险累计月数", "@2010-09-01", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"养老保险累计月数", "#2010", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"养老保险累计月数", "两年以上", FACT_PENSION_MONTHS, "-", "", "months_vague@D2"},
        {"养老保险累计月数", "约2年", FACT_PENSION_MONTHS, "-", "", "months_vague@D2"},
        {"养老保险累计月数", "27个月（含补缴）", FACT_PENSION_MONTHS, "-", "", "months_vague@D2"},
        {"养老保险累计月数", "2年15个月", FACT_PENSION_MONTHS, "-", "months_unreadable@D2", ""},
        {"养老保险累计月数", "#27.5", FACT_PENSION_MONTHS, "-", "months_unreadable@D2", ""},
        {"养老保险累计月数", "有", FACT_PENSION_MONTHS, "-", "months_unreadable@D2", ""},
        {"养老保险累计月数", "#-3", FACT_PENSION_MONTHS, "-", "months_range@D2", ""},
        {"养老保险累计月数", "500", FACT_PENSION_MONTHS, "500", "months_range@D2",
         ""}, /* more than a man of 32 can have */
        {"养老保险缴费年限", "2", FACT_PENSION_MONTHS, "24", "", ""},
        {"养老保险缴费年限", "#2.5", FACT_PENSION_MONTHS, "30", "", ""},
        {"养老保险缴费年限", "27个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险缴费年限", "2010-09", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"在莞购买养老保险时间", "27", FACT_PENSION_MONTHS, "-", "months_unit@D2", ""},
        {"在莞购买养老保险时间", "2年3个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "多年", FACT_PENSION_MONTHS, "-", "months_unreadable@D2", ""},
        {"养老保险起始年月", "2010年9月至今", FACT_PENSION_MONTHS, "-", "",
         "pension_start_only@D2"},
        {"养老保险起始年月", "2013年1月", FACT_PENSION_MONTHS, "-", "pension_start_future@D2", ""},
        {"养老保险有无中断或补缴", "有", FACT_PENSION_GAP_KNOWN, "是", "", ""},
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
    const char *headings[] = {"姓名", "身份证号码", "养老保险起始年月", "养老保险累计月数", NULL};
    const char *sound[] = {"张伟", ROWS_ID, "2010-09", "25", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, sound);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE), "");
    assert_int_equal(checked.facts.pension_on, date_of(2012, 9, 20));
    const char *beyond[] = {"张伟", ROWS_ID, "2010-09", "26", NULL};
    checked = rows_check(world->arena, world->enterprise, headings, beyond);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                        "months_beyond_start@D2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_are_counted_only_when_they_were_counted),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
