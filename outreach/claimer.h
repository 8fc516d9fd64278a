/* outreach/claimer.h: the thread that claims ahead, over a connection of its own, while the owner
 * records.
 * Shape:  one claim at a time, when it is asked for; what it claimed is the owner's.
 * Owns:   claimer_open returns owned and borrows the sealer, and the texts of the terms; a batch is handed
 *         over.
 * Errors: ERR_DB…, ERR_SEAL of the claim, from claimer_take; ERR_NET when the thread does not start.
 * Source: outreach/claim.h. */
#ifndef OUTREACH_CLAIMER_H
#define OUTREACH_CLAIMER_H

#include "outreach/claim.h"

typedef struct Claimer Claimer;

typedef struct ClaimerSettings {
    Db *db; /* a connection of the claimer's own is opened to its base */
    const Sealer *sealer;
    void (*done)(void *state); /* called by the thread when a claim has ended */
    void *state;
} ClaimerSettings;

ErrCode claimer_open(const ClaimerSettings *settings, Claimer **ret_claimer, Err *err) MUST_CHECK;
/* Waits for a claim under way; what it brought is taken with claimer_take. Takes NULL. */
void claimer_stop(Claimer *claimer);
void claimer_close(Claimer *claimer); /* takes NULL; a batch that nobody took is forgotten */

/* Begins a claim, unless one is under way or has not been taken; false then. */
bool claimer_ask(Claimer *claimer, const ClaimTerms *terms);

/* What a claim came to. */
typedef struct Claimed {
    bool done;         /* false: none has ended since the last call; nothing else is set */
    ClaimBatch *batch; /* NULL = nothing was due */
    int64_t suppressed;
} Claimed;
ErrCode claimer_take(Claimer *claimer, Claimed *ret_claimed, Err *err) MUST_CHECK;
bool claimer_busy(Claimer *claimer); /* asked for and not taken */

#endif
