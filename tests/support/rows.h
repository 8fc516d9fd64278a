/* tests/support/rows.h: a row of a questionnaire from text, and what the checks make of it, as text
 * to compare.
 * Shape:  cells: "#41179" a number, "@2012-09-27" a date cell, "~TRUE" a bool, "!#N/A" an error, ""
 *         empty, else text.
 * Owns:   everything lives in the arena given.
 * Errors: a form that cannot be loaded fails the test. */
#ifndef SUPPORT_ROWS_H
#define SUPPORT_ROWS_H

#include "survey/check.h"

#define ROWS_ID "440524198001010013" /* a man, born 1980-01-01 */
#define ROWS_PHONE "13800138000"

/* For cmocka's group setup and teardown. */
typedef struct RowsWorld {
    Arena *arena;
    const Form *enterprise, *school;
} RowsWorld;
int rows_setup(void **state);
int rows_teardown(void **state);

/* One more column beside a sound name, ID number and phone: D2. */
typedef struct CellCase {
    const char *heading, *cell;
    FactId fact;
    const char *expected; /* "-" = unknown */
    const char *problems, *notes;
} CellCase;
void rows_assert_cells(RowsWorld *world, const Form *form, const CellCase *cases, size_t count);
#define ASSERT_CELLS(world, form, cases)                                                           \
    rows_assert_cells((world), (form), (cases), sizeof(cases) / sizeof *(cases))

/* count cells of a row in line `line` of sheet 1. */
Row rows_make(Arena *arena, unsigned line, const char *const *cells, size_t count);
const Form *rows_form(Arena *arena, const char *id);

/* Checks one row, surveyed on 2012-09-20, today 2012-10-01. headings and cells end with NULL and
 * are of equal length. */
Checked rows_check(Arena *arena, const Form *form, const char *const *headings,
                   const char *const *cells);
/* "code@cell code@cell" of one severity, in order. */
const char *rows_problems(Arena *arena, const Checked *checked, Severity severity);
/* A fact as fact_show writes it in Chinese, the sealed ones in the clear; "-" = unknown. */
const char *rows_fact(Arena *arena, const Checked *checked, FactId fact);

#endif
