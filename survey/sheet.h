/* survey/sheet.h: rows of cells from any file that an office hands in.
 * Shape:  a Sheet is an open file; sheet_next gives its rows one after another, sheet by sheet, blank rows included as
 *         rows of 0 cells only when the file holds them. The container is decided by content, never by name.
 * Units:  sheet, line from 1; column from 0 (its name "A" is made by cell_name).
 * Owns:   sheet_open returns owned; a Row and its cells live in the arena given to sheet_next.
 * Errors: ERR_INPUT with file, sheet, cell or line or byte offset, and what to do; ERR_LIMIT; ERR_IO.
 *         Errors before the last row mean that nothing of the file may be used.
 * Source: ECMA-376 (xlsx), RFC 4180 (csv), KoboToolbox/ODK JSON exports; DOMAIN B, checklist 1–8, 14–17. */
#ifndef SURVEY_SHEET_H
#define SURVEY_SHEET_H

#include "base/arena.h"
#include "base/date.h"

#include <stdint.h>

typedef enum CellKind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOL, CELL_ERROR } CellKind;

typedef struct Cell {
    CellKind kind;
    const char *text; /* as a person sees it, UTF-8: "440524198001010013", "4.40524E+17", "2012-09-27"; never NULL */
    double number;    /* CELL_NUMBER, and the serial of a CELL_DATE */
    Date date;        /* CELL_DATE: a number under a date format, by the file's 1900 or 1904 system */
    bool formula;     /* the value is a formula's cached one */
} Cell;

typedef struct Row {
    unsigned sheet;
    const char *sheet_name; /* "" when the container has none */
    unsigned line;          /* xlsx: row number; csv: line on which the record begins; json: item number */
    bool hidden;            /* hidden row, or row of a hidden sheet */
    size_t count;
    const Cell *cells;      /* count cells, gaps filled with CELL_EMPTY */
} Row;

typedef struct SheetInfo {
    const char *container; /* "xlsx", "csv", "json" */
    const char *encoding;  /* "UTF-8", "UTF-8 BOM", "GB18030", "UTF-16LE", "UTF-16BE"; "UTF-8" for xlsx and json */
    char sha256[65];       /* of the whole file */
    uint64_t bytes;
    bool date_1904;
} SheetInfo;

typedef struct Sheet Sheet;

/* Opens and identifies a file. encoding NULL = decide. A json file's first row (line 0) holds the keys. */
ErrCode sheet_open(const char *path, const char *encoding, Sheet **ret_sheet, Err *err) MUST_CHECK;
const SheetInfo *sheet_info(const Sheet *sheet);
/* The next row; *ret_more false at the end, when everything has been read and the file proved sound. */
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
