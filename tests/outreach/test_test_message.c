/* A campaign's text on colleagues' phones, and on nobody else's. */
#include "fill.h"
#include "outbox_fill.h"
#include "support/scripted.h"
#include "support/street.h"

#include "outreach/simulator.h"
#include "outreach/verbs.h"

#define OK_202 "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}"
#define COLLEAGUES                                                                                 \
    "\"colleagues\": {\"li\": \"138 0013 8001\", \"wang\": \"13800138002\", \"same\": "            \
    "\"+86-138-0013-8001\", \"desk\": \"0769-22839999\"}"

static void world_make(TestHome *home, unsigned port)
{
    Err err = {0};
    Facts people[2] = {fill_person(home->context.arena, 1), fill_person(home->context.arena, 2)};
    fill_people(home, people, 2);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": "
                                   "\"simulator\", \"url\": \"http://127.0.0.1:%u/send\"}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:0\"}, " COLLEAGUES,
                                   port));
}

static void colleagues_get_the_text_of_an_invented_person_once_each(void **state)
{
    TestHome *home = *state;
    const Scene scene = {.answer = OK_202};
    Scripted *server = scripted_open(&scene, 1);
    world_make(home, scripted_port(server));
    json_t *before = fill_run(home, &OUTREACH_STATUS, json_pack("{s[s]}", "arguments", "a"));
    json_t *result = TEST_JSON(home, 0, "outreach", "test", "a", "--to", "li, wang,same,li");
    assert_int_equal(scripted_requests(server), 2);
    const json_t *sent = json_object_get(result, "sent");
    assert_int_equal(json_array_size(sent), 2);
    const char *text = json_string_value(json_object_get(result, "text"));
    assert_non_null(strstr(text, "【东莞人社】张三先生"));
    for (size_t at = 0; at < 2; at++) {
        const json_t *one = json_array_get(sent, at);
        assert_string_equal(json_string_value(json_object_get(one, "outcome")), "accepted");
        assert_string_equal(json_string_value(json_object_get(one, "gateway_id")), "S001");
        assert_null(strstr(json_string_value(json_object_get(one, "to")), "1380013"));
        assert_non_null(strstr(scripted_request(server, at), at ? "13800138002" : "13800138001"));
        assert_non_null(strstr(scripted_request(server, at), "张三"));
        assert_null(strstr(scripted_request(server, at), "林"));
    }
    json_decref(result);

    json_t *after = fill_run(home, &OUTREACH_STATUS, json_pack("{s[s]}", "arguments", "a"));
    assert_true(json_equal(before, after)); /* and the campaign knows nothing of it */
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message"), 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 2);
    json_t *log = TEST_JSON(home, 0, "outreach", "log", "a", "--tests");
    assert_int_equal(json_array_size(log), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(log, 1), "colleague")),
                        "wang");
    assert_string_equal(json_string_value(json_object_get(json_array_get(log, 1), "outcome")),
                        "accepted");
    TestOutput shown = TEST_RUN(home, "--lang", "en", "outreach", "log", "a", "--tests");
    assert_int_equal(shown.status, 0);
    assert_non_null(strstr(shown.out, "sent by"));
    json_decref(before);
    json_decref(after);
    json_decref(log);
    scripted_close(server);
}

static void nobody_else_gets_one(void **state)
{
    static const struct {
        const char *to;
        int status;
        const char *text, *hint;
    } CASES[] = {
        {"zhao", 1, "name 1 of --to is no colleague",
         "hint: talent.json names: li, wang, same, desk"},
        {"13800138001", 2, "--to takes names of colleagues, not numbers", "hint: put the number"},
        {"li,138 0013 8001", 2, "--to takes names of colleagues, not numbers", "hint: put"},
        {"desk", 1, "colleague 'desk' has no mobile number", "hint: correct it"},
        {" ,", 2, "--to names nobody", ""},
        {"", 2, "--to names nobody", ""},
    };
    TestHome *home = *state;
    const Scene scene = {.answer = OK_202};
    Scripted *server = scripted_open(&scene, 1);
    world_make(home, scripted_port(server));
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        TestOutput output =
            TEST_RUN(home, "--lang", "en", "outreach", "test", "a", "--to", CASES[at].to);
        if (output.status != CASES[at].status || !strstr(output.err, CASES[at].text) ||
            !strstr(output.err, CASES[at].hint))
            fail_msg("'%s': %d %s", CASES[at].to, output.status, output.err);
        assert_null(strstr(output.err, "1380013"));
        assert_null(strstr(output.err, "22839999"));
    }
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO optout (phone_hash, phone, source, why, added_by, "
                                "added_at) VALUES (UNHEX('%s'), '', 'staff', 'w', 'tester', "
                                "UTC_TIMESTAMP(3))",
                                outbox_hash(home, "13800138002")));
    TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "test", "a", "--to", "wang");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "colleague 'wang' is on the do-not-text list"));
    assert_int_equal(scripted_requests(server), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM test_message"), 0);
    scripted_close(server);
}

static void what_the_gateway_does_not_take_is_said_and_logged(void **state)
{
    TestHome *home = *state;
    const Scene scenes[] = {{.answer = "HTTP/1.1 429 Busy\r\nContent-Length: 0\r\n\r\n"},
                            {.end = SCENE_CLOSE}};
    Scripted *server = scripted_open(scenes, 2);
    world_make(home, scripted_port(server));
    json_t *result = TEST_JSON(home, 3, "outreach", "test", "a", "--to", "li,wang");
    const json_t *sent = json_object_get(result, "sent");
    assert_string_not_equal(json_string_value(json_object_get(json_array_get(sent, 0), "outcome")),
                            "accepted");
    assert_string_equal(json_string_value(json_object_get(json_array_get(sent, 1), "outcome")),
                        "uncertain");
    assert_int_equal(scripted_requests(server), 2); /* each once, whatever came back */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM test_message WHERE outcome = 'uncertain'"), 1);
    json_decref(result);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colleagues_get_the_text_of_an_invented_person_once_each),
        cmocka_unit_test(nobody_else_gets_one),
        cmocka_unit_test(what_the_gateway_does_not_take_is_said_and_logged),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
