/* tests/base/test_text.c: UTF-8 as office files bring it, whole and damaged. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int arena_setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void valid_accepts_only_strict_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        bool valid;
        size_t offset; /* of the first bad byte */
    } CASES[] = {
        {"", 0, true, 0},
        {"abc", 3, true, 0},
        {"东莞", 6, true, 0},
        {"\xF0\xAC\x8D\x9B", 4, true, 0}, /* U+2C35B */
        {"\xEF\xBF\xBD", 3, true, 0},     /* a written U+FFFD is sound */
        {"a\0b", 3, true, 0},
        {"ab\xFF", 3, false, 2},
        {"\xC0\x80", 2, false, 0},         /* overlong NUL */
        {"\xE0\x80\xAF", 3, false, 0},     /* overlong slash */
        {"\xED\xA0\x80", 3, false, 0},     /* a surrogate */
        {"\xF4\x90\x80\x80", 4, false, 0}, /* beyond U+10FFFF */
        {"a\xE4\xB8", 3, false, 1},        /* cut short */
        {"\x80", 1, false, 0},
        {"东\xB6\xAB", 5, false, 3}, /* GB bytes behind UTF-8 */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t offset = 99;
        assert_int_equal(text_valid(CASES[i].bytes, CASES[i].length, &offset), CASES[i].valid);
        assert_int_equal(offset, CASES[i].valid ? 99 : CASES[i].offset);
    }
    assert_false(text_valid("\xFF", 1, NULL));
}

static void every_code_point_survives_encoding_and_decoding(void **state)
{
    (void)state;
    for (uint32_t code_point = 1; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char bytes[4];
        size_t length = text_encode(code_point, bytes);
        const char *cursor = bytes;
        if (text_next(&cursor, bytes + length) != code_point || cursor != bytes + length)
            fail_msg("U+%04X does not survive", code_point);
    }
}

static void next_moves_one_byte_over_damage(void **state)
{
    (void)state;
    const char *text = "\xE4\xB8"
                       "A";
    const char *cursor = text, *end = text + 3;
    assert_int_equal(text_next(&cursor, end), 0xFFFD);
    assert_ptr_equal(cursor, text + 1);
    assert_int_equal(text_next(&cursor, end), 0xFFFD);
    assert_int_equal(text_next(&cursor, end), 'A');
    assert_ptr_equal(cursor, end);
}

typedef char *(*TextMaker)(Arena *arena, const char *text);
typedef struct Making {
    TextMaker make;
    const char *from, *to;
} Making;

static void folding_trimming_and_keys_follow_the_table(void **state)
{
    static const Making CASES[] = {
        {text_fold_width, "１３８００", "13800"},
        {text_fold_width, "ＡＢｃ（东莞）～", "ABc(东莞)~"},
        {text_fold_width, "！", "!"},
        {text_fold_width, "｟", "｟"}, /* the first that has no ASCII form */
        {text_fold_width, "张　三", "张 三"},
        {text_fold_width, "a\u00A0b", "a b"},
        {text_fold_width, "李·四—", "李·四—"},
        {text_key, "  姓 \t 名\r\n ", "姓 名"},
        {text_key, "ＩＤ Number", "id number"},
        {text_key, "\uFEFF身份\u200B证号", "身份证号"},
        {text_key, "手机\n号码", "手机 号码"},
        {text_key, "　", ""},
        {text_trim, "　\u00A0 a  b \t\n", "a  b"},
        {text_trim, "\uFEFF\u200B张三\u200B", "张三"},
        {text_trim, "", ""},
        {text_trim, " \t ", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(CASES[i].make(*state, CASES[i].from), CASES[i].to);
}

static void damaged_bytes_never_outgrow_the_result(void **state)
{
    /* Each bad byte becomes U+FFFD, three bytes: what lives behind the result must stay as it was.
     */
    static const TextMaker MAKERS[] = {text_fold_width, text_key, text_trim};
    char bad[513];
    memset(bad, 0xFF, sizeof bad - 1);
    bad[sizeof bad - 1] = '\0';
    for (size_t i = 0; i < sizeof MAKERS / sizeof *MAKERS; i++) {
        char *made = MAKERS[i](*state, bad);
        char *behind = arena_alloc(*state, 2048);
        assert_int_equal(strlen(made), 3 * (sizeof bad - 1));
        assert_true(made + strlen(made) < behind || made > behind);
        assert_true(text_valid(made, strlen(made), NULL));
    }
}

static void keys_and_trimming_are_settled_after_one_time(void **state)
{
    static const char *const TEXTS[] = {" Ａ　b\u00A0\u00A0c ", "\u200B 姓\n名 \uFEFF", "", "Ｘ",
                                        "a\xFF b"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        char *key = text_key(*state, TEXTS[i]), *trimmed = text_trim(*state, TEXTS[i]);
        assert_string_equal(text_key(*state, key), key);
        assert_string_equal(text_trim(*state, trimmed), trimmed);
    }
}

static void damaged_finds_what_was_hurt_on_its_way(void **state)
{
    (void)state;
    static const char *const DAMAGED[] = {"张\uFFFD",   "a\x01", "\u202E三", "\uE000",
                                          "\U000F0000", "\x7F",  "\xC2\x85", "\xC3("};
    static const char *const WHOLE[] = {
        "", "欧阳锋", "阿依古丽·买买提", "李\U0002C35B", "a\tb\r\n", "㼆", "ﾐ"};
    for (size_t i = 0; i < sizeof DAMAGED / sizeof *DAMAGED; i++)
        assert_true(text_damaged(DAMAGED[i]));
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++)
        assert_false(text_damaged(WHOLE[i]));
}

static void columns_characters_and_utf16_units_are_counted_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns, characters, units;
    } CASES[] = {
        {"", 0, 0, 0},           {"abc", 3, 3, 3},           {"东莞", 4, 2, 2},
        {"Ａ", 2, 1, 1},         {"【东莞人社】", 12, 6, 6}, {"李\U0002C35B", 4, 2, 3},
        {"e\u0301", 1, 2, 2},    {"a\u200Bb", 2, 3, 3},      {"阿·买", 5, 3, 3},
        {"\U0001F600", 2, 1, 2}, {"한글", 4, 2, 2},          {"ｱ", 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(text_columns(CASES[i].text), CASES[i].columns);
        assert_int_equal(text_characters(CASES[i].text), CASES[i].characters);
        assert_int_equal(text_utf16_units(CASES[i].text), CASES[i].units);
    }
}

static void cut_keeps_within_its_columns(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *cut;
    } CASES[] = {
        {"东莞市", 6, "东莞市"}, {"东莞市", 5, "东莞…"}, {"东莞市", 4, "东…"}, {"东莞市", 2, "…"},
        {"abc", 0, ""},          {"abcd", 3, "ab…"},     {"", 3, ""},          {"a东b", 3, "a…"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_string_equal(text_cut(*state, CASES[i].text, CASES[i].columns), CASES[i].cut);
        assert_true(text_columns(CASES[i].cut) <= CASES[i].columns);
    }
}

static void equal_starts_and_ends_know_their_edges(void **state)
{
    (void)state;
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "b"));
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_starts("长安镇", "长安"));
    assert_false(text_starts("长", "长安"));
    assert_true(text_ends("长安镇", "镇"));
    assert_false(text_ends("镇", "长安镇"));
    assert_true(text_starts("x", "") && text_ends("x", ""));
}

static void nearest_suggests_only_what_is_near(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"survey import", "survey undo", "policy size"};
    assert_string_equal(text_nearest("survey imprt", WORDS, 3), "survey import");
    assert_string_equal(text_nearest("polcy size", WORDS, 3), "policy size");
    assert_null(text_nearest("xyzzy", WORDS, 3));
    assert_null(text_nearest("survey", WORDS, 0));
    static const char *const FACTS[] = {"技能等级", "入户意向"};
    assert_string_equal(text_nearest("技能等及", FACTS, 2), "技能等级");
}

static void mask_shows_at_most_the_last_four(void **state)
{
    assert_string_equal(text_mask(*state, "11010519491231002X"), "**************002X");
    assert_string_equal(text_mask(*state, "13800138000"), "*******8000");
    assert_string_equal(text_mask(*state, NULL), "****");
    assert_string_equal(text_mask(*state, ""), "****");
    assert_string_equal(text_mask(*state, "1234"), "****");
    assert_null(strstr(text_mask(*state, "1234567"), "123"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_accepts_only_strict_utf8),
        cmocka_unit_test(every_code_point_survives_encoding_and_decoding),
        cmocka_unit_test(next_moves_one_byte_over_damage),
        cmocka_unit_test(folding_trimming_and_keys_follow_the_table),
        cmocka_unit_test(damaged_bytes_never_outgrow_the_result),
        cmocka_unit_test(keys_and_trimming_are_settled_after_one_time),
        cmocka_unit_test(damaged_finds_what_was_hurt_on_its_way),
        cmocka_unit_test(columns_characters_and_utf16_units_are_counted_apart),
        cmocka_unit_test(cut_keeps_within_its_columns),
        cmocka_unit_test(equal_starts_and_ends_know_their_edges),
        cmocka_unit_test(nearest_suggests_only_what_is_near),
        cmocka_unit_test(mask_shows_at_most_the_last_four),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
