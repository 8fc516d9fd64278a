/* tests/survey/test_sheet_json.c: exports of KoboToolbox and ODK as they come, and how damage is
 * named. */
#include "survey/sheet_row.h"

#include "base/buffer.h"
#include "support/sheets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct JsonCase {
    const char *text;
    const char *expected;
} JsonCase;

static void assert_cases(SheetWorld *world, const JsonCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = sheets_file(world, "a.json", cases[i].text, strlen(cases[i].text));
        assert_string_equal(sheets_read(world, path, NULL), cases[i].expected);
    }
}
#define ASSERT_CASES(world, cases) assert_cases((world), (cases), sizeof(cases) / sizeof *(cases))

static void layouts_are_read_alike(void **state)
{
    static const JsonCase CASES[] = {
        {"[{\"a\":\"1\"},{\"a\":\"2\"}]", "0: 'a'\n1: '1'\n2: '2'\n"},
        {"\xEF\xBB\xBF [ {\"a\":\"1\"} ,\n{\"a\":\"2\"} ]\n", "0: 'a'\n1: '1'\n2: '2'\n"},
        {"{\"a\":\"1\"}\n{\"a\":\"2\"}\n", "0: 'a'\n1: '1'\n2: '2'\n"},
        {"{\"a\":\"1\"}", "0: 'a'\n1: '1'\n"},
        {"{\"count\":2,\"next\":null,\"results\":[{\"a\":\"1\"},{\"a\":\"2\"}]}",
         "0: 'a'\n1: '1'\n2: '2'\n"},
        {"[]", "ERR_INPUT: the file holds no answers\n"},
        {"[{}]", "ERR_INPUT: the file holds no answers\n"},
        {"{\"count\":2,\"next\":\"https://x/?start=1\",\"results\":[{\"a\":\"1\"}]}",
         "ERR_INPUT: this is only one page of the answers: 'next' names another\n"
         "hint: export all answers, or raise the page's limit\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void keys_become_columns_by_their_last_part(void **state)
{
    static const JsonCase CASES[] = {
        {"[{\"_id\":7,\"person/name\":\"张\",\"job/skill/level\":\"3\"}]",
         "0: '_id' 'name' 'level'\n1: 7 '张' '3'\n"},
        {"[{\"person\":{\"name\":\"张\",\"job\":{\"level\":\"3\"}}}]",
         "0: 'name' 'level'\n1: '张' '3'\n"},
        /* two keys with one last part keep their whole names, whatever their order */
        {"[{\"person/name\":\"张\",\"firm/name\":\"厂\",\"x/y\":\"1\"}]",
         "0: 'person/name' 'firm/name' 'y'\n1: '张' '厂' '1'\n"},
        {"[{\"name\":\"张\"},{\"firm/name\":\"厂\"}]",
         "0: 'name' 'firm/name'\n1: '张'\n2: - '厂'\n"},
        /* a question first asked in a later answer */
        {"{\"a\":\"1\"}\n{\"b\":\"2\"}\n", "0: 'a' 'b'\n1: '1'\n2: - '2'\n"},
        {"[{\"g\":{\"a\":1},\"g/a\":2}]",
         "ERR_INPUT: item 1: the key 'g/a' stands there twice, once inside a group\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void values_become_cells(void **state)
{
    static const JsonCase CASES[] = {
        {"[{\"v\":440524188001010014}]", "0: 'v'\n1: 440524188001010014\n"},
        {"[{\"v\":1.5},{\"v\":-3},{\"v\":1e3}]", "0: 'v'\n1: 1.5\n2: -3\n3: 1000\n"},
        {"[{\"v\":true},{\"v\":false},{\"v\":null},{\"v\":\"\"}]",
         "0: 'v'\n1: ?true\n2: ?false\n3:\n4:\n"},
        {"[{\"v\":[\"a\",\"b\"]},{\"v\":[]},{\"v\":[null,null]}]", "0: 'v'\n1: 'a b'\n2:\n3:\n"},
        {"[{\"v\":[{\"x\":1},{\"x\":2}]}]", "0: 'v'\n1: '[{\"x\":1},{\"x\":2}]'\n"},
        {"[{\"v\":\"\\u5f20\\n\\\"}{\"}]", "0: 'v'\n1: '张\n\"}{'\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void damage_is_named_without_quoting_it(void **state)
{
    static const JsonCase CASES[] = {
        {"[{\"a\":1},\n{\"a\":440524x}]",
         "ERR_INPUT: item 2, line 2, column 12: this is not JSON\n"},
        {"[{\"a\":1},\n{\"a\":1,\"a\":2}]",
         "ERR_INPUT: item 2, line 2, column 10: a key stands twice in one object\n"},
        {"[{\"a\":\"\xFF\"}]", "ERR_INPUT: item 1, line 1, column 6: a text is not UTF-8\n"},
        {"[{\"a\":99999999999999999999}]",
         "ERR_INPUT: item 1, line 1, column 25: a number is too large\n"},
        {"[{\"a\":1}", "ERR_INPUT: item 1, line 1: the file ends after it, before the end of the "
                       "list\n"},
        {"[{\"a\":1},{\"a\":", "ERR_INPUT: item 2, line 1: the file ends in the middle of it\n"},
        {"[{\"a\":1},]", "ERR_INPUT: item 2, line 1 is not an object\n"},
        {"[{\"a\":1} {\"a\":2}]", "ERR_INPUT: item 1, line 1: a comma is missing after it\n"},
        {"[{\"a\":1}]x", "ERR_INPUT: item 1, line 1: something follows the end of the list\n"},
        {"{\"a\":1}\nx", "ERR_INPUT: item 2, line 2 is not an object\n"},
        {"[{\"a\":1},5]", "ERR_INPUT: item 2, line 1 is not an object\n"},
        {"{\"count\":1,\"results\":[{\"a\":1}]}{\"a\":1}",
         "ERR_INPUT: item 1, line 1: something follows the page of results\n"},
    };
    ASSERT_CASES(*state, CASES);
}

static void ceilings_hold(void **state)
{
    SheetWorld *world = *state;
    AUTO_BUFFER text = BUFFER(64 << 20);
    buffer_text(&text, "[{");
    for (int i = 0; i <= SHEET_COLUMNS_MAX; i++)
        buffer_printf(&text, "%s\"k%d\":1", i ? "," : "", i);
    buffer_text(&text, "}]");
    const char *path = sheets_file(world, "wide.json", text.bytes, text.length);
    assert_string_equal(sheets_read(world, path, NULL),
                        "ERR_LIMIT: item 1: the file has more than 1024 different keys\n");

    buffer_clear(&text);
    buffer_text(&text, "[");
    for (int i = 0; i < 100000; i++)
        buffer_text(&text, "{\"a\":");
    path = sheets_file(world, "deep.json", text.bytes, text.length);
    assert_string_equal(sheets_read(world, path, NULL),
                        "ERR_INPUT: item 1, line 1: it is nested too deeply\n");

    buffer_clear(&text);
    buffer_text(&text, "[{\"a\":\"");
    for (int i = 0; i < SHEET_CELL_CHARACTERS_MAX + 1; i++)
        buffer_text(&text, "莞");
    buffer_text(&text, "\"}]");
    path = sheets_file(world, "long.json", text.bytes, text.length);
    assert_string_equal(sheets_read(world, path, NULL),
                        "0: 'a'\nERR_LIMIT: item 1, key 'a': the cell holds more than 32767 "
                        "characters\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_are_read_alike),
        cmocka_unit_test(keys_become_columns_by_their_last_part),
        cmocka_unit_test(values_become_cells),
        cmocka_unit_test(damage_is_named_without_quoting_it),
        cmocka_unit_test(ceilings_hold),
    };
    return cmocka_run_group_tests(tests, sheets_setup, sheets_teardown);
}
