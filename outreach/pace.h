/* outreach/pace.h: how many requests may go to one gateway now.
 * Shape:  a token bucket (a tenth of a second deep, so that a pause is never followed by a
 *         burst), the gateway's own Retry-After, and a circuit breaker; no clock of its own.
 * Units:  now_us is a monotonic clock in microseconds; rates in messages per second.
 * Owns:   nothing.
 * Errors: none.
 * Source: RFC 9110 10.2.3 (Retry-After); DESIGN 7 "Dispatch"; DOMAIN checklist 42, 47. */
#ifndef OUTREACH_PACE_H
#define OUTREACH_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Pace {
    double ceiling_per_s; /* what the gateway file allows; 0 = no limit */
    double allowed_per_s; /* lower after the gateway said "too fast"; 0 = no limit */
    double tokens;
    int64_t filled_us;
    int64_t told_until_us;   /* Retry-After */
    int64_t broken_until_us; /* the breaker is open until then; one probe goes when it ends */
    int64_t slowed_us;       /* when it last became slower */
    int64_t second_us;       /* the current second, for measuring */
    double second_count, measured_per_s;
    int failures; /* in a row, without a single answer between */
} Pace;

/* rate_per_s 0 = no limit. */
Pace pace_start(double rate_per_s, int64_t now_us);

/* Takes up to wanted tokens and returns how many requests may go now. */
size_t pace_allow(Pace *pace, int64_t now_us, size_t wanted);

/* Of those allowed just now so many did not go. */
void pace_return(Pace *pace, size_t count);

/* Until at least one may go, 0 = now. */
int64_t pace_wait_us(const Pace *pace, int64_t now_us);

/* The gateway answered as it should: closes the breaker, lets the rate grow back. */
void pace_succeeded(Pace *pace, int64_t now_us);
/* "Too fast": half the rate, and nothing for retry_after_ms (0 = not said: one second). */
void pace_throttled(Pace *pace, int64_t now_us, int64_t retry_after_ms);
/* No usable answer. The fifth in a row opens the breaker for 1 s, then 2, 4 … at most 60 s. */
void pace_failed(Pace *pace, int64_t now_us);
bool pace_broken(const Pace *pace);

#endif
