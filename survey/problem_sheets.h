/* survey/problem_sheets.h: the rows that wait in quarantine, table by table as their senders laid
 * them out, ready to be written into a workbook or a .csv.
 * Shape:  one ProblemSheet for each sheet of each batch, in that order; behind its sender's columns
 *         stand two more: what is wrong, and the number that links a row back.
 * Units:  columns from 0.
 * Owns:   everything lives in the arena given.
 * Errors: ERR_NOT_FOUND when nothing waits; ERR_SEAL, ERR_DB; ERR_INPUT for a form that is gone.
 * Source: sql/queries/survey/layout.sql; DESIGN 4 "survey problems". */
#ifndef SURVEY_PROBLEM_SHEETS_H
#define SURVEY_PROBLEM_SHEETS_H

#include "survey/layout.h"
#include "survey/problem_rows.h"

typedef struct ProblemSheet {
    const Form *form;
    Layout layout;
    bool own;         /* the layout is the sender's, not the form's */
    const char *name; /* of the sender's sheet, or of its file */
    const ProblemRow *rows;
    size_t count;
    size_t width; /* columns of the sender; the reasons stand in this one, the number in the next */
} ProblemSheet;

typedef struct ProblemSource {
    Db *db;
    const Sealer *sealer;
    Arena *arena;
    int64_t batch; /* 0 = all */
} ProblemSource;

ErrCode problem_sheets_load(const ProblemSource *source, const ProblemRow *rows, size_t count,
                            ProblemSheet **ret_sheets, size_t *ret_count, Err *err) MUST_CHECK;

/* Where a problem stands: a column of the row itself, or a cell above the table. */
typedef struct ProblemPlace {
    unsigned line; /* 0 = the row itself */
    size_t column; /* the reasons' when it is about the row as a whole */
} ProblemPlace;
ProblemPlace problem_place(const ProblemSheet *sheet, const ProblemRow *row,
                           const Problem *problem);
/* The column in which a raw cell goes back; COLUMN_NONE = it has none. */
size_t problem_column(const ProblemSheet *sheet, const RawCell *cell);
/* All that must be mended in a row: "身份证号码: …; 性别: …". Lives in arena. */
const char *problem_reasons(Arena *arena, const ProblemSheet *sheet, const ProblemRow *row);
/* The first line, which says what to do and names the form. */
const char *problem_explanation(Arena *arena, const ProblemSheet *sheet, bool hidden_number);

/* survey/problems_book.c, problems_csv.c: into a file that is whole or not there. */
ErrCode problems_write_book(const ProblemSource *source, const ProblemSheet *sheets, size_t count,
                            const char *file, Err *err) MUST_CHECK;
ErrCode problems_write_csv(const ProblemSource *source, const ProblemSheet *sheets, size_t count,
                           const char *file, Err *err) MUST_CHECK;

#endif
