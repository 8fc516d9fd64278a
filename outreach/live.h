/* outreach/live.h: how a dispatcher is doing, for whoever asks from another thread.
 * Shape:  the dispatcher's thread writes, others read; each field by itself.
 * Units:  *_milli = thousandths of messages per second; answered_ms on CLOCK_BOOTTIME.
 * Owns:   nothing.
 * Errors: none. */
#ifndef OUTREACH_LIVE_H
#define OUTREACH_LIVE_H

#include "outreach/outcome.h"

#include <stdatomic.h>

typedef struct DispatchLive {
    atomic_int_fast64_t rate_milli, allowed_milli; /* allowed 0 = no limit */
    atomic_int_fast64_t answered_ms;
    atomic_int_fast64_t claimed, suppressed;
    atomic_int_fast64_t outcomes[OUTCOME_COUNT];
    atomic_bool breaker_open;
} DispatchLive;

#endif
