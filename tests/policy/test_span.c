#include "policy/span.h"

#include "support/home.h"

#define SET(...)                                                                                   \
    ((SpanSet){.count = sizeof((const Span[]){__VA_ARGS__}) / sizeof(Span), .spans = {__VA_ARGS__}})

static void assert_set(const SpanSet *set, const SpanSet *expected)
{
    assert_int_equal(set->count, expected->count);
    for (size_t i = 0; i < set->count; i++) {
        assert_int_equal(set->spans[i].from, expected->spans[i].from);
        assert_int_equal(set->spans[i].until, expected->spans[i].until);
    }
}

static void an_empty_span_makes_an_empty_set(void **state)
{
    (void)state;
    SpanSet set;
    spans_of(SPAN_NEVER, &set);
    assert_int_equal(set.count, 0);
    spans_of((Span){5, 4}, &set);
    assert_int_equal(set.count, 0);
    spans_of((Span){5, 5}, &set);
    assert_set(&set, &SET({5, 5}));
}

static void the_complement_is_what_is_left_of_time(void **state)
{
    (void)state;
    SpanSet set = SET({1, 3}, {5, 5}), result;
    spans_complement(&set, &result);
    assert_set(&result, &SET({DATE_MIN, 0}, {4, 4}, {6, DATE_MAX}));
    spans_complement(&result, &set);
    assert_set(&set, &SET({1, 3}, {5, 5}));
    spans_of(SPAN_ALWAYS, &set);
    spans_complement(&set, &result);
    assert_int_equal(result.count, 0);
    spans_complement(&result, &set);
    assert_set(&set, &SET({DATE_MIN, DATE_MAX}));
}

static void intersection_keeps_what_both_have(void **state)
{
    (void)state;
    SpanSet set = SET({1, 10}, {20, 30});
    spans_intersect(&set, &SET({5, 22}, {24, 25}, {30, 40}));
    assert_set(&set, &SET({5, 10}, {20, 22}, {24, 25}, {30, 30}));
    spans_intersect(&set, &SET({11, 19}));
    assert_int_equal(set.count, 0);
}

static void union_joins_spans_that_touch(void **state)
{
    (void)state;
    SpanSet set = SET({1, 3}, {10, 12});
    spans_unite(&set, &SET({4, 5}, {11, 15}, {20, 20}));
    assert_set(&set, &SET({1, 5}, {10, 15}, {20, 20}));
}

static void the_next_span_is_the_one_that_has_the_day_or_comes_after_it(void **state)
{
    (void)state;
    const SpanSet set = SET({1, 3}, {10, 12});
    Span span = {0, 0};
    assert_true(spans_from(&set, 3, &span));
    assert_int_equal(span.from, 1);
    assert_true(spans_from(&set, 4, &span));
    assert_int_equal(span.from, 10);
    assert_false(spans_from(&set, 13, &span));
    assert_int_equal(span.from, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_span_makes_an_empty_set),
        cmocka_unit_test(the_complement_is_what_is_left_of_time),
        cmocka_unit_test(intersection_keeps_what_both_have),
        cmocka_unit_test(union_joins_spans_that_touch),
        cmocka_unit_test(the_next_span_is_the_one_that_has_the_day_or_comes_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
