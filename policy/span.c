#include "policy/span.h"

#include <assert.h>

static void add(SpanSet *set, Date from, Date until)
{
    if (until < from)
        return;
    assert(set->count < SPANS_AT_MOST);
    set->spans[set->count++] = (Span){from, until};
}

void spans_of(Span span, SpanSet *ret)
{
    ret->count = 0;
    add(ret, span.from, span.until);
}

void spans_complement(const SpanSet *set, SpanSet *ret)
{
    Date from = DATE_MIN;
    ret->count = 0;
    for (size_t i = 0; i < set->count; i++) {
        add(ret, from, set->spans[i].from - 1);
        from = set->spans[i].until + 1;
    }
    add(ret, from, DATE_MAX);
}

void spans_intersect(SpanSet *set, const SpanSet *other)
{
    SpanSet both = {.count = 0};
    size_t a = 0, b = 0;
    while (a < set->count && b < other->count) {
        Span left = set->spans[a], right = other->spans[b];
        add(&both, left.from > right.from ? left.from : right.from,
            left.until < right.until ? left.until : right.until);
        if (left.until < right.until)
            a++;
        else
            b++;
    }
    *set = both;
}

/* De Morgan: what is in neither complement. Spans that touch become one. */
void spans_unite(SpanSet *set, const SpanSet *other)
{
    SpanSet outside, outside_other;
    spans_complement(set, &outside);
    spans_complement(other, &outside_other);
    spans_intersect(&outside, &outside_other);
    spans_complement(&outside, set);
}

bool spans_from(const SpanSet *set, Date date, Span *ret_span)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->spans[i].until >= date) {
            *ret_span = set->spans[i];
            return true;
        }
    }
    return false;
}
