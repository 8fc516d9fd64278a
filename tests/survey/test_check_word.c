/* tests/survey/test_check_word.c: answers from a list, yes and no, schools. */
#include "support/home.h"
#include "support/rows.h"

static void yes_and_no_are_read_and_never_turned_round(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"在莞有无自有居所", "有", FACT_OWNS_HOME, "是", "", ""},
        {"在莞有无自有居所", "无", FACT_OWNS_HOME, "否", "", ""},
        {"在莞有无自有居所", "√", FACT_OWNS_HOME, "是", "", ""},
        {"在莞有无自有居所", "~TRUE", FACT_OWNS_HOME, "是", "", ""},
        {"在莞有无自有居所", "有（长安镇）", FACT_HOME_TOWN, "长安镇", "", ""},
        {"在莞有无自有居所", "租房", FACT_OWNS_HOME, "-", "word_unknown@D2", ""},
        {"在莞有无自有居所", "/", FACT_OWNS_HOME, "-", "", ""},
        {"是否无违法犯罪记录", "是", FACT_NO_CRIMINAL_RECORD, "是", "", ""},
        {"是否无违法犯罪记录", "无", FACT_NO_CRIMINAL_RECORD, "-", "word_unclear@D2", ""},
        {"有无违法犯罪记录", "无", FACT_NO_CRIMINAL_RECORD, "是", "", ""},
        {"有无违法犯罪记录", "有", FACT_NO_CRIMINAL_RECORD, "否", "", ""},
        {"是否符合计划生育政策", "符合", FACT_FAMILY_PLANNING_OK, "是", "", ""},
        {"是否符合计划生育政策", "不符合", FACT_FAMILY_PLANNING_OK, "否", "", ""},
        {"是否同意接收短信", "不同意", FACT_CONSENT_SMS, "否", "", ""},
        {"入户意向", "愿意", FACT_WANTS_SETTLEMENT, "愿意", "", ""},
        {"入户意向", "是", FACT_WANTS_SETTLEMENT, "愿意", "", ""},
        {"入户意向", "暂不", FACT_WANTS_SETTLEMENT, "不愿意", "", ""},
        {"入户意向", "待定", FACT_WANTS_SETTLEMENT, "考虑中", "", ""},
        {"入户意向", "随便", FACT_WANTS_SETTLEMENT, "-", "word_unknown@D2", ""},
        {"文化程度", "专科", FACT_EDUCATION, "大专", "", ""},
        {"文化程度", "夜校", FACT_EDUCATION, "-", "", "word_unread@D2"},
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
}

static void schools_tell_their_kind_and_province(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"毕业院校", "广东省技师学院", FACT_SCHOOL_KIND, "技工院校", "", ""},
        {"毕业院校", "广州市机电技师学院", FACT_SCHOOL_PROVINCE, "广东", "", ""},
        {"毕业院校", "东莞职业技术学院", FACT_SCHOOL_KIND, "职业院校", "", ""},
        {"毕业院校", "湖南化工职业技术学院", FACT_SCHOOL_PROVINCE, "湖南", "", ""},
        {"毕业院校", "育才学校", FACT_SCHOOL_KIND, "-", "", ""},
        {"院校类别", "技校", FACT_SCHOOL_KIND, "技工院校", "", ""},
        {"院校所在省", "广东省广州市", FACT_SCHOOL_PROVINCE, "广东", "", ""},
        {"院校所在省", "省内", FACT_SCHOOL_PROVINCE, "广东", "", ""},
        {"院校所在省", "广西壮族自治区", FACT_SCHOOL_PROVINCE, "广西", "", ""},
        {"毕业日期", "2012年7月", FACT_GRADUATION_DATE, "2012-07-31", "", "date_month@D2"},
        {"毕业日期", "2013-06-30", FACT_GRADUATION_DATE, "2013-06-30", "", ""},
        {"毕业日期", "2012届", FACT_GRADUATION_DATE, "-", "", "date_incomplete@D2"},
    };
    ASSERT_CELLS(world, world->school, CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yes_and_no_are_read_and_never_turned_round),
        cmocka_unit_test(schools_tell_their_kind_and_province),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
