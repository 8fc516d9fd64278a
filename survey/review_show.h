/* survey/review_show.h: a batch with its preview, as a person reads it on a terminal.
 * Errors: none.
 * Source: survey/preview.h. */
#ifndef SURVEY_REVIEW_SHOW_H
#define SURVEY_REVIEW_SHOW_H

#include "base/command.h"

/* Of one batch: what came of its rows, what changes fact by fact, and what to do. */
void review_show(const Context *context, const json_t *batch);
/* After a table of batches: those that wait, why, and what to do. */
void review_show_waiting(const json_t *batches);

#endif
