/* tests/survey/test_problems.c: the quarantine workbook: written, mended, imported again. */
#include "support/tables.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support/sheets.h"
#include "survey/sheet.h"

#include <sys/stat.h>

/* Three rows wait: a wrong check digit, a level of another scale, a sex that the ID number denies.
 * The sheet asks for the opposite of the form's own headings and for years, and its heading states
 * the certificate's type. */
static const char TABLE[] =
    "填报单位：=东莞市长安某某电子有限公司　　填表日期：2012年8月20日\n"
    "姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|养老保险缴费年限|有无违法犯罪记录\n"
    "张伟|男|440524198001010014|13800138000|高级工|长安|2|无\n"
    "李娜||11010519491231002X|13800138001|高级职称|虎门|3|有\n"
    "王强|女|440524198001010013|13800138002|技师|大朗|2.5|无\n"
    "赵敏||440524800101001|13800138003|技师|寮步|1|无\n";

/* The rows of a workbook as a table, with one text replaced by another. */
static const char *read_back(TestHome *home, const char *path, const char *from, const char *to)
{
    AUTO_SHEET sheet = NULL;
    AUTO_BUFFER out = BUFFER(1 << 20);
    Err err = {0};
    bool more = true;
    assert_ok(sheet_open(path, NULL, &sheet, &err), &err);
    for (;;) {
        Row row;
        assert_ok(sheet_next(sheet, home->context.arena, &row, &more, &err), &err);
        if (!more || row.sheet > 1)
            break;
        for (size_t column = 0; column < row.count; column++)
            buffer_printf(&out, "%s%s", column ? "|" : "",
                          strcmp(row.cells[column].text, from) == 0 ? to : row.cells[column].text);
        buffer_char(&out, '\n');
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

static int64_t open_rows(TestHome *home)
{
    return test_number(home, "SELECT COUNT(*) FROM quarantine WHERE state = 'open'");
}

static void begin(TestHome *home)
{
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "first.xlsx", TABLE));
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(result_number(result, "quarantined"), 3);
    json_decref(result);
}

/* Writes the rows that wait and imports them with one cell mended; the result of that import. */
static json_t *mend(TestHome *home, const char *name, const char *from, const char *to)
{
    const char *book = path_of(home, "waiting.xlsx");
    TestOutput written = TEST_RUN(home, "survey", "problems", "-o", book);
    assert_string_equal(written.err, "");
    assert_int_equal(written.status, 0);
    return table_import(home, table_xlsx(home, name, read_back(home, book, from, to)));
}

static void a_mended_row_resolves_itself_and_no_other(void **state)
{
    TestHome *home = *state;
    begin(home);
    json_t *result = mend(home, "mended.xlsx", "440524198001010014", "440524198001010013");
    assert_int_equal(result_number(result, "rows"), 3);
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(result_number(result, "quarantined"), 2);
    assert_int_equal(result_number(result, "resolved"), 1);
    json_decref(result);
    assert_int_equal(open_rows(home), 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"),
                     3); /* none a second time */
    assert_int_equal(
        test_number(home,
                    "SELECT line FROM quarantine WHERE state = 'resolved' AND resolved_by = 2"),
        3);
}

static void a_mended_row_says_what_it_said_in_its_own_sheet(void **state)
{
    TestHome *home = *state;
    begin(home);
    json_decref(mend(home, "mended.xlsx", "440524198001010014", "440524198001010013"));
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM answer WHERE batch_id = 2 AND surveyed_on = '2012-08-20' AND "
            "credibility = 5 AND pension_months = 24 AND pension_on = '2012-08-20' AND "
            "no_criminal_record = 1 AND certificate_type = 1 AND skill_level = 3 AND "
            "employer = '=东莞市长安某某电子有限公司'"),
        1);
}

static void a_mended_row_keeps_the_day_and_the_credibility_of_its_batch(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(home, table_xlsx(home, "first.xlsx", TABLE));
    job.surveyed_on = date_of(2012, 7, 7); /* whatever the sheet says */
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    json_decref(result);
    test_sql(home, "UPDATE batch SET credibility = 7");
    json_decref(mend(home, "mended.xlsx", "440524198001010014", "440524198001010013"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2 AND "
                                       "surveyed_on = '2012-07-07' AND credibility = 7"),
                     1);
}

/* One workbook for the rows of both forms: each sheet is read as its own. */
static void rows_of_two_forms_come_back_with_one_workbook(void **state)
{
    TestHome *home = *state;
    begin(home);
    json_decref(table_import(
        home, table_csv(home, "school.csv",
                        "姓名|身份证号码|技能等级|毕业院校|毕业日期\n"
                        "孙丽|440524198001010013|高级职称|广东省技师学院|2012-07-01\n")));
    const char *path = path_of(home, "both.xlsx");
    assert_int_equal(TEST_RUN(home, "survey", "problems", "-o", path).status, 0);
    json_t *result = table_import(home, path);
    assert_int_equal(result_number(result, "rows"), 4);
    const json_t *sheets = json_object_get(result, "sheets");
    int64_t used = 0, headings = 0;
    for (size_t i = 0; i < json_array_size(sheets); i++) {
        const json_t *sheet = json_array_get(sheets, i);
        used += json_is_true(json_object_get(sheet, "used"));
        if (strcmp(json_string_value(json_object_get(sheet, "name")), "school") == 0)
            headings = result_number(sheet, "headings");
    }
    assert_int_equal(used, 2);
    assert_int_equal(headings, 6); /* those of its sender, and the key */
    assert_int_equal(json_array_size(json_object_get(result, "unknown_headings")), 0);
    json_decref(result);
}

static void rows_that_are_still_wrong_go_on_waiting_where_they_were(void **state)
{
    TestHome *home = *state;
    begin(home);
    int64_t content = base_content(home);
    json_t *result = mend(home, "unmended.xlsx", "-", "-");
    assert_int_equal(result_number(result, "rows"), 3);
    assert_int_equal(result_number(result, "quarantined"), 3);
    json_decref(result);
    assert_int_equal(base_content(home), content);
}

static void undoing_the_mended_batch_opens_its_rows_again(void **state)
{
    TestHome *home = *state;
    begin(home);
    int64_t content = base_content(home);
    json_decref(mend(home, "mended.xlsx", "440524198001010014", "440524198001010013"));
    json_t *undone = TEST_JSON(home, 0, "survey", "undo", "2");
    assert_int_equal(result_number(undone, "reopened"), 1);
    json_decref(undone);
    assert_int_equal(base_content(home), content);
    json_t *again = table_import(home, path_of(home, "mended.xlsx"));
    assert_int_equal(result_number(again, "resolved"), 1);
    json_decref(again);
    assert_int_equal(open_rows(home), 2);
}

static void a_number_that_nobody_waits_under_is_noted_and_the_row_taken(void **state)
{
    TestHome *home = *state;
    begin(home);
    json_t *result =
        table_import(home, table_csv(home, "stranger.csv",
                                     "隔离编号|姓名|身份证号码|技能等级|工作单位\n"
                                     "B77-S1-L3|张伟|440524198001010013|高级工|某厂\n"));
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(result_number(result, "resolved"), 0);
    const json_t *note = json_array_get(json_object_get(result, "notes"), 0);
    assert_string_equal(json_string_value(json_object_get(note, "code")), "key_unknown");
    assert_string_equal(json_string_value(json_array_get(json_object_get(note, "cells"), 0)), "A2");
    json_decref(result);
    assert_int_equal(open_rows(home), 3);
}

static void every_problem_is_listed_and_nothing_secret_shown(void **state)
{
    TestHome *home = *state;
    begin(home);
    TestOutput output = TEST_RUN(home, "--json", "survey", "problems");
    assert_int_equal(output.status, 0);
    assert_null(strstr(output.out, "440524198001010014"));
    assert_null(strstr(output.out, "13800138000"));
    json_t *list = json_loads(output.out, 0, NULL);
    assert_int_equal(json_array_size(list), 3);
    static const char *const CODES[] = {"id_checksum", "level_foreign", "sex_clash"};
    static const char *const CELLS[] = {"C3", "E4", "B5"};
    for (size_t i = 0; i < 3; i++) {
        const json_t *problem = json_array_get(list, i);
        assert_string_equal(json_string_value(json_object_get(problem, "code")), CODES[i]);
        assert_string_equal(json_string_value(json_object_get(problem, "cell")), CELLS[i]);
        assert_int_equal(result_number(problem, "batch"), 1);
        assert_int_equal(result_number(problem, "line"), 3 + (int64_t)i);
    }
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "value")),
                        "**************0014");
    json_decref(list);
    TestOutput missing = TEST_RUN(home, "survey", "problems", "99");
    assert_int_equal(missing.status, 1);
}

static char *read_file(TestHome *home, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_alloc(home->context.arena, 1 << 16);
    text[fread(text, 1, (1 << 16) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void csv_has_its_mark_and_no_cell_that_runs(void **state)
{
    TestHome *home = *state;
    begin(home);
    const char *path = path_of(home, "waiting.csv");
    assert_int_equal(TEST_RUN(home, "survey", "problems", "1", "-o", path).status, 0);
    const char *text = read_file(home, path);
    assert_true(text_starts(text, "\xEF\xBB\xBF\"【talent:enterprise】"));
    assert_non_null(
        strstr(text, "\"填报单位：=东莞市长安某某电子有限公司　　填表日期：2012年8月20日\""));
    assert_null(strstr(text, "\"=东莞"));
    assert_non_null(strstr(text, "\"B1-S1-L3-"));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 077, 0);

    /* Unmended but for one digit, it comes back through the same door, the apostrophe gone. */
    char *digit = strstr(read_file(home, path), "440524198001010014");
    assert_non_null(digit);
    digit[17] = '3';
    char *all = digit;
    while (!text_starts(all, "\xEF\xBB\xBF"))
        all--;
    FILE *file = fopen(path, "wb");
    fputs(all, file);
    fclose(file);
    json_t *result = table_import(home, path);
    assert_int_equal(result_number(result, "resolved"), 1);
    json_decref(result);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2 AND "
                          "employer = '=东莞市长安某某电子有限公司' AND no_criminal_record = 1"),
        1);
}

static void numbers_that_a_spreadsheet_rounded_stay_rounded(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    static const char ROWS[] =
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>姓名</t></is></c><c r=\"B1\" "
        "t=\"inlineStr\"><is><t>身份证号码</t></is></c>"
        "<c r=\"C1\" t=\"inlineStr\"><is><t>技能等级</t></is></c><c r=\"D1\" "
        "t=\"inlineStr\"><is><t>工作单位</t></is></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>张伟</t></is></c><c "
        "r=\"B2\"><v>440524198001010013</v></c>"
        "<c r=\"C2\" t=\"inlineStr\"><is><t>高级工</t></is></c><c r=\"D2\" "
        "t=\"inlineStr\"><is><t>某厂</t></is></c></row>";
    SheetWorld world = {.arena = home->context.arena};
    snprintf(world.dir, sizeof world.dir, "%s", home->dir);
    OddBook book = {.rows = ROWS};
    json_t *result = table_import(home, sheets_book(&world, &book));
    assert_int_equal(result_number(result, "quarantined"), 1);
    json_decref(result);
    const char *path = path_of(home, "rounded.xlsx");
    assert_int_equal(TEST_RUN(home, "survey", "problems", "-o", path).status, 0);
    result = table_import(home, path);
    assert_int_equal(result_number(result, "quarantined"),
                     1); /* not taken as text that happens to look whole */
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mended_row_resolves_itself_and_no_other),
        cmocka_unit_test(a_mended_row_says_what_it_said_in_its_own_sheet),
        cmocka_unit_test(a_mended_row_keeps_the_day_and_the_credibility_of_its_batch),
        cmocka_unit_test(rows_of_two_forms_come_back_with_one_workbook),
        cmocka_unit_test(rows_that_are_still_wrong_go_on_waiting_where_they_were),
        cmocka_unit_test(undoing_the_mended_batch_opens_its_rows_again),
        cmocka_unit_test(a_number_that_nobody_waits_under_is_noted_and_the_row_taken),
        cmocka_unit_test(every_problem_is_listed_and_nothing_secret_shown),
        cmocka_unit_test(csv_has_its_mark_and_no_cell_that_runs),
        cmocka_unit_test(numbers_that_a_spreadsheet_rounded_stay_rounded),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
