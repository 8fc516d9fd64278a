/* outreach/asker.h: goes through messages that may have been sent and asks the gateway about each.
 * Shape:  a pass in pages: load, ask (a few requests at once, at the rate of the file), record; the
 *         gateway changes nothing by being asked, and nothing is ever sent here. What it knows
 *         moves the message (cause "query"); what it does not say leaves it uncertain.
 * Units:  milliseconds.
 * Owns:   asker_open returns owned and borrows what the settings name.
 * Errors: ERR_DB…; ERR_SEAL; ERR_NET when libcurl itself fails. A gateway that does not answer is
 *         no error: the pass ends and says why.
 * Source: sql/queries/outreach/asking.sql; outreach/transitions.def; DESIGN 7 "Dispatch". */
#ifndef OUTREACH_ASKER_H
#define OUTREACH_ASKER_H

#include "base/seal.h"
#include "outreach/query.h"

typedef struct Asker Asker;

typedef struct AskSettings {
    Db *db;
    const Sealer *sealer;
    const Gateway *gateway; /* whose file has a "query" */
    int64_t campaign;       /* 0 = every campaign, those of query.after_s and older */
} AskSettings;

typedef struct AskCounts {
    int64_t settled[STATE_COUNT]; /* by the state that they went to */
    int64_t unknown;              /* the gateway answered, and they stay uncertain */
    int64_t unasked; /* nothing to ask by, or no answer; when the pass ended early there
                                     are more, which it did not come to */
    char why[OUTCOME_NOTE_BYTES]; /* of the last of them; "" = none */
} AskCounts;

ErrCode asker_open(const AskSettings *settings, Asker **ret_asker, Err *err) MUST_CHECK;
void asker_close(Asker *asker); /* takes NULL; what is under way is forgotten */

/* Goes on for at most about wait_ms. *ret_done: the pass is over. */
ErrCode asker_step(Asker *asker, int wait_ms, bool *ret_done, Err *err) MUST_CHECK;

const AskCounts *asker_counts(const Asker *asker);

#endif
