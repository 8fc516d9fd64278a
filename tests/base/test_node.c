/* tests/base/test_node.c: every error of a JSON file names the file, the path and what to do. */
#include "base/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char SAMPLE[] = "{\"id\": \"p\", \"age\": 45, \"half\": 1.5, \"on\": \"2012-09-27\", "
                             "\"open\": null, \"yes\": true,"
                             " \"routes\": [{\"all\": [{\"fact\": \"skill_level\"}, 7]}, []]}";

static int sample_setup(void **state)
{
    Err err = {0};
    json_t *json = NULL;
    if (node_parse("policy/x.json", SAMPLE, strlen(SAMPLE), &json, &err) != OK)
        return -1;
    *state = json;
    return 0;
}

static int sample_teardown(void **state)
{
    json_decref(*state);
    return 0;
}

static void values_are_reached_by_key_and_index(void **state)
{
    Err err = {0};
    Node root = node_root("policy/x.json", *state), routes, all, on;
    const char *text = NULL;
    int64_t number = 0;
    bool flag = false;
    Date date = 0;
    size_t count = 0;
    assert_int_equal(node_get_string(&root, "id", &text, &err), OK);
    assert_string_equal(text, "p");
    assert_int_equal(node_get_int(&root, "age", 45, 45, &number, &err), OK);
    assert_int_equal(number, 45);
    assert_int_equal(node_get(&root, "on", &on, &err), OK);
    assert_int_equal(node_date(&on, &date, &err), OK);
    assert_int_equal(date, date_of(2012, 9, 27));
    Node yes = node_find(&root, "yes");
    assert_int_equal(node_bool(&yes, &flag, &err), OK);
    assert_true(flag);
    assert_int_equal(node_get(&root, "routes", &routes, &err), OK);
    assert_int_equal(node_count(&routes, &count, &err), OK);
    assert_int_equal(count, 2);
    Node route = node_item(&routes, 0);
    assert_int_equal(node_get(&route, "all", &all, &err), OK);
    Node first = node_item(&all, 0), fact;
    assert_int_equal(node_get(&first, "fact", &fact, &err), OK);
    int place = -1;
    assert_int_equal(
        node_choice(&fact, (const char *const[]){"phone", "skill_level", NULL}, &place, &err), OK);
    assert_int_equal(place, 1);
}

static void absent_and_null_are_the_same(void **state)
{
    Node root = node_root("policy/x.json", *state);
    assert_null(node_find(&root, "open").value);
    assert_null(node_find(&root, "nothing").value);
    Err err = {0};
    Node found;
    assert_int_equal(node_get(&root, "open", &found, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $: key 'open' is missing");
}

static void errors_stand_at_their_path(void **state)
{
    Err err = {0};
    Node root = node_root("policy/x.json", *state);
    Node routes = node_find(&root, "routes"), route = node_item(&routes, 0);
    Node all = node_find(&route, "all"), seven = node_item(&all, 1), found;
    const char *text = NULL;
    int64_t number = 0;
    assert_int_equal(node_string(&seven, &text, &err), ERR_CONFIG);
    assert_string_equal(err.text,
                        "policy/x.json: $.routes[0].all[1]: must be a text, not a number");
    assert_int_equal(node_int(&seven, 8, 9, &number, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $.routes[0].all[1]: must be from 8 to 9, not 7");
    assert_int_equal(node_get_int(&root, "half", 0, 9, &number, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $.half: must be a whole number, not a number");
    assert_int_equal(node_get(&seven, "x", &found, &err), ERR_CONFIG);
    assert_string_equal(err.text,
                        "policy/x.json: $.routes[0].all[1]: must be an object, not a number");
    Node id = node_find(&root, "id");
    Date date = 5;
    assert_int_equal(node_date(&id, &date, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $.id: 'p' is not a date such as 2012-09-27");
    assert_int_equal(date, 5);
    int place = 3;
    assert_int_equal(node_choice(&id, (const char *const[]){"a", "b", NULL}, &place, &err),
                     ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $.id: 'p' is not known here");
    assert_string_equal(err.hint, "one of: a, b");
    assert_int_equal(place, 3);
    Node beyond = node_item(&routes, 9);
    size_t count = 0;
    assert_int_equal(node_count(&beyond, &count, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $.routes[9]: an array must stand here");
}

static void unknown_keys_are_refused_with_the_nearest_known_one(void **state)
{
    Err err = {0};
    Node root = node_root("policy/x.json", *state);
    static const char *const ALL[] = {"id", "age", "half", "on", "open", "yes", "routes", NULL};
    static const char *const LESS[] = {"id", "age", "half", "on", "open", "yes", "route", NULL};
    assert_int_equal(node_keys(&root, ALL, &err), OK);
    assert_int_equal(node_keys(&root, LESS, &err), ERR_CONFIG);
    assert_string_equal(err.text, "policy/x.json: $: unknown key 'routes'");
    assert_string_equal(err.hint, "did you mean 'route'?");
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"",     "{",   "{\"a\": 1, \"a\": 2}",
                                        "[1,]", "\"a", "{\"a\": \"\xFF\"}"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Err err = {0};
        json_t *json = (json_t *)4711;
        assert_int_equal(node_parse("a.json", WRONG[i], strlen(WRONG[i]), &json, &err), ERR_CONFIG);
        assert_non_null(strstr(err.text, "'a.json' is not sound JSON: line 1, column "));
        assert_ptr_equal(json, (json_t *)4711);
    }
    static char deep[5000];
    memset(deep, '[', sizeof deep - 1);
    Err err = {0};
    json_t *json = NULL;
    assert_int_equal(node_parse("deep.json", deep, sizeof deep - 1, &json, &err), ERR_CONFIG);
}

static void files_that_cannot_be_read_say_why(void **state)
{
    (void)state;
    Err err = {0};
    json_t *json = NULL;
    assert_int_equal(node_load("/nowhere/x.json", &json, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "cannot read '/nowhere/x.json': No such file or directory");
    assert_int_equal(node_load("/", &json, &err), ERR_IO);
    char path[] = "/tmp/talent-node-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    static char blank[65536];
    memset(blank, ' ', sizeof blank);
    for (int i = 0; i < 65; i++)
        assert_int_equal(write(file, blank, sizeof blank), sizeof blank);
    close(file);
    ErrCode code = node_load(path, &json, &err);
    unlink(path);
    assert_int_equal(code, ERR_LIMIT);
    assert_non_null(strstr(err.text, "is larger than 4194304 bytes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_reached_by_key_and_index),
        cmocka_unit_test(absent_and_null_are_the_same),
        cmocka_unit_test(errors_stand_at_their_path),
        cmocka_unit_test(unknown_keys_are_refused_with_the_nearest_known_one),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(files_that_cannot_be_read_say_why),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
