/* survey/sheet_row.h: the row that a reader is building, kept within the ceilings of a row.
 * Shape:  row_begin, then row_put in rising order of columns, then row_end; gaps become CELL_EMPTY
 *         and empty cells at the end are dropped, so that a row of nothing has 0 cells.
 * Units:  columns from 0; characters are code points.
 * Owns:   cells and their texts live in the arena given to row_begin; the builder itself is plain
 *         memory.
 * Errors: ERR_LIMIT for a cell, a row or a column beyond the ceiling, without the place: the
 *         reader adds it. */
#ifndef SURVEY_SHEET_ROW_H
#define SURVEY_SHEET_ROW_H

#include "survey/sheet.h"

enum {
    SHEET_COLUMNS_MAX = 1024,
    SHEET_CELL_CHARACTERS_MAX = 32767, /* what a cell of Excel holds */
    SHEET_CELL_BYTES_MAX = SHEET_CELL_CHARACTERS_MAX * 4,
    SHEET_ROW_BYTES_MAX = 8 << 20,
};

typedef struct RowBuilder {
    Arena *arena;
    size_t count;
    size_t text_bytes;
    Cell cells[SHEET_COLUMNS_MAX];
} RowBuilder;

extern const Cell SHEET_EMPTY_CELL;

void row_begin(RowBuilder *builder, Arena *arena);

/* Copies a text into the arena. UTF-8 without NUL. */
ErrCode row_text(RowBuilder *builder, const char *bytes, size_t length, const char **ret_text,
                 Err *err) MUST_CHECK;

/* Sets the cell of a column; column must be at or beyond the end of what was put. */
ErrCode row_put(RowBuilder *builder, size_t column, const Cell *cell, Err *err) MUST_CHECK;

/* row_text and row_put of a CELL_TEXT; no bytes make a CELL_EMPTY. */
ErrCode row_put_text(RowBuilder *builder, size_t column, const char *bytes, size_t length,
                     Err *err) MUST_CHECK;

/* Sets count and cells of *ret_row. */
void row_end(RowBuilder *builder, Row *ret_row);

#endif
