/* survey/form_book.h: workbooks with questionnaires: blank ones, and those with rows to be mended.
 * Shape:  a blank one has one sheet per form: a title, the headings; drop-downs from the vocabularies;
 *         ID numbers and phones as text.
 * Units:  rows and columns from 0, as libxlsxwriter counts them.
 * Owns:   a FormBook writes "FILE.part"; form_book_close puts it in the place of FILE,
 *         form_book_drop throws it away. The file is readable by its owner alone: it may hold ID
 *         numbers.
 * Errors: ERR_IO.
 * Source: DESIGN 4 "survey form", "survey problems". */
#ifndef SURVEY_FORM_BOOK_H
#define SURVEY_FORM_BOOK_H

#include "people/drop_down.h"
#include "survey/form.h"

#include <xlsxwriter.h>

enum { FORM_BOOK_ROWS = 2000 }; /* below the heading that have drop-downs */

typedef struct FormBook {
    Arena *arena;
    const char *file, *part;
    lxw_workbook *book; /* NULL when closed or dropped */
    lxw_format *title, *heading, *text, *wrap;
    DropDowns downs;
} FormBook;

ErrCode form_book_open(Arena *arena, const char *file, FormBook *ret_book, Err *err) MUST_CHECK;
/* A blank sheet with title, headings and drop-downs. */
void form_book_sheet(FormBook *book, const Form *form);

/* The words that a column takes, as its vocabulary shows them, ending with NULL; NULL = anything. */
const char **form_book_words(Arena *arena, Target target);
/* A sheet that explains each column and the words that it takes. */
void form_book_notes(FormBook *book, const Form *form);
ErrCode form_book_close(FormBook *book, Err *err) MUST_CHECK;
void form_book_drop(FormBook *book); /* does nothing after form_book_close */

#endif
