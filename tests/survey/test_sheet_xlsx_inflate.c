/* tests/survey/test_sheet_xlsx_inflate.c: isa-l gives the bytes that libzip gives, and is never
 * believed where libzip would complain. */
#include "survey/sheet_xlsx_inflate.h"

#include "base/buffer.h"
#include "support/sheets.h"
#include "support/two_readers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint64_t next_chance(uint64_t *chance)
{
    *chance = *chance * 6364136223846793005 + 1442695040888963407;
    return *chance >> 33;
}

/* A workbook of many rows that do not compress well. */
static const char *noisy_book(SheetWorld *world, int rows)
{
    AUTO_BUFFER text = BUFFER(64 << 20);
    uint64_t chance = 1;
    for (int i = 0; i < rows; i++)
        buffer_printf(&text, "<row><c><v>%llu</v></c><c t=\"s\"><v>0</v></c></row>",
                      (unsigned long long)next_chance(&chance));
    OddBook book = {.rows = buffer_string(&text), .strings = "<si><t>张</t></si>"};
    return sheets_book(world, &book);
}

static zip_t *opened(const char *path)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    assert_non_null(zip);
    return zip;
}

static void the_bytes_are_those_of_libzip(void **state)
{
    SheetWorld *world = *state;
    static const size_t ROOMS[] = {1, 7, 4096, 65536, 1 << 20};
    zip_t *zip = opened(noisy_book(world, 40000));
    static char expected[1 << 20], bytes[1 << 20];
    for (zip_int64_t index = 0; index < zip_get_num_entries(zip, 0); index++)
        for (size_t r = 0; r < sizeof ROOMS / sizeof *ROOMS; r++) {
            Inflater *inflater = inflater_open(zip, (zip_uint64_t)index);
            zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
            assert_non_null(inflater);
            assert_non_null(file);
            size_t length = 1;
            while (length) {
                bool odd = false;
                length = inflater_read(inflater, bytes, ROOMS[r], &odd);
                assert_false(odd);
                zip_uint64_t wanted = length ? length : 1; /* at the end libzip has none, either */
                assert_int_equal(zip_fread(file, expected, wanted), length);
                assert_memory_equal(bytes, expected, length);
            }
            inflater_close(inflater);
            zip_fclose(file);
        }
    zip_discard(zip);
}

static void damaged_archives_are_told_as_libzip_tells_them(void **state)
{
    enum { TRIED = 400 };
    SheetWorld *world = *state;
    const char *whole = noisy_book(world, 300);
    static char bytes[1 << 20];
    FILE *file = fopen(whole, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(length > 1000 && length < sizeof bytes);
    uint64_t chance = 7;
    for (int i = 0; i < TRIED; i++) {
        AUTO_ARENA arena = arena_new(0);
        size_t at = next_chance(&chance) % length;
        char kept = bytes[at];
        bytes[at] = (char)(kept ^ (1 << next_chance(&chance) % 8));
        const char *path = sheets_file(world, "bent.xlsx", bytes, length);
        const char *difference = books_differ(arena, path, 0);
        if (difference)
            fail_msg("byte %zu: %s", at, difference);
        bytes[at] = kept;
    }
}

/* The packed bytes are sound, but not what the directory promises. */
static void a_wrong_checksum_is_found(void **state)
{
    SheetWorld *world = *state;
    const char *whole = noisy_book(world, 300);
    static char bytes[1 << 20];
    FILE *file = fopen(whole, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    char *entry = memmem(bytes, length, "PK\1\2", 4);
    for (int i = 0; i < 3; i++) /* the worksheet is the fourth entry */
        entry = memmem(entry + 4, (size_t)(bytes + length - entry - 4), "PK\1\2", 4);
    assert_memory_equal(entry + 46, "xl/worksheets/", 14);
    entry[16] = (char)(entry[16] ^ 1);
    const char *path = sheets_file(world, "promise.xlsx", bytes, length);
    const char *read = sheets_read(world, path, NULL);
    const char *error = strstr(read, "ERR");
    assert_non_null(error);
    assert_string_equal(error,
                        "ERR_INPUT: sheet 'S', after row 300: xl/worksheets/sheet1.xml: CRC error\n"
                        "hint: the file may have been cut off on its way: ask for it again\n");
}

static void only_ordinary_entries_are_taken(void **state)
{
    SheetWorld *world = *state;
    static const ZipEntry ENTRIES[] = {
        {.name = "locked", .text = "text text text text text", .encrypted = true}, {0}};
    zip_t *zip = opened(sheets_zip(world, "locked.zip", ENTRIES));
    assert_null(inflater_open(zip, 0));
    assert_null(inflater_open(zip, 1));
    zip_discard(zip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_libzip),
        cmocka_unit_test(damaged_archives_are_told_as_libzip_tells_them),
        cmocka_unit_test(a_wrong_checksum_is_found),
        cmocka_unit_test(only_ordinary_entries_are_taken),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
