/* The HTTP end that gateways call: stored before it is answered, and only for those who know the
 * token. */
#include "outbox_fill.h"
#include "support/scripted.h"

#include "outreach/receiver.h"

#include <pthread.h>
#include <string.h>

#define TOKEN "0123456789abcdef0123456789abcdef"

typedef struct Open {
    GatewaySet gateways;
    Receiver *receiver;
    unsigned port;
} Open;

static Open receiver_start(TestHome *home, const char *type)
{
    Err err = {0};
    Open open;
    test_reset(home);
    outbox_gateway_of(home, type, 1);
    assert_ok(gateways_load(&home->context.config, home->context.arena, &open.gateways, &err),
              &err);
    static GatewaySet kept; /* borrowed by the receiver */
    kept = open.gateways;
    ReceiverSettings settings = {.db = home->context.db,
                                 .sealer = home->context.sealer,
                                 .gateways = &kept,
                                 .address = "127.0.0.1:0",
                                 .token = TOKEN};
    assert_ok(receiver_open(&settings, &open.receiver, &err), &err);
    open.port = receiver_port(open.receiver);
    return open;
}

static void receiver_stop(Open *open)
{
    receiver_close(open->receiver);
    gateways_done(&open->gateways);
}

static char *stored_body(TestHome *home, int64_t id)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_query(home->context.db, QUERY_OUTREACH_RECEIPT_NEW,
                       PARAMS(v_text("receipt"), v_int(100)), &rows, &err),
              &err);
    while (rows_next(rows)) {
        size_t length;
        const void *sealed = rows_bytes(rows, 2, &length);
        char *plain = NULL;
        assert_ok(unseal(home->context.sealer, home->context.arena, sealed, length, &plain, &err),
                  &err);
        if (rows_int(rows, 0) == id)
            return plain;
    }
    return NULL;
}

static void receiver_stores_the_raw_body_and_answers_as_the_gateway_wants(void **state)
{
    TestHome *home = *state;
    Open open = receiver_start(home, "simulator");
    char answer[100];
    const char *body = "[{\"reference\":\"x\"}] \xff whatever";
    assert_int_equal(
        http_call(open.port, "POST", "/receipt/" TOKEN "/g", body, answer, sizeof answer), 200);
    assert_string_equal(answer, "{\"code\":0}");
    assert_string_equal(stored_body(home, 1), body);
    /* sealed: what it says can't be read in the table */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM receipt WHERE body LIKE '%reference%'"), 0);
    assert_int_equal(
        http_call(open.port, "POST", "/reply/" TOKEN "/g", "[]", answer, sizeof answer), 200);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt WHERE kind = 'reply'"), 1);
    receiver_stop(&open);
}

static void receiver_keeps_what_a_query_says(void **state)
{
    TestHome *home = *state;
    Open open = receiver_start(home, "kannel");
    assert_int_equal(http_call(open.port, "GET",
                               "/receipt/" TOKEN "/g?reference=ab%26c&status=1&more=2", NULL, NULL,
                               0),
                     200);
    assert_string_equal(stored_body(home, 1), "reference=ab%26c&status=1");
    receiver_stop(&open);
}

static void receiver_knows_nobody_without_the_token(void **state)
{
    static const char *const PATHS[] = {"/",
                                        "/receipt",
                                        "/receipt/",
                                        "/receipt/" TOKEN,
                                        "/receipt/" TOKEN "/",
                                        "/receipt/" TOKEN "/nobody",
                                        "/receipt/" TOKEN "x/g",
                                        "/receipt/0123456789abcdef0123456789abcdee/g",
                                        "/receipt//g",
                                        "/receipts/" TOKEN "/g",
                                        "/receipt/" TOKEN "/g/more"};
    TestHome *home = *state;
    Open open = receiver_start(home, "simulator");
    for (size_t at = 0; at < sizeof PATHS / sizeof PATHS[0]; at++)
        if (http_call(open.port, "POST", PATHS[at], "[]", NULL, 0) != 404)
            fail_msg("%s", PATHS[at]);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), 0);
    receiver_stop(&open);
}

static void receiver_refuses_what_is_too_large(void **state)
{
    TestHome *home = *state;
    Open open = receiver_start(home, "simulator");
    size_t size = 256 * 1024 + 1;
    char *body = arena_alloc(home->context.arena, size + 1);
    memset(body, 'x', size);
    assert_int_equal(http_call(open.port, "POST", "/receipt/" TOKEN "/g", body, NULL, 0), 413);
    body[size - 1] = '\0';
    assert_int_equal(http_call(open.port, "POST", "/receipt/" TOKEN "/g", body, NULL, 0), 200);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), 1);
    receiver_stop(&open);
}

static void receiver_answers_503_when_it_cannot_store(void **state)
{
    TestHome *home = *state;
    Open open = receiver_start(home, "simulator");
    test_sql(home, "RENAME TABLE receipt TO receipt_away");
    int status = http_call(open.port, "POST", "/receipt/" TOKEN "/g", "[]", NULL, 0);
    test_sql(home, "RENAME TABLE receipt_away TO receipt");
    assert_int_equal(status, 503);
    assert_int_equal(http_call(open.port, "POST", "/receipt/" TOKEN "/g", "[]", NULL, 0), 200);
    receiver_stop(&open);
}

typedef struct Pusher {
    unsigned port;
    int number, taken, refused;
} Pusher;

enum { PUSHERS = 24, PUSHES = 8 };

static void *pusher_work(void *state)
{
    Pusher *pusher = state;
    for (int n = 0; n < PUSHES; n++) {
        char body[64];
        snprintf(body, sizeof body, "[%d]", pusher->number * PUSHES + n);
        int status = http_call(pusher->port, "POST", "/receipt/" TOKEN "/g", body, NULL, 0);
        pusher->taken += status == 200;
        pusher->refused += status == 503;
    }
    return NULL;
}

/* Whoever was told 200 is stored, whoever was told 503 is not, also while the table is away. */
static void pushes_at_once_are_each_stored_or_refused(void **state)
{
    TestHome *home = *state;
    Open open = receiver_start(home, "simulator");
    Pusher pushers[PUSHERS];
    pthread_t threads[PUSHERS];
    int64_t taken = 0, refused = 0;
    for (int n = 0; n < PUSHERS; n++) {
        pushers[n] = (Pusher){.port = open.port, .number = n};
        assert_int_equal(pthread_create(&threads[n], NULL, pusher_work, &pushers[n]), 0);
    }
    test_sql(home, "RENAME TABLE receipt TO receipt_away");
    usleep(20 * 1000);
    test_sql(home, "RENAME TABLE receipt_away TO receipt");
    for (int n = 0; n < PUSHERS; n++) {
        pthread_join(threads[n], NULL);
        taken += pushers[n].taken;
        refused += pushers[n].refused;
    }
    assert_int_equal(taken + refused, PUSHERS * PUSHES);
    assert_true(taken > 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), taken);
    receiver_stop(&open);
}

static void receiver_makes_its_token_once_for_itself_alone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    const char *file = arena_printf(home->context.arena, "%s/fresh.token", home->dir), *first,
               *second;
    assert_ok(receiver_token(home->context.arena, file, &first, &err), &err);
    assert_ok(receiver_token(home->context.arena, file, &second, &err), &err);
    assert_string_equal(first, second);
    assert_int_equal(strlen(first), 32);
    struct stat status;
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(chmod(file, 0644), 0);
    assert_int_equal(receiver_token(home->context.arena, file, &second, &err), ERR_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receiver_stores_the_raw_body_and_answers_as_the_gateway_wants),
        cmocka_unit_test(receiver_keeps_what_a_query_says),
        cmocka_unit_test(receiver_knows_nobody_without_the_token),
        cmocka_unit_test(receiver_refuses_what_is_too_large),
        cmocka_unit_test(receiver_answers_503_when_it_cannot_store),
        cmocka_unit_test(pushes_at_once_are_each_stored_or_refused),
        cmocka_unit_test(receiver_makes_its_token_once_for_itself_alone),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
