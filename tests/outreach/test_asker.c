/* Asking the gateway settles what it knows, leaves the rest uncertain, and sends nothing. */
#include "fill.h"
#include "outbox_fill.h"
#include "support/scripted.h"

#include "outreach/asker.h"
#include "outreach/simulator.h"
#include "outreach/verbs.h"

#include <string.h>

/* Messages 1..count, uncertain for an hour since a lease ran out that was claimed the day before;
 * message n with n as its reference. */
static void become_uncertain(TestHome *home, int count, const char *gateway)
{
    outbox_campaign(home, 1, 1, count);
    test_sql(home, arena_printf(home->context.arena,
                                "UPDATE message SET state = 'uncertain', fence = 1, attempts = 1, "
                                "gateway = '%s', reference = UNHEX(LPAD(id, 32, '0')), sent_at = "
                                "UTC_TIMESTAMP(3) - INTERVAL 1 HOUR;\n"
                                "INSERT INTO delivery_event (message_id, at, from_state, to_state, "
                                "attempt, cause) SELECT id, sent_at - INTERVAL 26 HOUR, 'queued', "
                                "'claimed', 1, 'claim' FROM message",
                                gateway));
}

static void uncertain_ones(TestHome *home, int count, const char *gateway)
{
    outbox_people(home, count);
    become_uncertain(home, count, gateway);
}

#define ANSWER(status, body)                                                                       \
    {                                                                                              \
        .answer = "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: "          \
                  "close\r\n\r\n" body,                                                            \
        .end = SCENE_CLOSE                                                                         \
    }
#define KNOWN(n, status)                                                                           \
    ANSWER("200 OK", "{\"reference\":\"0000000000000000000000000000000" n "\",\"id\":\"S" n        \
                     "\",\"status\":\"" status "\",\"code\":\"00" n "\"}")

static json_t *settle(TestHome *home)
{
    return fill_run(home, &OUTREACH_SETTLE, json_pack("{s[s]}", "arguments", "campaign 1"));
}

static int64_t number_of(json_t *result, const char *key)
{
    json_t *as = json_object_get(json_object_get(result, "settled_as"), key);
    return json_integer_value(as ? as : json_object_get(result, key));
}

/* One at a time, so that the n-th question is about the n-th message. */
static void asks_alone(TestHome *home, unsigned port, const char *type)
{
    Arena *arena = home->context.arena;
    json_t *file = json_load_file(
        config_shared(arena, arena_printf(arena, "outreach/gateways/%s.json", type)), 0, NULL);
    json_t *query = json_object_get(file, "query"), *limits = json_object_get(file, "limits");
    json_object_set_new(query, "at_once", json_integer(1));
    json_object_set_new(query, "after_s", json_integer(1));
    json_object_set_new(limits, "timeout_ms", json_integer(300));
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    assert_int_equal(
        json_dump_file(file, arena_printf(arena, "%s/gateways/alone.json", home->dir), 0), 0);
    json_decref(file);
    outbox_gateway_of(home, "alone", port);
}

static void what_the_gateway_knows_is_settled(void **state)
{
    static const Scene SCENES[] = {KNOWN("1", "DELIVRD"),
                                   KNOWN("2", "UNDELIV"),
                                   KNOWN("3", "ACCEPTD"),
                                   KNOWN("9", "DELIVRD"), /* about another message */
                                   ANSWER("404 Not Found", "{\"error\":\"before_me\"}"),
                                   ANSWER("404 Not Found", "{\"error\":\"unknown\"}")};
    TestHome *home = *state;
    uncertain_ones(home, 6, "g");
    Scripted *server = scripted_open(SCENES, 6);
    asks_alone(home, scripted_port(server), "simulator");
    json_t *result = settle(home);
    assert_int_equal(number_of(result, "settled"), 5);
    assert_int_equal(number_of(result, "delivered"), 1);
    assert_int_equal(number_of(result, "undelivered"), 3);
    assert_int_equal(number_of(result, "sent"), 1);
    assert_int_equal(number_of(result, "unknown"), 1);
    assert_int_equal(number_of(result, "not_asked"), 0);
    assert_int_equal(number_of(result, "uncertain"), 1);
    assert_int_equal(number_of(result, "queued"), 0);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE (id = 1 AND state = "
                                       "'delivered' AND error_code = '001' AND gateway_id = 'S1') "
                                       "OR (id = 2 AND state = 'undelivered' AND error_code = "
                                       "'002') OR (id = 3 AND state = 'sent') OR (id = 5 AND state "
                                       "= 'uncertain') OR (id IN (4, 6) AND state = 'undelivered' "
                                       "AND error_code = 'not_known_there')"),
                     6);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE cause = 'query' "
                                       "AND from_state = 'uncertain'"),
                     5);
    assert_int_equal(scripted_requests(server), 6);
    assert_non_null(strstr(
        scripted_request(server, 0),
        arena_printf(home->context.arena,
                     "GET /query?reference=00000000000000000000000000000001&sent=%lld HTTP/1.1\r\n",
                     (long long)test_number(
                         home, "SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', MIN(at)) FROM "
                               "delivery_event WHERE message_id = 1 AND cause = 'claim'"))));
    assert_int_equal(test_number(home, "SELECT MAX(attempts) FROM message"), 1);
    scripted_close(server);
}

static void a_gateway_that_does_not_answer_leaves_all_as_it_is(void **state)
{
    static const Scene SCENES[][1] = {
        {{.end = SCENE_RESET}},
        {{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", .end = SCENE_CLOSE}},
        {{.answer = "", .delay_ms = 600, .end = SCENE_CLOSE}},
        {ANSWER("401 No", "{}")},
        {ANSWER("429 Slow", "{\"error\":\"too_fast\"}")},
        {ANSWER("302 Found\r\nLocation: http://127.0.0.1:1/", "")},
    };
    static const char *const WHY[] = {"connection broken", "answer cut short", "timeout",
                                      "http 401",          "http 429",         "http 302"};
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof SCENES / sizeof *SCENES; at++) {
        uncertain_ones(home, 9, "g");
        Scripted *server = scripted_open(SCENES[at], 1);
        asks_alone(home, scripted_port(server), "simulator");
        json_t *result = settle(home);
        assert_int_equal(number_of(result, "settled"), 0);
        assert_int_equal(number_of(result, "unknown"), 0);
        assert_int_equal(number_of(result, "not_asked"), 9);
        assert_string_equal(json_string_value(json_object_get(result, "why_not_asked")), WHY[at]);
        json_decref(result);
        assert_int_equal(outbox_in_state(home, "uncertain"), 9);
        assert_int_equal(scripted_requests(server), 3); /* it is not pestered */
        assert_true(home->context.partial);
        scripted_close(server);
    }
}

static void a_gateway_that_cannot_be_asked_is_named(void **state)
{
    TestHome *home = *state;
    uncertain_ones(home, 3, "g");
    outbox_gateway_of(home, "kannel", 1);
    json_t *result = settle(home);
    assert_int_equal(number_of(result, "not_asked"), 3);
    assert_string_equal(json_string_value(json_object_get(result, "why_not_asked")),
                        "its gateway cannot be asked");
    json_decref(result);
    uncertain_ones(home, 3, "former");
    result = settle(home);
    assert_string_equal(json_string_value(json_object_get(result, "why_not_asked")),
                        "its gateway is not configured");
    json_decref(result);
    assert_int_equal(outbox_in_state(home, "uncertain"), 3);
}

/* Twilio is asked by its own id: whose is not known cannot be asked about. */
static void without_the_id_that_the_gateway_wants_nobody_is_asked(void **state)
{
    static const Scene SCENES[] = {
        ANSWER("200 OK", "{\"sid\":\"SM2\",\"to\":\"+8613800000002\",\"status\":\"delivered\","
                         "\"error_code\":null}")};
    TestHome *home = *state;
    uncertain_ones(home, 3, "g");
    test_sql(home, "UPDATE message SET gateway_id = 'SM2' WHERE id = 2");
    Scripted *server = scripted_open(SCENES, 1);
    asks_alone(home, scripted_port(server), "twilio");
    json_t *result = settle(home);
    assert_int_equal(number_of(result, "delivered"), 1);
    assert_int_equal(number_of(result, "not_asked"), 2);
    json_decref(result);
    assert_int_equal(scripted_requests(server), 1);
    scripted_close(server);
}

/* Somebody said meanwhile that it was not sent, and it was claimed anew: that is another attempt. */
static void an_answer_about_an_earlier_attempt_moves_nothing(void **state)
{
    static const Scene SCENES[] = {
        {.answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
                   "{\"reference\":\"00000000000000000000000000000001\",\"id\":\"S1\",\"status\":"
                   "\"DELIVRD\"}",
         .delay_ms = 100,
         .end = SCENE_CLOSE}};
    TestHome *home = *state;
    Err err = {0};
    Gateway gateway;
    Asker *asker;
    bool done = false;
    uncertain_ones(home, 1, "g");
    Scripted *server = scripted_open(SCENES, 1);
    asks_alone(home, scripted_port(server), "simulator");
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    const AskSettings settings = {
        .db = home->context.db, .sealer = home->context.sealer, .gateway = &gateway, .campaign = 1};
    assert_ok(asker_open(&settings, &asker, &err), &err);
    assert_ok(asker_step(asker, 10, &done, &err), &err);
    test_sql(home, "UPDATE message SET fence = 2"); /* claimed and lost once more */
    while (!done)
        assert_ok(asker_step(asker, 10, &done, &err), &err);
    assert_int_equal(asker_counts(asker)->settled[STATE_DELIVERED], 0);
    assert_int_equal(outbox_in_state(home, "uncertain"), 1);
    asker_close(asker);
    gateway_done(&gateway);
    scripted_close(server);
}

static int64_t stat_of(Simulator *simulator, const char *key)
{
    json_t *stats = simulator_stats(simulator);
    json_t *answers = json_object_get(stats, "answers");
    json_t *found = json_object_get(answers, key);
    int64_t number = json_integer_value(found ? found : json_object_get(stats, key));
    json_decref(stats);
    return number;
}

/* The real simulator, more than a page: it cuts connections after taking the message, or not. */
static void after_cut_connections_asking_tells_who_was_told(void **state)
{
    enum { PEOPLE = 800 };
    TestHome *home = *state;
    Err err = {0};
    Faults faults = {.cut = 0.2, .undelivered = 0.2, .lost = 1, .seed = 5};
    Simulator *simulator;
    assert_ok(simulator_open("127.0.0.1:0", &faults, &simulator, &err), &err);
    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    outbox_gateway_without_receipts(home, simulator_port(simulator));
    outbox_dispatched(home);
    int64_t uncertain = outbox_in_state(home, "uncertain");
    int64_t taken = stat_of(simulator, "taken") - stat_of(simulator, "accepted");
    assert_in_range(uncertain, PEOPLE / 8, PEOPLE / 3);
    assert_in_range(taken, uncertain / 4, uncertain * 3 / 4);
    json_t *result = settle(home);
    assert_int_equal(number_of(result, "settled"), taken);
    assert_true(number_of(result, "delivered") > number_of(result, "undelivered"));
    assert_int_equal(number_of(result, "unknown"), uncertain - taken); /* too early to be proof */
    json_decref(result);
    assert_int_equal(outbox_in_state(home, "uncertain"), uncertain - taken);
    test_sql(home, "UPDATE delivery_event SET at = at - INTERVAL 10 MINUTE");
    result = settle(home);
    assert_int_equal(number_of(result, "unknown"), uncertain - taken); /* before this simulator */
    json_decref(result);
    simulator_close(simulator);
}

/* The dispatcher asks by itself, beside its work, and sends nothing twice. */
static void the_dispatcher_asks_by_itself(void **state)
{
    static const Scene SCENES[] = {KNOWN("1", "DELIVRD"), KNOWN("2", "DELIVRD"),
                                   KNOWN("3", "DELIVRD")};
    TestHome *home = *state;
    Scripted *server = scripted_open(SCENES, 3);
    outbox_people(home, 4);
    asks_alone(home, scripted_port(server), "simulator");
    outbox_dispatched(home); /* this base sends from this home */
    become_uncertain(home, 4, "g");
    /* too fresh for the first pass, and too old for any */
    test_sql(home, "UPDATE message SET sent_at = UTC_TIMESTAMP(3) WHERE id = 3;\n"
                   "UPDATE message SET sent_at = UTC_TIMESTAMP(3) - INTERVAL 73 HOUR WHERE id = 4");
    DispatchReport report = outbox_dispatched(home); /* waits for receipts meanwhile */
    assert_int_equal(report.sent, 0);
    assert_int_equal(outbox_in_state(home, "delivered"), 3);
    assert_int_equal(outbox_in_state(home, "uncertain"), 1);
    assert_int_equal(scripted_requests(server), 3);
    for (size_t at = 0; at < 3; at++)
        assert_memory_equal(scripted_request(server, at), "GET /query?", 11);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_gateway_knows_is_settled),
        cmocka_unit_test(a_gateway_that_does_not_answer_leaves_all_as_it_is),
        cmocka_unit_test(a_gateway_that_cannot_be_asked_is_named),
        cmocka_unit_test(without_the_id_that_the_gateway_wants_nobody_is_asked),
        cmocka_unit_test(an_answer_about_an_earlier_attempt_moves_nothing),
        cmocka_unit_test(after_cut_connections_asking_tells_who_was_told),
        cmocka_unit_test(the_dispatcher_asks_by_itself),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
