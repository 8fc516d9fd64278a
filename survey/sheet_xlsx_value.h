/* survey/sheet_xlsx_value.h: a number of a workbook under its format, as a person sees it.
 * Shape:  CellFormat is what matters of a format; value_of_number is pure.
 * Units:  serials are days, by the 1900 system (1 = 1900-01-01, 60 = the 1900-02-29 that never was)
 *         or the 1904 system (0 = 1904-01-01).
 * Owns:   texts live in the given arena, or are static.
 * Errors: none: a serial that is no day (negative, beyond 9999-12-31) stays a number, and the two
 *         days that only Excel knows, 1900-01-00 and 1900-02-29, become CELL_TEXT, which no date
 *         check will accept.
 * Source: ECMA-376 part 1, 18.8.30 (built-in formats, zh-cn), 18.17.4 (serials), 22.9.2.19
 *         (ST_Xstring). */
#ifndef SURVEY_SHEET_XLSX_VALUE_H
#define SURVEY_SHEET_XLSX_VALUE_H

#include "survey/sheet.h"

typedef enum FormatKind {
    FORMAT_GENERAL, /* and everything that isn't below */
    FORMAT_DIGITS,  /* "0", "000000", "@": a whole number shows its digits */
    FORMAT_DATE,    /* shows a day, perhaps with a time */
    FORMAT_TIME,    /* shows a time of day only */
} FormatKind;

typedef struct CellFormat {
    FormatKind kind;
    unsigned digits; /* FORMAT_DIGITS: at least so many, zeros in front */
} CellFormat;

CellFormat format_builtin(unsigned id);
CellFormat format_parse(const char *code);

Cell value_of_number(Arena *arena, double number, CellFormat format, bool date_1904);

/* "2012-09-27", with or without "T…", as cells of type "d" hold it; other text stays CELL_TEXT. */
Cell value_of_iso_date(Arena *arena, const char *text, bool date_1904);

/* Undoes "_x000D_" in place; returns the new length. A NUL becomes U+FFFD, a lone surrogate too. */
size_t value_unescape(char *text, size_t length);

#endif
