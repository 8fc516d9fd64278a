/* tests/base/test_buffer.c: growing bytes with a declared ceiling. */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void pieces_join_in_order(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = BUFFER(1000);
    assert_string_equal(buffer_string(&buffer), "");
    buffer_text(&buffer, "长安");
    buffer_char(&buffer, ' ');
    buffer_printf(&buffer, "%d%s", 2012, "年");
    buffer_add(&buffer, "\0x", 2);
    assert_int_equal(buffer.length, 6 + 1 + 4 + 3 + 2);
    assert_memory_equal(buffer.bytes, "长安 2012年\0x", buffer.length + 1);
    buffer_clear(&buffer);
    assert_int_equal(buffer.length, 0);
    assert_string_equal(buffer_string(&buffer), "");
}

static void exactly_the_ceiling_fits_and_one_more_does_not(void **state)
{
    (void)state;
    Err err = {0};
    AUTO_BUFFER buffer = BUFFER(4);
    buffer_text(&buffer, "1234");
    assert_int_equal(buffer_check(&buffer, "the text", &err), OK);
    buffer_char(&buffer, '5');
    assert_int_equal(buffer_check(&buffer, "the text", &err), ERR_LIMIT);
    assert_string_equal(err.text, "the text is larger than 4 bytes");
    assert_string_equal(buffer_string(&buffer), "1234");
    buffer_text(&buffer, "");
    assert_int_equal(buffer_check(&buffer, "the text", &err), ERR_LIMIT);
    buffer_clear(&buffer);
    assert_int_equal(buffer_check(&buffer, "the text", &err), OK);
}

static void a_printf_that_does_not_fit_adds_nothing(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = BUFFER(8);
    buffer_text(&buffer, "abc");
    buffer_printf(&buffer, "%s", "123456");
    assert_true(buffer.overflow);
    assert_string_equal(buffer_string(&buffer), "abc");
}

static void growth_keeps_every_byte(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = BUFFER(1 << 20);
    for (int i = 0; i < 100000; i++)
        buffer_char(&buffer, (char)(i % 251));
    assert_int_equal(buffer.length, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.bytes[i], (char)(i % 251));
    assert_int_equal(buffer.bytes[100000], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_join_in_order),
        cmocka_unit_test(exactly_the_ceiling_fits_and_one_more_does_not),
        cmocka_unit_test(a_printf_that_does_not_fit_adds_nothing),
        cmocka_unit_test(growth_keeps_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
