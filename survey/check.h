/* survey/check.h: one row of a questionnaire → facts of a person, or everything that is wrong with
 * it.
 * Shape:  Checked holds the facts that are certain, all problems at once, and what was normalised.
 *         A row is quarantined when one of its problems is of severity QUARANTINE.
 * Owns:   results live in the arena given; texts may be borrowed from the row.
 * Errors: none: whatever a cell holds becomes a value or a problem.
 * Source: DOMAIN B, checklist 2, 3, 9–13, 17–20; survey/problems.def. */
#ifndef SURVEY_CHECK_H
#define SURVEY_CHECK_H

#include "survey/heading.h"
#include "survey/problem.h"
#include "survey/recall.h"

typedef struct CheckSetting {
    const Heading *heading;
    Date surveyed_on; /* where the row does not say */
    Date today;       /* a row filled in later than this was not */
    bool date_fixed;  /* surveyed_on holds for every row, whatever it says */
    bool date_1904;
    int credibility; /* of a mended row: that of its batch; 0 = the form's */
    bool own_export; /* a quarantine workbook: one neutralising apostrophe is taken off */
    Recall *recall;  /* of rows under this heading; NULL = read every cell anew */
} CheckSetting;

typedef struct Checked {
    Facts facts;
    Date surveyed_on;
    const Problem *problems;
    size_t problem_count;
    bool quarantined;
    bool forgotten;                        /* a follow-up row of somebody who asked to be */
    unsigned normalised[NORMALISED_COUNT]; /* cells by kind */
    const char *raw;      /* JSON {fact: raw cell} of the normalised cells; NULL = none */
    FactId implied;       /* stated by a heading of the sheet, FACT_NONE = none … */
    int64_t implied_code; /* … */
} Checked;

void check_row(const CheckSetting *setting, Arena *arena, const Row *row, Checked *ret_checked);

/* The cell that a target has in this row: its own column, else what stands above the table; NULL =
 * neither. *ret_column and *ret_line say where. */
const Cell *check_cell(const Heading *heading, const Row *row, Target target, size_t *ret_column,
                       unsigned *ret_line);

/* True when a cell holds nothing but space or a sign for "nothing here". */
bool check_blank(const Form *form, Arena *arena, const char *text);

#endif
