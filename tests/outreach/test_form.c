/* Forms as gateways push them, taken apart and put in the order in which they are signed. */
#include "support/home.h"

#include "outreach/form.h"

#include <string.h>

static void a_field_is_found_and_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *form, *name, *value;
    } CASES[] = {
        {"a=1&b=2", "b", "2"},
        {"a=1&a=2", "a", "1"},
        {"From=%2B8613800138000&Body=%E9%80%80%E8%AE%A2+%E8%B0%A2", "Body", "退订 谢"},
        {"From=%2B8613800138000", "From", "+8613800138000"},
        {"a&b=", "a", ""},
        {"a&b=", "b", ""},
        {"a%3D1=x", "a=1", "x"},
        {"a=%zz%4", "a", "%zz%4"},
        {"a=b=c", "a", "b=c"},
        {"&&a=1&", "a", "1"},
        {"a=1", "A", NULL},
        {"", "a", NULL},
        {"a=1", NULL, NULL},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        AUTO_ARENA arena = arena_new(0);
        const char *value =
            form_value(arena, CASES[at].form, strlen(CASES[at].form), CASES[at].name);
        if (!value != !CASES[at].value || (value && strcmp(value, CASES[at].value) != 0))
            fail_msg("%s in '%s' is '%s'", CASES[at].name, CASES[at].form, value);
    }
}

static void fields_stand_in_order_of_their_names(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"b=2&a=1", "a1b2"}, {"a=2&B=1", "B1a2"},  {"b=&a", "ab"}, {"a=2&a=1", "a1a2"}, {"", ""},
        {"&&", ""},          {"a=%2B1+2", "a+1 2"}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        AUTO_ARENA arena = arena_new(0);
        assert_string_equal(form_sorted(arena, CASES[at][0], strlen(CASES[at][0])), CASES[at][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_found_and_decoded),
        cmocka_unit_test(fields_stand_in_order_of_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
