/* Every answer that a gateway can give, and the state in which it leaves the message. */
#include "outbox_fill.h"
#include "support/scripted.h"

#include <string.h>

#define OK_202 "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}"

static const struct {
    const char *what;
    Scene scenes[2];
    const char *message, *campaign;
    size_t requests;
} CASES[] = {
    {"accepted", {{.answer = OK_202}, {.answer = OK_202}}, "sent", "running", 1},
    {"rejected for good",
     {{.answer = "HTTP/1.1 422 No\r\nContent-Length: 22\r\n\r\n{\"error\":\"bad_number\"}"}},
     "rejected",
     "done",
     1},
    {"refused account",
     {{.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}},
     "queued",
     "paused",
     1},
    {"forbidden account",
     {{.answer = "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}"}},
     "queued",
     "paused",
     1},
    {"too fast, then fine",
     {{.answer = "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"},
      {.answer = OK_202}},
     "sent",
     "running",
     2},
    {"busy, declared as not taken",
     {{.answer = "HTTP/1.1 503 Busy\r\nContent-Length: 16\r\n\r\n{\"error\":\"busy\"}"},
      {.answer = OK_202}},
     "sent",
     "running",
     2},
    {"503 of somebody in between",
     {{.answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\noops"}},
     "uncertain",
     "running",
     1},
    {"500",
     {{.answer = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"}},
     "uncertain",
     "running",
     1},
    {"html with 200",
     {{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>ok</html>"}},
     "uncertain",
     "running",
     1},
    {"202 with broken json",
     {{.answer = "HTTP/1.1 202 OK\r\nContent-Length: 6\r\n\r\n{\"id\":"}},
     "uncertain",
     "running",
     1},
    {"202 with a key twice",
     {{.answer = "HTTP/1.1 202 OK\r\nContent-Length: 19\r\n\r\n{\"id\":\"a\",\"id\":\"b\"}"}},
     "uncertain",
     "running",
     1},
    {"202 without an id",
     {{.answer = "HTTP/1.1 202 OK\r\nContent-Length: 11\r\n\r\n{\"id\":null}"}},
     "uncertain",
     "running",
     1},
    {"202 with a number as id",
     {{.answer = "HTTP/1.1 202 OK\r\nContent-Length: 8\r\n\r\n{\"id\":7}"}},
     "sent",
     "running",
     1},
    {"redirect",
     {{.answer = "HTTP/1.1 301 M\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"}},
     "uncertain",
     "running",
     1},
    {"204", {{.answer = "HTTP/1.1 204 None\r\n\r\n"}}, "uncertain", "running", 1},
    {"no answer at all", {{.end = SCENE_CLOSE}}, "uncertain", "running", 1},
    {"reset", {{.end = SCENE_RESET}}, "uncertain", "running", 1},
    {"cut in the middle of the body",
     {{.answer = "HTTP/1.1 202 OK\r\nContent-Length: 99\r\n\r\n{\"id\":", .end = SCENE_CLOSE}},
     "uncertain",
     "running",
     1},
    {"endless body",
     {{.answer = "HTTP/1.1 202 OK\r\n\r\n{", .endless = true, .end = SCENE_CLOSE}},
     "uncertain",
     "running",
     1},
    {"not http", {{.answer = "+OK\r\n", .end = SCENE_CLOSE}}, "uncertain", "running", 1},
};

/* One message, one scene; afterwards its state, the campaign's state, the reports. */
static void dispatch_settles_each_answer_as_its_class(void **state)
{
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        outbox_people(home, 1);
        outbox_campaign(home, 1, 1, 1);
        Scripted *server = scripted_open(CASES[at].scenes, 2);
        outbox_gateway_without_receipts(home, scripted_port(server));
        Err err = {0};
        DispatchReport report;
        if (outbox_dispatch(home, &report, &err) != OK)
            fail_msg("%s: %s", CASES[at].what, err.text);
        const char *sql = arena_printf(home->context.arena,
                                       "SELECT (SELECT COUNT(*) FROM message WHERE state = '%s') + "
                                       "(SELECT COUNT(*) FROM campaign WHERE state = '%s')",
                                       CASES[at].message, CASES[at].campaign);
        if (test_number(home, sql) != 2 || scripted_requests(server) != CASES[at].requests)
            fail_msg("%s: %zu requests, sent %lld, uncertain %lld, queued %lld, failed %lld",
                     CASES[at].what, scripted_requests(server), (long long)report.sent,
                     (long long)report.uncertain, (long long)report.left_queued,
                     (long long)report.failed);
        scripted_close(server);
    }
}

static void dispatch_says_what_to_fix_when_an_account_is_refused(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 50);
    outbox_campaign(home, 1, 1, 50);
    const Scene scenes[] = {{.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}};
    Scripted *server = scripted_open(scenes, 1);
    outbox_gateway_without_receipts(home, scripted_port(server));
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.left_queued, 50); /* nobody was told, nobody was given up */
    assert_int_equal(report.paused_count, 1);
    assert_string_equal(report.paused[0].why,
                        "the gateway refuses the account: check user name and password (http 401)");
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dispatch_settles_each_answer_as_its_class),
        cmocka_unit_test(dispatch_says_what_to_fix_when_an_account_is_refused),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
