/* tests/base/test_render.c: tables whose columns stand below one another, also in Chinese. */
#include "base/render.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

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

static const char *table_text(Arena *arena, const Column *columns, const char *json)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = tmpfile(); /* has a descriptor, as isatty wants */
    json_error_t failure;
    json_t *rows = json_loads(json, 0, &failure);
    assert_non_null(rows);
    assert_non_null(out);
    render_table(out, columns, rows);
    json_decref(rows);
    length = (size_t)ftell(out);
    rewind(out);
    bytes = arena_alloc(arena, length + 1);
    assert_int_equal(fread(bytes, 1, length, out), length);
    fclose(out);
    return bytes;
}

static void columns_line_up_by_terminal_width(void **state)
{
    assert_string_equal(
        table_text(
            *state, NULL,
            "[{\"town\": \"长安镇\", \"people\": 7}, {\"town\": \"Humen\", \"people\": 1234}]"),
        "town    people\n"
        "长安镇       7\n"
        "Humen     1234\n");
}

static void texts_of_numbers_stand_on_the_right(void **state)
{
    assert_string_equal(
        table_text(*state, NULL,
                   "[{\"day\": \"2012-10\", \"change\": \"+1,234\", \"who\": \"a\"},"
                   " {\"day\": \"2012-11\", \"change\": \"-5\", \"who\": \"b\"}]"),
        "day      change  who\n"
        "2012-10  +1,234  a\n"
        "2012-11      -5  b\n");
}

static void every_line_of_a_mixed_table_has_the_same_width(void **state)
{
    const char *text =
        table_text(*state, NULL,
                   "[{\"a\": \"李𬍛\", \"b\": \"阿依古丽·买买提\", \"n\": 1},"
                   " {\"a\": \"\", \"b\": \"x\", \"n\": 100000}, {\"a\": \"e\u0301\", \"b\": "
                   "\"ｱ\", \"n\": 22}]");
    char *rest = arena_strdup(*state, text), *line = strsep(&rest, "\n");
    size_t columns = text_columns(line);
    int lines = 1;
    while ((line = strsep(&rest, "\n")) && *line) {
        assert_int_equal(text_columns(line), columns);
        lines++;
    }
    assert_int_equal(lines, 4);
}

static void declared_columns_reach_into_objects_and_leave_gaps_blank(void **state)
{
    static const Column COLUMNS[] = {{"file", "file"}, {"people.new", "new"}, {"ok", "ok"}, {0}};
    assert_string_equal(
        table_text(*state, COLUMNS,
                   "[{\"file\": \"a\", \"people\": {\"new\": 3, \"old\": 1}, \"ok\": true},"
                   " {\"file\": \"bb\", \"hidden\": 5, \"ok\": null}]"),
        "file  new  ok\n"
        "a       3  yes\n"
        "bb         \n");
}

static void long_cells_are_cut(void **state)
{
    char json[1000] = "[{\"a\": \"";
    for (int i = 0; i < 100; i++)
        memcpy(json + 8 + 3 * (size_t)i, "东", 3);
    memcpy(json + 308, "\"}]", 4);
    const char *text = table_text(*state, NULL, json);
    const char *cell = strchr(text, '\n') + 1;
    assert_true(text_columns(cell) <= 61); /* the newline is a column of its own here */
    assert_non_null(strstr(cell, "…\n"));
}

static void no_style_reaches_a_file(void **state)
{
    (void)state;
    FILE *out = tmpfile();
    assert_string_equal(render_style(out, STYLE_BAD), "");
    assert_string_equal(render_plain(out), "");
    fclose(out);
}

static void numbers_are_grouped_by_thousands(void **state)
{
    static const struct {
        int64_t number;
        const char *text;
    } CASES[] = {
        {0, "0"},
        {7, "7"},
        {999, "999"},
        {1000, "1,000"},
        {-1000, "-1,000"},
        {1234567, "1,234,567"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
        {INT64_MAX, "9,223,372,036,854,775,807"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(render_number(*state, CASES[i].number), CASES[i].text);
}

static void bars_are_as_long_as_the_share(void **state)
{
    assert_string_equal(render_bar(*state, 0, 10, 4), "");
    assert_string_equal(render_bar(*state, 5, 10, 4), "██");
    assert_string_equal(render_bar(*state, 10, 10, 4), "████");
    assert_string_equal(render_bar(*state, 99, 10, 4), "████");
    assert_string_equal(render_bar(*state, 1, 8, 1), "▏");
    assert_string_equal(render_bar(*state, 3, 0, 4), "");
    for (int64_t value = 0; value <= 100; value++)
        assert_true(text_columns(render_bar(*state, value, 100, 30)) <= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_line_up_by_terminal_width),
        cmocka_unit_test(texts_of_numbers_stand_on_the_right),
        cmocka_unit_test(every_line_of_a_mixed_table_has_the_same_width),
        cmocka_unit_test(declared_columns_reach_into_objects_and_leave_gaps_blank),
        cmocka_unit_test(long_cells_are_cut),
        cmocka_unit_test(no_style_reaches_a_file),
        cmocka_unit_test(numbers_are_grouped_by_thousands),
        cmocka_unit_test(bars_are_as_long_as_the_share),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
