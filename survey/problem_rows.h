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
    RawRow raw;
    const Problem *problems;
    size_t problem_count;
} ProblemRow;

/* batch 0 = of all batches. */
ErrCode problem_rows_load(Db *db, const Sealer *sealer, Arena *arena, int64_t batch,
                          ProblemRow **ret_rows, size_t *ret_count, Err *err) MUST_CHECK;

/* survey/problems_book.c, problems_csv.c: the rows as a questionnaire with the bad cells marked. */
ErrCode problems_write_book(Arena *arena, const ProblemRow *rows, size_t count, const char *file,
                            Err *err) MUST_CHECK;
ErrCode problems_write_csv(Arena *arena, const ProblemRow *rows, size_t count, const char *file,
                           Err *err) MUST_CHECK;

/* All sentences of a row, numbered by heading: "身份证号码：…；性别：…". Lives in arena. */
const char *problem_reasons(Arena *arena, const Form *form, const ProblemRow *row);
/* A raw cell as text that reads back as the same thing, guarded; "" = nothing. */
const char *problem_cell_text(Arena *arena, const ProblemRow *row, const RawCell *cell);
/* The form of every row, loaded once each; *ret_count forms in the order of first use. */
ErrCode problem_forms(Arena *arena, const ProblemRow *rows, size_t count,
                      const Form *const **ret_forms, size_t *ret_count, Err *err) MUST_CHECK;

#endif
