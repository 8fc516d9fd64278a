/* tests/survey/test_shared_strings.c: every text is found by its number, however many there are. */
#include "survey/shared_strings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LONGEST = 131068 };

/* Text and length of a number: short ones, empty ones, now and then one of any length up to the
 * longest of a cell. */
static size_t text_of(size_t number, char *out)
{
    size_t length = number % 11 == 0 ? 0 : 1 + number % 80;
    if (number % 5003 == 0)
        length = number * 7919 % LONGEST;
    if (number % 977 == 0)
        length = 254 + number % 3; /* where a length needs more than one byte */
    for (size_t i = 0; i < length; i++)
        out[i] = (char)('a' + (number + i * i) % 26);
    return length;
}

static void assert_text(SharedStrings *strings, size_t number)
{
    static char expected[LONGEST];
    size_t length = 0, wanted = text_of(number, expected);
    const char *text = NULL;
    Err err;
    assert_int_equal(strings_at(strings, number, &text, &length, &err), OK);
    assert_non_null(text);
    assert_int_equal(length, wanted);
    assert_memory_equal(text, expected, wanted);
}

static void add(SharedStrings *strings, size_t count)
{
    static char text[LONGEST];
    Err err;
    for (size_t number = 0; number < count; number++)
        assert_int_equal(strings_add(strings, text, text_of(number, text), &err), OK);
}

static void assert_all_found(size_t count, bool filed)
{
    SharedStrings strings = {.count = 0};
    add(&strings, count);
    assert_int_equal(strings.hoard.file != NULL, filed);
    for (size_t number = 0; number < count; number++)
        assert_text(&strings, number);
    for (size_t n = 0; n < count / 4; n++)
        assert_text(&strings, n * 2654435761 % count);
    for (size_t number = count; number-- > count - 100;)
        assert_text(&strings, number);
    const char *text = "";
    size_t length;
    Err err;
    assert_int_equal(strings_at(&strings, count, &text, &length, &err), OK);
    assert_null(text);
    strings_done(&strings);
}

static void texts_are_found_by_their_numbers(void **state)
{
    (void)state;
    assert_all_found(101, false);
    assert_all_found(30000, false);
}

static void a_million_texts_are_found_in_the_file(void **state)
{
    (void)state;
    assert_all_found(1000000, true);
}

static void texts_have_a_ceiling(void **state)
{
    (void)state;
    SharedStrings strings = {.cost = STRINGS_BYTES_MAX - STRING_COST_BYTES - 3};
    Err err;
    assert_int_equal(strings_add(&strings, "abc", 3, &err), OK);
    assert_int_equal(strings_add(&strings, "", 0, &err), ERR_LIMIT);
    assert_string_equal(err.text, "the texts need more than 1024 MiB");
    strings_done(&strings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_found_by_their_numbers),
        cmocka_unit_test(a_million_texts_are_found_in_the_file),
        cmocka_unit_test(texts_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
