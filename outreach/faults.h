/* outreach/faults.h: how the bundled gateway misbehaves, on request and repeatably.
 * Shape:  shares of 0..1; a Fate is drawn for each request from the seed, the message and how
 *         often it came.
 * Units:  milliseconds.
 * Owns:   nothing.
 * Errors: ERR_USAGE for an unknown fault (with the nearest known one) or a share that is none.
 * Source: DOMAIN checklist 36–42, 53–56. */
#ifndef OUTREACH_FAULTS_H
#define OUTREACH_FAULTS_H

#include "base/err.h"

#include <stdint.h>

typedef struct Faults {
    double slow;        /* answers late */
    double busy;        /* 503, the message is not taken */
    double throttled;   /* 429 with Retry-After, the message is not taken */
    double cut;         /* reads the request and closes without an answer; half of them are taken */
    double doubled;     /* receipts that come twice */
    double reorder;     /* receipts that overtake each other */
    double lost;        /* receipts that never come */
    double undelivered; /* receipts that say so */
    double replies;     /* people who answer */
    uint64_t seed;
} Faults;

/* "slow=5%,503=2%,429=1%,cut=1%,double=2%,reorder=10%,lose=1%,undelivered=3%"; "reorder" alone is
 * 100%. NULL or "" = none. Fields that text does not name are left alone. */
ErrCode faults_parse(const char *text, Faults *faults, Err *err) MUST_CHECK;
/* "10%" or "0.1". */
ErrCode share_parse(const char *text, double *ret_share, Err *err) MUST_CHECK;

typedef enum FateKind { FATE_TAKE, FATE_BUSY, FATE_THROTTLE, FATE_CUT } FateKind;

typedef struct Fate {
    FateKind kind;
    bool taken; /* the message goes out (as far as anything goes out here) */
    unsigned delay_ms;
    bool delivered;
    unsigned receipts; /* 0 = lost, 2 = doubled */
    bool disordered;   /* the intermediate receipt comes last */
    unsigned receipt_after_ms;
    const char *reply; /* NULL = none */
    unsigned reply_after_ms;
} Fate;

/* message: a hash of number and text; nth: which request for it this is, from 1. */
Fate fate_draw(const Faults *faults, uint64_t message, uint64_t nth);

#endif
