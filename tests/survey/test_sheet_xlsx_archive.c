/* tests/survey/test_sheet_xlsx_archive.c: zips that mean harm or were harmed: each is refused. */
#include "survey/sheet_xlsx.h"

#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

static void names_that_leave_the_archive_are_refused(void **state)
{
    static const char *const NAMES[] = {"../evil", "xl/../../evil", "/etc/passwd",
                                        "C:/evil", "..\\evil",      "a/.."};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const ZipEntry entries[] = {{.name = NAMES[i], .text = "x"}, {0}};
        assert_string_equal(sheets_read(*state, sheets_zip(*state, "evil.xlsx", entries), NULL),
                            "ERR_INPUT: the archive holds a name that leads out of it\n");
    }
    static const ZipEntry DOTS[] = {{.name = "a..b/..c", .text = "x"}, {0}};
    assert_string_equal(sheets_read(*state, sheets_zip(*state, "dots.xlsx", DOTS), NULL),
                        "ERR_INPUT: this is a zip archive, not an .xlsx\n"
                        "hint: open it and save it as .xlsx\n");
}

static void more_entries_than_a_workbook_has_are_refused(void **state)
{
    SheetWorld *world = *state;
    static ZipEntry entries[ARCHIVE_ENTRIES_MAX + 2];
    for (int i = 0; i <= ARCHIVE_ENTRIES_MAX; i++)
        entries[i] = (ZipEntry){.name = arena_printf(world->arena, "e%d", i), .text = "x"};
    assert_string_equal(sheets_read(world, sheets_zip(world, "many.xlsx", entries), NULL),
                        "ERR_LIMIT: the archive has more than 1000 entries\n");
}

/* An end record that promises ten million entries in its zip64 form, before a record of four. */
static void promised_entries_are_counted_before_memory_is_taken(void **state)
{
    static const char END[] =
        "PK\3\4"
        "PK\6\6\x2C\0\0\0\0\0\0\0\x2D\0\x2D\0\0\0\0\0\0\0\0\0" /* the zip64 record, at byte 4 */
        "\x80\x96\x98\0\0\0\0\0\x80\x96\x98\0\0\0\0\0"         /* 10,000,000 entries */
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "PK\6\7\0\0\0\0\4\0\0\0\0\0\0\0\1\0\0\0" /* its locator */
        "PK\5\6\0\0\0\0\4\0\4\0\0\0\0\0\0\0\0\0\0";
    const char *path = sheets_file(*state, "promise.xlsx", END, sizeof END);
    assert_string_equal(sheets_read(*state, path, NULL),
                        "ERR_LIMIT: the archive has more than 1000 entries\n");
}

static char *slurp(SheetWorld *world, const char *path, size_t *ret_length)
{
    struct stat stat_of;
    assert_int_equal(stat(path, &stat_of), 0);
    *ret_length = (size_t)stat_of.st_size;
    char *bytes = arena_alloc(world->arena, *ret_length);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, *ret_length, file), *ret_length);
    fclose(file);
    return bytes;
}

static void a_name_that_stands_twice_is_refused(void **state)
{
    SheetWorld *world = *state;
    static const ZipEntry ENTRIES[] = {
        {.name = "xl/one.xml", .text = "a"}, {.name = "xl/two.xml", .text = "b"}, {0}};
    size_t length = 0;
    char *bytes = slurp(world, sheets_zip(world, "two.xlsx", ENTRIES), &length);
    for (char *at = bytes; (at = memmem(at, length - (size_t)(at - bytes), "two.xml", 7));)
        memcpy(at, "one.xml", 7);
    const char *path = sheets_file(world, "twice.xlsx", bytes, length);
    assert_string_equal(sheets_read(world, path, NULL),
                        "ERR_INPUT: the archive holds 'xl/one.xml' twice\n");
}

static void every_truncation_of_a_workbook_is_refused(void **state)
{
    SheetWorld *world = *state;
    OddBook book = {.rows = "<row><c><v>1</v></c></row>"};
    size_t length = 0;
    const char *bytes = slurp(world, sheets_book(world, &book), &length);
    for (size_t cut = 4; cut < length; cut++) { /* with less there is no zip to recognise */
        const char *path = sheets_file(world, "cut.xlsx", bytes, cut);
        if (!strstr(sheets_read(world, path, NULL), "ERR_"))
            fail_msg("a workbook cut after byte %zu of %zu was accepted", cut, length);
    }
}

/* A flipped bit changes nothing that is read, or is noticed: the checksums cover the content. */
static void every_flipped_bit_of_a_workbook_is_noticed_or_harmless(void **state)
{
    SheetWorld *world = *state;
    OddBook book = {.rows = "<row><c><v>13800138000</v></c></row>"};
    size_t length = 0;
    const char *path = sheets_book(world, &book);
    const char *bytes = slurp(world, path, &length);
    const char *sound = sheets_read(world, path, NULL);
    char *damaged = arena_alloc(world->arena, length);
    unsigned noticed = 0;
    for (size_t at = 4; at < length; at++) {
        memcpy(damaged, bytes, length);
        damaged[at] = (char)(damaged[at] ^ (1 << at % 8));
        const char *got = sheets_read(world, sheets_file(world, "bit.xlsx", damaged, length), NULL);
        bool error = strstr(got, "ERR_") != NULL;
        noticed += error;
        if (!error && strcmp(got, sound) != 0)
            fail_msg("bit %zu of byte %zu was flipped and read as: %s", at % 8, at, got);
    }
    assert_true(noticed > length / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_leave_the_archive_are_refused),
        cmocka_unit_test(more_entries_than_a_workbook_has_are_refused),
        cmocka_unit_test(promised_entries_are_counted_before_memory_is_taken),
        cmocka_unit_test(a_name_that_stands_twice_is_refused),
        cmocka_unit_test(every_truncation_of_a_workbook_is_refused),
        cmocka_unit_test(every_flipped_bit_of_a_workbook_is_noticed_or_harmless),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
