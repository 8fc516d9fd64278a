/* tests/people/test_ask_key.c: a follow-up number says whom and what it was given out for, and
 * nobody makes one up. */
#include "people/ask_key.h"

#include "people/fact.h"
#include "support/home.h"

static int setup(void **state)
{
    TestHome *home = test_home_new();
    Err err = {0};
    const char *file = arena_printf(home->context.arena, "%s/seal.key", home->dir);
    *state = home;
    return sealer_open(file, true, &home->context.sealer, &err) == OK ? 0 : 1;
}

static int teardown(void **state)
{
    TestHome *home = *state;
    sealer_free(home->context.sealer);
    home->context.sealer = NULL;
    test_home_free(home);
    return 0;
}

static AskKey sample(void)
{
    AskKey key = {.by_id = true, .facts = UINT32_C(1) << FACT_PENSION_MONTHS | 1};
    for (size_t i = 0; i < SEAL_HASH_BYTES; i++)
        key.hash[i] = (uint8_t)(i * 17);
    return key;
}

static void a_key_comes_back_as_it_was_given_out(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    AskKey key = sample(), read;
    for (int by_id = 0; by_id < 2; by_id++) {
        key.by_id = by_id;
        const char *text = ask_key_format(home->context.sealer, arena, &key);
        const char *spaced = arena_printf(arena, "  %s ", text);
        assert_true(ask_key_parse(home->context.sealer, arena, spaced, &read));
        assert_int_equal(read.by_id, by_id);
        assert_int_equal(read.facts, key.facts);
        assert_memory_equal(read.hash, key.hash, SEAL_HASH_BYTES);
    }
}

static void two_keys_of_one_person_are_not_alike(void **state)
{
    TestHome *home = *state;
    AskKey key = sample();
    const char *first = ask_key_format(home->context.sealer, home->context.arena, &key);
    assert_string_not_equal(first, ask_key_format(home->context.sealer, home->context.arena, &key));
}

static void no_changed_digit_is_taken(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    AskKey key = sample(), read;
    const char *text = ask_key_format(home->context.sealer, arena, &key);
    for (size_t i = 0; text[i]; i++) {
        char *changed = arena_strdup(arena, text);
        changed[i] = changed[i] == 'a' ? 'b' : 'a';
        assert_false(ask_key_parse(home->context.sealer, arena, changed, &read));
        changed[i] = 'x';
        assert_false(ask_key_parse(home->context.sealer, arena, changed, &read));
    }
}

static void other_sealed_values_are_no_keys(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    AskKey read;
    size_t length;
    static const char SAME_LENGTH[] = "4304021980010100100000000";
    const uint8_t *sealed = seal(home->context.sealer, arena, SAME_LENGTH, 25, &length);
    assert_false(
        ask_key_parse(home->context.sealer, arena, seal_hex(arena, sealed, length), &read));
    assert_false(ask_key_parse(home->context.sealer, arena, "", &read));
    assert_false(ask_key_parse(home->context.sealer, arena, "B1-S1-L2", &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_comes_back_as_it_was_given_out),
        cmocka_unit_test(two_keys_of_one_person_are_not_alike),
        cmocka_unit_test(no_changed_digit_is_taken),
        cmocka_unit_test(other_sealed_values_are_no_keys),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
