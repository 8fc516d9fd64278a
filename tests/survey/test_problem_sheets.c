/* tests/survey/test_problem_sheets.c: rows that wait go out as their sender laid them out, and come
 * back, mended or not, from whatever was done to the file meanwhile. */
#include "support/tables.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support/sheets.h"
#include "survey/sheet.h"

#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

/* Line 4 has a wrong check digit; line 5 a level of another scale and a landline; line 6 a sex that
 * the ID number denies, and cells that a spreadsheet would run; line 7 is sound. */
static const char TABLE[] = "长安某厂员工统计表\n"
                            "填报单位：东莞市长安某某电子有限公司　　填表日期：2012年8月20日\n"
                            "序号|姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|"
                            "养老保险缴费年限|有无违法犯罪记录|班组|工种\n"
                            "1|张伟|男|440524198001010014|13800138000|高级工|长安|2|无|甲|=1+1\n"
                            "2|李娜||110105194912310020|0769-22228888|高级职称|虎门|3|有|乙|焊工\n"
                            "3|王强|女|440524198001010013|13800138002|技师|大朗|2.5|无|-3|@SUM(1)\n"
                            "4|赵敏||44052481010100|13800138003|技师|寮步|1|无|'=x|'=x\n";

enum { GRID_ROWS = 64, GRID_COLUMNS = 32 };

/* A sheet as texts, to be changed and written again. */
typedef struct Grid {
    char name[64];
    const char *cells[GRID_ROWS][GRID_COLUMNS];
    size_t rows, columns;
} Grid;

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

static Grid *grid_read(TestHome *home, const char *path, unsigned number)
{
    AUTO_SHEET sheet = NULL;
    Err err = {0};
    Grid *grid = arena_alloc(home->context.arena, sizeof *grid);
    memset(grid, 0, sizeof *grid);
    assert_ok(sheet_open(path, NULL, &sheet, &err), &err);
    for (;;) {
        Row row;
        bool more;
        assert_ok(sheet_next(sheet, home->context.arena, &row, &more, &err), &err);
        if (!more)
            break;
        if (row.sheet != number)
            continue;
        snprintf(grid->name, sizeof grid->name, "%s", row.sheet_name);
        assert_true(grid->rows < GRID_ROWS && row.count <= GRID_COLUMNS);
        for (size_t column = 0; column < row.count; column++)
            grid->cells[grid->rows][column] = row.cells[column].text;
        grid->columns = row.count > grid->columns ? row.count : grid->columns;
        grid->rows++;
    }
    return grid;
}

static const char *cell_at(const Grid *grid, size_t row, size_t column)
{
    return grid->cells[row][column] ? grid->cells[row][column] : "";
}

static const char *grid_text(TestHome *home, const Grid *grid, size_t first, size_t columns)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    for (size_t row = first; row < grid->rows; row++) {
        for (size_t column = 0; column < columns; column++)
            buffer_printf(&out, "%s%s", column ? "|" : "", cell_at(grid, row, column));
        buffer_char(&out, '\n');
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static json_t *grid_import(TestHome *home, const Grid *grid, const char *name)
{
    return table_import(home, table_xlsx(home, name, grid_text(home, grid, 0, grid->columns)));
}

/* Replaces the one cell that says `from`. */
static void grid_mend(Grid *grid, const char *from, const char *to)
{
    size_t found = 0;
    for (size_t row = 0; row < grid->rows; row++)
        for (size_t column = 0; column < grid->columns; column++)
            if (strcmp(cell_at(grid, row, column), from) == 0) {
                grid->cells[row][column] = to;
                found++;
            }
    assert_int_equal(found, 1);
}

static void grid_delete(Grid *grid, size_t row)
{
    memmove(grid->cells[row], grid->cells[row + 1], (grid->rows - row - 1) * sizeof *grid->cells);
    grid->rows--;
}

static void grid_double(Grid *grid, size_t row)
{
    memcpy(grid->cells[grid->rows++], grid->cells[row], sizeof *grid->cells);
}

static void grid_swap(Grid *grid, size_t a, size_t b)
{
    const char *kept[GRID_COLUMNS];
    memcpy(kept, grid->cells[a], sizeof kept);
    memcpy(grid->cells[a], grid->cells[b], sizeof kept);
    memcpy(grid->cells[b], kept, sizeof kept);
}

static int64_t open_of(TestHome *home, int64_t batch)
{
    json_t *list = TEST_JSON(home, 0, "survey", "batches");
    int64_t open = -1;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (result_number(json_array_get(list, i), "batch") == batch)
            open = result_number(json_array_get(list, i), "open");
    json_decref(list);
    return open;
}

static const char *write_waiting(TestHome *home, const char *name)
{
    const char *path = path_of(home, name);
    TestOutput written = TEST_RUN(home, "survey", "problems", "-o", path);
    assert_string_equal(written.err, "");
    assert_int_equal(written.status, 0);
    return path;
}

/* Imports the table: four rows wait. */
static void begin(TestHome *home)
{
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "first.xlsx", TABLE));
    assert_int_equal(result_number(result, "quarantined"), 4);
    json_decref(result);
}

/* The rows that wait as a grid: line 1 explains, 2 and 3 are titles, 4 the heading, then the rows.
 */
enum { FIRST = 4, SENDERS = 11, REASONS = 11, KEY = 12 };

static Grid *waiting(TestHome *home)
{
    Grid *grid = grid_read(home, write_waiting(home, "waiting.xlsx"), 1);
    assert_int_equal(grid->rows, FIRST + 4);
    return grid;
}

static void expect(json_t *result, int64_t rows, int64_t accepted, int64_t resolved)
{
    assert_int_equal(result_number(result, "rows"), rows);
    assert_int_equal(result_number(result, "accepted"), accepted);
    assert_int_equal(result_number(result, "quarantined"), rows - accepted);
    assert_int_equal(result_number(result, "resolved"), resolved);
    json_decref(result);
}

static void expect_note(json_t *result, const char *code)
{
    const json_t *note = json_array_get(json_object_get(result, "notes"), 0);
    assert_non_null(note);
    assert_string_equal(json_string_value(json_object_get(note, "code")), code);
}

static void the_sheet_is_the_senders_own_but_for_a_line_and_two_columns(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    static const char BELOW[] =
        "长安某厂员工统计表||||||||||\n"
        "填报单位：东莞市长安某某电子有限公司　　填表日期：2012年8月20日||||||||||\n"
        "序号|姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|养老保险缴费年限|"
        "有无违法犯罪记录|班组|工种\n"
        "1|张伟|男|440524198001010014|13800138000|高级工|长安|2|无|甲|'=1+1\n"
        "2|李娜||110105194912310020|0769-22228888|高级职称|虎门|3|有|乙|焊工\n"
        "3|王强|女|440524198001010013|13800138002|技师|大朗|2.5|无|'-3|'@SUM(1)\n"
        "4|赵敏||44052481010100|13800138003|技师|寮步|1|无|''=x|''=x\n";
    assert_string_equal(grid->name, "S");
    assert_true(text_starts(cell_at(grid, 0, 0), "【talent:enterprise】"));
    assert_string_equal(grid_text(home, grid, 1, SENDERS), BELOW);
    assert_string_equal(cell_at(grid, FIRST - 1, REASONS), "隔离原因");
    assert_string_equal(cell_at(grid, FIRST - 1, KEY), "隔离编号");
    assert_string_equal(cell_at(grid, FIRST, REASONS),
                        "身份证号码: the check digit does not fit: a digit of the ID number is "
                        "wrong");
    assert_true(text_starts(cell_at(grid, FIRST, KEY), "B1-S1-L4-"));
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
    begin(home);
    const char *path = write_waiting(home, "marked.xlsx");
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
        const char *table = i % 2 ? DOUBLE : TABLE;
        json_t *result = table_import(home, FILES[i / 2].make(home, FILES[i / 2].name, table));
        int64_t open = result_number(result, "quarantined");
        assert_true(open >= 2);
        json_decref(result);
        int64_t content = base_content(home);
        const char *path = write_waiting(home, i / 2 == 1 ? "out.csv" : "out.xlsx");
        expect(table_import(home, path), open, 0, 0);
        assert_int_equal(base_content(home), content);
        assert_int_equal(open_of(home, 1), open);
        assert_int_equal(open_of(home, 2), 0);
    }
}

static void mended_rows_are_resolved_in_any_order_and_the_deleted_wait(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    grid_swap(grid, FIRST, FIRST + 3);
    grid_delete(grid, FIRST + 1);
    expect(grid_import(home, grid, "mended.xlsx"), 3, 1, 1);
    assert_int_equal(open_of(home, 1), 3);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2 AND occupation = '=1+1' "
                          "AND surveyed_on = '2012-08-20' AND pension_months = 24 AND "
                          "certificate_type = 1 AND no_criminal_record = 1 AND "
                          "employer = '东莞市长安某某电子有限公司'"),
        1);
}

static void a_doubled_row_is_taken_once(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    grid_double(grid, FIRST);
    json_t *result = grid_import(home, grid, "doubled.xlsx");
    assert_int_equal(result_number(result, "skipped.mended"), 1);
    expect(result, 4, 1, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2"), 1);
}

/* Half mended, the row waits on as it is now, in the batch that brought it; the number that the
 * sender has still finds it, and so does the one of a new workbook. */
static void a_row_that_is_still_wrong_waits_as_it_is_now(void **state)
{
    TestHome *home = *state;
    begin(home);
    int64_t content = base_content(home);
    Grid *grid = waiting(home);
    grid_mend(grid, "110105194912310020", "110105194912310021"); /* still no right digit */
    expect(grid_import(home, grid, "half.xlsx"), 4, 0, 0);
    assert_int_equal(open_of(home, 1), 3);
    assert_int_equal(open_of(home, 2), 1);
    Grid *again = grid_read(home, write_waiting(home, "again.xlsx"), 2);
    assert_string_equal(cell_at(again, FIRST, 3), "110105194912310021");
    assert_string_equal(cell_at(again, 1, 0), "长安某厂员工统计表");
    assert_int_equal(again->columns, KEY + 1);
    assert_true(text_starts(cell_at(again, FIRST, KEY), "B2-S1-L6-"));

    /* By the old number, with the digit right and the level too. */
    grid_mend(grid, "110105194912310021", "11010519491231002X");
    grid_mend(grid, "高级职称", "高级工");
    expect(grid_import(home, grid, "whole.xlsx"), 4, 1, 1);
    assert_int_equal(open_of(home, 2), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 3 AND "
                                       "surveyed_on = '2012-08-20' AND credibility = 5"),
                     1);

    json_decref(TEST_JSON(home, 0, "survey", "undo", "3"));
    assert_int_equal(open_of(home, 2), 1);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    assert_int_equal(open_of(home, 1), 4);
    assert_int_equal(base_content(home), content);
}

static void a_workbook_that_is_saved_and_imported_again_changes_nothing(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    expect(grid_import(home, grid, "once.xlsx"), 4, 1, 1);
    int64_t content = base_content(home);

    /* The next row mended in the same file: the first is not taken again. */
    grid_mend(grid, "44052481010100", "440524810101001");
    json_t *result = grid_import(home, grid, "twice.xlsx");
    assert_int_equal(result_number(result, "skipped.mended"), 1);
    expect(result, 3, 1, 1);
    assert_int_equal(open_of(home, 1), 2);
    assert_int_not_equal(base_content(home), content);

    /* Only rows that are in already: there is nothing to import. */
    while (grid->rows > FIRST + 1)
        grid_delete(grid, FIRST + 1);
    ImportJob job =
        import_job(home, table_xlsx(home, "rest.xlsx", grid_text(home, grid, 0, grid->columns)));
    assert_import_refused(home, &job, ERR_INPUT,
                          "every row of the file was mended before, and says the same");

    /* Corrected once more after it was taken: a newer answer. */
    grid_mend(grid, "13800138000", "13800138999");
    result = grid_import(home, grid, "later.xlsx");
    expect_note(result, "key_resolved");
    expect(result, 1, 1, 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE name = '张伟'"), 1);
}

static void rows_of_a_batch_that_was_taken_back_are_new_rows(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM sheet_layout"), 0);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    json_t *result = grid_import(home, grid, "orphans.xlsx");
    expect_note(result, "key_unknown");
    expect(result, 4, 1, 0);
    assert_int_equal(open_of(home, 2), 3);
}

static void a_damaged_number_mends_nobody_elses_row(void **state)
{
    TestHome *home = *state;
    begin(home);
    Grid *grid = waiting(home);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    /* As a spreadsheet counts on: the number of the next row with the check digits of this one. */
    char *number = arena_strdup(home->context.arena, cell_at(grid, FIRST, KEY));
    assert_int_equal(number[strlen("B1-S1-L")], '4');
    number[strlen("B1-S1-L")] = '5';
    grid->cells[FIRST][KEY] = number;
    json_t *result = grid_import(home, grid, "damaged.xlsx");
    expect_note(result, "key_damaged");
    expect(result, 4, 1, 0);
    assert_int_equal(open_of(home, 1), 4);
}

static void every_sheet_of_every_batch_has_its_own_table(void **state)
{
    TestHome *home = *state;
    begin(home);
    json_decref(table_import(home, table_xlsx(home, "second.xlsx",
                                              "姓名|身份证号|技能等级|毕业院校|毕业时间\n"
                                              "孙丽|440524198001010013|高级职称|某校|2012-7-1\n")));
    json_decref(table_import(home, table_csv(home, "第三:表.csv",
                                             "name|idcard|skill_level|工作单位\n"
                                             "周洋|440524198001010019|3|某厂\n")));
    const char *path = write_waiting(home, "all.xlsx");
    static const char *const NAMES[] = {"S", "S (2)", "第三_表"};
    static const char *const HEADINGS[] = {"序号", "姓名", "name"};
    static const size_t LINES[] = {3, 1, 1};
    for (unsigned i = 0; i < 3; i++) {
        Grid *grid = grid_read(home, path, i + 1);
        assert_string_equal(grid->name, NAMES[i]);
        assert_string_equal(cell_at(grid, LINES[i], 0), HEADINGS[i]);
    }
    expect(table_import(home, path), 6, 0, 0);
    TestOutput csv = TEST_RUN(home, "survey", "problems", "-o", path_of(home, "all.csv"));
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
    Grid *grid = grid_read(home, write_waiting(home, "both.xlsx"), 1);
    grid_mend(grid, "高级职称", "高级工");
    result = grid_import(home, grid, "both-mended.xlsx");
    assert_string_equal(json_string_value(json_object_get(result, "form")), "school");
    expect(result, 1, 1, 1);
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
    const char *path = write_waiting(home, "title-out.xlsx");
    const char *comments = part_of(home, path, "xl/comments1.xml");
    const char *mark = strstr(comments, "<comment ref=\"B2\"");
    assert_non_null(mark);
    assert_null(strstr(mark + 1, "<comment "));
    Grid *grid = grid_read(home, path, 1);
    grid_mend(grid, "长安某\xEF\xBF\xBD厂", "长安某厂");
    expect(grid_import(home, grid, "title-mended.xlsx"), 2, 2, 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE employer = '长安某厂'"),
                     2);
}

static bool office_saves(TestHome *home, const char *path, const char *folder)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const char *profile =
            arena_printf(home->context.arena, "-env:UserInstallation=file://%s/office", home->dir);
        FILE *out = freopen("/dev/null", "w", stdout);
        execlp("soffice", "soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir",
               folder, path, (char *)NULL);
        _exit(out ? 127 : 126);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Where LibreOffice is installed: what it saves is another file, and says the same. */
static void a_workbook_that_an_office_saved_comes_back(void **state)
{
    TestHome *home = *state;
    begin(home);
    int64_t content = base_content(home);
    const char *path = write_waiting(home, "office.xlsx"), *folder = path_of(home, "saved");
    if (!office_saves(home, path, folder))
        skip();
    const char *saved = path_of(home, "saved/office.xlsx");
    expect(table_import(home, saved), 4, 0, 0);
    assert_int_equal(base_content(home), content);
    Grid *grid = grid_read(home, saved, 1);
    grid_mend(grid, "440524198001010014", "440524198001010013");
    expect(grid_import(home, grid, "office-mended.xlsx"), 4, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sheet_is_the_senders_own_but_for_a_line_and_two_columns),
        cmocka_unit_test(bad_cells_are_marked_with_their_reasons_and_words_offered),
        cmocka_unit_test(what_nobody_touched_goes_on_waiting_whatever_file_it_was_in),
        cmocka_unit_test(mended_rows_are_resolved_in_any_order_and_the_deleted_wait),
        cmocka_unit_test(a_doubled_row_is_taken_once),
        cmocka_unit_test(a_row_that_is_still_wrong_waits_as_it_is_now),
        cmocka_unit_test(a_workbook_that_is_saved_and_imported_again_changes_nothing),
        cmocka_unit_test(rows_of_a_batch_that_was_taken_back_are_new_rows),
        cmocka_unit_test(a_damaged_number_mends_nobody_elses_row),
        cmocka_unit_test(every_sheet_of_every_batch_has_its_own_table),
        cmocka_unit_test(a_table_that_fits_two_forms_comes_back_as_the_one_it_was_read_with),
        cmocka_unit_test(a_cell_above_the_table_is_mended_for_all_rows),
        cmocka_unit_test(a_workbook_that_an_office_saved_comes_back),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
