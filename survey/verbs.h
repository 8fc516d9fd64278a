/* survey/verbs.h: the commands of this room: talent survey ….
 * Source: DESIGN 4. */
#ifndef SURVEY_VERBS_H
#define SURVEY_VERBS_H

#include "base/command.h"

extern const Command SURVEY_FORM;
extern const Command SURVEY_IMPORT;
extern const Command SURVEY_BATCHES;
extern const Command SURVEY_UNDO;
extern const Command SURVEY_PROBLEMS;
extern const Command SURVEY_CODES;

extern const Command *const SURVEY_VERBS[]; /* ends with NULL */

/* survey/import_show.c: the results of an import on the screen. */
void import_show(const Context *context, const json_t *results);

#endif
