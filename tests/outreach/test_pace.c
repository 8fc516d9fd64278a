/* Time is given, so every second of it can be tested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outreach/pace.h"

enum { SECOND = 1000000 };

/* How many go in a number of seconds when one asks every millisecond. */
static size_t sent_in(Pace *pace, int64_t from_us, int seconds)
{
    size_t sent = 0;
    for (int64_t now = from_us; now < from_us + (int64_t)seconds * SECOND; now += 1000)
        sent += pace_allow(pace, now, 1000);
    return sent;
}

static void rate_is_kept(void **state)
{
    (void)state;
    static const double RATES[] = {1, 7, 200, 5000};
    for (size_t at = 0; at < 4; at++) {
        Pace pace = pace_start(RATES[at], 0);
        size_t sent = sent_in(&pace, 0, 10);
        assert_true((double)sent >= RATES[at] * 9.9 - 1 && (double)sent <= RATES[at] * 10.1 + 2);
    }
}

static void pause_is_not_followed_by_a_burst(void **state)
{
    (void)state;
    Pace pace = pace_start(100, 0);
    assert_int_equal(pace_allow(&pace, (int64_t)3600 * SECOND, 1000),
                     10); /* a tenth of a second's worth */
}

static void no_limit_lets_all_go(void **state)
{
    (void)state;
    Pace pace = pace_start(0, 0);
    assert_int_equal(pace_allow(&pace, 0, 5000), 5000);
    assert_int_equal(pace_wait_us(&pace, 0), 0);
}

static void retry_after_is_obeyed_and_the_rate_halved_and_grown_again(void **state)
{
    (void)state;
    Pace pace = pace_start(100, 0);
    (void)sent_in(&pace, 0, 2);
    pace_throttled(&pace, 2 * SECOND, 3000);
    pace_throttled(&pace, 2 * SECOND + 1000, 3000); /* of the same burst: once only */
    assert_int_equal(sent_in(&pace, 2 * SECOND + 2000, 2), 0);
    assert_in_range(pace_wait_us(&pace, 3 * SECOND), 2 * SECOND, 2 * SECOND + 2000);
    size_t slow = sent_in(&pace, 6 * SECOND, 1);
    assert_in_range(slow, 40, 60);
    for (int n = 0; n < 200; n++)
        pace_succeeded(&pace, 7 * SECOND);
    assert_in_range(sent_in(&pace, 7 * SECOND, 1), 95, 112);
}

static void gateway_without_a_limit_that_says_too_fast_gets_one(void **state)
{
    (void)state;
    Pace pace = pace_start(0, 0);
    for (int64_t now = 0; now < 2 * SECOND; now += 1000)
        assert_int_equal(pace_allow(&pace, now, 1), 1);
    pace_throttled(&pace, 2 * SECOND, 0);
    assert_int_equal(pace_allow(&pace, 2 * SECOND + 900000, 10), 0);
    assert_in_range(sent_in(&pace, 3 * SECOND, 1), 450, 560);
}

static void breaker_opens_after_five_failures_and_sends_one_probe(void **state)
{
    (void)state;
    Pace pace = pace_start(0, 0);
    for (int n = 0; n < 4; n++)
        pace_failed(&pace, 0);
    assert_false(pace_broken(&pace));
    pace_failed(&pace, 0);
    assert_true(pace_broken(&pace));
    assert_int_equal(pace_allow(&pace, SECOND - 1, 10), 0);
    assert_int_equal(pace_allow(&pace, SECOND, 10), 1); /* the probe */
    assert_int_equal(pace_allow(&pace, SECOND + 1, 10), 0);
    pace_failed(&pace, 2 * SECOND); /* it failed: now two seconds */
    assert_int_equal(pace_allow(&pace, 4 * SECOND - 1, 10), 0);
    assert_int_equal(pace_allow(&pace, 4 * SECOND, 10), 1);
    pace_succeeded(&pace, 4 * SECOND + 1);
    assert_false(pace_broken(&pace));
    assert_int_equal(pace_allow(&pace, 4 * SECOND + 2, 10), 10);
}

static void breaker_waits_a_minute_at_most(void **state)
{
    (void)state;
    Pace pace = pace_start(0, 0);
    int64_t now = 0;
    for (int n = 0; n < 60; n++) {
        now += 100 * (int64_t)SECOND;
        pace_failed(&pace, now);
    }
    assert_int_equal(pace_wait_us(&pace, now), 60 * (int64_t)SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_is_kept),
        cmocka_unit_test(pause_is_not_followed_by_a_burst),
        cmocka_unit_test(no_limit_lets_all_go),
        cmocka_unit_test(retry_after_is_obeyed_and_the_rate_halved_and_grown_again),
        cmocka_unit_test(gateway_without_a_limit_that_says_too_fast_gets_one),
        cmocka_unit_test(breaker_opens_after_five_failures_and_sends_one_probe),
        cmocka_unit_test(breaker_waits_a_minute_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
