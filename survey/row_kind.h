/* survey/row_kind.h: which rows of a table are answers, and which only look like rows.
 * Errors: none.
 * Source: the form's words "skip"; DOMAIN checklist 6. */
#ifndef SURVEY_ROW_KIND_H
#define SURVEY_ROW_KIND_H

#include "survey/heading.h"

typedef enum RowKind {
    ROW_ANSWER,
    ROW_TITLE,   /* above the heading */
    ROW_HEADING, /* the heading, or a repetition of it on a printed page */
    ROW_BLANK,   /* nothing but a running number */
    ROW_TOTAL,
    ROW_NOTE,
    ROW_EXAMPLE,
    ROW_MENDED, /* of a quarantine workbook: an earlier import took what it was mended to */
    ROW_KIND_COUNT
} RowKind;

const char *row_kind_name(RowKind kind); /* "title", … */

/* The kind of a row below the heading. A row with an ID number is always an answer. */
RowKind row_kind(const Heading *heading, Arena *arena, const Row *row);

#endif
