/* One request for many messages: its answer is taken apart, and what it does not say of one is not
 * known of that one. */
#include "outbox_once.h"

#include "outreach/outcome.h"

#include <string.h>

enum { MESSAGES = 4 };

#define HTTP(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define TAKEN "{\"reference\":\"" SCENE_REFERENCE "\",\"id\":\"S1\"}"
#define NOT_TAKEN(error) "{\"reference\":\"" SCENE_REFERENCE "\",\"error\":\"" error "\"}"
#define STRANGER "{\"reference\":\"no reference of ours\",\"id\":\"S9\"}"
#define LIST(items) HTTP("202 Accepted", "[" items "]")

static const struct {
    const char *what, *answer;
    int sent, rejected, queued, uncertain;
    bool paused;
} CASES[] = {
    {"all taken", LIST(TAKEN "," TAKEN "," TAKEN "," TAKEN), 4, 0, 0, 0, false},
    {"each its own fate",
     LIST(TAKEN "," NOT_TAKEN("busy") "," NOT_TAKEN("bad_number") "," NOT_TAKEN("too_fast")), 1, 1,
     2, 0, false},
    {"one is not named", LIST(TAKEN "," TAKEN "," TAKEN), 3, 0, 0, 1, false},
    {"a stranger among them", LIST(STRANGER "," TAKEN "," TAKEN "," TAKEN "," TAKEN), 4, 0, 0, 0,
     false},
    {"a stranger in place of one", LIST(TAKEN "," TAKEN "," TAKEN "," STRANGER), 3, 0, 0, 1, false},
    {"one with a word that nobody knows", LIST(TAKEN "," TAKEN "," TAKEN "," NOT_TAKEN("odd")), 3,
     0, 0, 1, false},
    {"items that are none", LIST("7,null,[],\"S1\",{}"), 0, 0, 0, 4, false},
    {"an empty list", LIST(""), 0, 0, 0, 4, false},
    {"an object in place of the list", HTTP("202 Accepted", TAKEN), 0, 0, 0, 4, false},
    {"a list cut short", HTTP("202 Accepted", "[" TAKEN "," TAKEN), 0, 0, 0, 4, false},
    {"the list with another status", HTTP("500 Oh", "[" TAKEN "," TAKEN "," TAKEN "," TAKEN "]"), 0,
     0, 0, 4, false},
    {"a page of HTML", HTTP("202 Accepted", "<html>"), 0, 0, 0, 4, false},
    {"no answer", "", 0, 0, 0, 4, false},
    {"too fast, all of it", HTTP("429 Slow", ""), 0, 0, 4, 0, false},
    {"the account refused", HTTP("401 No", ""), 0, 0, 4, 0, true},
    /* for the sake of one, perhaps: each again alone */
    {"refused as a whole", HTTP("400 Bad Request", "{\"error\":\"bad_request\"}"), 0, 0, 4, 0,
     false},
};

static void an_answer_is_taken_apart(void **state)
{
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        const Scene scene = {.answer = CASES[at].answer, .end = SCENE_CLOSE};
        outbox_people(home, MESSAGES);
        outbox_campaign(home, 1, 1, MESSAGES);
        outbox_mute_type(home, "simulator-batch");
        Scripted *server = scripted_open(&scene, 1);
        outbox_gateway_of(home, "mute", scripted_port(server));
        outbox_dispatch_once(home, server, 0);
        if (outbox_in_state(home, "sent") != CASES[at].sent ||
            outbox_in_state(home, "rejected") != CASES[at].rejected ||
            outbox_in_state(home, "queued") != CASES[at].queued ||
            outbox_in_state(home, "uncertain") != CASES[at].uncertain ||
            test_number(home, "SELECT COUNT(*) FROM campaign WHERE state = 'paused'") !=
                CASES[at].paused ||
            scripted_requests(server) != 1)
            fail_msg("%s: sent %lld, rejected %lld, queued %lld, uncertain %lld, %zu requests",
                     CASES[at].what, (long long)outbox_in_state(home, "sent"),
                     (long long)outbox_in_state(home, "rejected"),
                     (long long)outbox_in_state(home, "queued"),
                     (long long)outbox_in_state(home, "uncertain"), scripted_requests(server));
        scripted_close(server);
    }
}

/* Named twice: once taken, once refused. */
static void who_is_named_twice_is_uncertain(void **state)
{
    TestHome *home = *state;
    static const char REFERENCE[] = "00112233445566778899aabbccddeeff";
    Err err = {0};
    Gateway gateway;
    outbox_gateway_of(home, "simulator-batch", 1);
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    const char *body = arena_printf(home->context.arena,
                                    "[{\"reference\":\"%s\",\"id\":\"S1\"},{\"reference\":\"%s\","
                                    "\"error\":\"bad_number\"}]",
                                    REFERENCE, REFERENCE);
    const Exchange exchange = {.status = 202, .body = body, .body_length = strlen(body)};
    const GatewayMessage message = {.to = "13800000001", .reference = REFERENCE};
    Outcome outcome;
    outcome_judge_batch(&gateway, &exchange, &message, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_UNCERTAIN);
    gateway_done(&gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_taken_apart),
        cmocka_unit_test(who_is_named_twice_is_uncertain),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
