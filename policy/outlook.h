/* policy/outlook.h: a rule tree and one person, today and in time.
 * Shape:  today a fact that grows is an interval of possible values; the outlook assumes that it
 *         grows every month.
 * Owns:   nothing; plain values.
 * Source: DESIGN 6 "Some facts are dated and can only grow". */
#ifndef POLICY_OUTLOOK_H
#define POLICY_OUTLOOK_H

#include "policy/rule.h"

/* How one condition stands for one person: unknown because its fact must be asked (again), or
 * because what is known leaves it to a person's decision. The numbers are two bits of sizing's
 * words. */
typedef enum Standing { STANDS_FALSE, STANDS_ASK, STANDS_TRUE, STANDS_REVIEW } Standing;

Standing condition_standing(const Rule *condition, const Facts *facts, Date as_of);

/* How all conditions of a policy stand, by their place. */
typedef struct Standings {
    Standing of[CONDITIONS_AT_MOST];
} Standings;

void standings_read(const Policy *policy, const Facts *facts, Date as_of, Standings *ret);

/* A tree over its conditions. */
Kleene rule_truth(const Rule *rule, const Standings *standings);

/* Bits FACT_x of the facts for which an unknown tree waits: to be asked (STANDS_ASK) or to be
 * decided on (STANDS_REVIEW). */
uint32_t rule_waits(const Rule *rule, const Standings *standings, Standing wanted);

/* The facts that the undecided wait for: of the unknown routes, or, where a route holds, of the
 * gate; 0 for the decided. */
uint32_t verdict_waits(const Policy *policy, const Standings *standings, Standing wanted);

/* The verdict without the outlook: where it is ineligible and the gate does not fail, time may
 * still make it later. */
Verdict verdict_now(Kleene gate, Kleene any_route);

/* True with the days on which a condition holds (an empty Span = never); false = unknown on every
 * day. */
bool rule_span(const Rule *condition, const Facts *facts, Span *ret_span);

/* The days on which a tree is true, and those on which it is not false. */
typedef struct Outlook {
    SpanSet holds, possible;
} Outlook;

void rule_outlook(const Rule *rule, const Facts *facts, Outlook *ret);

/* The last day of a window that begins on a day. */
Date window_end(Window window, Date day);

/* The day on which a condition on a date turns: the birthday, the day so many months on, or the
 * window's last day; it never goes back when the fact's day goes on. False when it lies beyond the
 * year 9999. */
bool rule_turning_day(const Rule *condition, Date day, Date *ret_day);

#endif
