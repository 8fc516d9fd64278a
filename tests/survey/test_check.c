/* tests/survey/test_check.c: every item of the field's list of bad and odd cells: what becomes of it. */
#include "support/home.h"
#include "support/rows.h"

#include "base/lang.h"

#define GOOD_ID "440524198001010013" /* a man, born 1980-01-01 */
#define GOOD_PHONE "13800138000"

static Arena *arena;
static const Form *enterprise, *school;

static int setup(void **state)
{
    (void)state;
    lang_set("en");
    arena = arena_new(0);
    enterprise = rows_form(arena, "enterprise");
    school = rows_form(arena, "school");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* One more column beside a sound name, ID number and phone: D2. */
typedef struct CellCase {
    const char *heading, *cell;
    FactId fact;
    const char *expected; /* "-" = unknown */
    const char *problems, *notes;
} CellCase;

static void assert_cells(const Form *form, const CellCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const CellCase *wanted = &cases[i];
        const char *headings[] = {"姓名", "身份证号码", "手机号码", wanted->heading, NULL};
        const char *cells[] = {"张伟", GOOD_ID, GOOD_PHONE, wanted->cell, NULL};
        Checked checked = rows_check(arena, form, headings, cells);
        const char *fact = rows_fact(arena, &checked, wanted->fact);
        const char *problems = rows_problems(arena, &checked, SEVERITY_QUARANTINE);
        const char *notes = rows_problems(arena, &checked, SEVERITY_NOTE);
        if (strcmp(fact, wanted->expected) != 0 || strcmp(problems, wanted->problems) != 0 || strcmp(notes, wanted->notes) != 0)
            fail_msg("%s '%s': got %s [%s] [%s], expected %s [%s] [%s]", wanted->heading, wanted->cell, fact, problems, notes,
                     wanted->expected, wanted->problems, wanted->notes);
        assert_int_equal(checked.quarantined, *wanted->problems != '\0');
    }
}
#define ASSERT_CELLS(form, cases) assert_cells((form), (cases), sizeof(cases) / sizeof *(cases))

static void dates_are_read_in_seven_spellings_and_as_serials(void **state)
{
    (void)state;
    static const CellCase CASES[] = {
        {"发证日期", "2012-09-07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012-9-7", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012/9/7", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012.09.07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012年9月7日", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "20120907", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "２０１２－０９－０７", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "2012-9-7 00:00:00", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "12/9/7", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2", ""}, /* 2012-09-07 or 2007-09-12 */
        {"发证日期", "12/9/27", FACT_CERTIFICATE_DATE, "-", "date_future@D2", ""},
        {"发证日期", "12/8/27", FACT_CERTIFICATE_DATE, "2012-08-27", "", ""},
        {"发证日期", "27/8/2012", FACT_CERTIFICATE_DATE, "2012-08-27", "", ""},
        {"发证日期", "5/6/2012", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2", ""},
        {"发证日期", "#41159", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "41159", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "@2012-09-07", FACT_CERTIFICATE_DATE, "2012-09-07", "", ""},
        {"发证日期", "@1900-02-29", FACT_CERTIFICATE_DATE, "-", "date_impossible@D2", ""}, /* serial 60 */
        {"发证日期", "2012-02-30", FACT_CERTIFICATE_DATE, "-", "date_impossible@D2", ""},
        {"发证日期", "2013-01-01", FACT_CERTIFICATE_DATE, "-", "date_future@D2", ""},
        {"发证日期", "1912-01-01", FACT_CERTIFICATE_DATE, "-", "date_too_early@D2", ""},
        {"发证日期", "去年", FACT_CERTIFICATE_DATE, "-", "date_unreadable@D2", ""},
        {"发证日期", "2010年至今", FACT_CERTIFICATE_DATE, "-", "date_unreadable@D2", ""},
        {"发证日期", "2012年6月", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "2012.06", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "201206", FACT_CERTIFICATE_DATE, "2012-06-30", "", "date_month@D2"},
        {"发证日期", "2012年9月", FACT_CERTIFICATE_DATE, "2012-09-20", "", "date_month@D2"}, /* not after the survey */
        {"发证日期", "#2012.1", FACT_CERTIFICATE_DATE, "-", "date_ambiguous@D2", ""},         /* January or October */
        {"发证日期", "2012", FACT_CERTIFICATE_DATE, "-", "", "date_incomplete@D2"},
        {"发证日期", "/", FACT_CERTIFICATE_DATE, "-", "", ""},
        {"发证日期", "无", FACT_CERTIFICATE_DATE, "-", "", ""},
        {"发证日期", "!#N/A", FACT_CERTIFICATE_DATE, "-", "cell_error@D2", ""},
        {"发证日期", "＃N/A", FACT_CERTIFICATE_DATE, "-", "cell_error@D2", ""}, /* as a .csv has it */
    };
    ASSERT_CELLS(enterprise, CASES);
}

static void levels_are_taken_by_their_synonyms(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *expected;
    } CASES[] = {
        {"高级工", "高级工"},   {"三级", "高级工"},           {"国家职业资格三级", "高级工"}, {"3级", "高级工"},
        {"Ⅲ", "高级工"},        {"III级", "高级工"},          {"高级工（三级）", "高级工"},   {"三级/高级工", "高级工"},
        {"３级", "高级工"},     {" 高 级 工 ", "高级工"},     {"高级技工", "高级工"},         {"技师", "技师"},
        {"二级技师", "技师"},   {"国家职业资格二级", "技师"}, {"技师(二级)", "技师"},         {"高级技师", "高级技师"},
        {"一级/高级技师", "高级技师"}, {"四级", "中级工"},    {"中级工", "中级工"},           {"五级", "初级工"},
        {"初级工", "初级工"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CellCase one = {"技能等级", CASES[i].cell, FACT_SKILL_LEVEL, CASES[i].expected, "", ""};
        assert_cells(enterprise, &one, 1);
    }
}

static void levels_of_another_scale_wait_for_a_person(void **state)
{
    (void)state;
    static const CellCase CASES[] = {
        {"技能等级", "高级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "二级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "一级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "特级技师", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "高级职称", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "高级工程师", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "二级建造师", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "优秀", FACT_SKILL_LEVEL, "-", "level_unknown@D2", ""},
        {"技能等级", "学徒工", FACT_SKILL_LEVEL, "-", "", "says_nothing@D2"},
        {"技能等级", "无", FACT_SKILL_LEVEL, "-", "", "says_nothing@D2"},
    };
    ASSERT_CELLS(enterprise, CASES);
}

static void certificate_number_confirms_or_contradicts_the_level(void **state)
{
    (void)state;
    static const struct {
        const char *level, *number, *expected, *problems, *notes, *type;
    } CASES[] = {
        {"高级工", "1219000000300001", "高级工", "", "", "-"},
        {"技师", "1219000000300001", "-", "level_clash@D2", "", "-"},
        {"二级", "1219000000200001", "技师", "", "", "-"},
        {"二级", "1219000000300001", "-", "level_unclear@D2", "", "-"},
        {"一级", "1219000000100001", "高级技师", "", "", "-"},
        {"特级技师", "1219000000100001", "高级技师", "", "", "-"},
        {"技师", "Y000144000000213000001", "-", "level_clash@D2", "", "技能等级"},
        {"高级工", "Y001244000001123000123", "高级工", "", "", "技能等级"},
        {"高级工", "粤A12345", "高级工", "", "", "-"},
        {"高级工", "#1.2190000003e15", "高级工", "", "certificate_rounded@E2", "-"},
        {"高级工", "1.219E+15", "高级工", "", "certificate_rounded@E2", "-"},
        {"高级工", "无", "高级工", "", "", "-"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *headings[] = {"姓名", "身份证号码", "手机号码", "技能等级", "证书编号", NULL};
        const char *cells[] = {"张伟", GOOD_ID, GOOD_PHONE, CASES[i].level, CASES[i].number, NULL};
        Checked checked = rows_check(arena, enterprise, headings, cells);
        assert_string_equal(rows_fact(arena, &checked, FACT_SKILL_LEVEL), CASES[i].expected);
        assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), CASES[i].problems);
        assert_string_equal(rows_problems(arena, &checked, SEVERITY_NOTE), CASES[i].notes);
        assert_string_equal(rows_fact(arena, &checked, FACT_CERTIFICATE_TYPE), CASES[i].type);
    }
}

static void certificate_of_another_year_is_noted(void **state)
{
    (void)state;
    const char *headings[] = {"姓名", "身份证号码", "技能等级", "证书编号", "发证日期", NULL};
    const char *cells[] = {"张伟", GOOD_ID, "高级工", "1219000000300001", "2010-05-01", NULL};
    Checked checked = rows_check(arena, enterprise, headings, cells);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_NOTE), "certificate_year@D2");
    assert_false(checked.quarantined);
}

static void headings_state_the_type_of_the_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *heading, *cell, *expected;
    } CASES[] = {
        {"职业资格等级", "高级工", "职业资格"},
        {"国家职业资格等级", "三级", "职业资格"},
        {"技能等级认定", "高级工", "技能等级"},
        {"技能等级", "高级工", "-"},
        {"技能等级", "国家职业资格三级", "职业资格"},
        {"等级", "职业技能等级三级", "技能等级"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CellCase one = {CASES[i].heading, CASES[i].cell, FACT_CERTIFICATE_TYPE, CASES[i].expected, "", ""};
        assert_cells(enterprise, &one, 1);
    }
    const char *headings[] = {"姓名", "身份证号码", "职业资格等级", "证书类别", NULL};
    const char *cells[] = {"张伟", GOOD_ID, "高级工", "职业技能等级证书", NULL};
    Checked checked = rows_check(arena, enterprise, headings, cells);
    assert_string_equal(rows_fact(arena, &checked, FACT_CERTIFICATE_TYPE), "技能等级"); /* the column knows better */
}

static void towns_are_found_by_peoples_words(void **state)
{
    (void)state;
    static const CellCase CASES[] = {
        {"单位所在镇街", "长安镇", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "长安", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "东莞市长安镇", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "广东省东莞市虎门镇", FACT_EMPLOYER_TOWN, "虎门镇", "", ""},
        {"单位所在镇街", "东莞虎门", FACT_EMPLOYER_TOWN, "虎门镇", "", ""},
        {"单位所在镇街", "长安镇乌沙社区", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "城区", FACT_EMPLOYER_TOWN, "莞城街道", "", ""},
        {"单位所在镇街", "篁村", FACT_EMPLOYER_TOWN, "南城街道", "", ""},
        {"单位所在镇街", "高步镇", FACT_EMPLOYER_TOWN, "高埗镇", "", ""},
        {"单位所在镇街", "道窖", FACT_EMPLOYER_TOWN, "道滘镇", "", ""},
        {"单位所在镇街", "附城", FACT_EMPLOYER_TOWN, "东城街道", "", ""},
        {"单位所在镇街", "东城区", FACT_EMPLOYER_TOWN, "东城街道", "", ""},
        {"单位所在镇街", "虎门港", FACT_EMPLOYER_TOWN, "东莞港", "", ""},
        {"单位所在镇街", "松山湖高新区", FACT_EMPLOYER_TOWN, "松山湖", "", ""},
        {"单位所在镇街", "生态园", FACT_EMPLOYER_TOWN, "东莞生态园", "", ""},
        {"单位所在镇街", "长安新区", FACT_EMPLOYER_TOWN, "东莞滨海湾新区", "", ""},
        {"单位所在镇街", "441900119", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "441900120", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2", ""}, /* no such code */
        {"单位所在镇街", "深圳市宝安区", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2", ""},
        {"单位所在镇街", "长安路88号", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2", ""},
        {"拟入户镇街", "石龙", FACT_INTENDED_TOWN, "石龙镇", "", ""},
    };
    ASSERT_CELLS(enterprise, CASES);
}

static void hukou_is_decided_by_the_region_that_was_stated(void **state)
{
    (void)state;
    static const CellCase CASES[] = {
        {"户籍所在地", "湖南省衡阳市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广西", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广东省梅州市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广州", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广东东莞", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "广东省东莞市虎门镇", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "长安镇", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "非本市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "本市", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "广东", FACT_IN_CITY_HUKOU, "-", "", ""},
        {"户籍所在地", "衡阳", FACT_IN_CITY_HUKOU, "-", "", ""},
        {"是否非莞户籍", "是", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"是否东莞户籍", "否", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户口性质", "非本市农村", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户口性质", "农业户口", FACT_IN_CITY_HUKOU, "-", "", "says_nothing@D2"},
    };
    ASSERT_CELLS(enterprise, CASES);
    const char *headings[] = {"姓名", "身份证号码", "户籍所在地", "是否东莞户籍", NULL};
    const char *clash[] = {"张伟", GOOD_ID, "湖南省", "是", NULL};
    Checked checked = rows_check(arena, enterprise, headings, clash);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), "hukou_clash@D2");
    const char *local_id[] = {"张伟", "441900198001010014", "湖南省", "", NULL};
    checked = rows_check(arena, enterprise, headings, local_id);
    assert_string_equal(rows_fact(arena, &checked, FACT_IN_CITY_HUKOU), "否"); /* never by the number's first digits */
}

static void months_are_counted_only_when_they_were_counted(void **state)
{
    (void)state;
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
        {"养老保险累计月数", "2010年9月至今", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
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
        {"养老保险累计月数", "500", FACT_PENSION_MONTHS, "500", "months_range@D2", ""}, /* more than a man of 32 can have */
        {"养老保险缴费年限", "2", FACT_PENSION_MONTHS, "24", "", ""},
        {"养老保险缴费年限", "#2.5", FACT_PENSION_MONTHS, "30", "", ""},
        {"养老保险缴费年限", "27个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险缴费年限", "2010-09", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"在莞购买养老保险时间", "27", FACT_PENSION_MONTHS, "-", "months_unit@D2", ""},
        {"在莞购买养老保险时间", "2年3个月", FACT_PENSION_MONTHS, "27", "", ""},
        {"养老保险累计月数", "多年", FACT_PENSION_MONTHS, "-", "months_unreadable@D2", ""},
        {"养老保险起始年月", "2010年9月至今", FACT_PENSION_MONTHS, "-", "", "pension_start_only@D2"},
        {"养老保险起始年月", "2013年1月", FACT_PENSION_MONTHS, "-", "pension_start_future@D2", ""},
        {"养老保险有无中断或补缴", "有", FACT_PENSION_GAP_KNOWN, "是", "", ""},
    };
    ASSERT_CELLS(enterprise, CASES);
    const char *headings[] = {"姓名", "身份证号码", "养老保险起始年月", "养老保险累计月数", NULL};
    const char *sound[] = {"张伟", GOOD_ID, "2010-09", "25", NULL};
    Checked checked = rows_check(arena, enterprise, headings, sound);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), "");
    assert_int_equal(checked.facts.pension_on, date_of(2012, 9, 20));
    const char *beyond[] = {"张伟", GOOD_ID, "2010-09", "26", NULL};
    checked = rows_check(arena, enterprise, headings, beyond);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), "months_beyond_start@D2");
}

static void yes_and_no_are_read_and_never_turned_round(void **state)
{
    (void)state;
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
    ASSERT_CELLS(enterprise, CASES);
}

static void schools_tell_their_kind_and_province(void **state)
{
    (void)state;
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
    ASSERT_CELLS(school, CASES);
}

/* A whole row: name, ID number, sex, birth date, phone in A2..E2. */
typedef struct IdentityCase {
    const char *name, *id, *sex, *birth, *phone;
    const char *id_expected, *phone_expected;
    const char *problems, *notes;
} IdentityCase;

static void identity_is_normalised_or_waits_and_no_digit_is_guessed(void **state)
{
    (void)state;
    static const IdentityCase CASES[] = {
        {"张伟", GOOD_ID, "男", "1980-01-01", GOOD_PHONE, GOOD_ID, GOOD_PHONE, "", ""},
        {"张伟", "11010519491231002x", "", "", "", "11010519491231002X", "-", "", ""},
        {"张伟", "４４０５２４１９８００１０１００１３", "", "", "", GOOD_ID, "-", "", ""},
        {"张伟", "'440524 19800101 0013", "", "", "", GOOD_ID, "-", "", ""},
        {"张伟", "440524800101001", "", "", "", GOOD_ID, "-", "", ""},
        {"张伟", "#440524800101001", "", "", "", GOOD_ID, "-", "", ""},
        {"张伟", "4.40524E+17", "", "", "", "-", "-", "id_scientific@B2", ""},
        {"张伟", "#440524198001010013", "", "", "", "-", "-", "id_damaged@B2", ""}, /* a double keeps 15 digits */
        {"张伟", "440524198001010000", "", "", "", "-", "-", "id_damaged@B2", ""},
        {"张伟", "44052419800101001", "", "", "", "-", "-", "id_length@B2", ""},
        {"张伟", "4405241980010100133", "", "", "", "-", "-", "id_length@B2", ""},
        {"张伟", "440524198001010014", "", "", "", "-", "-", "id_checksum@B2", ""},
        {"张伟", "44052419800230001X", "", "", "", "-", "-", "id_birth_date@B2", ""},
        {"张伟", "G12345678", "", "", "", "-", "-", "id_characters@B2", ""},
        {"张伟", GOOD_ID, "女", "", "", GOOD_ID, "-", "sex_clash@C2", ""},
        {"张伟", GOOD_ID, "", "1980-01-02", "", GOOD_ID, "-", "birth_clash@D2", ""},
        {"张伟", GOOD_ID, "", "1980年1月", "", GOOD_ID, "-", "", ""},
        {"张伟", GOOD_ID, "", "1981年", "", GOOD_ID, "-", "birth_clash@D2", ""},
        {"张伟", "", "", "1980年1月", GOOD_PHONE, "-", GOOD_PHONE, "", "date_incomplete@D2"},
        {"张伟", "", "人", "", GOOD_PHONE, "-", GOOD_PHONE, "word_unknown@C2", ""},
        {"张伟", GOOD_ID, "", "", "0769-22334455", GOOD_ID, "-", "", "phone_landline@E2"},
        {"张伟", GOOD_ID, "", "", "1380013800", GOOD_ID, "-", "", "phone_length@E2"},
        {"张伟", GOOD_ID, "", "", "+86 138-0013-8000", GOOD_ID, GOOD_PHONE, "", ""},
        {"张伟", GOOD_ID, "", "", "#13800138000", GOOD_ID, GOOD_PHONE, "", ""},
        {"张伟", GOOD_ID, "", "", "13800138000/13900139000", GOOD_ID, "-", "", "phone_several@E2"},
        {"张伟", GOOD_ID, "", "", "0769-22334455/13800138000", GOOD_ID, GOOD_PHONE, "", ""},
        {"张伟", GOOD_ID, "", "", "16400138000", GOOD_ID, "16400138000", "", "phone_prefix@E2"},
        {"张伟", GOOD_ID, "", "", "1440013800012", GOOD_ID, "-", "", "phone_no_sms@E2"},
        {"张伟", "", "", "", "0769-22334455", "-", "-", "no_identity@", "phone_landline@E2"},
        {"张伟", "", "", "", "", "-", "-", "no_identity@", ""},
        {"", GOOD_ID, "", "", "", GOOD_ID, "-", "name_missing@A2", ""},
        {"/", GOOD_ID, "", "", "", GOOD_ID, "-", "name_missing@A2", ""},
        {"张?", GOOD_ID, "", "", "", GOOD_ID, "-", "name_damaged@A2", ""},
        {"å¼ ä¼Ÿ", GOOD_ID, "", "", "", GOOD_ID, "-", "name_damaged@A2", ""},
        {"椁愰ギ", GOOD_ID, "", "", "", GOOD_ID, "-", "name_damaged@A2", ""}, /* 餐饮 in UTF-8 read as GBK */
        {"锟斤拷", GOOD_ID, "", "", "", GOOD_ID, "-", "name_damaged@A2", ""},
        {"12345", GOOD_ID, "", "", "", GOOD_ID, "-", "name_none@A2", ""},
        {"", "440524198001010014", "女", "1980-02-30", "", "-", "-",
         "id_checksum@B2 date_impossible@D2 name_missing@A2", ""}, /* all at once */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const IdentityCase *wanted = &CASES[i];
        const char *headings[] = {"姓名", "身份证号码", "性别", "出生日期", "手机号码", NULL};
        const char *cells[] = {wanted->name, wanted->id, wanted->sex, wanted->birth, wanted->phone, NULL};
        Checked checked = rows_check(arena, enterprise, headings, cells);
        const char *id = rows_fact(arena, &checked, FACT_ID_NUMBER), *phone = rows_fact(arena, &checked, FACT_PHONE);
        const char *problems = rows_problems(arena, &checked, SEVERITY_QUARANTINE);
        const char *notes = rows_problems(arena, &checked, SEVERITY_NOTE);
        if (strcmp(id, wanted->id_expected) != 0 || strcmp(phone, wanted->phone_expected) != 0 ||
            strcmp(problems, wanted->problems) != 0 || strcmp(notes, wanted->notes) != 0)
            fail_msg("case %zu: got %s %s [%s] [%s]", i, id, phone, problems, notes);
    }
}

static void id_number_gives_sex_and_birth_date_when_the_cells_are_empty(void **state)
{
    (void)state;
    const char *headings[] = {"姓名", "身份证号码", "性别", NULL};
    const char *cells[] = {"张伟", "440524800101001", "", NULL};
    Checked checked = rows_check(arena, enterprise, headings, cells);
    assert_string_equal(rows_fact(arena, &checked, FACT_SEX), "男");
    assert_string_equal(rows_fact(arena, &checked, FACT_BIRTH_DATE), "1980-01-01");
    assert_int_equal(checked.normalised[NORMALISED_ID_15], 1);
    assert_string_equal(checked.raw, "{\"id_number\":\"440524800101001\"}");
}

static void number_of_another_paper_is_no_id_number(void **state)
{
    (void)state;
    const char *headings[] = {"姓名", "证件类型", "证件号码", "手机号码", NULL};
    const char *passport[] = {"张伟", "护照", "G12345678", GOOD_PHONE, NULL};
    Checked checked = rows_check(arena, enterprise, headings, passport);
    assert_false(checked.quarantined);
    assert_string_equal(rows_fact(arena, &checked, FACT_ID_NUMBER), "-");
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_NOTE), "id_other_paper@C2");
    const char *permit[] = {"张伟", "港澳台居民居住证", "810000199001010012", GOOD_PHONE, NULL};
    checked = rows_check(arena, enterprise, headings, permit);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_NOTE), "");
}

static void names_keep_their_characters_and_one_separator(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"张 伟", "张伟"},
        {" 张　伟\n", "张伟"},
        {"阿依古丽•买买提", "阿依古丽·买买提"},
        {"阿依古丽．买买提", "阿依古丽·买买提"},
        {"阿依古丽·买买提", "阿依古丽·买买提"},
        {"㼆𠮷", "㼆𠮷"},
        {"Smith  John", "Smith John"},
        {"张\xE2\x80\x8B伟", "张伟"}, /* zero-width space */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *headings[] = {"姓名", "身份证号码", "手机号码", NULL};
        const char *cells[] = {CASES[i][0], GOOD_ID, "", NULL};
        Checked checked = rows_check(arena, enterprise, headings, cells);
        assert_string_equal(rows_fact(arena, &checked, FACT_NAME), CASES[i][1]);
        assert_false(checked.quarantined);
    }
}

static void real_names_and_firms_are_not_taken_for_damaged_ones(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"联通", "欧阳修", "司马相如", "缪启涛", "肖潇", "娄云鹏", "涂伟", "东莞市长安电子有限公司", "闫妮"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        CellCase one = {"工作单位", NAMES[i], FACT_EMPLOYER, NAMES[i], "", ""};
        assert_cells(enterprise, &one, 1);
    }
}

static void over_long_and_damaged_texts_wait(void **state)
{
    (void)state;
    char longer[3 * 201 + 1] = "";
    for (size_t i = 0; i < 201; i++)
        memcpy(longer + 3 * i, "东", 4);
    CellCase cases[] = {
        {"工作单位", longer, FACT_EMPLOYER, "-", "text_long@D2", ""},
        {"工作单位", longer + 3, FACT_EMPLOYER, longer + 3, "", ""},
        {"工作单位", "东莞\xEF\xBF\xBD厂", FACT_EMPLOYER, "-", "text_damaged@D2", ""},
        {"工作单位", "东莞\xE2\x80\xAE厂", FACT_EMPLOYER, "-", "text_damaged@D2", ""}, /* bidi override */
        {"工作单位", "=1+1", FACT_EMPLOYER, "=1+1", "", ""},                            /* kept as it is */
        {"工作单位", "'; DROP TABLE person; --", FACT_EMPLOYER, "'; DROP TABLE person; --", "", ""},
    };
    ASSERT_CELLS(enterprise, cases);
}

static void day_of_filling_in_judges_the_other_dates(void **state)
{
    (void)state;
    const char *headings[] = {"姓名", "身份证号码", "发证日期", "填表日期", NULL};
    const char *early[] = {"张伟", GOOD_ID, "2012-08-01", "2012年7月1日", NULL};
    Checked checked = rows_check(arena, enterprise, headings, early);
    assert_int_equal(checked.surveyed_on, date_of(2012, 7, 1));
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), "date_future@C2");
    const char *future[] = {"张伟", GOOD_ID, "", "2012-10-02", NULL};
    checked = rows_check(arena, enterprise, headings, future);
    assert_string_equal(rows_problems(arena, &checked, SEVERITY_QUARANTINE), "date_future@D2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_seven_spellings_and_as_serials),
        cmocka_unit_test(levels_are_taken_by_their_synonyms),
        cmocka_unit_test(levels_of_another_scale_wait_for_a_person),
        cmocka_unit_test(certificate_number_confirms_or_contradicts_the_level),
        cmocka_unit_test(certificate_of_another_year_is_noted),
        cmocka_unit_test(headings_state_the_type_of_the_certificate),
        cmocka_unit_test(towns_are_found_by_peoples_words),
        cmocka_unit_test(hukou_is_decided_by_the_region_that_was_stated),
        cmocka_unit_test(months_are_counted_only_when_they_were_counted),
        cmocka_unit_test(yes_and_no_are_read_and_never_turned_round),
        cmocka_unit_test(schools_tell_their_kind_and_province),
        cmocka_unit_test(identity_is_normalised_or_waits_and_no_digit_is_guessed),
        cmocka_unit_test(id_number_gives_sex_and_birth_date_when_the_cells_are_empty),
        cmocka_unit_test(number_of_another_paper_is_no_id_number),
        cmocka_unit_test(names_keep_their_characters_and_one_separator),
        cmocka_unit_test(real_names_and_firms_are_not_taken_for_damaged_ones),
        cmocka_unit_test(over_long_and_damaged_texts_wait),
        cmocka_unit_test(day_of_filling_in_judges_the_other_dates),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
