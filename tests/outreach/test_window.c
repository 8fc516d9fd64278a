/* When people may be texted. Moments are written in Asia/Shanghai. */
#include "support/home.h"

#include "outreach/window.h"

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static int teardown(void **state)
{
    test_home_free(*state);
    return 0;
}

static Moment at(int year, int month, int day, int hour, int minute)
{
    return ((Moment)date_of(year, month, day) * 24 * 60 + (hour - 8) * 60 + minute) * 60 * 1000;
}

static void window_is_open_from_its_first_minute_to_before_its_last(void **state)
{
    (void)state;
    Window window = {.from_minute = 9 * 60, .to_minute = 20 * 60};
    assert_false(window_open(&window, at(2012, 10, 1, 8, 59)));
    assert_true(window_open(&window, at(2012, 10, 1, 9, 0)));
    assert_true(window_open(&window, at(2012, 10, 1, 19, 59)));
    assert_false(window_open(&window, at(2012, 10, 1, 20, 0)));
    assert_false(window_open(&window, at(2012, 10, 2, 0, 30)));
    window.always = true;
    assert_true(window_open(&window, at(2012, 10, 2, 0, 30)));
}

static void window_opens_next_on_a_day_that_is_no_holiday(void **state)
{
    (void)state;
    const Date days[] = {date_of(2012, 10, 1), date_of(2012, 10, 2)};
    Window window = {
        .from_minute = 9 * 60, .to_minute = 20 * 60, .holidays = days, .holiday_count = 2};
    assert_false(window_open(&window, at(2012, 10, 1, 12, 0)));
    assert_int_equal(window_next(&window, at(2012, 9, 30, 21, 17)), at(2012, 10, 3, 9, 0));
    assert_int_equal(window_next(&window, at(2012, 10, 4, 3, 0)), at(2012, 10, 4, 9, 0));
    assert_int_equal(window_next(&window, at(2012, 10, 4, 10, 1)), at(2012, 10, 4, 10, 1));
}

static ErrCode load(TestHome *home, const char *text, Window *window, Err *err)
{
    const char *path = arena_printf(home->context.arena, "%s/holidays", home->dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    Config config = {.holidays_file = path, .window_from_minute = 540, .window_to_minute = 1200};
    return window_load(&config, home->context.arena, window, err);
}

static void holidays_are_read_from_a_file(void **state)
{
    Err err = {0};
    Window window;
    assert_ok(load(*state, "# 国庆\n2012-10-01\n\n 2012-10-02 # second\r\n", &window, &err), &err);
    assert_int_equal(window.holiday_count, 2);
    assert_false(window_open(&window, at(2012, 10, 2, 12, 0)));
    assert_true(window_open(&window, at(2012, 10, 3, 12, 0)));
}

static void holiday_that_is_no_date_is_named_with_its_line(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Window window;
    assert_int_equal(load(home, "2012-10-01\n2012-13-01\n", &window, &err), ERR_CONFIG);
    assert_string_equal(
        err.text,
        arena_printf(home->context.arena, "%s/holidays:2: '2012-13-01' is not a date", home->dir));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window_is_open_from_its_first_minute_to_before_its_last),
        cmocka_unit_test(window_opens_next_on_a_day_that_is_no_holiday),
        cmocka_unit_test(holidays_are_read_from_a_file),
        cmocka_unit_test(holiday_that_is_no_date_is_named_with_its_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
