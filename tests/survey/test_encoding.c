/* tests/survey/test_encoding.c: which encoding a file is in, and where it breaks. */
#include "survey/encoding.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define BYTES(text) (text), sizeof(text) - 1

/* Decides, then decodes all; returns "NAME: text" or the error's text. */
static const char *decoded(SheetWorld *world, const void *bytes, size_t length, const char *named)
{
    Err err;
    Encoding encoding;
    Decoder *decoder = NULL;
    AUTO_BUFFER text = BUFFER(64 << 20);
    int fd = open(sheets_file(world, "text", bytes, length), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ErrCode code = named ? encoding_parse(named, &encoding, &err)
                         : encoding_decide(fd, world->arena, &encoding, &err);
    if (code == OK) {
        buffer_printf(&text, "%s: ", encoding_name(encoding));
        code = decoder_open(fd, encoding, world->arena, &decoder, &err);
    }
    for (size_t piece = 1; code == OK && piece;) {
        const char *start = NULL;
        code = decoder_read(decoder, &start, &piece, &err);
        if (code == OK)
            buffer_add(&text, start, piece);
    }
    decoder_close(decoder);
    close(fd);
    return arena_strdup(world->arena, code == OK ? buffer_string(&text) : err.text);
}

static void encoding_is_decided_by_mark_then_pattern_then_strictness(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *expected;
    } CASES[] = {
        {BYTES("name,id"), "UTF-8: name,id"},
        {BYTES("姓名,东莞"), "UTF-8: 姓名,东莞"},
        {BYTES("\xEF\xBB\xBF姓名"), "UTF-8 BOM: 姓名"},
        {BYTES("\xD0\xD5\xC3\xFB,\xB6\xAB\xDD\xB8"), "GB18030: 姓名,东莞"},
        {BYTES("\x84\x31\x95\x33\xD0\xD5"), "GB18030: 姓"},
        {BYTES("\xD5\xC5\xA1\xA4\xC8\xFD"), "GB18030: 张·三"},
        {BYTES("\x95\x34\xB2\x35"), "GB18030: \xF0\xA0\xAE\xB7"}, /* plane 2 */
        {BYTES("\xFF\xFE\x4E\x53,\0"), "UTF-16LE: 华,"},
        {BYTES("\xFE\xFFN\x53\0,"), "UTF-16BE: 乓,"},
        {BYTES("a\0,\0\x4E\x53\r\0\n\0"), "UTF-16LE: a,华\r\n"},
        {BYTES("\0a\0,N\x53\0\n"), "UTF-16BE: a,乓\n"},
        {BYTES("\0\x4E\t\0\x8C\x4E\t\0\x09\x4E\t\0\x61\0\t\0"), "UTF-16LE: 一\t二\t三\ta\t"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(decoded(*state, CASES[i].bytes, CASES[i].length, NULL),
                            CASES[i].expected);
}

static void undecodable_bytes_are_named_by_offset(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *named;
        const char *expected;
    } CASES[] = {
        {BYTES("ab\xFF"), NULL, "byte 2 is not UTF-8; byte 2 is not GB18030"},
        {BYTES("abc\xE5\xBC"), "UTF-8", "byte 3 is not UTF-8"}, /* cut off */
        {BYTES("ab\xC0\x80"), "utf-8", "byte 2 is not UTF-8"},
        {BYTES("\xEF\xBB\xBF"
               "ab\x80"),
         NULL, "byte 5 is not UTF-8"},
        {BYTES("\xD0\xD5\xC3"), "GBK", "byte 2 is not GB18030"},
        {BYTES("\xD0\xD5 \xC3\x20"), NULL, "byte 0 is not UTF-8; byte 3 is not GB18030"},
        {BYTES("\xFF\xFE\x4E\x53\x00"), NULL, "byte 4 is not UTF-16LE"},
        {BYTES("\xFF\xFE\x00\xDC\x41\x00"), NULL, "byte 2 is not UTF-16LE"},
        {BYTES("a"), "EBCDIC", "the encoding 'EBCDIC' is not known"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(decoded(*state, CASES[i].bytes, CASES[i].length, CASES[i].named),
                            CASES[i].expected);
}

static void stray_nul_does_not_make_a_file_utf16(void **state)
{
    AUTO_BUFFER text = BUFFER(1 << 20);
    for (int i = 0; i < 100; i++)
        buffer_text(&text, "name,id,phone\n");
    text.bytes[501] = '\0';
    const char *got = decoded(*state, text.bytes, text.length, NULL);
    assert_memory_equal(got, "UTF-8: ", 7);
}

/* Every alignment of a character against the end of a piece, in every encoding. */
static void characters_survive_the_borders_of_pieces(void **state)
{
    SheetWorld *world = *state;
    static const struct {
        const char *bytes;
        size_t length, unit;
        const char *name;
    } CASES[] = {
        {BYTES("\xF0\xA0\xAE\xB7"), 1, "UTF-8"},
        {BYTES("\x95\x34\xB2\x35"), 1, "GB18030"},
        {BYTES("\x42\xD8\xB7\xDF"), 2, "UTF-16LE"},
        {BYTES("\xD8\x42\xDF\xB7"), 2, "UTF-16BE"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (size_t shift = 0; shift < 4; shift += CASES[i].unit) {
            AUTO_BUFFER bytes = BUFFER(1 << 20);
            buffer_add(&bytes, CASES[i].unit == 1 ? "aaa" : "\x42\x42\x42", shift);
            for (int n = 0; n < 40000; n++)
                buffer_add(&bytes, CASES[i].bytes, CASES[i].length);
            const char *got = decoded(world, bytes.bytes, bytes.length, CASES[i].name);
            got += strlen(CASES[i].name) + 2 + (CASES[i].unit == 1 ? shift : shift / 2 * 3);
            assert_int_equal(strlen(got), 160000);
            for (int n = 0; n < 40000; n++)
                assert_memory_equal(got + 4 * n, "\xF0\xA0\xAE\xB7", 4);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoding_is_decided_by_mark_then_pattern_then_strictness),
        cmocka_unit_test(undecodable_bytes_are_named_by_offset),
        cmocka_unit_test(stray_nul_does_not_make_a_file_utf16),
        cmocka_unit_test(characters_survive_the_borders_of_pieces),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
