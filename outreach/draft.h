/* outreach/draft.h: a campaign on its way into the base: the audience is judged, its texts are made
 * and frozen, and nobody is lost on the way.
 * Shape:  fill the first part, draft_make fills the second. One transaction, run anew as a whole.
 * Units:  segments = SMS that the messages are billed as.
 * Owns:   everything is borrowed.
 * Errors: ERR_DB, ERR_SEAL, ERR_INTERRUPTED: nothing has been changed.
 * Source: DESIGN 7 "Audience": people = audience + Σ suppressed + Σ other verdicts (asserted). */
#ifndef OUTREACH_DRAFT_H
#define OUTREACH_DRAFT_H

#include "outreach/audience.h"

#include <jansson.h>

typedef struct Draft {
    const char *name;
    const char *where_text; /* as typed, NULL = everyone */
    const char *user;
    const Sealer *sealer;
    bool quiet; /* no progress bar */
    AudienceRequest request;

    int64_t id;
    AudienceCounts counts;
    int64_t audience, segments;
    int64_t suppressed[SUPPRESSION_COUNT];
} Draft;

ErrCode draft_make(Db *db, Draft *draft, Err *err) MUST_CHECK;

/* {verdict or "outside_where", "unknown_where", "untold", "replied": people not addressed}. Returns
 * owned. */
json_t *draft_others(const Draft *draft);

#endif
