/* survey/sheet_xlsx.h: the parts of a workbook, shared by sheet_xlsx*.c; parcels use its archive.
 * Shape:  Archive is the zip; a Part is one XML file of it, inflated and parsed piece by piece;
 *         Book is everything that rows need to be read. XML names are compared without their
 *         prefix, so that transitional, strict and oddly prefixed files are one.
 * Units:  bytes; a Part never holds more than a piece, whatever its size.
 * Owns:   names and tables live in the arena; archive_close, part_close and book_done release the
 *         rest.
 * Errors: ERR_INPUT and ERR_LIMIT name the part; a zip bomb, an encrypted entry, a name that leaves
 *         the archive, a DOCTYPE are refused.
 * Source: ECMA-376 part 2 (packages), part 1 18 (SpreadsheetML); checklist 14–17. */
#ifndef SURVEY_SHEET_XLSX_H
#define SURVEY_SHEET_XLSX_H

#include "base/buffer.h"
#include "survey/shared_strings.h"
#include "survey/sheet_reader.h"
#include "survey/sheet_xlsx_inflate.h"
#include "survey/sheet_xlsx_value.h"

#include <expat.h>
#include <zip.h>

enum {
    ARCHIVE_ENTRIES_MAX = 1000,
    INFLATE_RATIO_MAX = 200, /* beyond INFLATE_FREE_BYTES */
    INFLATE_FREE_BYTES = 1 << 20,
    PARSER_BYTES_MAX =
        64 << 20, /* what expat may hold: deep nesting, endless names and attributes end here */
};
#define INFLATE_BYTES_MAX ((uint64_t)4 << 30)

typedef struct Archive {
    zip_t *zip;
    uint64_t file_bytes;
    uint64_t inflated_bytes; /* of all parts read so far */
    size_t piece_bytes;      /* are inflated at once for the scanner */
    bool only_expat;         /* the scanner is asked nothing: so it is judged in tests */
} Archive;
enum { ARCHIVE_PIECE_BYTES = 64 * 1024 };

/* Opens the zip and checks every entry's name. */
ErrCode archive_open(const SheetFile *file, Archive *archive, Err *err) MUST_CHECK;
void archive_close(Archive *archive);
bool archive_has(const Archive *archive, const char *name);
/* "what: libzip's words" as ERR_INPUT. */
ErrCode archive_failure(const char *what, zip_error_t *failure, Err *err);

typedef struct Part {
    Archive *archive;
    const char *name; /* borrowed */
    zip_file_t *file;
    Inflater *inflater; /* instead of file, when there is no parser */
    XML_Parser parser;
    uint64_t packed_bytes, inflated_bytes;
    bool fed;       /* the last piece was given to expat */
    bool suspended; /* by part_pause */
    bool ended;
    bool odd;    /* part_read met something that part_again may explain */
    Err failure; /* of a handler, code OK = none */
    void *state; /* of the handlers */
} Part;

/* Called with the Part as user data. Names come with their prefix: use xml_local. `text` may be
 * NULL. */
typedef struct PartHandlers {
    XML_StartElementHandler start;
    XML_EndElementHandler end;
    XML_CharacterDataHandler text;
} PartHandlers;

/* Prepares an entry; ERR_INPUT when the archive hasn't got it. Without handlers there is no parser:
 * only part_read gives anything. */
ErrCode part_open(Archive *archive, const char *name, const PartHandlers *handlers, void *state,
                  Part *part, Err *err) MUST_CHECK;
/* Closes it and opens it again from its beginning; nothing of it is counted twice. */
ErrCode part_again(Part *part, const PartHandlers *handlers, Err *err) MUST_CHECK;
/* The next inflated bytes; *ret_length 0 is the end, proven by checksum, unless part->odd is set:
 * then read it again with a parser. */
ErrCode part_read(Part *part, void *bytes, size_t room, size_t *ret_length, Err *err) MUST_CHECK;
/* Parses on until a handler pauses or a piece is done; part->ended tells the end, proven by
 * checksum. */
ErrCode part_step(Part *part, Err *err) MUST_CHECK;
/* Opens, parses to the end and closes. */
ErrCode part_parse(Archive *archive, const char *name, const PartHandlers *handlers, void *state,
                   Err *err) MUST_CHECK;
void part_close(Part *part);

/* For handlers: stop for good (part->failure is filled by the caller), or until the next part_step.
 */
void part_stop(Part *part);
void part_pause(Part *part);

static inline const char *xml_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}
/* The value of an attribute by its local name, NULL = absent. */
const char *xml_attribute(const char **attributes, const char *local);
bool xml_true(const char *value); /* "1", "true", "on" */

typedef struct BookSheet {
    const char *name; /* as on its tab */
    const char *part; /* entry in the archive */
    unsigned number;  /* of the tab, from 1, charts counted */
    bool hidden;
} BookSheet;

typedef struct Book {
    Archive archive;
    BookSheet *sheets; /* worksheets only, in the order of their tabs */
    size_t sheet_count;
    bool date_1904;
    CellFormat *formats; /* by a cell's style number */
    size_t format_count;
    SharedStrings strings;
} Book;

/* Reads relationships, workbook, styles and shared strings. book_done also after a failure. */
ErrCode book_open(const SheetFile *file, Book *book, Err *err) MUST_CHECK;
void book_done(Book *book);

ErrCode styles_read(Archive *archive, const char *part, Arena *arena, Book *book,
                    Err *err) MUST_CHECK;
/* xl/sharedStrings.xml. */
ErrCode strings_read(Archive *archive, const char *part, SharedStrings *strings,
                     Err *err) MUST_CHECK;

typedef struct SheetRows SheetRows;
/* The rows of one worksheet. */
ErrCode sheet_rows_open(Book *book, const BookSheet *sheet, Arena *arena, SheetRows **ret_rows,
                        Err *err) MUST_CHECK;
ErrCode sheet_rows_next(SheetRows *rows, RowBuilder *builder, Row *ret_row, bool *ret_more,
                        Err *err) MUST_CHECK;
void sheet_rows_close(SheetRows *rows); /* takes NULL */

#endif
