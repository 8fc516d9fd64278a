/* outreach/claim.h: messages taken by this worker, committed before anything is sent.
 * Shape:  a ClaimBatch holds what one transaction claimed; each Claim carries its fence and the
 *         attempt's own reference.
 * Units:  sure_until_ms and checked_ms on CLOCK_BOOTTIME (it counts while the machine is
 *         suspended).
 * Owns:   a batch owns its arena; claim_free releases it, wiping nothing: phones lived in it.
 * Errors: ERR_DB…; ERR_SEAL.
 * Source: sql/queries/outreach/dispatch.sql; DESIGN 7 "Dispatch"; DOMAIN checklist 32, 35, 48,
 *         49. */
#ifndef OUTREACH_CLAIM_H
#define OUTREACH_CLAIM_H

#include "base/seal.h"
#include "outreach/outbox.h"
#include "outreach/wording.h"

enum { WORKER_BYTES = 16 };

typedef struct Claim {
    int64_t message, campaign, fence;
    int attempts;
    const char *phone, *text, *gaps, *reference;
    const Wording *wording; /* for gateways that keep the texts; NULL = none, or gaps do not fit */
    struct ClaimBatch *batch;
    size_t group;  /* the first of a request: for so many claims, this one and those after it */
    bool finished; /* its attempt has come to something */
} Claim;

typedef struct ClaimBatch {
    struct ClaimBatch *next;
    Arena *arena;
    Claim *claims;
    size_t count;
    size_t given; /* the first `given` were handed on: to the wire, or back */
    int64_t lease;
    int64_t begun_id;      /* claims up to this message may begin, as far as the base knows */
    size_t open;           /* not finished */
    int64_t sure_until_ms; /* a request may not begin after that */
    int64_t checked_ms;    /* when it was last asked whether they may still go out */
} ClaimBatch;

typedef struct ClaimTerms {
    uint8_t worker[WORKER_BYTES];
    const char *gateway;
    int timeout_ms;             /* of one request */
    int cap_messages, cap_days; /* 0 days = no cap */
    size_t limit;               /* at most so many */
    size_t stride;              /* so many may begin before the base is told of more */
    size_t first;               /* so many may begin with the claim itself; 0 = none yet */
} ClaimTerms;

int64_t boottime_ms(void);

/* The running campaigns that were launched on this base; *ret_held (may be NULL) is how many were
 * not. */
ErrCode claim_campaigns(Db *db, Arena *arena, int64_t **ret_ids, size_t *ret_count,
                        size_t *ret_held, Err *err) MUST_CHECK;

/* Claims up to terms->limit waiting messages. What may no longer be sent is suppressed instead:
 * *suppressed counts it. *ret_batch is NULL when nothing was due. */
ErrCode claim_take(Db *db, const Sealer *sealer, const ClaimTerms *terms, ClaimBatch **ret_batch,
                   int64_t *suppressed, Err *err) MUST_CHECK;
void claim_free(ClaimBatch *batch); /* takes NULL */

/* Asks again, just before sending, which of the claims not yet given may go out. ret_allowed has
 * batch->count places. */
ErrCode claim_check(Db *db, const ClaimTerms *terms, ClaimBatch *batch, bool *ret_allowed,
                    Err *err) MUST_CHECK;

/* Letting the next terms->stride claims of a batch begin: planned, written in a transaction, and taken
 * note of once that is committed. */
typedef struct Begin {
    ClaimBatch *batch;
    int64_t begun_id;
    bool lasts; /* false: the lease has ended, and none of them may begin */
} Begin;

/* How many of the next claims may begin. */
size_t claim_begun(const ClaimBatch *batch);
/* False when all of its claims may begin already. */
bool claim_begin_plan(const ClaimTerms *terms, ClaimBatch *batch, Begin *ret_begin);
ErrCode claim_begin_write(Db *db, const ClaimTerms *terms, Begin *begin, Err *err) MUST_CHECK;
void claim_begin_done(const Begin *begin);

/* Claims whose lease has run out, whoever held them: those that may have begun become uncertain,
 * the others are queued again. *swept counts the uncertain. */
ErrCode claim_sweep(Db *db, int64_t *swept, Err *err) MUST_CHECK;

/* Messages of a gateway that has been silent about them for so long become expired. */
ErrCode claim_expire(Db *db, const char *gateway, int hours, int64_t *expired, Err *err) MUST_CHECK;

#endif
