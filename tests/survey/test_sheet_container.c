/* tests/survey/test_sheet_container.c: a file is what its bytes say, whatever its name says. */
#include "survey/sheet.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text) (text), sizeof(text) - 1
#define RESAVE "hint: open it and save it as .xlsx\n"
#define UNPACK "hint: unpack it and give the files in it\n"
#define ASK "hint: ask the sender for the questionnaire as .xlsx or .csv\n"
#define PAGE "ERR_INPUT: this is a web page saved as .xls or .csv\n" RESAVE

static void foreign_files_are_called_by_what_they_are(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *expected;
    } CASES[] = {
        {BYTES("\x1F\x8B\x08\0\0"), "ERR_INPUT: this is a gzip archive\n" UNPACK},
        {BYTES("Rar!\x1A\x07\x01\0"), "ERR_INPUT: this is a RAR archive\n" UNPACK},
        {BYTES("7z\xBC\xAF\x27\x1C"), "ERR_INPUT: this is a 7z archive\n" UNPACK},
        {BYTES("%PDF-1.4\n"), "ERR_INPUT: this is a PDF\n" ASK},
        {BYTES("{\\rtf1}"), "ERR_INPUT: this is a text document (.rtf)\n" ASK},
        {BYTES("\xFF\xD8\xFF\xE0"), "ERR_INPUT: this is a picture (.jpg)\n" ASK},
        {BYTES("<html><table>"), PAGE},
        {BYTES("\xEF\xBB\xBF\r\n <!DOCTYPE HTML>"), PAGE},
        {BYTES("<TABLE border=1>"), PAGE},
        {BYTES("<?xml version='1.0'?><Workbook>"),
         "ERR_INPUT: this is an XML file, perhaps an XML Spreadsheet 2003\n" RESAVE},
        {BYTES("\x09\x08\x10\x00\x00\x06"), "ERR_INPUT: this is an old .xls\n" RESAVE},
        {BYTES("PK\3\4 no more"),
         "ERR_INPUT: the archive is damaged: Not a zip archive\n"
         "hint: the file may have been cut off on its way: ask for it again\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *path = sheets_file(*state, "名单.xlsx", CASES[i].bytes, CASES[i].length);
        assert_string_equal(sheets_read(*state, path, NULL), CASES[i].expected);
    }
}

/* An OLE file with a stream name at the given offset, or without. */
static const char *read_ole(SheetWorld *world, size_t offset)
{
    AUTO_BUFFER bytes = BUFFER(4 << 20);
    buffer_add(&bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    while (bytes.length < offset)
        buffer_char(&bytes, '\0');
    if (offset)
        buffer_add(&bytes, BYTES("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0\0"));
    return sheets_read(world, sheets_file(world, "a.xlsx", bytes.bytes, bytes.length), NULL);
}

static void encrypted_workbooks_and_old_ones_are_told_apart(void **state)
{
    static const char ENCRYPTED[] =
        "ERR_INPUT: this is an encrypted .xlsx\n"
        "hint: open it with its password and save it as .xlsx without a password\n";
    assert_string_equal(read_ole(*state, 0),
                        "ERR_INPUT: the old office file is damaged\n"
                        "hint: the file may have been cut off on its way: ask for it again\n");
    assert_string_equal(read_ole(*state, 600), ENCRYPTED);
    for (size_t near = 256 * 1024 - 40; near < 256 * 1024 + 2; near++) /* across two reads */
        assert_string_equal(read_ole(*state, near), ENCRYPTED);
}

static void other_packages_are_called_by_what_they_are(void **state)
{
#define PACKAGE(target)                                                                            \
    {                                                                                              \
        .name = "_rels/.rels",                                                                     \
        .text = "<Relationships><Relationship Id='r' Type='x/officeDocument' Target='" target      \
                "'/></Relationships>"                                                              \
    }
    static const struct {
        ZipEntry entries[3];
        const char *expected;
    } CASES[] = {
        {{PACKAGE("word/document.xml")},
         "ERR_INPUT: this is a text document (.docx), not an .xlsx\n"},
        {{PACKAGE("ppt/presentation.xml")},
         "ERR_INPUT: this is a presentation (.pptx), not an .xlsx\n"},
        {{PACKAGE("xl/workbook.bin")},
         "ERR_INPUT: this is a binary workbook (.xlsb), not an .xlsx\n"},
        {{{.name = "content.xml", .text = "x"}, {.name = "META-INF/manifest.xml", .text = "x"}},
         "ERR_INPUT: this is an OpenDocument file, not an .xlsx\n"},
        {{{.name = "名单.csv", .text = "x"}}, "ERR_INPUT: this is a zip archive, not an .xlsx\n"},
    };
    SheetWorld *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *expected = arena_printf(world->arena, "%s" RESAVE, CASES[i].expected);
        const char *path = sheets_zip(world, "a.xlsx", CASES[i].entries);
        assert_string_equal(sheets_read(world, path, NULL), expected);
    }
}

static void text_is_json_only_when_it_begins_like_json(void **state)
{
    static const struct {
        const char *text, *container;
    } CASES[] = {
        {"[{\"a\":1}]", "json"},    {" \n[ {\"a\":1}]", "json"}, {"\xEF\xBB\xBF{ \"a\":1}", "json"},
        {"[姓名],[电话]\n", "csv"}, {"{姓名},电话\n", "csv"},    {"PK,a\n", "csv"},
        {"<姓名>,<电话>\n", "csv"}, {"姓名\n", "csv"},
    };
    SheetWorld *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        AUTO_SHEET sheet = NULL;
        Err err;
        const char *path = sheets_file(world, "a.xlsx", CASES[i].text, strlen(CASES[i].text));
        assert_int_equal(sheet_open(path, NULL, &sheet, &err), OK);
        assert_string_equal(sheet_info(sheet)->container, CASES[i].container);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_files_are_called_by_what_they_are),
        cmocka_unit_test(encrypted_workbooks_and_old_ones_are_told_apart),
        cmocka_unit_test(other_packages_are_called_by_what_they_are),
        cmocka_unit_test(text_is_json_only_when_it_begins_like_json),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
