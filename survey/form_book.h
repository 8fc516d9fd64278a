/* survey/form_book.h: a questionnaire as a workbook: blank, or with rows to be mended.
 * Shape:  one sheet per form: a title, the headings, then rows; drop-downs from the vocabularies;
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

enum { FORM_BOOK_ROWS = 2000 }; /* rows below the heading that have drop-downs */

typedef struct FormBook {
    Arena *arena;
    const char *file, *part;
    lxw_workbook *book; /* NULL when closed or dropped */
    lxw_format *title, *heading, *text, *bad, *wrap;
    DropDowns downs;
} FormBook;

typedef struct FormSheet {
    lxw_worksheet *sheet;
    const Form *form;
    lxw_row_t first_row;         /* of the table below its heading */
    int column_of[TARGET_COUNT]; /* -1 = not on the sheet */
    lxw_col_t width;             /* columns so far */
} FormSheet;

ErrCode form_book_open(Arena *arena, const char *file, FormBook *ret_book, Err *err) MUST_CHECK;
/* Adds a sheet with title, headings and drop-downs; `keys` puts the column 隔离编号 in front. */
void form_book_sheet(FormBook *book, const Form *form, bool keys, FormSheet *ret_sheet);
/* Adds a column behind the others. */
lxw_col_t form_book_column(FormBook *book, FormSheet *sheet, const char *heading, int width);
/* A sheet that explains each column and the words that it takes. */
void form_book_notes(FormBook *book, const Form *form);
ErrCode form_book_close(FormBook *book, Err *err) MUST_CHECK;
void form_book_drop(FormBook *book); /* does nothing after form_book_close */

#endif
