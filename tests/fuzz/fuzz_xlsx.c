/* An input that begins like a zip is the file. Any other is XML, at which a fuzzer gets without
 * having to forge checksums: parts divided by a form feed (the worksheet, the shared strings, the
 * styles, the workbook) of a workbook that is zipped here. Scanner and expat have to give the same
 * rows, and the same events of the XML of each part, however it comes in pieces. */
#include "fuzz/fuzz.h"

#include "support/two_readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

enum { PARTS = 4, WORKBOOK_BYTES_MAX = 1 << 20 };

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
static const char PACKAGE[] = "<Relationships><Relationship Id='a' Type='" OFFICE
                              "officeDocument' Target='xl/workbook.xml'/></Relationships>";
static const char RELATIONS[] = "<Relationships><Relationship Id='s' Type='" OFFICE
                                "worksheet' Target='s.xml'/><Relationship Id='t' Type='" OFFICE
                                "sharedStrings' Target='t.xml'/><Relationship Id='f' Type='" OFFICE
                                "styles' Target='f.xml'/></Relationships>";
static const char WORKBOOK[] = "<workbook><sheets><sheet name='S' id='s'/></sheets></workbook>";

static void add(zip_t *zip, const char *name, const void *bytes, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);
    zip_int64_t index = source ? zip_file_add(zip, name, source, 0) : -1;
    if (index < 0 || zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0)
        abort();
}

static size_t zipped(zip_source_t *archive, uint8_t *out)
{
    if (zip_source_open(archive) != 0)
        abort();
    zip_int64_t length = zip_source_read(archive, out, WORKBOOK_BYTES_MAX);
    zip_source_close(archive);
    return length > 0 ? (size_t)length : 0;
}

static size_t make_workbook(const uint8_t *bytes, size_t length, uint8_t *out)
{
    static const char *const NAMES[PARTS] = {"xl/s.xml", "xl/t.xml", "xl/f.xml", "xl/workbook.xml"};
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = archive ? zip_open_from_source(archive, ZIP_TRUNCATE, NULL) : NULL;
    if (!zip)
        abort();
    zip_source_keep(archive);
    add(zip, "_rels/.rels", PACKAGE, sizeof PACKAGE - 1);
    add(zip, "xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1);
    for (size_t part = 0; part < PARTS; part++) {
        const uint8_t *end = length ? memchr(bytes, '\f', length) : NULL;
        size_t size = end ? (size_t)(end - bytes) : length;
        if (part == PARTS - 1 && !size)
            add(zip, NAMES[part], WORKBOOK, sizeof WORKBOOK - 1);
        else
            add(zip, NAMES[part], bytes, size);
        bytes += end ? size + 1 : size;
        length -= end ? size + 1 : size;
    }
    if (zip_close(zip) != 0)
        abort();
    size_t made = zipped(archive, out);
    zip_source_free(archive);
    return made;
}

static void require_none(const char *difference)
{
    if (!difference)
        return;
    fprintf(stderr, "broken promise: %s\n", difference);
    abort();
}

static void compare_books(const void *bytes, size_t length, size_t piece)
{
    AUTO_ARENA arena = arena_new(0);
    int fd = memfd_create("book", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    require_none(books_differ(arena, arena_printf(arena, "/proc/self/fd/%d", fd), piece));
    close(fd);
}

static void compare_parts(const uint8_t *bytes, size_t length, size_t piece)
{
    AUTO_ARENA arena = arena_new(0);
    while (length) {
        const uint8_t *end = memchr(bytes, '\f', length);
        size_t size = end ? (size_t)(end - bytes) : length;
        require_none(scans_differ(arena, (const char *)bytes, size, piece, NULL));
        bytes += end ? size + 1 : size;
        length -= end ? size + 1 : size;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const size_t PIECES[] = {0, 1, 7, 61};
    static uint8_t workbook[WORKBOOK_BYTES_MAX];
    size_t piece = PIECES[length % 4];
    if (length > 1 && memcmp(bytes, "PK", 2) == 0) {
        fuzz_sheet(bytes, length, NULL);
        compare_books(bytes, length, 0); /* where a ceiling is met depends on the pieces */
    } else if (length < WORKBOOK_BYTES_MAX / 2) {
        size_t made = make_workbook(bytes, length, workbook);
        fuzz_sheet(workbook, made, NULL);
        compare_books(workbook, made, piece);
        compare_parts(bytes, length, piece);
    }
    return 0;
}
