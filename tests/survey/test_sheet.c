/* tests/survey/test_sheet.c: what may be opened at all, what is known of a file, and that trouble
 * is final. */
#include "survey/sheet.h"

#include "support/sheets.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void only_regular_files_with_content_are_opened(void **state)
{
    SheetWorld *world = *state;
    assert_string_equal(sheets_read(world, sheets_path(world, "absent"), NULL),
                        "ERR_NOT_FOUND: cannot open: No such file or directory\n");
    assert_string_equal(sheets_read(world, world->dir, NULL),
                        "ERR_INPUT: this is a folder, not a file\nhint: name the files in it\n");
    const char *fifo = sheets_path(world, "fifo.csv");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_string_equal(sheets_read(world, fifo, NULL),
                        "ERR_INPUT: this is a pipe or a device, not a file\n");
    assert_string_equal(sheets_read(world, "/dev/zero", NULL),
                        "ERR_INPUT: this is a pipe or a device, not a file\n");
    assert_string_equal(sheets_read(world, sheets_file(world, "empty.csv", "", 0), NULL),
                        "ERR_INPUT: the file is empty\n");
    const char *huge = sheets_file(world, "huge.csv", "a", 1);
    assert_int_equal(truncate(huge, ((off_t)512 << 20) + 1), 0);
    assert_string_equal(sheets_read(world, huge, NULL),
                        "ERR_LIMIT: the file is larger than 512 MiB\n"
                        "hint: split it into several files\n");
    assert_int_equal(unlink(huge), 0);
    if (geteuid() != 0) { /* root reads everything */
        const char *locked = sheets_file(world, "locked.csv", "a", 1);
        assert_int_equal(chmod(locked, 0), 0);
        assert_string_equal(sheets_read(world, locked, NULL),
                            "ERR_IO: cannot open: Permission denied\n");
    }
}

static void a_file_is_known_by_its_hash(void **state)
{
    SheetWorld *world = *state;
    AUTO_SHEET sheet = NULL;
    Err err;
    const char *path = sheets_file(world, "abc.csv", "abc", 3);
    assert_int_equal(sheet_open(path, NULL, &sheet, &err), OK);
    const SheetInfo *info = sheet_info(sheet);
    assert_string_equal(info->container, "csv");
    assert_string_equal(info->encoding, "UTF-8");
    assert_int_equal(info->bytes, 3);
    assert_string_equal(info->sha256,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Opens a file of three rows, reads one, lets `change` happen, and reads on to the end. */
static ErrCode read_while_changing(SheetWorld *world, void (*change)(const char *path), Err *err)
{
    AUTO_SHEET sheet = NULL;
    Row row;
    bool more = false;
    const char *path = sheets_file(world, "live.csv", "a\nb\nc\n", 6);
    const struct timespec past[2] = {{.tv_sec = 1348700000}, {.tv_sec = 1348700000}};
    assert_int_equal(utimensat(AT_FDCWD, path, past, 0), 0);
    assert_int_equal(sheet_open(path, NULL, &sheet, err), OK);
    assert_int_equal(sheet_next(sheet, world->arena, &row, &more, err), OK);
    change(path);
    ErrCode code = OK;
    while (more && code == OK)
        code = sheet_next(sheet, world->arena, &row, &more, err);
    if (code != OK) { /* trouble is final */
        Err again;
        assert_int_equal(sheet_next(sheet, world->arena, &row, &more, &again), code);
        assert_string_equal(again.text, err->text);
    }
    return code;
}

static void stay(const char *path)
{
    (void)path;
}

static void append(const char *path)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs("d\n", file);
    fclose(file);
}

static void rewrite(const char *path) /* as long as before */
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fputs("x\ny\nz\n", file);
    fclose(file);
}

static void shorten(const char *path)
{
    assert_int_equal(truncate(path, 1), 0);
}

static void a_file_that_changes_while_it_is_read_is_refused(void **state)
{
    static void (*const CHANGES[])(const char *) = {append, rewrite, shorten};
    Err err;
    assert_int_equal(read_while_changing(*state, stay, &err), OK);
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        assert_int_equal(read_while_changing(*state, CHANGES[i], &err), ERR_INPUT);
        assert_non_null(
            strstr(err.text, "live.csv': the file was changed while it was being read"));
        assert_string_equal(err.hint, "wait until it is saved and closed, then try again");
    }
}

static void the_end_stays_the_end(void **state)
{
    SheetWorld *world = *state;
    AUTO_SHEET sheet = NULL;
    Err err;
    Row row;
    const char *path = sheets_file(world, "one.csv", "a", 1);
    assert_int_equal(sheet_open(path, NULL, &sheet, &err), OK);
    for (int i = 0; i < 4; i++) {
        bool more = i > 0;
        assert_int_equal(sheet_next(sheet, world->arena, &row, &more, &err), OK);
        assert_int_equal(more, i == 0);
    }
}

static void rows_have_a_ceiling(void **state)
{
    SheetWorld *world = *state;
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA arena = arena_new(0);
    Err err;
    enum { ROWS = 2000001 };
    char *text = arena_alloc(arena, ROWS);
    memset(text, '\n', ROWS);
    const char *path = sheets_file(world, "rows.csv", text, ROWS);
    assert_int_equal(sheet_open(path, NULL, &sheet, &err), OK);
    Row row;
    bool more = true;
    unsigned rows = 0;
    while (more && sheet_next(sheet, arena, &row, &more, &err) == OK) {
        rows += more;
        arena_reset(arena);
    }
    assert_int_equal(rows, 2000000);
    assert_true(more);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_non_null(strstr(err.text, "the file has more than 2000000 rows"));
}

static void cells_are_named_as_spreadsheets_do(void **state)
{
    SheetWorld *world = *state;
    static const struct {
        size_t column;
        const char *name;
    } CASES[] = {{0, "A7"},   {5, "F7"},    {25, "Z7"},    {26, "AA7"},    {51, "AZ7"},
                 {52, "BA7"}, {701, "ZZ7"}, {702, "AAA7"}, {1023, "AMJ7"}, {16383, "XFD7"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(cell_name(world->arena, CASES[i].column, 7), CASES[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_regular_files_with_content_are_opened),
        cmocka_unit_test(a_file_is_known_by_its_hash),
        cmocka_unit_test(a_file_that_changes_while_it_is_read_is_refused),
        cmocka_unit_test(the_end_stays_the_end),
        cmocka_unit_test(rows_have_a_ceiling),
        cmocka_unit_test(cells_are_named_as_spreadsheets_do),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
