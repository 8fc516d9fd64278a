#include "support/grid.h"

#include "survey/sheet.h"

#include "base/buffer.h"

/* Line 4 has a wrong check digit; line 5 a level of another scale and a landline; line 6 a sex that
 * the ID number denies, and cells that a spreadsheet would run; line 7 an ID number of 14 digits. */
const char GRID_TABLE[] = "长安某厂员工统计表\n"
                          "填报单位：东莞市长安某某电子有限公司　　填表日期：2012年8月20日\n"
                          "序号|姓名|性别|身份证号码|手机|职业资格等级|单位所在镇街|"
                          "养老保险缴费年限|有无违法犯罪记录|班组|工种\n"
                          "1|张伟|男|440524198001010014|13800138000|高级工|长安|2|无|甲|=1+1\n"
                          "2|李娜||110105194912310020|0769-22228888|高级职称|虎门|3|有|乙|焊工\n"
                          "3|王强|女|440524198001010013|13800138002|技师|大朗|2.5|无|-3|@SUM(1)\n"
                          "4|赵敏||44052481010100|13800138003|技师|寮步|1|无|'=x|'=x\n";

const char *grid_path(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

Grid *grid_read(TestHome *home, const char *path, unsigned number)
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

const char *grid_cell(const Grid *grid, size_t row, size_t column)
{
    return grid->cells[row][column] ? grid->cells[row][column] : "";
}

const char *grid_text(TestHome *home, const Grid *grid, size_t first, size_t columns)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    for (size_t row = first; row < grid->rows; row++) {
        for (size_t column = 0; column < columns; column++)
            buffer_printf(&out, "%s%s", column ? "|" : "", grid_cell(grid, row, column));
        buffer_char(&out, '\n');
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

json_t *grid_import(TestHome *home, const Grid *grid, const char *name)
{
    return table_import(home, table_xlsx(home, name, grid_text(home, grid, 0, grid->columns)));
}

void grid_mend(Grid *grid, const char *from, const char *to)
{
    size_t found = 0;
    for (size_t row = 0; row < grid->rows; row++)
        for (size_t column = 0; column < grid->columns; column++)
            if (strcmp(grid_cell(grid, row, column), from) == 0) {
                grid->cells[row][column] = to;
                found++;
            }
    assert_int_equal(found, 1);
}

void grid_delete(Grid *grid, size_t row)
{
    memmove(grid->cells[row], grid->cells[row + 1], (grid->rows - row - 1) * sizeof *grid->cells);
    grid->rows--;
}

void grid_double(Grid *grid, size_t row)
{
    memcpy(grid->cells[grid->rows++], grid->cells[row], sizeof *grid->cells);
}

void grid_swap(Grid *grid, size_t a, size_t b)
{
    const char *kept[GRID_COLUMNS];
    memcpy(kept, grid->cells[a], sizeof kept);
    memcpy(grid->cells[a], grid->cells[b], sizeof kept);
    memcpy(grid->cells[b], kept, sizeof kept);
}

int64_t grid_open(TestHome *home, int64_t batch)
{
    json_t *list = TEST_JSON(home, 0, "survey", "batches");
    int64_t open = -1;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (result_number(json_array_get(list, i), "batch") == batch)
            open = result_number(json_array_get(list, i), "open");
    json_decref(list);
    return open;
}

const char *grid_write_waiting(TestHome *home, const char *name)
{
    const char *path = grid_path(home, name);
    TestOutput written = TEST_RUN(home, "survey", "problems", "-o", path);
    assert_string_equal(written.err, "");
    assert_int_equal(written.status, 0);
    return path;
}

void grid_begin(TestHome *home)
{
    test_reset(home);
    json_t *result = table_import(home, table_xlsx(home, "first.xlsx", GRID_TABLE));
    assert_int_equal(result_number(result, "quarantined"), 4);
    json_decref(result);
}

Grid *grid_waiting(TestHome *home)
{
    Grid *grid = grid_read(home, grid_write_waiting(home, "waiting.xlsx"), 1);
    assert_int_equal(grid->rows, GRID_FIRST + 4);
    return grid;
}

void grid_expect(json_t *result, int64_t rows, int64_t accepted, int64_t resolved)
{
    assert_int_equal(result_number(result, "rows"), rows);
    assert_int_equal(result_number(result, "accepted"), accepted);
    assert_int_equal(result_number(result, "quarantined"), rows - accepted);
    assert_int_equal(result_number(result, "resolved"), resolved);
    json_decref(result);
}

void grid_expect_note(const json_t *result, const char *code)
{
    const json_t *note = json_array_get(json_object_get(result, "notes"), 0);
    assert_non_null(note);
    assert_string_equal(json_string_value(json_object_get(note, "code")), code);
}
