/* policy/outlook.h: a rule tree and one person, today and in time.
 * Shape:  today a fact that grows is an interval of possible values; the outlook assumes that it
 *         grows every month.
 * Owns:   nothing; plain values.
 * Source: DESIGN 6 "Some facts are dated and can only grow". */
#ifndef POLICY_OUTLOOK_H
#define POLICY_OUTLOOK_H

#include "policy/rule.h"

Kleene rule_now(const Rule *rule, const Facts *facts, Date as_of);

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

/* What an unknown condition waits for: its fact to be asked (again), or a person's decision. */
typedef enum Wants { WANTS_NOTHING, WANTS_FACT, WANTS_REVIEW } Wants;

Wants rule_wants(const Rule *condition, const Facts *facts, Date as_of);

/* Bits FACT_x of the facts that an unknown tree waits for; reviews are left out. */
uint32_t rule_missing(const Rule *rule, const Facts *facts, Date as_of);

/* The same for a verdict: of the routes that are unknown, or, where a route holds, of the gate; 0
 * for the decided. Stands in judge.c. */
uint32_t policy_missing(const Policy *policy, const Facts *facts, Date as_of);

#endif
