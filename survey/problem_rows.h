/* survey/problem_rows.h: the rows that wait in quarantine, read whole, with everything that is
 * wrong with each.
 * Shape:  rows in the order batch, sheet, line.
 * Owns:   everything lives in the arena given. Values come in the clear: show them through
 *         problem_value_shown.
 * Errors: ERR_SEAL, ERR_DB.
 * Source: sql/queries/survey/quarantine.sql. */
#ifndef SURVEY_PROBLEM_ROWS_H
#define SURVEY_PROBLEM_ROWS_H

#include "base/seal.h"
#include "sql/db.h"
#include "survey/quarantine_key.h"
#include "survey/raw_row.h"

typedef struct ProblemRow {
    QuarantineKey key;
    QuarantineKey shown; /* of what it first was: the number that it is handed out with */
    RawRow raw;
    const Problem *problems;
    size_t problem_count;
} ProblemRow;

/* batch 0 = of all batches. */
ErrCode problem_rows_load(Db *db, const Sealer *sealer, Arena *arena, int64_t batch,
                          ProblemRow **ret_rows, size_t *ret_count, Err *err) MUST_CHECK;

/* A raw cell as text that reads back as the same thing, guarded; "" = nothing. */
const char *problem_cell_text(Arena *arena, const ProblemRow *row, const RawCell *cell);

#endif
