#include "base/json.h"

#include "support/home.h"

#include <string.h>

static json_t *parsed(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    return json;
}

static void items_come_in_their_order(void **state)
{
    (void)state;
    json_t *json = parsed("[7, null, \"x\"]");
    static const json_type KINDS[] = {JSON_INTEGER, JSON_NULL, JSON_STRING};
    size_t index, seen = 0;
    const json_t *item;
    JSON_ITEMS (json, index, item) {
        assert_int_equal(json_kind(item), KINDS[index]);
        seen++;
    }
    assert_int_equal(seen, 3);
    json_decref(json);
}

static void members_come_in_their_order_and_may_be_replaced(void **state)
{
    (void)state;
    json_t *json = parsed("{\"a\": 1, \"b\": 2, \"c\": 3}"), *value;
    char keys[8] = "";
    const char *key;
    JSON_MEMBERS (json, key, value) {
        keys[strlen(keys)] = *key;
        json_object_set_new(json, key, json_integer(json_integer_value(value) * 10));
    }
    assert_string_equal(keys, "abc");
    assert_int_equal(json_integer_value(json_object_get(json, "c")), 30);
    json_decref(json);
}

static void what_has_none_is_walked_in_no_step(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"{}", "[]", "1", "null", "\"text\""};
    for (size_t i = 0; i <= sizeof TEXTS / sizeof *TEXTS; i++) {
        json_t *json = i == sizeof TEXTS / sizeof *TEXTS ? NULL : parsed(TEXTS[i]);
        const json_t *item;
        const char *key;
        size_t index;
        JSON_ITEMS (json, index, item)
            fail();
        JSON_MEMBERS (json, key, item)
            fail();
        json_decref(json);
    }
}

static void kinds_are_told_of_what_is_absent_too(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        json_type kind;
        bool flag;
    } TABLE[] = {{"true", JSON_TRUE, true},     {"false", JSON_FALSE, true},
                 {"null", JSON_NULL, false},    {"1", JSON_INTEGER, false},
                 {"\"t\"", JSON_STRING, false}, {"{}", JSON_OBJECT, false},
                 {"[]", JSON_ARRAY, false}};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        json_t *json = parsed(TABLE[i].text);
        assert_int_equal(json_kind(json), TABLE[i].kind);
        assert_int_equal(json_is_flag(json), TABLE[i].flag);
        json_decref(json);
    }
    assert_int_equal(json_kind(NULL), JSON_NULL);
    assert_false(json_is_flag(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_in_their_order),
        cmocka_unit_test(members_come_in_their_order_and_may_be_replaced),
        cmocka_unit_test(what_has_none_is_walked_in_no_step),
        cmocka_unit_test(kinds_are_told_of_what_is_absent_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
