/* survey/import_form.h: which form a file is filled in on, and what it says of itself.
 * Shape:  the first sheet that has headings of a form decides; of several forms the one that knows
 *         most of its headings.
 * Owns:   a FormChoice lives in the arena given.
 * Errors: ERR_INPUT when no form or more than one fits, naming what is missing and what was
 *         nearest.
 * Source: DESIGN 5 "Forms". */
#ifndef SURVEY_IMPORT_FORM_H
#define SURVEY_IMPORT_FORM_H

#include "survey/heading.h"
#include "survey/import_file.h"

typedef struct FormChoice {
    const Form *form;
    Heading heading;          /* of the sheet that decided */
    const Form *const *forms; /* those that other sheets of the file may be filled in on */
    size_t form_count;
} FormChoice;

/* Reads from the beginning of the sheet as far as it must. */
ErrCode import_choose_form(const ImportJob *job, Arena *arena, Sheet *sheet, FormChoice *ret_choice,
                           Err *err) MUST_CHECK;

#endif
