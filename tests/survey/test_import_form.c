/* tests/survey/test_import_form.c: which form a file is filled in on, when it was filled in, and
 * what is refused. */
#include "support/tables.h"

#include "survey/form.h"

#include <sys/stat.h>
#include <unistd.h>

#define HEADINGS "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|在莞养老保险累计月数\n"

static void what_is_no_questionnaire_is_refused_with_what_is_missing(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(
        home, table_csv(home, "nolevel.csv",
                        "姓名|身份证号码|技能等 级别|工作单位|单位所在镇街\n张伟|1|2|3|4\n"));
    assert_import_refused(home, &job, ERR_INPUT,
                          "sheet '1', heading in line 1: required headings are missing: '技能等级' "
                          "(nearest found: '技能等 级别')");
    job = import_job(home, table_csv(home, "stranger.csv", "品名|数量\n螺丝|3\n"));
    assert_import_refused(home, &job, ERR_INPUT,
                          "sheet '1', heading in line 1: required headings are missing: '姓名', "
                          "'身份证号码' or '手机号码', '技能等级'");
    job = import_job(
        home, table_csv(home, "double.csv", "姓名|身份证号码|手机|移动电话|技能等级|工作单位\n"));
    assert_import_refused(home, &job, ERR_INPUT,
                          "sheet '1': two columns are '手机号码': C1 '手机' and D1 '移动电话'");
    job = import_job(home,
                     table_csv(home, "either.csv",
                               "姓名|身份证号码|手机|技能等级\n张伟|440524198001010013||高级工\n"));
    assert_import_refused(home, &job, ERR_INPUT,
                          "the headings fit more than one form: 'enterprise' and 'school'");
    job.form = "hospital";
    assert_import_refused(home, &job, ERR_INPUT, "there is no form 'hospital'");
    job = import_job(home, table_csv(home, "empty.csv", HEADINGS));
    assert_import_refused(home, &job, ERR_INPUT, "no row below the heading is filled in");
    job = import_job(home, table_csv(home, "date.csv",
                                     "填表日期：2013年9月20日\n" HEADINGS
                                     "张伟|440524198001010013||高级工||\n"));
    assert_import_refused(home, &job, ERR_INPUT,
                          "sheet '1', cell A1: the survey date is no date up to today");
}

static void a_fallback_heading_steps_back_behind_a_proper_one(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = table_import(
        home, table_csv(home, "contact.csv",
                        "姓名|身份证号码|联系电话|手机号码|技能等级|工作单位\n"
                        "张伟|440524198001010013|0769-22334455|13800138000|高级工|某厂\n"));
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(json_array_size(json_object_get(result, "notes")), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE phone_hash IS NOT NULL"),
                     1);
    json_decref(result);
}

/* Expects the form that a one-person table is taken for, and how many rows were accepted. */
static void assert_taken_for(TestHome *home, const char *table, const char *form)
{
    test_reset(home);
    json_t *result = table_import(home, table_csv(home, "roster.csv", table));
    assert_string_equal(json_string_value(json_object_get(result, "form")), form);
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(json_array_size(json_object_get(result, "unknown_headings")), 0);
    json_decref(result);
}

static void a_roster_of_certificates_is_told_from_a_questionnaire_by_its_marks(void **state)
{
    TestHome *home = *state;
    static const char *const ROSTERS[] = {
        "序号|考生姓名|身份证号|鉴定职业（工种）|鉴定等级|证书编号|发证日期|评定成绩|鉴定机构\n"
        "1|张伟|440524198001010013|电工|三级|1219000000300001|2012-06-30|合格|第三鉴定所\n",
        "姓名|身份证号码|职业（工种）|技能等级|证书编号|发证日期|发证机关\n"
        "张伟|440524198001010013|电工|高级工|1219000000300001|2012-06-30|某局\n",
        "姓名|证件号码|手机号码|证书等级|证书号码|工作单位|准考证号\n"
        "张伟|440524198001010013|13800138000|高级工|1219000000300001|某厂|0001\n",
        "鉴定职业：电工    鉴定等级：三级    制表日期：2012年9月2日\n"
        "准考证号|姓名|身份证号码|证书编号|发证日期\n"
        "0001|张伟|440524198001010013|1219000000300001|2012-06-30\n",
    };
    for (size_t i = 0; i < sizeof ROSTERS / sizeof *ROSTERS; i++) {
        assert_taken_for(home, ROSTERS[i], "certificate");
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE skill_level = 3 AND "
                                           "certificate_no = '1219000000300001'"),
                         1);
    }
    assert_taken_for(home,
                     "姓名|身份证号码|手机号码|技能等级|工作单位\n"
                     "张伟|440524198001010013|13800138000|高级工|某厂\n",
                     "enterprise");
    assert_taken_for(home,
                     "姓名|身份证号码|手机号码|技能等级|毕业院校\n"
                     "张伟|440524198001010013|13800138000|高级工|某校\n",
                     "school");
}

/* An application is no award. */
static void a_level_that_was_only_applied_for_is_no_level(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(home, table_csv(home, "applied.csv",
                                               "准考证号|姓名|身份证号码|鉴定职业|申报等级\n"
                                               "1|张伟|440524198001010013|电工|三级\n"));
    job.form = "certificate";
    assert_import_refused(home, &job, ERR_INPUT,
                          "sheet '1', heading in line 1: required headings are missing: '获证等级' "
                          "(nearest found: '申报等级')");
}

/* What a blank questionnaire asks, in the order in which it asks; filled in by one person. */
static const char *filled_in(Arena *arena, const Form *form)
{
    const char *headings = "", *cells = "";
    for (size_t i = 0; i < form->column_count; i++) {
        const FormColumn *column = &form->columns[i];
        const char *cell = column->target == FACT_NAME          ? "张伟"
                           : column->target == FACT_ID_NUMBER   ? "440524198001010013"
                           : column->target == FACT_SKILL_LEVEL ? "高级工"
                                                                : "";
        if (column->hidden)
            continue;
        headings = arena_printf(arena, "%s%s%s", headings, *headings ? "|" : "", column->heading);
        cells = arena_printf(arena, "%s%s%s", cells, *headings && i ? "|" : "", cell);
    }
    return arena_printf(arena, "%s\n%s\n", headings, cells);
}

static void every_questionnaire_of_ours_comes_back_as_itself(void **state)
{
    TestHome *home = *state;
    const Form *const *forms;
    size_t count = 0;
    Err err = {0};
    assert_ok(form_load_all(home->context.arena, &forms, &count, &err), &err);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        if (form_column(forms[i], TARGET_ASK_KEY)) /* only with keys of the base: e2e/test_ask */
            assert_string_equal(forms[i]->id, "followup");
        else
            assert_taken_for(home, filled_in(home->context.arena, forms[i]), forms[i]->id);
}

/* A form of one's own may require nothing; a table that has nothing of it is refused all the same. */
static void a_table_that_no_form_knows_is_refused_with_the_way_out(void **state)
{
    TestHome *home = *state;
    static const char FREE[] =
        "{\"id\": \"aaa\", \"title\": {\"zh\": \"表\", \"en\": \"form\"}, \"credibility\": 5, "
        "\"words\": \"words/common.json\", \"required\": [], \"ignored\": [], \"columns\": "
        "[{\"fact\": \"name\", \"heading\": \"甲\", \"width\": 9, \"synonyms\": []}]}";
    test_reset(home);
    ImportJob job = import_job(home, table_csv(home, "stranger.csv", "品名|数量\n螺丝|3\n"));
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_int_equal(import_file(&job, &result, &quarantined, &err), ERR_INPUT);
    assert_string_equal(err.hint, "name the columns as in 'talent survey form enterprise -o "
                                  "FILE.xlsx', or make a form for this table: talent survey form "
                                  "--from FILE");
    const char *folder = arena_printf(home->context.arena, "%s/forms", home->dir);
    const char *path = arena_printf(home->context.arena, "%s/aaa.json", folder);
    mkdir(folder, 0700);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(FREE, file);
    assert_int_equal(fclose(file), 0);
    job.form = "aaa";
    assert_import_refused(home, &job, ERR_INPUT, "no sheet has headings that a form knows");
    unlink(path);
    rmdir(folder);
}

static void the_day_comes_from_the_option_then_the_row_then_the_title_then_as_of(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *table;
        Date option;
        const char *expected;
    } CASES[] = {
        {"姓名|身份证号码|技能等级|工作单位|填表日期\n张伟|440524198001010013|高级工|某厂|2012-08-"
         "01\n",
         15600, "2012-09-17"},
        {"填表日期：2012年9月2日\n姓名|身份证号码|技能等级|工作单位|填表日期\n张伟|"
         "440524198001010013|高级工|某厂|2012-08-01\n",
         DATE_NONE, "2012-08-01"},
        {"填表日期：2012年9月2日\n姓名|身份证号码|技能等级|工作单位\n张伟|440524198001010013|"
         "高级工|某厂\n",
         DATE_NONE, "2012-09-02"},
        {"填表日期：    年  月  "
         "日\n姓名|身份证号码|技能等级|工作单位\n张伟|440524198001010013|高级工|某厂\n",
         DATE_NONE, "2012-10-01"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        test_reset(home);
        ImportJob job = import_job(home, table_csv(home, "day.csv", CASES[i].table));
        job.surveyed_on = CASES[i].option;
        json_t *result = NULL;
        int64_t quarantined = 0;
        Err err = {0};
        assert_ok(import_file(&job, &result, &quarantined, &err), &err);
        json_decref(result);
        const char *count =
            arena_printf(home->context.arena,
                         "SELECT COUNT(*) FROM answer WHERE surveyed_on = '%s'", CASES[i].expected);
        assert_int_equal(test_number(home, count), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_questionnaire_is_refused_with_what_is_missing),
        cmocka_unit_test(a_fallback_heading_steps_back_behind_a_proper_one),
        cmocka_unit_test(a_roster_of_certificates_is_told_from_a_questionnaire_by_its_marks),
        cmocka_unit_test(a_level_that_was_only_applied_for_is_no_level),
        cmocka_unit_test(every_questionnaire_of_ours_comes_back_as_itself),
        cmocka_unit_test(a_table_that_no_form_knows_is_refused_with_the_way_out),
        cmocka_unit_test(the_day_comes_from_the_option_then_the_row_then_the_title_then_as_of),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
