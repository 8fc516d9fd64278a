/* outreach/courier.h: the thread that has the wire to one gateway: it is given errands and brings
 * back what became of them, while its owner is busy with the base.
 * Shape:  an Errand is one request; each of its claims comes back once, answered or untouched. The
 *         owner alone decides what may go out and when; the courier begins it as soon as a
 *         connection is free, or not at all.
 * Units:  *_ms on CLOCK_BOOTTIME; timeout_ms milliseconds.
 * Owns:   courier_open returns owned and borrows the gateway; claims are borrowed until they come
 *         back, and nobody changes them meanwhile.
 * Errors: ERR_NET when libcurl itself fails, from courier_take; what happens to a request is never
 *         an error but an Outcome.
 * Source: DESIGN 7 "Dispatch"; outreach/wire.h. */
#ifndef OUTREACH_COURIER_H
#define OUTREACH_COURIER_H

#include "outreach/claim.h"
#include "outreach/outcome.h"

typedef struct Courier Courier;

typedef struct Errand {
    Claim *claims;    /* of one request: the first says how many */
    int64_t until_ms; /* it may not begin later */
} Errand;

typedef struct Returned {
    Claim *claim;
    Outcome outcome;
    bool begun;    /* false: nothing was sent, and the outcome only says why */
    bool answered; /* the gateway answered, whatever it said */
    bool last;     /* of its request */
} Returned;

ErrCode courier_open(const Gateway *gateway, Courier **ret_courier, Err *err) MUST_CHECK;
/* Ends the thread; what is on the wire is cut off and does not come back. */
void courier_stop(Courier *courier);
void courier_close(Courier *courier); /* takes NULL; stops it first */

/* How many errands it could begin soon: free connections, and a little to have at hand. */
size_t courier_room(Courier *courier);
/* Asserts that there was room. */
void courier_give(Courier *courier, const Errand *errands, size_t count);
/* Not 0 as long as anything given has not been taken back. */
size_t courier_busy(Courier *courier);

/* What has come back since; lives until the next call. */
ErrCode courier_take(Courier *courier, const Returned **ret_returned, size_t *ret_count,
                     Err *err) MUST_CHECK;
/* Waits until `enough` claims have come back, or all; or, when hungry, until there is room again. */
typedef struct CourierWait {
    size_t enough;
    bool hungry;
    int timeout_ms;
} CourierWait;
void courier_wait(Courier *courier, const CourierWait *wait);
/* Ends that wait, or the next one; for other threads that have something for the owner. */
void courier_nudge(void *courier);

/* What has not begun comes back and nothing more begins, until courier_resume. A refused account has
 * the same effect at once, before the owner knows. */
void courier_recall(Courier *courier, const char *why); /* why: static */
void courier_resume(Courier *courier);

#endif
