#include "support/paper.h"

#include "survey/sheet.h"

#include "base/buffer.h"

/* Line 4 has a wrong check digit; line 5 a level of another scale and a landline; line 6 a sex that
 * the ID number denies, and cells that a spreadsheet would run; line 7 an ID number of 14 digits. */
const char PAPER_TABLE[] = "长安某厂员工统计表\n"
                           "填报单位：东莞市长安某某电子有限公司　　填表日期：2012年8月20日\n"
                           "序号|姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|"
                           "养老保险缴费年限|有无违法犯罪记录|班组|工种\n"
                           "1|张伟|男|440524198001010014|13800138000|高级工|长安|2|无|甲|=1+1\n"
                           "2|李娜||110105194912310020|0769-22228888|高级职称|虎门|3|有|乙|焊工\n"
                           "3|王强|女|440524198001010013|13800138002|技师|大朗|2.5|无|-3|@SUM(1)\n"
                           "4|赵敏||44052481010100|13800138003|技师|寮步|1|无|'=x|'=x\n";

const char *paper_path(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

Paper *paper_read(TestHome *home, const char *path, unsigned number)
{
    AUTO_SHEET sheet = NULL;
    Err err = {0};
    Paper *paper = arena_alloc(home->context.arena, sizeof *paper);
    memset(paper, 0, sizeof *paper);
    assert_ok(sheet_open(path, NULL, &sheet, &err), &err);
    for (;;) {
        Row row;
        bool more;
        assert_ok(sheet_next(sheet, home->context.arena, &row, &more, &err), &err);
        if (!more)
            break;
        if (row.sheet != number)
            continue;
        snprintf(paper->name, sizeof paper->name, "%s", row.sheet_name);
        assert_true(paper->rows < PAPER_ROWS && row.count <= PAPER_COLUMNS);
        for (size_t column = 0; column < row.count; column++)
            paper->cells[paper->rows][column] = row.cells[column].text;
        paper->columns = row.count > paper->columns ? row.count : paper->columns;
        paper->rows++;
    }
    return paper;
}

const char *paper_cell(const Paper *paper, size_t row, size_t column)
{
    return paper->cells[row][column] ? paper->cells[row][column] : "";
}

const char *paper_text(TestHome *home, const Paper *paper, size_t first, size_t columns)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    for (size_t row = first; row < paper->rows; row++) {
        for (size_t column = 0; column < columns; column++)
            buffer_printf(&out, "%s%s", column ? "|" : "", paper_cell(paper, row, column));
        buffer_char(&out, '\n');
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

json_t *paper_import(TestHome *home, const Paper *paper, const char *name)
{
    return table_import(home, table_xlsx(home, name, paper_text(home, paper, 0, paper->columns)));
}

void paper_mend(Paper *paper, const char *from, const char *to)
{
    size_t found = 0;
    for (size_t row = 0; row < paper->rows; row++)
        for (size_t column = 0; column < paper->columns; column++)
            if (strcmp(paper_cell(paper, row, column), from) == 0) {
                paper->cells[row][column] = to;
                found++;
            }
    assert_int_equal(found, 1);
}

void paper_delete(Paper *paper, size_t row)
{
    memmove(paper->cells[row], paper->cells[row + 1],
            (paper->rows - row - 1) * sizeof *paper->cells);
    paper->rows--;
}

void paper_double(Paper *paper, size_t row)
{
    memcpy(paper->cells[paper->rows++], paper->cells[row], sizeof *paper->cells);
}

void paper_swap(Paper *paper, size_t a, size_t b)
{
    const char *kept[PAPER_COLUMNS];
    memcpy(kept, paper->cells[a], sizeof kept);
    memcpy(paper->cells[a], paper->cells[b], sizeof kept);
    memcpy(paper->cells[b], kept, sizeof kept);
}

int64_t paper_open(TestHome *home, int64_t batch)
{
    json_t *list = TEST_JSON(home, 0, "survey", "batches");
    int64_t open = -1;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (result_number(json_array_get(list, i), "batch") == batch)
            open = result_number(json_array_get(list, i), "open");
    json_decref(list);
    return open;
}

const char *paper_write_waiting(TestHome *home, const char *name)
{
    const char *path = paper_path(home, name);
    TestOutput written = TEST_RUN(home, "survey", "problems", "-o", path);
    assert_string_equal(written.err, "");
    assert_int_equal(written.status, 0);
    return path;
}

void paper_begin(TestHome *home)
{
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "first.xlsx", PAPER_TABLE));
    assert_int_equal(result_number(result, "quarantined"), 4);
    json_decref(result);
}

Paper *paper_waiting(TestHome *home)
{
    Paper *paper = paper_read(home, paper_write_waiting(home, "waiting.xlsx"), 1);
    assert_int_equal(paper->rows, PAPER_FIRST + 4);
    return paper;
}

void paper_expect(json_t *result, int64_t rows, int64_t accepted, int64_t resolved)
{
    assert_int_equal(result_number(result, "rows"), rows);
    assert_int_equal(result_number(result, "accepted"), accepted);
    assert_int_equal(result_number(result, "quarantined"), rows - accepted);
    assert_int_equal(result_number(result, "resolved"), resolved);
    json_decref(result);
}

void paper_expect_note(const json_t *result, const char *code)
{
    const json_t *note = json_array_get(json_object_get(result, "notes"), 0);
    assert_non_null(note);
    assert_string_equal(json_string_value(json_object_get(note, "code")), code);
}
