/* survey/sheet_xls.h: the records of an old workbook (BIFF8), shared by sheet_xls*.c only.
 * Shape:  a workbook is one stream of records: first those of all sheets together (formats, texts,
 *         the list of sheets), then each sheet's own. XlsStream stands on one record at a time; a
 *         record that is too long goes on in CONTINUE records.
 * Units:  bytes; rows and columns from 0 as in the file.
 * Owns:   XlsBook's tables live in the arena; xls_book_done releases the texts.
 * Errors: ERR_INPUT for records that break their layout; ERR_LIMIT beyond XLS_CELLS_MAX.
 * Source: [MS-XLS] 2.4 (records), 2.5.293 (XLUnicodeRichExtendedString). Not libfreexl: 1.0.6 gives
 *         formulas, truth values and errors as empty cells and says nothing of hidden rows; it is
 *         the second opinion in tests/survey/test_sheet_xls.c. */
#ifndef SURVEY_SHEET_XLS_H
#define SURVEY_SHEET_XLS_H

#include "survey/sheet_ole.h"
#include "survey/sheet_xlsx.h"

enum {
    XLS_ROWS = 65536,
    XLS_COLUMNS = 256,
    XLS_SHEETS_MAX = 1000,
    XLS_CELLS_MAX = 4 << 20, /* of one sheet, 16 bytes each */
    XLS_WINDOW_BYTES = 64 * 1024,
};

typedef enum XlsType {
    XLS_FORMULA = 0x0006,
    XLS_EOF = 0x000A,
    XLS_DATE_1904 = 0x0022,
    XLS_FILEPASS = 0x002F,
    XLS_CONTINUE = 0x003C,
    XLS_BOUNDSHEET = 0x0085,
    XLS_MULRK = 0x00BD,
    XLS_RSTRING = 0x00D6,
    XLS_XF = 0x00E0,
    XLS_SST = 0x00FC,
    XLS_LABELSST = 0x00FD,
    XLS_NUMBER = 0x0203,
    XLS_LABEL = 0x0204,
    XLS_BOOLERR = 0x0205,
    XLS_STRING = 0x0207,
    XLS_ROW = 0x0208,
    XLS_RK = 0x027E,
    XLS_FORMAT = 0x041E,
    XLS_BOF = 0x0809,
} XlsType;

typedef struct XlsStream {
    OleStream ole;
    uint64_t next; /* where the next record begins */
    uint16_t type;
    size_t length, at; /* of the record's data, and what is read of them */
    uint8_t data[UINT16_MAX];
    uint8_t window[XLS_WINDOW_BYTES];
    uint64_t window_start;
    size_t window_length;
} XlsStream;

/* Goes to the next record; its absence is an error, because a sheet ends with XLS_EOF. */
ErrCode xls_record(XlsStream *stream, Err *err) MUST_CHECK;
/* OK when at least `length` bytes of the record are left. */
ErrCode xls_want(const XlsStream *stream, size_t length, Err *err) MUST_CHECK;
/* Appends a text of so many characters as UTF-8, without NUL, through CONTINUE records. It begins
 * with its flags; a NUL or half a surrogate pair becomes U+FFFD. */
ErrCode xls_text(XlsStream *stream, size_t characters, Buffer *text, Err *err) MUST_CHECK;
/* Goes on in a CONTINUE record when the present one is used up. */
ErrCode xls_more(XlsStream *stream, Err *err) MUST_CHECK;

typedef struct XlsSheet {
    const char *name;
    unsigned number; /* of the tab, from 1 */
    uint64_t place;  /* of its BOF */
    bool hidden;
} XlsSheet;

typedef struct XlsTexts {
    Buffer text;  /* texts one after another, each ended by NUL */
    Buffer index; /* uint32_t: where each begins in text */
} XlsTexts;
enum { XLS_TEXTS_BYTES_MAX = 256 << 20 }; /* of each of the two */

typedef struct XlsBook {
    Arena *arena;
    XlsStream *stream;
    XlsSheet *sheets; /* worksheets only */
    size_t sheet_count;
    bool date_1904;
    CellFormat *formats; /* by XF */
    size_t format_count;
    XlsTexts strings; /* of the workbook, then those of the sheet being read */
} XlsBook;

ErrCode xls_book_open(const SheetFile *file, XlsBook *book, Err *err) MUST_CHECK;
void xls_book_done(XlsBook *book);
/* A text by its number; NULL beyond the last. */
const char *xls_text_at(const XlsTexts *texts, size_t number, size_t *ret_length);
/* Adds a text to book->strings; *ret_number finds it again. */
ErrCode xls_book_text(XlsBook *book, size_t characters, uint32_t *ret_number, Err *err) MUST_CHECK;

typedef enum XlsKind {
    XLS_CELL_EMPTY, /* a formula without a value */
    XLS_CELL_NUMBER,
    XLS_CELL_TEXT,
    XLS_CELL_BOOL,
    XLS_CELL_ERROR,
} XlsKind;

typedef struct XlsCell {
    uint16_t row, column, xf;
    uint8_t kind;
    bool formula;
    union {
        double number;
        uint32_t text; /* in book->strings */
        uint8_t code;  /* truth value or error */
    } value;
} XlsCell;

typedef struct XlsCells {
    Buffer cells; /* XlsCell each, in rising order of row and column */
    size_t count;
    uint8_t hidden[XLS_ROWS / 8];
} XlsCells;

/* Reads one whole sheet. cells->cells must be initialised. */
ErrCode xls_cells_read(XlsBook *book, const XlsSheet *sheet, XlsCells *cells, Err *err) MUST_CHECK;

#endif
