/* survey/heading.h: where a sheet's table begins, and which column is which fact.
 * Shape:  the heading row is the one of the first HEADING_ROWS rows that holds the most headings of
 *         the form; when the row below adds to it, both are read together, the lower over the upper
 *         (merged group headings).
 * Units:  lines from 1 as in the file; columns from 0; COLUMN_NONE = the sheet has no such column.
 * Owns:   a Heading lives in the arena; it borrows the form and copies the texts of the rows.
 * Errors: ERR_INPUT for headings that stand twice or are missing, with the cells and the nearest
 *         ones.
 * Source: DESIGN 5 "Forms"; DOMAIN checklist 5, 6. */
#ifndef SURVEY_HEADING_H
#define SURVEY_HEADING_H

#include "survey/form.h"
#include "survey/sheet.h"

enum { HEADING_ROWS = 30, HEADING_LEAST = 3 };
#define COLUMN_NONE SIZE_MAX

/* What stands once above the table for all its rows: "填报单位：…". */
typedef struct TitleValue {
    Cell cell;
    size_t column;
    unsigned line; /* 0 = not there */
} TitleValue;

typedef struct Heading {
    const Form *form;
    unsigned sheet;
    const char *sheet_name;
    unsigned line, last;         /* its first and its last row: the same or two neighbours */
    size_t width;                /* columns that the rows of the heading have */
    const FormHeading **columns; /* by column; NULL = not kept */
    const char **texts;          /* by column; "" = no heading */
    const char **keys;           /* by column: form_key of the text */
    unsigned *lines;             /* by column: where the text stands */
    size_t column_of[TARGET_COUNT];
    TitleValue titles[TARGET_COUNT];
    size_t recognised; /* columns whose heading the form knows */
} Heading;

/* How many headings of the form the best row has. */
size_t heading_score(const Form *form, Arena *arena, const Row *rows, size_t count);

/* Finds the heading in the first rows of one sheet. *ret_found is false for a sheet that is no
 * questionnaire (fewer than HEADING_LEAST headings): ret_heading then says what was nearest. */
ErrCode heading_find(const Form *form, Arena *arena, const Row *rows, size_t count,
                     Heading *ret_heading, bool *ret_found, Err *err) MUST_CHECK;

/* The refusal for a heading that lacks what the form requires; OK when it lacks nothing. */
ErrCode heading_complete(const Heading *heading, Arena *arena, Err *err) MUST_CHECK;

/* "H3": where a column's heading stands. */
const char *heading_cell(const Heading *heading, Arena *arena, size_t column);

/* True for a row of the table that repeats the heading, as printed pages do. */
bool heading_repeated(const Heading *heading, Arena *arena, const Row *row);

/* survey/heading_title.c: reads the values above the table. */
void heading_titles(Heading *heading, Arena *arena, const Row *rows, size_t count);

/* A sheet as messages name it: its name, else its number. */
const char *heading_sheet_label(Arena *arena, unsigned sheet, const char *sheet_name);

#endif
