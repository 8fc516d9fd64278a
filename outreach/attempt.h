/* outreach/attempt.h: what attempts to send came to, brought into the base, or kept in a journal
 * while the base is away.
 * Shape:  an Attempt names a message, the fence of the claim and the Outcome.
 * Units:  milliseconds; attempts counts from 1.
 * Owns:   plain values.
 * Errors: ERR_DB…; ERR_IO from the journal. An attempt whose claim is no longer ours changes
 *         nothing, which is no error.
 * Source: sql/queries/outreach/dispatch.sql; outreach/transitions.def; DOMAIN checklist 33–35. */
#ifndef OUTREACH_ATTEMPT_H
#define OUTREACH_ATTEMPT_H

#include "outreach/outcome.h"

typedef struct Attempt {
    int64_t message, campaign, fence;
    int attempts;    /* this one included */
    int64_t wait_ms; /* before the next one, when the message goes back to the queue */
    Outcome outcome;
} Attempt;

/* How long a message that goes back to the queue waits: what the gateway said, else longer with
 * each attempt, with chance in it; 0 when it was our own decision (released). */
int64_t attempt_wait_ms(const Outcome *outcome, int attempts, bool released);

typedef struct AttemptCounts {
    int64_t by_kind[OUTCOME_COUNT]; /* recorded */
    int64_t stale;                  /* the claim was no longer ours */
    int64_t stopped;                /* campaigns paused */
} AttemptCounts;

typedef struct AttemptBook {
    const Attempt *attempts;
    size_t count;
    bool late;
    TransactionBody also; /* done in the same transaction, repeatable; NULL = nothing */
    void *also_state;
} AttemptBook;

/* Brings attempts into the base in one transaction; adds to *counts only once it is committed.
 * late: the lease may have run out meanwhile and the message be called uncertain; then what is
 * known better settles it. */
ErrCode attempts_record(Db *db, const Attempt *attempts, size_t count, bool late,
                        AttemptCounts *counts, Err *err) MUST_CHECK;
ErrCode attempts_book(Db *db, const AttemptBook *book, AttemptCounts *counts, Err *err) MUST_CHECK;

#endif
