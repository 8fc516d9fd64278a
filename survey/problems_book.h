/* survey/problems_book.h: a quarantine workbook while it is being written, as the problems_book*.c
 * files share it.
 * Units:  rows and columns from 0, as libxlsxwriter counts them.
 * Owns:   everything lives in the source's arena; the workbook in its FormBook.
 * Errors: none: what libxlsxwriter cannot write it says when the workbook is closed.
 * Source: survey/problem_sheets.h. */
#ifndef SURVEY_PROBLEMS_BOOK_H
#define SURVEY_PROBLEMS_BOOK_H

#include "survey/form_book.h"
#include "survey/problem_sheets.h"

enum { BOOK_SERIAL_1904 = 1462 }; /* days between the two beginnings of a workbook's time */

typedef enum Look { LOOK_TEXT, LOOK_NUMBER, LOOK_DATE, LOOK_REASONS, LOOK_COUNT } Look;
typedef enum Mark { MARK_NONE, MARK_NOTE, MARK_BAD, MARK_COUNT } Mark;

typedef struct ProblemsBook {
    const ProblemSource *source;
    FormBook book;
    lxw_format *looks[LOOK_COUNT][MARK_COUNT];
    lxw_format *explanation;
    const char **names; /* of the sheets so far */
    size_t name_count;
} ProblemsBook;

typedef struct ProblemsTable {
    ProblemsBook *book;
    const ProblemSheet *from;
    lxw_worksheet *to;
    lxw_row_t first; /* the first row that waits */
} ProblemsTable;

/* survey/problems_book_row.c */
void problems_book_row(const ProblemsTable *table, lxw_row_t at, const ProblemRow *row);
/* All that is said about one place of a row, one sentence a line, and the worst mark of it; NULL =
 * nothing. */
const char *problems_book_said(const ProblemsTable *table, const ProblemRow *row,
                               ProblemPlace place, Mark *ret_mark);
void problems_book_comment(const ProblemsTable *table, lxw_row_t at, size_t column,
                           const char *text);
const char *problems_book_name(ProblemsBook *book, const char *wanted);

#endif
