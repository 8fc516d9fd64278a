/* What reaches the wire, and how often. The server is ours to the byte. */
#include "support/home.h"
#include "support/scripted.h"

#include "outreach/wire.h"

#include <string.h>
#include <sys/stat.h>

#define ACCEPTED "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}"
#define KANNEL_ACCEPTED                                                                            \
    "HTTP/1.1 202 Accepted\r\nContent-Length: 26\r\n\r\n0: Accepted for delivery\r\n"

static const GatewayMessage MESSAGE = {
    .to = "13800138000", .text = "您好 a&b=c", .reference = "00112233445566778899aabbccddeeff"};

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static Gateway gateway_at(TestHome *home, const char *type, unsigned port)
{
    Err err = {0};
    Gateway gateway;
    const char *pass = arena_printf(home->context.arena, "%s/gateway.pass", home->dir);
    FILE *file = fopen(pass, "we");
    assert_non_null(file);
    fputs("p&ss\n", file);
    fclose(file);
    assert_int_equal(chmod(pass, 0600), 0);
    test_config(
        home, arena_printf(home->context.arena,
                           "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", \"url\": "
                           "\"http://127.0.0.1:%u/send\", \"username\": \"u=1\", "
                           "\"password_file\": \"gateway.pass\", \"from\": \"12333\", "
                           "\"connections\": 2}}",
                           type, port));
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    gateway.connect_timeout_ms = 500;
    gateway.timeout_ms = 600;
    return gateway;
}

/* Sends one message and gives what it came to. */
static Exchange exchange(Wire *wire, const GatewayMessage *message)
{
    Err err = {0};
    Exchange result;
    void *tag;
    assert_ok(wire_start(wire, message, wire, &err), &err);
    for (int tries = 0; !wire_finished(wire, &tag, &result); tries++) {
        assert_true(tries < 200);
        assert_ok(wire_wait(wire, 50, &err), &err);
    }
    assert_ptr_equal(tag, wire);
    return result;
}

/* The heart of the matter: on the kept connection the server reads the second request and closes
 * without a byte. libcurl's own answer to that is to send the request again on a fresh connection.
 */
static void send_twice_and_count(TestHome *home, const char *type, const char *accepted)
{
    const Scene scenes[] = {{.answer = accepted, .end = SCENE_KEEP}, {.end = SCENE_CLOSE}};
    Scripted *server = scripted_open(scenes, 2);
    Gateway gateway = gateway_at(home, type, scripted_port(server));
    Err err = {0};
    Wire *wire;
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    Exchange first = exchange(wire, &MESSAGE);
    assert_null(first.failure);
    assert_int_equal(first.status, 202);
    Exchange second = exchange(wire, &MESSAGE);
    assert_non_null(second.failure);
    assert_false(second.nothing_sent);
    Outcome outcome;
    outcome_judge(&gateway, &second, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_UNCERTAIN);
    assert_ok(wire_wait(wire, 100, &err), &err);
    assert_int_equal(scripted_requests(server), 2); /* one copy of each */
    wire_close(wire);
    gateway_done(&gateway);
    scripted_close(server);
}

static void wire_sends_one_copy_of_a_post_when_a_kept_connection_dies(void **state)
{
    send_twice_and_count(*state, "simulator", ACCEPTED);
}

static void wire_sends_one_copy_of_a_get_when_a_kept_connection_dies(void **state)
{
    send_twice_and_count(*state, "kannel", KANNEL_ACCEPTED);
}

static void wire_sends_one_copy_when_a_kept_connection_is_reset(void **state)
{
    const Scene scenes[] = {{.answer = ACCEPTED, .end = SCENE_KEEP}, {.end = SCENE_RESET}};
    Scripted *server = scripted_open(scenes, 2);
    Gateway gateway = gateway_at(*state, "simulator", scripted_port(server));
    Err err = {0};
    Wire *wire;
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    (void)exchange(wire, &MESSAGE);
    Exchange second = exchange(wire, &MESSAGE);
    assert_non_null(second.failure);
    assert_false(second.nothing_sent);
    assert_ok(wire_wait(wire, 100, &err), &err);
    assert_int_equal(scripted_requests(server), 2);
    wire_close(wire);
    gateway_done(&gateway);
    scripted_close(server);
}

static void wire_keeps_its_connections(void **state)
{
    const Scene scenes[] = {{.answer = ACCEPTED, .end = SCENE_KEEP}};
    Scripted *server = scripted_open(scenes, 1);
    Gateway gateway = gateway_at(*state, "simulator", scripted_port(server));
    Err err = {0};
    Wire *wire;
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    for (int n = 0; n < 20; n++)
        assert_int_equal(exchange(wire, &MESSAGE).status, 202);
    assert_int_equal(scripted_connections(server), 1);
    assert_int_equal(scripted_requests(server), 20);
    wire_close(wire);
    gateway_done(&gateway);
    scripted_close(server);
}

static void wire_writes_every_value_inside_its_place(void **state)
{
    static const struct {
        const char *type, *expected;
    } CASES[] = {
        {"simulator", "\"to\":\"13800138000\",\"text\":\"您好 a&b=c\",\"from\":\"12333\","
                      "\"reference\":\"00112233445566778899aabbccddeeff\""},
        {"kannel", "GET /send?username=u%3D1&password=p%26ss&from=12333&to=13800138000&coding=2&"
                   "charset=UTF-8&text=%E6%82%A8%E5%A5%BD%20a%26b%3Dc&dlr-mask=31&dlr-url= "},
        {"generic-json", "X-Account: u=1\r\n"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        const Scene scenes[] = {{.answer = ACCEPTED, .end = SCENE_CLOSE}};
        Scripted *server = scripted_open(scenes, 1);
        Gateway gateway = gateway_at(*state, CASES[at].type, scripted_port(server));
        Err err = {0};
        Wire *wire;
        assert_ok(wire_open(&gateway, &wire, &err), &err);
        assert_int_equal(exchange(wire, &MESSAGE).status, 202);
        const char *request = scripted_request(server, 0);
        if (!strstr(request, CASES[at].expected))
            fail_msg("%s: '%s' is not in '%s'", CASES[at].type, CASES[at].expected, request);
        assert_null(strstr(request, "Expect:"));
        wire_close(wire);
        gateway_done(&gateway);
        scripted_close(server);
    }
}

static void wire_says_that_nothing_was_sent_only_when_it_is_so(void **state)
{
    static const struct {
        const char *what;
        Scene scene;
        bool closed_port, nothing_sent;
        const char *failure;
    } CASES[] = {
        {"nobody listens", {.answer = NULL}, true, true, "no connection"},
        {"closed after reading",
         {.end = SCENE_CLOSE},
         false,
         false,
         "connection closed without an answer"},
        {"reset after reading", {.end = SCENE_RESET}, false, false, "connection broken"},
        {"no answer", {.delay_ms = 1200}, false, false, "timeout"},
        {"half a head", {.answer = "HTTP/1.1 20", .end = SCENE_CLOSE}, false, false, NULL},
        {"half a body",
         {.answer = "HTTP/1.1 202 OK\r\nContent-Length: 99\r\n\r\n{\"id\":", .end = SCENE_CLOSE},
         false,
         false,
         "answer cut short"},
        {"byte by byte", {.answer = ACCEPTED, .drip_ms = 60}, false, false, "timeout"},
        {"endless body",
         {.answer = "HTTP/1.1 202 OK\r\n\r\n{", .endless = true, .end = SCENE_CLOSE},
         false,
         false,
         "answer too large"},
        {"no http at all",
         {.answer = "+OK hello\r\n", .end = SCENE_CLOSE},
         false,
         false,
         "no http answer"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Scripted *server = scripted_open(&CASES[at].scene, 1);
        unsigned port = CASES[at].closed_port ? free_port() : scripted_port(server);
        Gateway gateway = gateway_at(*state, "simulator", port);
        Err err = {0};
        Wire *wire;
        assert_ok(wire_open(&gateway, &wire, &err), &err);
        Exchange result = exchange(wire, &MESSAGE);
        if (!result.failure || result.nothing_sent != CASES[at].nothing_sent ||
            (CASES[at].failure && strcmp(result.failure, CASES[at].failure) != 0))
            fail_msg("%s: failure '%s', nothing sent %d", CASES[at].what,
                     result.failure ? result.failure : "none", result.nothing_sent);
        Outcome outcome;
        outcome_judge(&gateway, &result, &outcome);
        assert_int_equal(outcome.kind,
                         CASES[at].nothing_sent ? OUTCOME_NOT_SENT : OUTCOME_UNCERTAIN);
        wire_close(wire);
        gateway_done(&gateway);
        scripted_close(server);
    }
}

static void wire_does_not_follow_a_redirect(void **state)
{
    const Scene elsewhere[] = {{.answer = ACCEPTED, .end = SCENE_CLOSE}};
    Scripted *other = scripted_open(elsewhere, 1);
    TestHome *home = *state;
    const Scene scenes[] = {
        {.answer = arena_printf(home->context.arena,
                                "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:%u/\r\n"
                                "Content-Length: 0\r\n\r\n",
                                scripted_port(other)),
         .end = SCENE_CLOSE}};
    Scripted *server = scripted_open(scenes, 1);
    Gateway gateway = gateway_at(home, "simulator", scripted_port(server));
    Err err = {0};
    Wire *wire;
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    Exchange result = exchange(wire, &MESSAGE);
    assert_int_equal(result.status, 301);
    assert_int_equal(scripted_requests(other), 0);
    wire_close(wire);
    gateway_done(&gateway);
    scripted_close(server);
    scripted_close(other);
}

static void wire_refuses_a_line_break_in_a_header(void **state)
{
    Gateway gateway = gateway_at(*state, "generic-json", 9);
    gateway.username = "u\r\nX-Evil: 1";
    Err err = {0};
    Wire *wire;
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    assert_int_equal(wire_start(wire, &MESSAGE, wire, &err), ERR_INPUT);
    assert_string_equal(err.text,
                        "a value for 'X-Account' of gateway 'g' holds a line break or another "
                        "control character");
    assert_int_equal(wire_busy(wire), 0);
    wire_close(wire);
    gateway_done(&gateway);
}

static int teardown(void **state)
{
    test_home_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wire_sends_one_copy_of_a_post_when_a_kept_connection_dies),
        cmocka_unit_test(wire_sends_one_copy_of_a_get_when_a_kept_connection_dies),
        cmocka_unit_test(wire_sends_one_copy_when_a_kept_connection_is_reset),
        cmocka_unit_test(wire_keeps_its_connections),
        cmocka_unit_test(wire_writes_every_value_inside_its_place),
        cmocka_unit_test(wire_says_that_nothing_was_sent_only_when_it_is_so),
        cmocka_unit_test(wire_does_not_follow_a_redirect),
        cmocka_unit_test(wire_refuses_a_line_break_in_a_header),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
