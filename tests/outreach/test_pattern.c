/* A value never breaks out of its place, whatever it holds. */
#include "support/home.h"

#include "outreach/jsonpath.h"
#include "outreach/pattern.h"

#include <string.h>

static const char *const HOLES[] = {"to", "text", NULL};

static Pattern compile(Arena *arena, const char *text)
{
    Err err = {0};
    Node node = node_root("f.json", NULL);
    Pattern pattern;
    assert_ok(pattern_compile(arena, &node, text, HOLES, &pattern, &err), &err);
    return pattern;
}

static void values_are_written_as_their_place_wants(void **state)
{
    static const struct {
        Fill fill;
        const char *value, *expected;
    } CASES[] = {
        {FILL_PLAIN, "a\"&\n", "<a\"&\n>"},
        {FILL_QUERY, "AZaz09-._~", "<AZaz09-._~>"},
        {FILL_QUERY, "a b&c=d%+/\r\n", "<a%20b%26c%3Dd%25%2B%2F%0D%0A>"},
        {FILL_QUERY, "东莞", "<%E4%B8%9C%E8%8E%9E>"},
        {FILL_JSON, "a\"b\\c\n\x01", "<a\\\"b\\\\c\\u000a\\u0001>"},
        {FILL_JSON, "东莞", "<东莞>"},
        {FILL_LINE, "v 1", "<v 1>"},
        {FILL_LINE, "{{to}}", "<{{to}}>"}, /* what a value says is never read as a pattern */
        {FILL_LINE, "a\r\nX: 1", NULL},
        {FILL_LINE, "a\nb", NULL},
        {FILL_LINE, "a\x7f", NULL},
        {FILL_PLAIN, NULL, "<>"},
    };
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Pattern pattern = compile(arena, "<{{to}}>");
    assert_true(pattern_uses(&pattern, 0));
    assert_false(pattern_uses(&pattern, 1));
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        const char *values[] = {CASES[at].value, NULL};
        AUTO_BUFFER out = BUFFER(1000);
        bool filled = pattern_fill(&pattern, CASES[at].fill, values, &out);
        assert_int_equal(filled, CASES[at].expected != NULL);
        if (filled)
            assert_string_equal(buffer_string(&out), CASES[at].expected);
    }
}

static void every_byte_in_json_comes_back_as_it_was(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Pattern pattern = compile(arena, "{\"v\":\"{{to}}{{text}}\"}");
    char value[200] = "";
    size_t length = 0;
    for (int c = 1; c < 128; c++)
        value[length++] = (char)c;
    const char *values[] = {value, "尾"};
    AUTO_BUFFER out = BUFFER(2000);
    assert_true(pattern_fill(&pattern, FILL_JSON, values, &out));
    json_t *json = json_loadb(out.bytes, out.length, 0, NULL);
    assert_non_null(json);
    const char *back = json_string_value(json_object_get(json, "v"));
    assert_memory_equal(back, value, length);
    assert_string_equal(back + length, "尾");
    json_decref(json);
}

static void placeholder_with_a_slip_is_named_with_the_nearest(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Err err = {0};
    Node node = node_root("f.json", NULL);
    Pattern pattern;
    assert_int_equal(pattern_compile(arena, &node, "x{{txt}}", HOLES, &pattern, &err), ERR_CONFIG);
    assert_string_equal(err.text, "f.json: $: unknown placeholder '{{txt}}'");
    assert_string_equal(err.hint, "did you mean '{{text}}'?");
    assert_int_equal(pattern_compile(arena, &node, "x{{to", HOLES, &pattern, &err), ERR_CONFIG);
    assert_int_equal(pattern_compile(arena, &node, "a\x02", HOLES, &pattern, &err), ERR_CONFIG);
}

static void paths_find_texts_numbers_and_truth_values_and_nothing_else(void **state)
{
    static const struct {
        const char *path, *expected;
    } CASES[] = {
        {"a.b.0.c", "x"},  {"a.b.1", "-7"},
        {"a.b.2", NULL},   {"a.b.9", NULL},
        {"a.b.x", NULL},   {"a", NULL},
        {"a.b", NULL},     {"", NULL},
        {"nothing", NULL}, {"empty", NULL},
        {"null", NULL},    {"true", "true"},
        {"real", NULL},    {"a.b.0.c.d", NULL},
        {"a..b", NULL},    {"big", "9223372036854775807"},
        {"a.b.-1", NULL},  {"a.b.4294967296", NULL},
    };
    (void)state;
    json_t *json = json_loads(
        "{\"a\":{\"b\":[{\"c\":\"x\"},-7,[]]},\"empty\":\"\",\"null\":null,\"true\":true,"
        "\"real\":1.5,\"big\":9223372036854775807}",
        0, NULL);
    assert_non_null(json);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        char out[64] = "untouched";
        bool found = jsonpath_text(json, CASES[at].path, out, sizeof out);
        if (found != (CASES[at].expected != NULL) ||
            strcmp(out, found ? CASES[at].expected : "untouched") != 0)
            fail_msg("'%s' gave '%s'", CASES[at].path, out);
    }
    char small[2];
    assert_false(jsonpath_text(json, "a.b.1", small, sizeof small));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_as_their_place_wants),
        cmocka_unit_test(every_byte_in_json_comes_back_as_it_was),
        cmocka_unit_test(placeholder_with_a_slip_is_named_with_the_nearest),
        cmocka_unit_test(paths_find_texts_numbers_and_truth_values_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
