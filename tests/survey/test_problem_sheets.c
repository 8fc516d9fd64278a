/* tests/survey/test_problem_sheets.c: rows that wait go out as their sender laid them out, each bad
 * cell marked, and come back as what they were. */
#include "support/paper.h"

#include "base/text.h"

#include <zip.h>

static void the_sheet_is_the_senders_own_but_for_a_line_and_two_columns(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    static const char BELOW[] =
        "长安某厂员工统计表||||||||||\n"
        "填报单位：东莞市长安某某电子有限公司　　填表日期：2012年8月20日||||||||||\n"
        "序号|姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|养老保险缴费年限|"
        "有无违法犯罪记录|班组|工种\n"
        "1|张伟|男|440524198001010014|13800138000|高级工|长安|2|无|甲|'=1+1\n"
        "2|李娜||110105194912310020|0769-22228888|高级职称|虎门|3|有|乙|焊工\n"
        "3|王强|女|440524198001010013|13800138002|技师|大朗|2.5|无|'-3|'@SUM(1)\n"
        "4|赵敏||44052481010100|13800138003|技师|寮步|1|无|''=x|''=x\n";
    assert_string_equal(paper->name, "S");
    assert_true(text_starts(paper_cell(paper, 0, 0), "【talent:enterprise】"));
    assert_string_equal(paper_text(home, paper, 1, PAPER_SENDERS), BELOW);
    assert_string_equal(paper_cell(paper, PAPER_FIRST - 1, PAPER_REASONS), "隔离原因");
    assert_string_equal(paper_cell(paper, PAPER_FIRST - 1, PAPER_KEY), "隔离编号");
    assert_string_equal(paper_cell(paper, PAPER_FIRST, PAPER_REASONS),
                        "身份证号码: the check digit does not fit: a digit of the ID number is "
                        "wrong");
    assert_true(text_starts(paper_cell(paper, PAPER_FIRST, PAPER_KEY), "B1-S1-L4-"));
}

static const char *part_of(TestHome *home, const char *path, const char *name)
{
    enum { PART_BYTES = 1 << 18 };
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_non_null(file);
    char *text = arena_alloc(home->context.arena, PART_BYTES);
    zip_int64_t length = zip_fread(file, text, PART_BYTES - 1);
    assert_in_range(length, 1, PART_BYTES - 2);
    text[length] = '\0';
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

/* The style of a cell, as the file numbers it. */
static int style_of(const char *sheet, const char *cell)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "<c r=\"%s\" s=\"", cell);
    const char *at = strstr(sheet, wanted);
    return at ? (int)strtol(at + strlen(wanted), NULL, 10) : -1;
}

static void bad_cells_are_marked_with_their_reasons_and_words_offered(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    const char *path = paper_write_waiting(home, "marked.xlsx");
    const char *sheet = part_of(home, path, "xl/worksheets/sheet1.xml");
    const char *comments = part_of(home, path, "xl/comments1.xml");
    /* Of the rows 5 to 8: two wrong ID numbers and one of 14 digits, a title, a sex; the landline
     * is a note. */
    static const char *const BAD[] = {"D5", "F6", "C7", "D8"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        const char *place = arena_printf(home->context.arena, "<comment ref=\"%s\"", BAD[i]);
        if (!strstr(comments, place))
            fail_msg("no comment on %s", BAD[i]);
        assert_int_equal(style_of(sheet, BAD[i]), style_of(sheet, "D5"));
    }
    assert_non_null(strstr(comments, "<comment ref=\"E6\""));
    assert_int_not_equal(style_of(sheet, "E6"), style_of(sheet, "D5"));
    assert_int_not_equal(style_of(sheet, "E6"), style_of(sheet, "E5"));
    assert_int_not_equal(style_of(sheet, "D5"), style_of(sheet, "D7"));
    assert_non_null(strstr(comments, "the sex is not the one in the ID number"));
    /* Sex, level, town and criminal record take known words; the number is out of sight. */
    static const char *const LISTED[] = {"sqref=\"C5:C8\"", "sqref=\"F5:F8\"", "sqref=\"G5:G8\"",
                                         "sqref=\"I5:I8\""};
    for (size_t i = 0; i < sizeof LISTED / sizeof *LISTED; i++)
        if (!strstr(sheet, LISTED[i]))
            fail_msg("no drop-down: %s", LISTED[i]);
    assert_non_null(strstr(sheet, "&quot;有,无&quot;") ? sheet : strstr(sheet, "\"有,无\""));
    assert_non_null(
        strstr(sheet, "<col min=\"13\" max=\"13\" width=\"0\" style=\"1\" hidden=\"1\""));
}

static void what_nobody_touched_goes_on_waiting_whatever_file_it_was_in(void **state)
{
    static const struct {
        const char *name;
        const char *(*make)(TestHome *, const char *, const char *);
    } FILES[] = {{"a.xlsx", table_xlsx}, {"a.csv", table_csv}, {"b.csv", table_gb18030}};
    static const char DOUBLE[] = "序号|本人||证书||缴费\n"
                                 "|姓名|身份证号码|职业资格等级|发证日期|社保月数\n"
                                 "1|张伟|440524198001010014|高级工|2012.6.5|27个月\n"
                                 "2|王强|440524198001010014|技师|2012-06-05|27\n";
    TestHome *home = *state;
    for (size_t i = 0; i < 2 * sizeof FILES / sizeof *FILES; i++) {
        test_reset(home);
        const char *table = i % 2 ? DOUBLE : PAPER_TABLE;
        json_t *result = table_import(home, FILES[i / 2].make(home, FILES[i / 2].name, table));
        int64_t open = result_number(result, "quarantined");
        assert_true(open >= 2);
        json_decref(result);
        int64_t content = base_content(home);
        const char *path = paper_write_waiting(home, i / 2 == 1 ? "out.csv" : "out.xlsx");
        paper_expect(table_import(home, path), open, 0, 0);
        assert_int_equal(base_content(home), content);
        assert_int_equal(paper_open(home, 1), open);
        assert_int_equal(paper_open(home, 2), 0);
    }
}

static void every_sheet_of_every_batch_has_its_own_table(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    json_decref(table_import(home, table_xlsx(home, "second.xlsx",
                                              "姓名|身份证号|技能等级|毕业院校|毕业时间\n"
                                              "孙丽|440524198001010013|高级职称|某校|2012-7-1\n")));
    json_decref(table_import(home, table_csv(home, "第三:表.csv",
                                             "name|idcard|skill_level|工作单位\n"
                                             "周洋|440524198001010019|3|某厂\n")));
    const char *path = paper_write_waiting(home, "all.xlsx");
    static const char *const NAMES[] = {"S", "S (2)", "第三_表"};
    static const char *const HEADINGS[] = {"序号", "姓名", "name"};
    static const size_t LINES[] = {3, 1, 1};
    for (unsigned i = 0; i < 3; i++) {
        Paper *paper = paper_read(home, path, i + 1);
        assert_string_equal(paper->name, NAMES[i]);
        assert_string_equal(paper_cell(paper, LINES[i], 0), HEADINGS[i]);
    }
    paper_expect(table_import(home, path), 6, 0, 0);
    TestOutput csv = TEST_RUN(home, "survey", "problems", "-o", paper_path(home, "all.csv"));
    assert_int_equal(csv.status, 1);
    assert_non_null(strstr(csv.err, "the rows are of more than one table"));
}

/* The form that the sender was read with goes with the workbook: it fits both as well. */
static void a_table_that_fits_two_forms_comes_back_as_the_one_it_was_read_with(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(home, table_csv(home, "both.csv",
                                               "姓名|身份证号码|技能等级\n"
                                               "孙丽|440524198001010013|高级职称\n"));
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    job.form = "school";
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    json_decref(result);
    Paper *paper = paper_read(home, paper_write_waiting(home, "both.xlsx"), 1);
    paper_mend(paper, "高级职称", "高级工");
    result = paper_import(home, paper, "both-mended.xlsx");
    assert_string_equal(json_string_value(json_object_get(result, "form")), "school");
    paper_expect(result, 1, 1, 1);
}

/* What is wrong above the table is marked there, once, and mended there for every row. */
static void a_cell_above_the_table_is_mended_for_all_rows(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "title.xlsx",
                                                   "工作单位|长安某\xEF\xBF\xBD厂\n"
                                                   "姓名|身份证号码|技能等级\n"
                                                   "张伟|440524198001010013|高级工\n"
                                                   "李娜|11010519491231002X|技师\n"));
    assert_int_equal(result_number(result, "quarantined"), 2);
    json_decref(result);
    const char *path = paper_write_waiting(home, "title-out.xlsx");
    const char *comments = part_of(home, path, "xl/comments1.xml");
    const char *mark = strstr(comments, "<comment ref=\"B2\"");
    assert_non_null(mark);
    assert_null(strstr(mark + 1, "<comment "));
    Paper *paper = paper_read(home, path, 1);
    paper_mend(paper, "长安某\xEF\xBF\xBD厂", "长安某厂");
    paper_expect(paper_import(home, paper, "title-mended.xlsx"), 2, 2, 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE employer = '长安某厂'"),
                     2);
}

/* Titles name people too: who asks to be forgotten is in none of them. */
static void titles_that_name_a_forgotten_person_are_gone(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "contact.xlsx",
                                                   "某厂\n"
                                                   "联系人：张伟　138 0013 8000\n"
                                                   "姓名|身份证号码|手机|技能等级|工作单位\n"
                                                   "张伟|440524198001010013|13800138000|技师|某厂\n"
                                                   "李娜|110105194912310020||技师|某厂\n"));
    paper_expect(result, 2, 1, 0);
    json_decref(TEST_JSON(home, 0, "people", "forget", "1", "--why", "asked"));
    Paper *paper = paper_read(home, paper_write_waiting(home, "contact-out.xlsx"), 1);
    assert_int_equal(paper->rows, 3);
    assert_string_equal(paper_cell(paper, 1, 0), "姓名");
    paper_mend(paper, "110105194912310020", "11010519491231002X");
    paper_expect(paper_import(home, paper, "contact-mended.xlsx"), 1, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sheet_is_the_senders_own_but_for_a_line_and_two_columns),
        cmocka_unit_test(bad_cells_are_marked_with_their_reasons_and_words_offered),
        cmocka_unit_test(what_nobody_touched_goes_on_waiting_whatever_file_it_was_in),
        cmocka_unit_test(every_sheet_of_every_batch_has_its_own_table),
        cmocka_unit_test(a_table_that_fits_two_forms_comes_back_as_the_one_it_was_read_with),
        cmocka_unit_test(a_cell_above_the_table_is_mended_for_all_rows),
        cmocka_unit_test(titles_that_name_a_forgotten_person_are_gone),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
