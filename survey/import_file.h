/* survey/import_file.h: one file into the information base, whole or not at all.
 * Shape:  import_file does everything in one transaction: the batch, its answers, its quarantine. A
 *         file that is in the base already changes nothing and is named by the batch that holds it.
 *         One that changes too much, or of which too little can be taken, waits for review instead
 *         (survey/preview.h says when, survey/stage.h how).
 * Units:  rows = accepted + quarantined; elapsed_ms from the opening of the file.
 * Owns:   *ret_result is owned by the caller.
 * Errors: ERR_INPUT for a file that cannot be read or is no questionnaire; ERR_INTERRUPTED;
 *         ERR_DB…: nothing was changed.
 * Source: DESIGN 4 "survey import", 5 "Nothing lost"; sql/queries/survey/batch.sql, quarantine.sql. */
#ifndef SURVEY_IMPORT_FILE_H
#define SURVEY_IMPORT_FILE_H

#include "base/command.h"
#include "people/answer.h"

typedef struct Staged Staged; /* survey/stage.h */

typedef struct ImportJob {
    Context *context;
    const char *path;
    const char *name;     /* to show and to record; NULL = the path */
    const char *encoding; /* of text, as encoding_parse reads it; NULL = decide */
    const char *form;     /* id; NULL = the one whose headings fit best */
    const char *source;   /* NULL = what the file says above its table, else the form's title */
    Date surveyed_on;     /* DATE_NONE = what the file says, else context->as_of */
    bool dry_run;         /* do everything, then take it back */
    bool stage;           /* put it aside for review, whatever the configuration says */
    const Staged *staged; /* read what was put aside, instead of path; NULL = path */
    TransactionBody look; /* sees the base at the end of the transaction; NULL = nobody */
    void *look_state;
} ImportJob;

/* *ret_quarantined tells how many rows wait. The result's `state` is "staged" when the file does. */
ErrCode import_file(const ImportJob *job, json_t **ret_result, int64_t *ret_quarantined,
                    Err *err) MUST_CHECK;

#endif
