/* tests/survey/test_problem.c: every code says what it means by an example that has it, and what to do;
 * every kind of normalisation is counted on its example. */
#include "support/tables.h"

#include "support/rows.h"

/* Two cells beside a sound name, ID number and phone, D2 and E2; a heading of those three replaces the
 * sound cell. */
typedef struct ExampleCase {
    const char *code, *heading, *cell, *other_heading, *other;
} ExampleCase;

static const ExampleCase EXAMPLES[] = {
    {"name_missing", "姓名", "", "", ""},
    {"name_damaged", "姓名", "鏉庡阀", "", ""},
    {"name_damaged", "姓名", "张?", "", ""},
    {"name_damaged", "姓名", "李�", "", ""},
    {"name_none", "姓名", "123", "", ""},
    {"name_none", "姓名", "张伟2", "", ""},
    {"no_identity", "身份证号码", "", "手机号码", ""},
    {"id_scientific", "身份证号码", "4.40524E+17", "", ""},
    {"id_characters", "身份证号码", "44O524198001010013", "", ""},
    {"id_length", "身份证号码", "44052419800101001", "", ""},
    {"id_damaged", "身份证号码", "440524198001010000", "", ""},
    {"id_birth_date", "身份证号码", "440524198002300012", "", ""},
    {"id_checksum", "身份证号码", "440524198001010014", "", ""},
    {"id_future", "身份证号码", "440524201501010014", "", ""},
    {"id_too_old", "身份证号码", "440524188001010014", "", ""},
    {"id_other_paper", "身份证号码", "E12345678", "证件类型", "护照"},
    {"sex_clash", "性别", "女", "身份证号码", "440524198001010013"},
    {"birth_clash", "出生日期", "1981-01-01", "身份证号码", "440524198001010013"},
    {"date_unreadable", "发证日期", "去年夏天", "", ""},
    {"date_impossible", "发证日期", "2012-02-30", "", ""},
    {"date_ambiguous", "发证日期", "03/04/05", "", ""},
    {"date_future", "发证日期", "2013-06-30", "", ""},
    {"date_too_early", "发证日期", "1912-06-30", "", ""},
    {"date_month", "发证日期", "2012年9月", "", ""},
    {"date_incomplete", "发证日期", "2012", "", ""},
    {"level_unknown", "技能等级", "优秀", "", ""},
    {"level_unclear", "技能等级", "高级", "", ""},
    {"level_unclear", "技能等级", "二级", "", ""},
    {"level_unclear", "技能等级", "特级技师", "", ""},
    {"level_foreign", "技能等级", "高级工程师", "", ""},
    {"level_foreign", "技能等级", "二级建造师", "", ""},
    {"level_clash", "技能等级", "技师", "证书编号", "1219000000300001"},
    {"certificate_rounded", "证书编号", "1.219E+15", "", ""},
    {"certificate_year", "证书编号", "1019000000300001", "发证日期", "2012-06-30"},
    {"certificate_clash", "证书类别", "职业资格", "证书编号", "Y001244000001123000123"},
    {"town_unknown", "单位所在镇街", "深圳市宝安区", "", ""},
    {"town_unknown", "单位所在镇街", "长安路88号", "", ""},
    {"hukou_clash", "户籍所在地", "湖南省衡阳市", "是否东莞户籍", "是"},
    {"hukou_area", "户籍所在地", "湖南省衡阳市", "身份证号码", "441900198001010015"},
    {"word_unknown", "入户意向", "也许吧", "", ""},
    {"word_unclear", "无犯罪记录", "无", "", ""},
    {"word_unread", "文化程度", "其它专业", "", ""},
    {"says_nothing", "技能等级", "学徒工", "", ""},
    {"says_nothing", "是否东莞户籍", "农业户口", "", ""},
    {"months_unreadable", "在莞养老保险累计月数", "很久", "", ""},
    {"months_unit", "养老保险", "2.5", "", ""},
    {"months_range", "在莞养老保险累计月数", "500", "", ""},
    {"months_beyond_start", "在莞养老保险累计月数", "60", "养老保险起始年月", "2010-09"},
    {"months_vague", "在莞养老保险累计月数", "约2年", "", ""},
    {"months_vague", "在莞养老保险累计月数", "两年多", "", ""},
    {"pension_start_only", "在莞养老保险累计月数", "2010-09", "", ""},
    {"pension_start_future", "养老保险起始年月", "2013-01", "", ""},
    {"phone_characters", "手机号码", "同上", "", ""},
    {"phone_length", "手机号码", "1380013800", "", ""},
    {"phone_landline", "手机号码", "0769-22334455", "", ""},
    {"phone_several", "手机号码", "13800138000/13900139000", "", ""},
    {"phone_no_sms", "手机号码", "1440013800012", "", ""},
    {"phone_prefix", "手机号码", "19400138000", "", ""},
    {"text_damaged", "工作单位", "锟斤拷", "", ""},
    {"text_damaged", "工作单位", "ÖÐÎÄ", "", ""},
    {"cell_error", "发证日期", "!#N/A", "", ""},
    {"cell_error", "文化程度", "!#REF!", "", ""},
};

/* Codes that a cell alone does not have: over-long text, and what only the base knows. */
static const char *const ELSEWHERE[] = {"text_long", "key_unknown", "key_damaged", "key_resolved",
                                        "asked_key", "asked_gone",  "forgotten"};

static void put(const char *headings[6], const char *cells[6], const char *heading,
                const char *cell)
{
    size_t at = 0;
    while (headings[at] && strcmp(headings[at], heading) != 0)
        at++;
    headings[at] = heading;
    cells[at] = cell;
}

static Checked check_example(RowsWorld *world, const ExampleCase *example)
{
    const char *headings[6] = {"姓名", "身份证号码", "手机号码"},
               *cells[6] = {"张伟", ROWS_ID, ROWS_PHONE};
    put(headings, cells, example->heading, example->cell);
    if (*example->other_heading)
        put(headings, cells, example->other_heading, example->other);
    return rows_check(world->arena, world->enterprise, headings, cells);
}

static bool has_code(const Checked *checked, ProblemCode code)
{
    for (size_t i = 0; i < checked->problem_count; i++)
        if (checked->problems[i].code == code)
            return true;
    return false;
}

static void each_code_is_given_to_its_example(void **state)
{
    RowsWorld *world = *state;
    bool shown[PROBLEM_COUNT] = {false};
    for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++) {
        const ExampleCase *example = &EXAMPLES[i];
        ProblemCode code = problem_find(example->code);
        assert_int_not_equal(code, PROBLEM_COUNT);
        Checked checked = check_example(world, example);
        if (!has_code(&checked, code))
            fail_msg("%s: '%s' has [%s] [%s]", example->code, example->cell,
                     rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                     rows_problems(world->arena, &checked, SEVERITY_NOTE));
        shown[code] = true;
    }
    for (size_t i = 0; i < sizeof ELSEWHERE / sizeof *ELSEWHERE; i++)
        shown[problem_find(ELSEWHERE[i])] = true;
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        if (!shown[code])
            fail_msg("%s has no example here", problem_name(code));
}

/* What the appendix shows is among the examples above: each word of it, parted by commas. */
static void each_example_of_the_appendix_is_one_of_these(void **state)
{
    RowsWorld *world = *state;
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++) {
        char *list = arena_strdup(world->arena, problem_example(code)), *rest = list, *word;
        bool elsewhere = false;
        for (size_t i = 0; i < sizeof ELSEWHERE / sizeof *ELSEWHERE; i++)
            elsewhere |= strcmp(problem_name(code), ELSEWHERE[i]) == 0;
        while (!elsewhere && (word = strsep(&rest, ","))) {
            word += strspn(word, " ");
            bool found = *word == '\0' || strstr(word, "…") || strstr(word, ": ");
            for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES && !found; i++)
                found = strcmp(EXAMPLES[i].code, problem_name(code)) == 0 &&
                        (strcmp(EXAMPLES[i].cell + (*EXAMPLES[i].cell == '!'), word) == 0 ||
                         strcmp(EXAMPLES[i].other, word) == 0);
            if (!found)
                fail_msg("%s: the example '%s' is not checked", problem_name(code), word);
        }
    }
}

static void each_code_says_what_to_do(void **state)
{
    (void)state;
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++) {
        assert_non_null(problem_example(code));
        assert_non_null(problem_remedy(code));
        assert_true(strlen(problem_remedy(code)) >= 10);
        assert_string_not_equal(problem_sentence(code), "");
    }
}

static void each_kind_of_normalisation_is_counted_on_its_example(void **state)
{
    RowsWorld *world = *state;
    static const struct {
        Normalised kind;
        const char *heading, *cell;
        FactId fact;
        const char *expected;
    } CASES[] = {
        {NORMALISED_SPELLING, "姓名", "欧 阳•伟", FACT_NAME, "欧阳·伟"},
        {NORMALISED_SPELLING, "证书编号", "１２ 34", FACT_CERTIFICATE_NO, "1234"},
        {NORMALISED_WORD, "技能等级", "国家职业资格三级", FACT_SKILL_LEVEL, "高级工"},
        {NORMALISED_TOWN, "单位所在镇街", "附城", FACT_EMPLOYER_TOWN, "东城街道"},
        {NORMALISED_DATE, "发证日期", "2012年9月20日", FACT_CERTIFICATE_DATE, "2012-09-20"},
        {NORMALISED_SERIAL, "发证日期", "#41172", FACT_CERTIFICATE_DATE, "2012-09-20"},
        {NORMALISED_YEAR, "发证日期", "12/9/20", FACT_CERTIFICATE_DATE, "2012-09-20"},
        {NORMALISED_MONTHS, "在莞养老保险累计月数", "2年3个月", FACT_PENSION_MONTHS, "27"},
        {NORMALISED_ID, "身份证号码", "11010519491231002x", FACT_ID_NUMBER, "11010519491231002X"},
        {NORMALISED_ID, "身份证号码", "４４０５２４１９８００１０１００１３", FACT_ID_NUMBER,
         ROWS_ID},
        {NORMALISED_ID, "身份证号码", "440524 19800101 0013", FACT_ID_NUMBER, ROWS_ID},
        {NORMALISED_ID_15, "身份证号码", "440524800101001", FACT_ID_NUMBER, ROWS_ID},
        {NORMALISED_PHONE, "手机号码", "+86 138-0013-8000", FACT_PHONE, ROWS_PHONE},
        {NORMALISED_PHONE, "手机号码", "１３８００１３８０００", FACT_PHONE, ROWS_PHONE},
        {NORMALISED_BLANK, "发证日期", "/", FACT_CERTIFICATE_DATE, "-"},
        {NORMALISED_BLANK, "发证日期", "无", FACT_CERTIFICATE_DATE, "-"},
        {NORMALISED_BLANK, "发证日期", "不详", FACT_CERTIFICATE_DATE, "-"},
        {NORMALISED_UNKNOWN, "在莞养老保险累计月数", "约2年", FACT_PENSION_MONTHS, "-"},
    };
    bool shown[NORMALISED_COUNT] = {false};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        ExampleCase example = {"", CASES[i].heading, CASES[i].cell, "", ""};
        Checked checked = check_example(world, &example);
        assert_string_equal(rows_fact(world->arena, &checked, CASES[i].fact), CASES[i].expected);
        for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
            if (checked.normalised[kind] != (kind == CASES[i].kind))
                fail_msg("'%s': %s is counted %u times", CASES[i].cell, normalised_name(kind),
                         checked.normalised[kind]);
        shown[CASES[i].kind] = true;
    }
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        assert_true(shown[kind]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_is_given_to_its_example),
        cmocka_unit_test(each_example_of_the_appendix_is_one_of_these),
        cmocka_unit_test(each_code_says_what_to_do),
        cmocka_unit_test(each_kind_of_normalisation_is_counted_on_its_example),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
