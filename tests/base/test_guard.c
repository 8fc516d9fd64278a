/* tests/base/test_guard.c: no exported cell runs as a formula, and each comes back as it was. */
#include "support/home.h"

#include "base/guard.h"
#include "base/text.h"
#include "survey/quarantine_key.h"

static Arena *arena;
static TestHome *home;

static int setup(void **state)
{
    Err err = {0};
    Sealer *sealer;
    arena = arena_new(0);
    home = test_home_new();
    assert_ok(sealer_open(arena_printf(arena, "%s/seal.key", home->dir), true, &sealer, &err),
              &err);
    *state = sealer;
    return 0;
}

static int teardown(void **state)
{
    sealer_free(*state);
    test_home_free(home);
    arena_free(arena);
    return 0;
}

static void cells_that_would_run_get_one_apostrophe_and_lose_it_again(void **state)
{
    (void)state;
    static const char *const RUNNING[] = {"=1+1", "+86 138", "-3",  "@SUM", "\t=1", "\r=1", "\n=1",
                                          "＝1",  "＋86",    "－3", "＠a",  "'=1",  "''=1", "-"};
    static const char *const PLAIN[] = {"", "张伟", "'", "''", "'abc", "a=b", " =1", "12345"};
    for (size_t i = 0; i < sizeof RUNNING / sizeof *RUNNING; i++) {
        const char *guarded = guard_on(arena, RUNNING[i]);
        assert_int_equal(guarded[0], '\'');
        assert_string_equal(guarded + 1, RUNNING[i]);
        assert_string_equal(guard_off(guarded), RUNNING[i]);
    }
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++) {
        assert_string_equal(guard_on(arena, PLAIN[i]), PLAIN[i]);
        assert_string_equal(guard_off(PLAIN[i]), PLAIN[i]);
    }
}

static void quarantine_numbers_read_back_and_nothing_else_is_one(void **state)
{
    const Sealer *sealer = *state;
    QuarantineKey key = {0};
    const char *number = quarantine_key_format(sealer, arena, (QuarantineKey){12, 1, 34});
    assert_true(text_starts(number, "B12-S1-L34-"));
    assert_true(quarantine_key_parse(sealer, arena, number, &key));
    assert_int_equal(key.batch, 12);
    assert_int_equal(key.sheet, 1);
    assert_int_equal(key.line, 34);
    assert_true(quarantine_key_parse(sealer, arena, " ｂ12-s1-l34 ", &key)); /* typed by hand */
    static const char *const WRONG[] = {"",
                                        "B12",
                                        "B12-S1",
                                        "B12-S1-L",
                                        "B0-S1-L1",
                                        "12-1-34",
                                        "B12-S1-L3x",
                                        "B-1-S1-L1",
                                        "B12 S1 L3",
                                        "B12-S1-L34-",
                                        "B12-S99999-L1",
                                        "B12-S1-L99999999999",
                                        "B99999999999999999999-S1-L1"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        assert_false(quarantine_key_parse(sealer, arena, WRONG[i], &key));
}

/* A spreadsheet that fills a column counts numbers on, and copies their end. */
static void a_number_with_the_check_digits_of_another_is_none(void **state)
{
    const Sealer *sealer = *state;
    QuarantineKey key;
    unsigned taken = 0;
    for (unsigned line = 1; line <= 200; line++) {
        const char *number = quarantine_key_format(sealer, arena, (QuarantineKey){12, 1, line});
        const char *digits = strrchr(number, '-');
        const char *next = arena_printf(arena, "B12-S1-L%u%s", line + 1, digits);
        taken += quarantine_key_parse(sealer, arena, next, &key);
    }
    assert_true(taken <= 1); /* one in 65,536 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_that_would_run_get_one_apostrophe_and_lose_it_again),
        cmocka_unit_test(quarantine_numbers_read_back_and_nothing_else_is_one),
        cmocka_unit_test(a_number_with_the_check_digits_of_another_is_none),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
