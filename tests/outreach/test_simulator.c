/* The bundled gateway itself: what it promises to tests, it must keep. */
#include "support/home.h"
#include "support/scripted.h"

#include "outreach/ledger.h"
#include "outreach/simulator.h"

#include <string.h>
#include <unistd.h>

static void faults_are_read_and_mistakes_named(void **state)
{
    (void)state;
    Err err = {0};
    Faults faults = {0};
    assert_ok(
        faults_parse("slow=5%, 503=0.02,429=1%,cut=1%,double=2%,reorder,lose=1%,undelivered=3%",
                     &faults, &err),
        &err);
    assert_true(faults.slow > 0.049 && faults.slow < 0.051);
    assert_true(faults.busy > 0.019 && faults.busy < 0.021);
    assert_true(faults.reorder > 0.999);
    assert_ok(faults_parse(NULL, &faults, &err), &err);
    assert_int_equal(faults_parse("slw=5%", &faults, &err), ERR_USAGE);
    assert_string_equal(err.text, "'slw' is not a fault");
    assert_int_equal(faults_parse("slow=105%", &faults, &err), ERR_USAGE);
    assert_int_equal(faults_parse("slow=", &faults, &err), ERR_USAGE);
    assert_int_equal(faults_parse("slow=-1", &faults, &err), ERR_USAGE);
    assert_int_equal(faults_parse("slow=nan", &faults, &err), ERR_USAGE);
}

static void fates_come_in_the_shares_asked_for_and_repeat_with_the_seed(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    Faults faults = {
        .busy = 0.1, .throttled = 0.05, .cut = 0.02, .undelivered = 0.2, .lost = 0.1, .seed = 3};
    int busy = 0, throttled = 0, cut = 0, undelivered = 0, lost = 0;
    for (uint64_t n = 1; n <= DRAWS; n++) {
        Fate fate = fate_draw(&faults, n * 77777, 1), again = fate_draw(&faults, n * 77777, 1);
        assert_memory_equal(&fate.kind, &again.kind, sizeof fate.kind);
        assert_int_equal(fate.receipt_after_ms, again.receipt_after_ms);
        busy += fate.kind == FATE_BUSY;
        throttled += fate.kind == FATE_THROTTLE;
        cut += fate.kind == FATE_CUT;
        undelivered += !fate.delivered;
        lost += fate.receipts == 0;
        assert_false(fate.taken && (fate.kind == FATE_BUSY || fate.kind == FATE_THROTTLE));
    }
    assert_in_range(busy, DRAWS / 10 * 9 / 10, DRAWS / 10 * 11 / 10);
    assert_in_range(throttled, DRAWS / 20 * 8 / 10, DRAWS / 20 * 12 / 10);
    assert_in_range(cut, DRAWS / 50 * 8 / 10, DRAWS / 50 * 12 / 10);
    assert_in_range(undelivered, DRAWS / 5 * 9 / 10, DRAWS / 5 * 11 / 10);
    assert_in_range(lost, DRAWS / 10 * 9 / 10, DRAWS / 10 * 11 / 10);
}

static void ledger_counts_what_came_more_than_once(void **state)
{
    (void)state;
    Ledger ledger = {0};
    for (uint64_t n = 1; n <= 50000; n++) {
        char text[32];
        snprintf(text, sizeof text, "%llu", (unsigned long long)n);
        assert_int_equal(ledger_count(&ledger, ledger_key(text, "")), 1);
    }
    assert_int_equal(ledger.used, 50000);
    assert_int_equal(ledger.beyond, 0);
    assert_int_equal(ledger_count(&ledger, ledger_key("7", "")), 2);
    assert_int_equal(ledger_count(&ledger, ledger_key("7", "")), 3);
    assert_int_equal(ledger.beyond, 1);
    assert_int_equal(ledger.most, 3);
    assert_int_not_equal(ledger_key("ab", "c"), ledger_key("a", "bc"));
    ledger_done(&ledger);
}

#define ORDER                                                                                      \
    "{\"to\":\"13800138000\",\"text\":\"t\",\"reference\":\"00112233445566778899aabbccddee0%d\"%"  \
    "s}"

static int64_t stat_of(unsigned port, const char *key)
{
    char text[4096];
    assert_int_equal(http_call(port, "GET", "/stats", NULL, text, sizeof text), 200);
    json_t *stats = json_loads(text, 0, NULL);
    assert_non_null(stats);
    int64_t value = json_integer_value(json_object_get(stats, key));
    json_decref(stats);
    return value;
}

static void simulator_tells_when_something_came_twice(void **state)
{
    (void)state;
    Err err = {0};
    Faults faults = {.seed = 1};
    Simulator *simulator;
    assert_ok(simulator_open("127.0.0.1:0", &faults, &simulator, &err), &err);
    unsigned port = simulator_port(simulator);
    char body[300], answer[300];
    snprintf(body, sizeof body, ORDER, 1, "");
    assert_int_equal(http_call(port, "POST", "/send", body, answer, sizeof answer), 202);
    assert_string_equal(answer, "{\"id\":\"S8899aabbccddee01\",\"status\":\"ACCEPTD\"}");
    assert_int_equal(stat_of(port, "taken_twice"), 0);
    snprintf(body, sizeof body, ORDER, 2, ""); /* another attempt, the same message */
    assert_int_equal(http_call(port, "POST", "/send", body, NULL, 0), 202);
    assert_int_equal(stat_of(port, "taken_twice"), 1);
    assert_int_equal(stat_of(port, "references_twice"), 0);
    assert_int_equal(http_call(port, "POST", "/send", body, NULL, 0),
                     202); /* a second copy on the wire */
    assert_int_equal(stat_of(port, "references_twice"), 1);
    assert_int_equal(http_call(port, "POST", "/send", "{}", NULL, 0), 400);
    assert_int_equal(http_call(port, "POST", "/send", "no json", NULL, 0), 400);
    assert_int_equal(http_call(port, "GET", "/send", NULL, NULL, 0), 404);
    simulator_close(simulator);
}

static void simulator_says_what_it_took(void **state)
{
    (void)state;
    Err err = {0};
    Faults faults = {.seed = 1, .undelivered = 1};
    Simulator *simulator;
    assert_ok(simulator_open("127.0.0.1:0", &faults, &simulator, &err), &err);
    unsigned port = simulator_port(simulator);
    char body[300], answer[300], path[120];
    const char *ours = "00112233445566778899aabbccddee01";
    snprintf(path, sizeof path, "/query?reference=%s&sent=%lld", ours, (long long)time(NULL) + 1);
    assert_int_equal(http_call(port, "GET", path, NULL, answer, sizeof answer), 404);
    assert_string_equal(answer, "{\"error\":\"unknown\"}");
    snprintf(body, sizeof body, ORDER, 1, "");
    assert_int_equal(http_call(port, "POST", "/send", body, NULL, 0), 202);
    usleep(100 * 1000); /* its fate is decided after 60 ms at most */
    assert_int_equal(http_call(port, "GET", path, NULL, answer, sizeof answer), 200);
    assert_string_equal(answer, "{\"reference\":\"00112233445566778899aabbccddee01\",\"id\":"
                                "\"S8899aabbccddee01\",\"status\":\"UNDELIV\",\"code\":\"012\"}");
    /* what was sent before it began may have gone to another */
    assert_int_equal(http_call(port, "GET",
                               "/query?reference=ffeeddccbbaa99887766554433221100&sent=1349022600",
                               NULL, answer, sizeof answer),
                     404);
    assert_string_equal(answer, "{\"error\":\"before_me\"}");
    assert_int_equal(http_call(port, "GET", "/query?reference=short&sent=1", NULL, NULL, 0), 400);
    snprintf(path, sizeof path, "/query?reference=%s", ours);
    assert_int_equal(http_call(port, "GET", path, NULL, NULL, 0), 400);
    assert_int_equal(stat_of(port, "taken"), 1);
    simulator_close(simulator);
}

static void simulator_pushes_again_until_it_is_heard(void **state)
{
    (void)state;
    Err err = {0};
    const Scene scenes[] = {
        {.answer = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"},
        {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"code\":0}"}};
    Scripted *receiver = scripted_open(scenes, 2);
    Faults faults = {.seed = 1};
    Simulator *simulator;
    assert_ok(simulator_open("127.0.0.1:0", &faults, &simulator, &err), &err);
    char body[300], callback[100];
    snprintf(callback, sizeof callback, ",\"callback\":\"http://127.0.0.1:%u/receipt/t/g\"",
             scripted_port(receiver));
    snprintf(body, sizeof body, ORDER, 1, callback);
    assert_int_equal(http_call(simulator_port(simulator), "POST", "/send", body, NULL, 0), 202);
    bool seen = false;
    for (int tries = 0; tries < 100 && !seen; tries++) {
        usleep(50 * 1000);
        json_t *stats = simulator_stats(simulator);
        seen = json_integer_value(json_object_get(json_object_get(stats, "pushes"), "pushed")) == 2;
        json_decref(stats);
    }
    assert_true(seen);
    bool delivered = false;
    for (size_t n = 0; n < scripted_requests(receiver); n++)
        delivered = delivered || strstr(scripted_request(receiver, n),
                                        "\"reference\":\"00112233445566778899aabbccddee01\","
                                        "\"id\":\"S8899aabbccddee01\",\"status\":\"DELIVRD\"");
    assert_true(delivered);
    assert_true(scripted_requests(receiver) >= 2);
    simulator_close(simulator);
    scripted_close(receiver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_read_and_mistakes_named),
        cmocka_unit_test(fates_come_in_the_shares_asked_for_and_repeat_with_the_seed),
        cmocka_unit_test(ledger_counts_what_came_more_than_once),
        cmocka_unit_test(simulator_tells_when_something_came_twice),
        cmocka_unit_test(simulator_says_what_it_took),
        cmocka_unit_test(simulator_pushes_again_until_it_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
