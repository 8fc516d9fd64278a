/* survey/raw_row.h: a quarantined row as it was read, whole, so that it can be written out, mended
 * and read again.
 * Shape:  JSON {form, cells: [{fact, heading, kind, text, number}], date_1904, date_fixed, implied:
 *         {fact: word}}; a cell without a fact stands under a heading that the form does not keep.
 *         It is sealed before it is stored.
 * Owns:   texts live in the arena given.
 * Errors: ERR_SEAL when what comes from the base is no such JSON.
 * Source: table quarantine, column raw. */
#ifndef SURVEY_RAW_ROW_H
#define SURVEY_RAW_ROW_H

#include "survey/check.h"

const char *raw_row_write(Arena *arena, const CheckSetting *setting, const Row *row,
                          const Checked *checked);

typedef struct RawCell {
    Target target; /* TARGET_NONE = of no column of the form */
    const char *text;
    CellKind kind;
    double number;
} RawCell;

typedef struct RawRow {
    const char *form; /* of its sheet */
    const RawCell *cells;
    size_t count;
    bool date_1904;
    bool date_fixed;
    FactId implied; /* FACT_NONE = nothing */
    const char *implied_word;
} RawRow;

ErrCode raw_row_read(Arena *arena, const char *json, RawRow *ret_row, Err *err) MUST_CHECK;

#endif
