/* outreach/aftermath.h: what may have happened after the backup that a base was brought back from.
 * Shape:  the base knows nothing of it. A message that was queued or claimed then may have gone out
 *         since: it becomes uncertain, unless somebody knows better. Campaigns that ran are held.
 *         Only when all is settled does the base send.
 * Units:  milliseconds UTC.
 * Owns:   texts live in the arena given.
 * Errors: ERR_REFUSED when there is nothing to settle; ERR_DB; ERR_IO; ERR_INPUT for a file that is
 *         no journal or holds no pushes. It may be run again after any of them.
 * Source: sql/queries/outreach/reconcile.sql; DOMAIN checklist 50. */
#ifndef OUTREACH_AFTERMATH_H
#define OUTREACH_AFTERMATH_H

#include "base/command.h"
#include "outreach/outbox.h"

typedef struct Aftermath {
    Context *context;
    int64_t taken_ms;        /* of the backup */
    const char *taken_at;    /* the same, in Asia/Shanghai */
    bool keeps_queued;       /* somebody knows that nothing went out since */
    const char *note;        /* for the delivery log */
    const char *journal;     /* folder that survived, NULL = none */
    const char *pushes;      /* file of what the gateway pushed, NULL = none */
    int64_t claimed, queued; /* became uncertain */
    int64_t kept;            /* stayed queued */
    int64_t sent;            /* by the journal */
    int64_t pushed;          /* taken in */
    json_t *campaigns;       /* array of {campaign, id, state, uncertain, queued}; owned */
} Aftermath;

/* Reads which restore is to be settled; ERR_REFUSED when there is none. */
ErrCode aftermath_load(Aftermath *aftermath, Err *err) MUST_CHECK;

/* Declares that the base was brought back from a copy taken at a moment, by other means. */
ErrCode aftermath_declare(Context *context, int64_t taken_ms, Err *err) MUST_CHECK;

/* Settles, in pages. */
ErrCode aftermath_settle(Aftermath *aftermath, Err *err) MUST_CHECK;

/* Lets the base send again; settled is kept with the restore. */
ErrCode aftermath_close(const Aftermath *aftermath, const json_t *settled, Err *err) MUST_CHECK;

#endif
