/* policy/span.h: sets of days.
 * Shape:  a Span is from..until, both included, empty when until < from; a SpanSet holds disjoint
 *         spans in order, at least a day apart. All of time is DATE_MIN..DATE_MAX.
 * Owns:   nothing; plain values.
 * Errors: none; more than SPANS_AT_MOST spans is our own broken invariant (asserted): n conditions
 *         make at most n + 1. */
#ifndef POLICY_SPAN_H
#define POLICY_SPAN_H

#include "base/date.h"

#include <stddef.h>

enum { SPANS_AT_MOST = 66 };

typedef struct Span {
    Date from, until;
} Span;

typedef struct SpanSet {
    size_t count;
    Span spans[SPANS_AT_MOST];
} SpanSet;

#define SPAN_ALWAYS ((Span){DATE_MIN, DATE_MAX})
#define SPAN_NEVER ((Span){DATE_MAX, DATE_MIN})

void spans_of(Span span, SpanSet *ret);
void spans_complement(const SpanSet *set, SpanSet *ret);
void spans_intersect(SpanSet *set, const SpanSet *other);
void spans_unite(SpanSet *set, const SpanSet *other);
/* The first span of set that has a day on or after a date; false when there is none. */
bool spans_from(const SpanSet *set, Date date, Span *ret_span);

#endif
