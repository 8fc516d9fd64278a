/* survey/staged_row.h: one row of a file that waits for review, as text that is sealed before it is
 * stored.
 * Shape:  numbers in decimal, each followed by ':'; texts as LENGTH:BYTES; a cell is its kind, a
 *         flag, the 16 hex digits of its number, its day, its text. No NUL in it, and every text
 *         stands as it is, so that a person who asked to be forgotten can be looked for in it.
 * Law:    read(write(row)) = row, for every row that a reader of sheets gives.
 * Owns:   what is read lives in the builder's arena.
 * Errors: ERR_SEAL when the text is no such row.
 * Source: sql/schema/0010_staged.sql, staged_row.content. */
#ifndef SURVEY_STAGED_ROW_H
#define SURVEY_STAGED_ROW_H

#include "base/buffer.h"
#include "survey/sheet_row.h"

/* Appends the row. */
void staged_row_write(Buffer *text, const Row *row);
ErrCode staged_row_read(RowBuilder *builder, const char *text, Row *ret_row, Err *err) MUST_CHECK;

#endif
