/* survey/raw_row.h: a quarantined row as it was read, whole, so that it can be written out, mended
 * and read again.
 * Shape:  JSON {form, cells: [{column, fact, kind, text, number}], date_1904, date_fixed} and, where
 *         a mended row waits on, {surveyed_on, credibility} of the batch that it was first in. Cells
 *         are as they came, under the heading of their sheet's layout; one without a fact stands
 *         under a heading that the form does not keep. Rows of bases before schema 10 have no
 *         columns: their cells speak as the form's own headings ask, and implied: {fact: word} is
 *         what the sheet's heading stated. It is sealed before it is stored.
 * Owns:   texts live in the arena given.
 * Errors: ERR_SEAL when what comes from the base is no such JSON.
 * Source: table quarantine, column raw. */
#ifndef SURVEY_RAW_ROW_H
#define SURVEY_RAW_ROW_H

#include "survey/check.h"

#include <jansson.h>

/* whom: of a follow-up row, the identity behind its key, so that who is forgotten is found here too;
 * NULL otherwise. It is never read back. */
const char *raw_row_write(Arena *arena, const CheckSetting *setting, const Row *row,
                          const char *whom);

typedef struct RawCell {
    size_t column; /* COLUMN_NONE = of a base before schema 10 */
    Target target; /* TARGET_NONE = of no column of the form */
    const char *text;
    CellKind kind;
    double number;
} RawCell;

/* One cell as JSON, and back. */
json_t *raw_cell_write(size_t column, const char *fact, const Cell *cell);
RawCell raw_cell_read(Arena *arena, const json_t *json);

typedef struct RawRow {
    const char *form; /* of its sheet */
    const RawCell *cells;
    size_t count;
    bool date_1904;
    bool date_fixed;
    Date surveyed_on; /* DATE_NONE and 0 = those of its batch */
    int credibility;
    FactId implied; /* FACT_NONE = nothing */
    const char *implied_word;
} RawRow;

ErrCode raw_row_read(Arena *arena, const char *json, RawRow *ret_row, Err *err) MUST_CHECK;

#endif
