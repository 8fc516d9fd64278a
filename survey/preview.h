/* survey/preview.h: what an import changes, told before it counts, and why it should wait.
 * Shape:  a preview is {rows, accepted, quarantined, forgotten, resolved, people: {new, changed,
 *         unchanged, joined}, replaced, conflicts, facts: [{fact, label, people, filled, replaced,
 *         conflicts}], examples: [{fact, label, person, before, after}], reasons: [{code, message,
 *         rows}]}. Reasons to wait are [{reason, count, of, limit}], told by preview_why.
 * Units:  shares 0..1; a share beyond its limit is greater than it.
 * Owns:   json_t are owned by the caller; texts live in the arena given.
 * Errors: ERR_SEAL, ERR_DB….
 * Source: issue "Review before it counts"; people/difference.h; talent.json "review". */
#ifndef SURVEY_PREVIEW_H
#define SURVEY_PREVIEW_H

#include "survey/import_run.h"

#include "people/difference.h"

/* Inside the import's transaction, when all its rows are written. */
typedef struct Preview {
    json_t *json;    /* NULL until it is asked for */
    json_t *reasons; /* to wait, [] = none */
} Preview;

/* Reasons only: cheap unless there seems to be one. */
ErrCode preview_reasons(ImportRun *run, Preview *preview, Err *err) MUST_CHECK;
/* What changes. */
ErrCode preview_make(ImportRun *run, Preview *preview, Err *err) MUST_CHECK;
void preview_done(Preview *preview);

/* Writes labels and sentences into a preview, in a language. */
void preview_label(json_t *preview, Lang lang);
/* "41 of 100 …; 30 of 100 …", from the JSON text of reasons. */
const char *preview_why(Arena *arena, const char *reasons);
/* Where two previews differ: [{what, then, now}]; examples do not count. */
json_t *preview_differs(const json_t *then, const json_t *now);

#endif
