#include "support/sheets.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "survey/sheet.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

enum { FASTEST = 1 }; /* of zlib's levels: some entries are large */

int sheets_setup(void **state)
{
    lang_set("en");
    Arena *arena = arena_new(0);
    SheetWorld *world = arena_alloc(arena, sizeof *world);
    const char *parent = getenv("TMPDIR");
    world->arena = arena;
    snprintf(world->dir, sizeof world->dir, "%s/talent-sheets-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(world->dir))
        return -1;
    *state = world;
    return 0;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat, (void)type, (void)walk;
    return remove(path);
}

int sheets_teardown(void **state)
{
    SheetWorld *world = *state;
    int removed = nftw(world->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(world->arena);
    return removed;
}

const char *sheets_path(SheetWorld *world, const char *name)
{
    return arena_printf(world->arena, "%s/%s", world->dir, name);
}

const char *sheets_file(SheetWorld *world, const char *name, const void *bytes, size_t length)
{
    const char *path = sheets_path(world, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *sheets_zip(SheetWorld *world, const char *name, const ZipEntry *entries)
{
    const char *path = sheets_path(world, name);
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(zip);
    for (const ZipEntry *entry = entries; entry->name; entry++) {
        size_t length = entry->length ? entry->length : strlen(entry->text);
        zip_source_t *source = zip_source_buffer(zip, entry->text, length, 0);
        assert_non_null(source);
        zip_int64_t index = zip_file_add(zip, entry->name, source, ZIP_FL_ENC_UTF_8);
        assert_true(index >= 0);
        assert_int_equal(
            zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, FASTEST), 0);
        if (entry->encrypted)
            assert_int_equal(
                zip_file_set_encryption(zip, (zip_uint64_t)index, ZIP_EM_AES_256, "secret"), 0);
    }
    assert_int_equal(zip_close(zip), 0);
    return path;
}

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"

const char *sheets_book(SheetWorld *world, const OddBook *book)
{
    Arena *arena = world->arena;
    const char *rows = book->rows ? book->rows : "";
    ZipEntry entries[] = {
        {.name = "_rels/.rels",
         .text = "<Relationships xmlns='" PACKAGE "'><Relationship Id='rId1' Type='" OFFICE
                 "/officeDocument' Target='xl/workbook.xml'/></Relationships>"},
        {.name = "xl/_rels/workbook.xml.rels",
         .text =
             "<Relationships xmlns='" PACKAGE "'>"
             "<Relationship Id='rId1' Type='" OFFICE "/worksheet' Target='worksheets/sheet1.xml'/>"
             "<Relationship Id='rId2' Type='" OFFICE
             "/sharedStrings' Target='/xl/sharedStrings.xml'/>"
             "<Relationship Id='rId3' Type='" OFFICE "/styles' Target='../xl/./styles.xml'/>"
             "</Relationships>"},
        {.name = "xl/workbook.xml", .text = book->workbook},
        {.name = "xl/worksheets/sheet1.xml", .text = book->sheet},
        {.name = "xl/sharedStrings.xml",
         .text = arena_printf(arena, "<sst xmlns='" MAIN "'>%s</sst>",
                              book->strings ? book->strings : "")},
        {.name = "xl/styles.xml",
         .text = arena_printf(arena, "<styleSheet xmlns='" MAIN "'>%s</styleSheet>",
                              book->styles ? book->styles : "")},
        {0},
    };
    if (!entries[2].text)
        entries[2].text = "<workbook xmlns='" MAIN "' xmlns:r='" OFFICE
                          "'><sheets><sheet name='S' sheetId='1' r:id='rId1'/></sheets></workbook>";
    if (!entries[3].text)
        entries[3].text = arena_printf(
            arena, "<worksheet xmlns='" MAIN "'><sheetData>%s</sheetData></worksheet>", rows);
    return sheets_zip(world, "odd.xlsx", entries);
}

static void cell_show(Buffer *text, const Cell *cell)
{
    static const char *const MARKS[] = {[CELL_EMPTY] = "-", [CELL_TEXT] = "'", [CELL_NUMBER] = "",
                                        [CELL_DATE] = "@",  [CELL_BOOL] = "?", [CELL_ERROR] = "!"};
    char date[11];
    assert_non_null(cell->text);
    if (cell->kind == CELL_DATE)
        assert_memory_equal(cell->text, date_format(cell->date, date), 10);
    else
        assert_int_equal(cell->date, DATE_NONE);
    buffer_printf(text, " %s%s%s%s", cell->formula ? "=" : "", MARKS[cell->kind], cell->text,
                  cell->kind == CELL_TEXT ? "'" : "");
}

static void row_show(Buffer *text, const Row *row)
{
    if (*row->sheet_name)
        buffer_printf(text, "%s!", row->sheet_name);
    else
        assert_int_equal(row->sheet, 1);
    buffer_printf(text, "%u%s:", row->line, row->hidden ? "h" : "");
    for (size_t i = 0; i < row->count; i++)
        cell_show(text, &row->cells[i]);
    buffer_char(text, '\n');
}

static void error_show(Buffer *text, const char *path, const Err *err)
{
    const char *prefix = "'";
    size_t skip = strlen(prefix) + strlen(path) + strlen("': ");
    assert_true(strlen(err->text) > skip);
    assert_memory_equal(err->text + 1, path, strlen(path));
    buffer_printf(text, "%s: %s\n", err_name(err->code), err->text + skip);
    if (*err->hint)
        buffer_printf(text, "hint: %s\n", err->hint);
}

const char *sheets_read(SheetWorld *world, const char *path, const char *encoding)
{
    AUTO_BUFFER text = BUFFER(64 << 20);
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA arena = arena_new(0);
    Err err;
    ErrCode code = sheet_open(path, encoding, &sheet, &err);
    bool more = code == OK;
    while (more) {
        Row row;
        code = sheet_next(sheet, arena, &row, &more, &err);
        more = more && code == OK;
        if (more)
            row_show(&text, &row);
        arena_reset(arena);
    }
    if (code != OK)
        error_show(&text, path, &err);
    assert_false(text.overflow);
    return arena_strdup(world->arena, buffer_string(&text));
}
