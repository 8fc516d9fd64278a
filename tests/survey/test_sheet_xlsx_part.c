/* tests/survey/test_sheet_xlsx_part.c: XML that means harm is refused, in bounded memory. */
#include "survey/sheet_xlsx.h"

#include "support/sheets.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static const char *read_sheet(SheetWorld *world, const char *sheet)
{
    OddBook book = {.sheet = sheet};
    return sheets_read(world, sheets_book(world, &book), NULL);
}

static void document_types_and_entities_are_refused(void **state)
{
#define REFUSED                                                                                    \
    "'xl/worksheets/sheet1.xml' declares a document type (DOCTYPE), which no workbook may\n"
    static const char *const SHEETS[] = {
        "<!DOCTYPE x><worksheet/>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><worksheet>&b;</worksheet>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><worksheet>&a;</worksheet>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1/x.dtd'><worksheet/>",
    };
    for (size_t i = 0; i < sizeof SHEETS / sizeof *SHEETS; i++)
        assert_string_equal(read_sheet(*state, SHEETS[i]), "ERR_INPUT: sheet 'S': " REFUSED);
    OddBook book = {.workbook = "<!DOCTYPE workbook><workbook/>"};
    assert_string_equal(sheets_read(*state, sheets_book(*state, &book), NULL),
                        "ERR_INPUT: 'xl/workbook.xml' declares a document type (DOCTYPE), which no "
                        "workbook may\n");
}

/* `length` times one text, between a head and a tail. */
static const char *repeated(SheetWorld *world, const char *head, const char *one, size_t count,
                            const char *tail)
{
    AUTO_BUFFER text = BUFFER(1 << 30);
    buffer_text(&text, head);
    for (size_t i = 0; i < count; i++)
        buffer_text(&text, one);
    buffer_text(&text, tail);
    assert_false(text.overflow);
    return arena_strdup(world->arena, buffer_string(&text));
}

static void a_zip_bomb_is_refused_long_before_it_is_inflated(void **state)
{
    const char *spaces =
        repeated(*state, "<worksheet>", "                ", 4 << 20, "</worksheet>");
    assert_string_equal(read_sheet(*state, spaces),
                        "ERR_LIMIT: sheet 'S', after row 0: 'xl/worksheets/sheet1.xml' inflates to "
                        "more than 200 times its size: a zip bomb\n");
}

static void ordinary_repetition_is_no_bomb(void **state)
{
    const char *rows = repeated(*state, "<worksheet><sheetData>", "<row><c><v>1</v></c></row>",
                                30000, "</sheetData></worksheet>");
    assert_null(strstr(read_sheet(*state, rows), "ERR"));
}

/* An element that holds 1,500,000 others, no two of one name. */
static void endless_names(const char *root, Buffer *out)
{
    unsigned noise = 1;
    buffer_printf(out, "<%s>", root);
    for (int i = 0; i < 1500000; i++) {
        noise = noise * 1664525 + 1013904223;
        buffer_printf(out, "<n%x_%d/>", noise, i);
    }
    buffer_printf(out, "</%s>", root);
}

/* What would fill memory inside expat: names without end, one endless attribute. */
static void the_parser_holds_bounded_memory(void **state)
{
    SheetWorld *world = *state;
    AUTO_BUFFER names = BUFFER(256 << 20);
    endless_names("workbook", &names);
    OddBook book = {.workbook = buffer_string(&names)};
    assert_string_equal(sheets_read(world, sheets_book(world, &book), NULL),
                        "ERR_LIMIT: 'xl/workbook.xml' needs more than 64 MiB to be read: it is no "
                        "ordinary workbook\n");
    AUTO_BUFFER attribute = BUFFER(256 << 20);
    unsigned noise = 1;
    buffer_text(&attribute, "<worksheet a='");
    for (int i = 0; i < 5000000; i++) {
        noise = noise * 1664525 + 1013904223;
        buffer_printf(&attribute, "%x", noise);
    }
    assert_non_null(strstr(read_sheet(world, buffer_string(&attribute)), "needs more than 64 MiB"));
}

static void names_in_a_worksheet_take_no_memory(void **state)
{
    AUTO_BUFFER names = BUFFER(256 << 20);
    endless_names("worksheet", &names);
    assert_string_equal(read_sheet(*state, buffer_string(&names)), "");
}

static void encrypted_entries_are_refused(void **state)
{
    static const ZipEntry ENTRIES[] = {
        {.name = "_rels/.rels", .text = "<Relationships/>", .encrypted = true}, {0}};
    assert_string_equal(sheets_read(*state, sheets_zip(*state, "locked.xlsx", ENTRIES), NULL),
                        "ERR_INPUT: '_rels/.rels' is encrypted\n"
                        "hint: save the workbook without a password\n");
}

static void all_parts_together_have_a_ceiling(void **state)
{
    SheetWorld *world = *state;
    static const PartHandlers NONE = {NULL, NULL, NULL};
    OddBook book = {.rows = "<row/>"};
    SheetFile file = {.path = sheets_book(world, &book), .bytes = 4096, .arena = world->arena};
    Archive archive = {.zip = NULL};
    Err err;
    file.fd = open(file.path, O_RDONLY | O_CLOEXEC);
    assert_true(file.fd >= 0);
    assert_int_equal(archive_open(&file, &archive, &err), OK);
    assert_int_equal(part_parse(&archive, "xl/workbook.xml", &NONE, NULL, &err), OK);
    archive.inflated_bytes = INFLATE_BYTES_MAX - 10; /* as if earlier parts had been that large */
    assert_int_equal(part_parse(&archive, "xl/workbook.xml", &NONE, NULL, &err), ERR_LIMIT);
    assert_string_equal(err.text, "the workbook inflates to more than 4 GiB");
    archive_close(&archive);
    close(file.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_types_and_entities_are_refused),
        cmocka_unit_test(a_zip_bomb_is_refused_long_before_it_is_inflated),
        cmocka_unit_test(ordinary_repetition_is_no_bomb),
        cmocka_unit_test(the_parser_holds_bounded_memory),
        cmocka_unit_test(names_in_a_worksheet_take_no_memory),
        cmocka_unit_test(encrypted_entries_are_refused),
        cmocka_unit_test(all_parts_together_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
