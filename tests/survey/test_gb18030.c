/* tests/survey/test_gb18030.c: the same as iconv, for all bytes. */
#include "survey/gb18030.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { INPUT_BYTES = 64 };

static iconv_t converter;

static int open_converter(void **state)
{
    (void)state;
    converter = iconv_open("UTF-8", "GB18030");
    return converter == (iconv_t)(intptr_t)-1 ? -1 : 0;
}

static int close_converter(void **state)
{
    (void)state;
    return iconv_close(converter);
}

static void assert_same(const char *bytes, size_t length)
{
    char input[INPUT_BYTES], expected[4 * INPUT_BYTES], text[4 * INPUT_BYTES];
    char *from = input, *to = expected, *out = text;
    size_t left = length, room = sizeof expected;
    const char *in = bytes;
    memcpy(input, bytes, length);
    errno = 0;
    bool whole = iconv(converter, &from, &left, &to, &room) != (size_t)-1;
    int reason = whole ? 0 : errno;
    iconv(converter, NULL, NULL, NULL, NULL);
    errno = 0;
    assert_int_equal(gb18030_decode(converter, &in, bytes + length, &out), whole);
    iconv(converter, NULL, NULL, NULL, NULL);
    if (!whole)
        assert_int_equal(errno, reason);
    assert_int_equal(in - bytes, length - left);
    assert_int_equal(out - text, to - expected);
    assert_memory_equal(text, expected, (size_t)(to - expected));
}

static void every_pair_of_bytes_is_decoded_as_by_iconv(void **state)
{
    (void)state;
    for (int first = 0; first < 256; first++)
        for (int second = 0; second < 256; second++) {
            char bytes[] = {(char)first, (char)second, 'x'};
            assert_same(bytes, 2);
            assert_same(bytes, 3);
        }
}

static void random_bytes_are_decoded_as_by_iconv(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"a",        "0123456789",       "\xD5\xC5",
                                        "\xC8\xFD", "\x81\x30\x81\x30", "\x95\x32\x82\x36",
                                        "\xA8\xBC", "\xFE\x50",         "\x81\x35\xF4\x37",
                                        "\x81",     "\x84\x31",         "\xFF",
                                        "\x80",     "\xE3\x32\x9A\x35"};
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 200000; round++) {
        char bytes[INPUT_BYTES];
        size_t length = 0;
        for (int parts = rand() % 8; parts > 0; parts--) {
            const char *part = PARTS[(size_t)rand() % (rand() % 8 ? 9 : 14)];
            size_t size = strlen(part);
            if (length + size > sizeof bytes)
                break;
            memcpy(bytes + length, part, size);
            length += size;
        }
        if (length && rand() % 4 == 0)
            bytes[(size_t)rand() % length] = (char)rand();
        assert_same(bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_bytes_is_decoded_as_by_iconv),
        cmocka_unit_test(random_bytes_are_decoded_as_by_iconv),
    };
    return cmocka_run_group_tests(tests, open_converter, close_converter);
}
