/* tests/survey/test_staged_row.c: a row that is kept for review comes back as it was read. */
#include "survey/staged_row.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_BYTES = 1 << 20 };

static const Cell CELLS[] = {
    {CELL_TEXT, "张伟", 0, DATE_NONE, false},
    {CELL_EMPTY, "", 0, DATE_NONE, false},
    {CELL_NUMBER, "4.40524E+17", 4.40524198001010013e17, DATE_NONE, false},
    {CELL_NUMBER, "-0", -0.0, DATE_NONE, true},
    {CELL_NUMBER, "1E-320", 1e-320, DATE_NONE, false},
    {CELL_DATE, "2012-09-27", 41179, 41179 - 25569, false},
    {CELL_DATE, "1901-01-01", 367, -25202, false},
    {CELL_BOOL, "TRUE", 1, DATE_NONE, false},
    {CELL_ERROR, "#N/A", 0, DATE_NONE, true},
    {CELL_TEXT, "12:34:\n\"'|\t５：", 0, DATE_NONE, false},
    {CELL_EMPTY, "", 0, DATE_NONE, true}, /* a formula that was never computed */
};

static void assert_same_row(const Row *row, const Row *back)
{
    assert_int_equal(back->sheet, row->sheet);
    assert_string_equal(back->sheet_name, row->sheet_name);
    assert_int_equal(back->line, row->line);
    assert_int_equal(back->hidden, row->hidden);
    assert_int_equal(back->count, row->count);
    for (size_t i = 0; i < row->count; i++) {
        const Cell *cell = &row->cells[i], *other = &back->cells[i];
        assert_int_equal(other->kind, cell->kind);
        assert_string_equal(other->text, cell->text);
        assert_memory_equal(&other->number, &cell->number, sizeof cell->number);
        assert_int_equal(other->date, cell->date);
        assert_int_equal(other->formula, cell->formula);
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static RowBuilder builder;
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(TEXT_BYTES);
    enum { COUNT = sizeof CELLS / sizeof *CELLS };
    for (size_t count = 0; count <= COUNT; count++) {
        if (count > 0 && CELLS[count - 1].kind == CELL_EMPTY && !CELLS[count - 1].formula)
            continue; /* no reader ends a row so */
        Err err = {0};
        Row back, row = {.sheet = (unsigned)count + 1,
                         .sheet_name = count % 2 ? "第一页:3" : "",
                         .line = 4000000000u,
                         .hidden = count % 3 == 0,
                         .count = count,
                         .cells = CELLS};
        buffer_clear(&text);
        staged_row_write(&text, &row);
        row_begin(&builder, arena);
        assert_int_equal(staged_row_read(&builder, buffer_string(&text), &back, &err), OK);
        assert_same_row(&row, &back);
        assert_int_equal(strlen(buffer_string(&text)), text.length); /* no NUL */
    }
}

static void numbers_of_people_stand_in_it_as_they_are(void **state)
{
    (void)state;
    AUTO_BUFFER text = BUFFER(TEXT_BYTES);
    const Cell cells[] = {{CELL_TEXT, "440524198001010013", 0, DATE_NONE, false},
                          {CELL_NUMBER, "13800138000", 13800138000.0, DATE_NONE, false}};
    Row row = {.sheet = 1, .sheet_name = "", .line = 2, .count = 2, .cells = cells};
    staged_row_write(&text, &row);
    assert_non_null(strstr(buffer_string(&text), "440524198001010013"));
    assert_non_null(strstr(buffer_string(&text), "13800138000"));
}

/* Cut anywhere, or with a character too many, it is damaged. */
static void damage_is_noticed(void **state)
{
    (void)state;
    static RowBuilder builder;
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(TEXT_BYTES);
    Row back, row = {.sheet = 1, .sheet_name = "页", .line = 2, .count = 8, .cells = CELLS};
    staged_row_write(&text, &row);
    buffer_char(&text, 'x');
    for (size_t length = text.length; length > 0; length--) {
        const char *cut = arena_strndup(arena, text.bytes, length == 1 ? 0 : length);
        Err err = {0};
        if (length == text.length - 1)
            continue; /* whole */
        row_begin(&builder, arena);
        assert_int_equal(staged_row_read(&builder, cut, &back, &err), ERR_SEAL);
        assert_string_equal(err.text, "a row that waits for review is damaged");
    }
    static const char *const ODD[] = {"1:2:0:99999:0:",
                                      "70000:2:0:0:0:",
                                      "1:-2:0:0:0:",
                                      "1:2:0:0:-1:",
                                      "1:2:0:0:9:abc",
                                      "1:2:2:0:0:",
                                      "1:2:0:1:0:9:0:0000000000000000:0:0:"};
    for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++) {
        Err err = {0};
        row_begin(&builder, arena);
        assert_int_equal(staged_row_read(&builder, ODD[i], &back, &err), ERR_SEAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(numbers_of_people_stand_in_it_as_they_are),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
