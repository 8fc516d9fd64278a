/* survey/import_report.h: what is counted while a file is read, and how it is told.
 * Shape:  counts by kind; notes and unknown headings with the first NOTE_CELLS cells where they
 *         stand; no values of cells.
 * Owns:   the json_t fields; import_report_done frees them.
 * Errors: none.
 * Source: DESIGN 4 "survey import"; column batch.report. */
#ifndef SURVEY_IMPORT_REPORT_H
#define SURVEY_IMPORT_REPORT_H

#include "people/answer.h"
#include "survey/check.h"
#include "survey/row_kind.h"

#include <jansson.h>

enum { NOTE_CELLS = 10, FORGOTTEN_LINES = 100 };

typedef struct ImportReport {
    int64_t rows, accepted, quarantined, resolved, hidden_rows;
    int64_t forgotten; /* of the quarantined: nothing of them is kept, nothing is to be mended */
    struct {
        unsigned sheet, line;
    } forgotten_lines[FORGOTTEN_LINES]; /* the first of them */
    int64_t skipped[ROW_KIND_COUNT];
    int64_t normalised[NORMALISED_COUNT];
    int64_t notes[PROBLEM_COUNT];
    json_t *note_cells[PROBLEM_COUNT]; /* arrays of "F12" or "Sheet1!F12", NULL = none */
    json_t *sheets;                    /* [{sheet, name, …}] */
    json_t *unknown_headings;          /* [{sheet, cell, heading}] */
    AnswerCounts people;
} ImportReport;

ImportReport import_report_new(void);
void import_report_done(ImportReport *report);

/* A sheet by its first rows (at least one): its table with the headings that nobody knows, or no
 * questionnaire (heading NULL). */
void import_report_sheet(ImportReport *report, Arena *arena, const Row *rows, size_t count,
                         const Heading *heading);
/* Counts an accepted row: its notes and what was normalised. */
void import_report_accept(ImportReport *report, Arena *arena, const Row *row,
                          const Checked *checked);
/* What the writer of the rows found out, to what their reader counted. */
void import_report_add_written(ImportReport *report, const ImportReport *written);
void import_report_note(ImportReport *report, Arena *arena, const Row *row, ProblemCode code,
                        const char *cell);

/* {skipped, normalised, notes, sheets, unknown_headings, hidden_rows, forgotten, forgotten_lines}:
 * owned by the caller. */
json_t *import_report_json(const ImportReport *report);

#endif
