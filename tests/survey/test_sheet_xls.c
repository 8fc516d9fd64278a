/* tests/survey/test_sheet_xls.c: what is read from old workbooks, against libfreexl where it can
 * see, and against the file's maker where it cannot. */
#include "survey/sheet.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support/sheets.h"

#include <dirent.h>
#include <freexl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define CORPUS TALENT_SOURCE "/tests/data/corpus/xls"

enum { FILE_BYTES_MAX = 1 << 20 };

static const char *read_corpus(SheetWorld *world, const char *name)
{
    return sheets_read(world, arena_printf(world->arena, "%s/%s", CORPUS, name), NULL);
}

/* What freexl makes of a cell, as ours would show it; NULL where it sees nothing. */
static const char *second_opinion(Arena *arena, const FreeXL_CellValue *value)
{
    switch (value->type) {
    case FREEXL_CELL_INT:
        return arena_printf(arena, "%d", value->value.int_value);
    case FREEXL_CELL_DOUBLE:
        return arena_printf(arena, "%.15g", value->value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
        return value->value.text_value;
    default:
        return NULL;
    }
}

/* Compares the cells of a row with the same row of freexl's sheet; counts those that were. */
static size_t compare_row(SheetWorld *world, const void *second, const char *name, const Row *row)
{
    unsigned rows = 0;
    unsigned short columns = 0;
    size_t compared = 0;
    assert_int_equal(freexl_worksheet_dimensions(second, &rows, &columns), FREEXL_OK);
    assert_true(row->line <= rows && row->count <= columns);
    for (unsigned short column = 0; column < row->count; column++) {
        FreeXL_CellValue value;
        const Cell *cell = &row->cells[column];
        assert_int_equal(freexl_get_cell_value(second, row->line - 1, column, &value), FREEXL_OK);
        const char *other = second_opinion(world->arena, &value);
        if (!other) {
            if (cell->kind != CELL_EMPTY && !cell->formula && cell->kind != CELL_BOOL &&
                cell->kind != CELL_ERROR)
                fail_msg("%s %s: only we read '%s'", name,
                         cell_name(world->arena, column, row->line), cell->text);
            continue;
        }
        const char *ours = cell->kind == CELL_NUMBER
                               ? arena_printf(world->arena, "%.15g", cell->number)
                               : cell->text;
        assert_string_equal(ours, other);
        compared++;
    }
    return compared;
}

/* False when one of the two cannot read the file: freexl gives no handle for some that xlwt wrote. */
static bool compare_file(SheetWorld *world, const char *name, size_t *compared)
{
    const char *path = arena_printf(world->arena, "%s/%s", CORPUS, name);
    AUTO_SHEET sheet = NULL;
    Err err;
    if (sheet_open(path, NULL, &sheet, &err) != OK)
        return false;
    const void *second = NULL;
    if (freexl_open(path, &second) != FREEXL_OK || !second)
        return false;
    Row row;
    bool more = true;
    for (unsigned number = 0;;) {
        assert_int_equal(sheet_next(sheet, world->arena, &row, &more, &err), OK);
        if (!more)
            break;
        if (row.sheet != number) {
            const char *called = NULL;
            number = row.sheet;
            assert_int_equal(freexl_select_active_worksheet(second, (unsigned short)(number - 1)),
                             FREEXL_OK);
            assert_int_equal(
                freexl_get_worksheet_name(second, (unsigned short)(number - 1), &called),
                FREEXL_OK);
            assert_string_equal(row.sheet_name, called);
        }
        *compared += compare_row(world, second, name, &row);
    }
    freexl_close(second);
    return true;
}

static void every_cell_that_freexl_sees_is_read_alike(void **state)
{
    struct dirent **entries = NULL;
    int count = scandir(CORPUS, &entries, NULL, alphasort);
    size_t compared = 0, files = 0;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name; /* freexl crashes on some that are bent by hand */
        if (text_starts(name, "libreoffice") || text_starts(name, "xlwt"))
            files += compare_file(*state, name, &compared);
        free(entries[i]);
    }
    free(entries);
    assert_true(files >= 9);
    assert_true(compared >= 9 * 40);
}

static void formulas_truth_values_errors_and_hidden_rows_are_seen(void **state)
{
    const char *read = read_corpus(*state, "libreoffice_odd.xls");
    assert_non_null(strstr(read, "Sheet!2: '张伟'"));
    assert_non_null(strstr(read, " =!#N/A '东莞市长安电子有限公司'"));
    assert_non_null(strstr(read, " '27' =?TRUE\n"));
    assert_non_null(strstr(read, "?FALSE\n"));
    assert_non_null(strstr(read, "Sheet!4h: '阿依古丽·买买提'"));
    assert_non_null(
        strstr(read_corpus(*state, "libreoffice_formulas.xls"), "Sheet!2: ='张伟' '男'"));
    assert_non_null(strstr(read_corpus(*state, "libreoffice_formulas.xls"), " =@2010-06-30 "));
    assert_non_null(strstr(read_corpus(*state, "libreoffice_formulas.xls"), " =27 "));
}

static void numbers_are_shown_by_their_format_and_dates_by_their_system(void **state)
{
    assert_non_null(strstr(read_corpus(*state, "xlwt_ids.xls"), " 4.30402E+17 '13800138001'"));
    assert_non_null(
        strstr(read_corpus(*state, "xlwt_ids.xls"), " 450102198512130000 '13900139002'"));
    assert_non_null(strstr(read_corpus(*state, "xlwt_numbers.xls"), " 13800138001 "));
    assert_non_null(strstr(read_corpus(*state, "xlwt_dates.xls"), " @2010-06-30 "));
    assert_non_null(strstr(read_corpus(*state, "xlwt_dates_1904.xls"), " @2010-06-30 "));
}

static void hidden_sheets_are_seen(void **state)
{
    const char *read = read_corpus(*state, "xlwt_hidden.xls");
    assert_non_null(strstr(read, "名单!3h: '李娜'"));
    assert_non_null(strstr(read, "名单!4: '阿"));
    assert_non_null(strstr(read, "草稿!1h: '随便写的'\n"));
}

static void the_table_of_texts_goes_on_in_other_records(void **state)
{
    const char *read = read_corpus(*state, "xlwt_many_texts.xls");
    for (int line = 0; line < 400; line++) {
        AUTO_BUFFER text = BUFFER(4096);
        buffer_printf(&text, "工种!%d: '第%d号工种，说明：", line + 1, line);
        for (int i = 0; i < line % 5; i++)
            buffer_text(&text, "车工钳工铣工磨工");
        for (int i = 0; i < line % 7; i++)
            buffer_char(&text, 'x');
        buffer_text(&text, "'\n");
        assert_non_null(strstr(read, buffer_string(&text)));
    }
    /* each torn after its first character, where it may change its width; cells last to first */
    assert_non_null(
        strstr(read_corpus(*state, "torn_texts.xls"), "名单!2: '张伟' '男' '43040219800101001"));
    assert_non_null(strstr(read_corpus(*state, "torn_texts.xls"),
                           " '13900139002' '广西南宁市' '技师' '2011-03-01' "));
}

static void truth_values_are_seen_without_a_formula(void **state)
{
    const char *read = read_corpus(*state, "xlwt_errors.xls");
    assert_non_null(strstr(read, " !#N/A '"));
    assert_non_null(strstr(read, " ?TRUE\n"));
    assert_non_null(strstr(read, " ?FALSE\n"));
}

/* Of a file that was cut either everything is there, or it is refused. */
static void a_file_that_was_cut_is_refused(void **state)
{
    SheetWorld *world = *state;
    char *bytes = arena_alloc(world->arena, FILE_BYTES_MAX);
    FILE *file = fopen(CORPUS "/xlwt_nothing.xls", "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, FILE_BYTES_MAX, file), refused = 0, cuts = 0;
    fclose(file);
    const char *whole = read_corpus(world, "xlwt_nothing.xls");
    for (size_t cut = 8; cut < length; cut += 97, cuts++) {
        const char *read = sheets_read(world, sheets_file(world, "cut.xls", bytes, cut), NULL);
        bool refusal = text_starts(read, "ERR_INPUT: the old office file is damaged\n");
        if (!refusal)
            assert_string_equal(read, whole);
        refused += refusal;
    }
    assert_true(refused > cuts * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_that_freexl_sees_is_read_alike),
        cmocka_unit_test(formulas_truth_values_errors_and_hidden_rows_are_seen),
        cmocka_unit_test(truth_values_are_seen_without_a_formula),
        cmocka_unit_test(numbers_are_shown_by_their_format_and_dates_by_their_system),
        cmocka_unit_test(hidden_sheets_are_seen),
        cmocka_unit_test(the_table_of_texts_goes_on_in_other_records),
        cmocka_unit_test(a_file_that_was_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
