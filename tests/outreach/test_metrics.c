/* What Prometheus is told, and who is told nothing. */
#include "outbox_fill.h"
#include "support/scripted.h"

#include "outreach/claim.h"
#include "outreach/metrics.h"
#include "outreach/receiver.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#define TOKEN "0123456789abcdef"

typedef struct Desk {
    GatewaySet gateways;
    Window window;
    DispatchLive live;
    Metrics *metrics;
    Receiver *receiver;
} Desk;

static void desk_open(TestHome *home, Desk *desk, bool dispatches)
{
    Err err = {0};
    Context *context = &home->context;
    outbox_gateway(home, 1);
    *desk = (Desk){.window.always = true};
    assert_ok(gateways_load(&context->config, context->arena, &desk->gateways, &err), &err);
    const MetricsSettings measured = {
        .db = context->db, .window = &desk->window, .live = dispatches ? &desk->live : NULL};
    assert_ok(metrics_open(&measured, &desk->metrics, &err), &err);
    const ReceiverSettings settings = {.db = context->db,
                                       .sealer = context->sealer,
                                       .gateways = &desk->gateways,
                                       .address = "127.0.0.1:0",
                                       .token = TOKEN,
                                       .metrics = desk->metrics};
    assert_ok(receiver_open(&settings, &desk->receiver, &err), &err);
}

static void desk_close(Desk *desk)
{
    receiver_close(desk->receiver);
    metrics_close(desk->metrics);
    gateways_done(&desk->gateways);
}

/* The whole answer to one request with these header lines. */
static const char *ask(TestHome *home, const Desk *desk, const char *first, const char *headers)
{
    enum { ANSWER_BYTES = 1 << 20 };
    int stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)receiver_port(desk->receiver)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(stream, (const struct sockaddr *)&address, sizeof address), 0);
    const char *request =
        arena_printf(home->context.arena, "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                     first, headers);
    assert_int_equal(write(stream, request, strlen(request)), strlen(request));
    char *answer = arena_alloc(home->context.arena, ANSWER_BYTES);
    size_t length = 0;
    for (ssize_t got; (got = read(stream, answer + length, ANSWER_BYTES - 1 - length)) > 0;)
        length += (size_t)got;
    close(stream);
    return answer;
}

static void assert_line(const char *answer, const char *line)
{
    for (const char *at = strstr(answer, line); at; at = strstr(at + 1, line)) {
        if ((at == answer || at[-1] == '\n') && at[strlen(line)] == '\n')
            return;
    }
    fail_msg("no line '%s' in\n%s", line, answer);
}

static void a_base_with_everything_is_counted(void **state)
{
    TestHome *home = *state;
    Desk desk;
    outbox_people(home, 10);
    outbox_campaign(home, 1, 1, 10);
    outbox_campaign(home, 2, 1, 2);
    test_sql(home,
             "UPDATE campaign SET name = 'a\\\\b\"c\nd', state = 'paused' WHERE id = 2;\n"
             "UPDATE message SET state = 'delivered' WHERE campaign_id = 1 AND person_id <= 4;\n"
             "UPDATE message SET state = 'uncertain' WHERE campaign_id = 1 AND person_id > 8;\n"
             "INSERT INTO receipt (received_at, gateway, kind, body, state) VALUES (NOW(), 'g', "
             "'receipt', '', 'matched'), (NOW(), 'g', 'receipt', '', 'matched'), (NOW(), 'g', "
             "'receipt', '', 'unmatched'), (NOW(), 'g', 'reply', '', 'new'), (NOW(), 'g', 'reply', "
             "'', 'ignored');\n"
             "INSERT INTO reply (receipt_id, phone_hash, received_at, text, meaning) SELECT id, "
             "'', NOW(), '', 'other' FROM receipt WHERE state = 'matched'");
    desk_open(home, &desk, false);
    const char *answer = ask(home, &desk, "GET /metrics", "");
    assert_int_equal(strncmp(answer, "HTTP/1.1 200", 12), 0);
    assert_non_null(strstr(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    assert_line(answer, "# TYPE talent_messages gauge");
    assert_line(answer,
                "talent_messages{campaign=\"1\",name=\"campaign 1\",state=\"delivered\"} 4");
    assert_line(answer, "talent_messages{campaign=\"1\",name=\"campaign 1\",state=\"queued\"} 4");
    assert_line(answer,
                "talent_messages{campaign=\"2\",name=\"a\\\\b\\\"c\\nd\",state=\"queued\"} 2");
    assert_line(answer, "talent_campaign_running{campaign=\"1\",name=\"campaign 1\"} 1");
    assert_line(answer, "talent_campaign_running{campaign=\"2\",name=\"a\\\\b\\\"c\\nd\"} 0");
    assert_line(answer, "talent_messages_uncertain 2");
    assert_line(answer, "# TYPE talent_pushes_stored_total counter");
    assert_line(answer, "talent_pushes_stored_total 5");
    assert_line(answer, "talent_pushes_matched_total 2");
    assert_line(answer, "talent_pushes_ignored_total 1");
    assert_line(answer, "talent_pushes_unmatched 1");
    assert_line(answer, "talent_pushes_new 1");
    assert_line(answer, "talent_replies_waiting 2");
    assert_line(answer, "talent_window_open 1");
    assert_null(strstr(answer, "talent_dispatch")); /* none here */
    desk_close(&desk);
}

static void a_dispatcher_is_told_as_it_is_now(void **state)
{
    TestHome *home = *state;
    Desk desk;
    test_reset(home);
    desk_open(home, &desk, true);
    atomic_store(&desk.live.rate_milli, 1234500);
    atomic_store(&desk.live.answered_ms, boottime_ms() - 5000);
    atomic_store(&desk.live.claimed, 70);
    atomic_store(&desk.live.outcomes[OUTCOME_THROTTLED], 3);
    const char *answer = ask(home, &desk, "GET /metrics", "");
    assert_line(answer, "talent_dispatch_messages_per_second 1234.500");
    assert_line(answer, "talent_dispatch_allowed_messages_per_second 0.000");
    assert_line(answer, "talent_dispatch_claimed_total 70");
    assert_line(answer, "talent_dispatch_breaker_open 0");
    assert_line(answer, "talent_dispatch_attempts_total{outcome=\"throttled\"} 3");
    assert_line(answer, "talent_dispatch_attempts_total{outcome=\"accepted\"} 0");
    assert_non_null(strstr(answer, "talent_gateway_last_answer_age_seconds 5."));
    atomic_store(&desk.live.breaker_open, true);
    assert_line(ask(home, &desk, "GET /metrics", ""), "talent_dispatch_breaker_open 1");
    desk_close(&desk);
}

/* Every series has its two lines of explanation, every name its form. */
static void what_is_told_is_in_the_form_that_prometheus_reads(void **state)
{
    TestHome *home = *state;
    Desk desk;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 2);
    desk_open(home, &desk, true);
    const char *answer = ask(home, &desk, "GET /metrics", "");
    char *rest = strstr(answer, "\r\n\r\n") + 4;
    size_t series = 0;
    const char *described = "";
    bool counter = false;
    for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n")) {
        if (strncmp(line, "# HELP ", 7) == 0)
            continue;
        if (strncmp(line, "# TYPE ", 7) == 0) {
            size_t length = strcspn(line + 7, " ");
            described = arena_strndup(home->context.arena, line + 7, length);
            counter = strcmp(line + 7 + length, " counter") == 0;
            assert_true(counter || strcmp(line + 7 + length, " gauge") == 0);
            size_t name = strlen(described);
            assert_int_equal(counter, strcmp(described + name - 6, "_total") == 0);
            continue;
        }
        size_t name = strcspn(line, "{ ");
        assert_true(strncmp(line, described, name) == 0 && described[name] == '\0');
        const char *value = strrchr(line, ' ') + 1;
        assert_true(*value && strspn(value, "0123456789.-") == strlen(value));
        series++;
    }
    assert_true(series >= 20);
    desk_close(&desk);
}

static void a_stranger_learns_nothing(void **state)
{
    TestHome *home = *state;
    Desk desk;
    test_reset(home);
    desk_open(home, &desk, false);
    static const char *const FOREIGN[] = {
        "X-Forwarded-For: 1.2.3.4\r\n",
        "Forwarded: for=1.2.3.4\r\n",
        "X-Real-IP: 1.2.3.4\r\nAuthorization: Bearer wrong\r\n",
        "Via: 1.1 proxy\r\nAuthorization: Bearer 0123456789abcdee\r\n",
        "Via: 1.1 proxy\r\nAuthorization: Basic " TOKEN "\r\n",
    };
    for (size_t at = 0; at < sizeof FOREIGN / sizeof FOREIGN[0]; at++) {
        const char *answer = ask(home, &desk, "GET /metrics", FOREIGN[at]);
        assert_int_equal(strncmp(answer, "HTTP/1.1 404", 12), 0);
        assert_null(strstr(answer, "talent"));
    }
    const char *known =
        ask(home, &desk, "GET /metrics", "Via: 1.1 proxy\r\nAuthorization: Bearer " TOKEN "\r\n");
    assert_int_equal(strncmp(known, "HTTP/1.1 200", 12), 0);
    assert_int_equal(
        strncmp(ask(home, &desk, "POST /metrics", "Content-Length: 0\r\n"), "HTTP/1.1 405", 12), 0);
    assert_int_equal(strncmp(ask(home, &desk, "GET /metrics/", ""), "HTTP/1.1 404", 12), 0);
    desk_close(&desk);
}

static void a_receiver_without_metrics_has_no_such_page(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Desk desk = {0};
    outbox_gateway(home, 1);
    assert_ok(gateways_load(&home->context.config, home->context.arena, &desk.gateways, &err),
              &err);
    const ReceiverSettings settings = {.db = home->context.db,
                                       .sealer = home->context.sealer,
                                       .gateways = &desk.gateways,
                                       .address = "127.0.0.1:0",
                                       .token = TOKEN};
    assert_ok(receiver_open(&settings, &desk.receiver, &err), &err);
    assert_int_equal(strncmp(ask(home, &desk, "GET /metrics", ""), "HTTP/1.1 404", 12), 0);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_with_everything_is_counted),
        cmocka_unit_test(a_dispatcher_is_told_as_it_is_now),
        cmocka_unit_test(what_is_told_is_in_the_form_that_prometheus_reads),
        cmocka_unit_test(a_stranger_learns_nothing),
        cmocka_unit_test(a_receiver_without_metrics_has_no_such_page),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
