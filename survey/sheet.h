/* survey/sheet.h: rows of cells from any file that an office hands in.
 * Shape:  a Sheet is an open file; sheet_next gives its rows one after another, sheet by sheet.
 *         The container is decided by content, never by name. A row ends at its last cell that is
 *         not empty; a row that the file holds and that has none is a row of 0 cells.
 * Units:  sheet (its tab), line from 1; column from 0 (its name "A" is made by cell_name).
 * Owns:   sheet_open returns owned; a Row and its cells live in the arena given to sheet_next, at
 *         most 8 MiB of text a row.
 * Errors: ERR_INPUT with file, sheet, cell or line or byte offset, and what to do; ERR_LIMIT;
 *         ERR_IO; ERR_NOT_FOUND; ERR_USAGE for an unknown encoding. Errors before the last row
 *         mean that nothing of the file may be used; after one, every sheet_next repeats it.
 * Source: ECMA-376 (xlsx), RFC 4180 (csv), KoboToolbox and ODK JSON exports; DOMAIN B, checklist
 *         1–8, 14–17. */
#ifndef SURVEY_SHEET_H
#define SURVEY_SHEET_H

#include "base/arena.h"
#include "base/date.h"

#include <stdint.h>

typedef enum CellKind {
    CELL_EMPTY,
    CELL_TEXT,
    CELL_NUMBER,
    CELL_DATE,
    CELL_BOOL,
    CELL_ERROR
} CellKind;

typedef struct Cell {
    CellKind kind;
    const char *text; /* as a person sees it: "4.40524E+17", "2012-09-27"; UTF-8, never NULL */
    double number;    /* CELL_NUMBER, and the serial of a CELL_DATE */
    Date date;        /* CELL_DATE: by the file's 1900 or 1904 system; DATE_NONE for other kinds */
    bool formula;     /* the value is a formula's cached one; CELL_EMPTY: it was never computed */
} Cell;

typedef struct Row {
    unsigned sheet;
    const char *sheet_name; /* "" when the container has none */
    unsigned line; /* xlsx: row number; csv: line on which the record begins; json: item number */
    bool hidden;   /* hidden row, or row of a hidden sheet */
    size_t count;
    const Cell *cells; /* count cells, gaps filled with CELL_EMPTY */
} Row;

typedef struct SheetInfo {
    const char *container; /* "xlsx", "xls", "csv", "json" */
    const char
        *encoding;   /* as encoding_name calls it; "UTF-8" for xlsx and json, "UTF-16LE" for xls */
    char sha256[65]; /* of the whole file */
    uint64_t bytes;
    bool date_1904;
} SheetInfo;

typedef struct Sheet Sheet;

/* Opens and identifies a file. encoding is for csv, NULL = decide. A json file's first row (line 0)
 * holds the keys. */
ErrCode sheet_open(const char *path, const char *encoding, Sheet **ret_sheet, Err *err) MUST_CHECK;
/* The same for a file that messages call by another name. */
ErrCode sheet_open_as(const char *name, const char *path, const char *encoding, Sheet **ret_sheet,
                      Err *err) MUST_CHECK;
const SheetInfo *sheet_info(const Sheet *sheet);
/* The next row; *ret_more false at the end, when everything has been read and the file proved
 * sound. */
ErrCode sheet_next(Sheet *sheet, Arena *arena, Row *ret_row, bool *ret_more, Err *err) MUST_CHECK;
void sheet_close(Sheet *sheet); /* takes NULL */

/* "F12" for column 5, line 12; lives in arena. */
const char *cell_name(Arena *arena, size_t column, unsigned line);

static inline void sheet_auto_close(Sheet **sheet)
{
    sheet_close(*sheet);
}
#define AUTO_SHEET __attribute__((cleanup(sheet_auto_close))) Sheet *

#endif
