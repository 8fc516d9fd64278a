/* The thread that has the wire: every claim comes back once, answered or untouched. */
#include "outbox_fill.h"
#include "support/scripted.h"

#include "outreach/courier.h"

#include <string.h>

#define OK_202 "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}"

enum { CLAIMS_MAX = 200, PATIENCE_MS = 20000 };

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

typedef struct Round {
    Gateway gateway;
    Scripted *server;
    Courier *courier;
    Claim claims[CLAIMS_MAX];
    size_t back[CLAIMS_MAX]; /* how often each came back */
    size_t begun, taken, untouched;
    char note[OUTCOME_NOTE_BYTES]; /* of the last one untouched */
} Round;

static Round *round_open(TestHome *home, const Scene *scenes, size_t count)
{
    Err err = {0};
    Round *round = arena_alloc(home->context.arena, sizeof *round);
    round->server = scripted_open(scenes, count);
    outbox_gateway(home, scripted_port(round->server));
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &round->gateway, &err),
              &err);
    round->gateway.connections = 4;
    round->gateway.timeout_ms = 2000;
    assert_ok(courier_open(&round->gateway, &round->courier, &err), &err);
    for (size_t at = 0; at < CLAIMS_MAX; at++)
        round->claims[at] = (Claim){.phone = "13800138000",
                                    .text = "t",
                                    .reference = "11111111111111111111111111111111",
                                    .group = 1};
    return round;
}

static void round_close(Round *round)
{
    courier_close(round->courier);
    scripted_close(round->server);
    gateway_done(&round->gateway);
}

static void give(Round *round, size_t count, int64_t until_ms)
{
    Errand errands[CLAIMS_MAX];
    for (size_t at = 0; at < count; at++)
        errands[at] = (Errand){.claims = &round->claims[at], .until_ms = until_ms};
    courier_give(round->courier, errands, count);
}

static void take_back(Round *round)
{
    Err err = {0};
    const Returned *returned;
    size_t count;
    assert_ok(courier_take(round->courier, &returned, &count, &err), &err);
    for (size_t at = 0; at < count; at++) {
        const Returned *one = &returned[at];
        round->back[one->claim - round->claims]++;
        round->begun += one->begun;
        round->untouched += !one->begun;
        round->taken += one->begun && one->outcome.kind == OUTCOME_ACCEPTED;
        if (!one->begun)
            memcpy(round->note, one->outcome.note, sizeof round->note);
    }
}

static void take_all_back(Round *round)
{
    const CourierWait wait = {.enough = CLAIMS_MAX, .timeout_ms = 50};
    int64_t until_ms = boottime_ms() + PATIENCE_MS;
    while (courier_busy(round->courier) > 0) {
        assert_true(boottime_ms() < until_ms);
        courier_wait(round->courier, &wait);
        take_back(round);
    }
}

static void assert_each_came_back_once(const Round *round, size_t count)
{
    for (size_t at = 0; at < CLAIMS_MAX; at++)
        assert_int_equal(round->back[at], at < count);
    assert_int_equal(round->begun + round->untouched, count);
}

static void every_claim_comes_back_answered(void **state)
{
    const Scene scenes[] = {{.answer = OK_202}};
    Round *round = round_open(*state, scenes, 1);
    give(round, CLAIMS_MAX, boottime_ms() + PATIENCE_MS);
    take_all_back(round);
    assert_each_came_back_once(round, CLAIMS_MAX);
    assert_int_equal(round->taken, CLAIMS_MAX);
    assert_int_equal(scripted_requests(round->server), CLAIMS_MAX);
    round_close(round);
}

/* Four connections are busy for 300 ms; what waits behind them may not begin after 100. */
static void what_has_waited_too_long_is_not_begun(void **state)
{
    const Scene scenes[] = {{.answer = OK_202, .delay_ms = 300}};
    Round *round = round_open(*state, scenes, 1);
    give(round, 20, boottime_ms() + 100);
    take_all_back(round);
    assert_each_came_back_once(round, 20);
    assert_int_equal(round->begun, 4);
    assert_string_equal(round->note, "waited too long for a connection");
    assert_int_equal(scripted_requests(round->server), 4);
    round_close(round);
}

static void what_is_recalled_comes_back_untouched_and_nothing_more_begins(void **state)
{
    const Scene scenes[] = {{.answer = OK_202, .delay_ms = 300}};
    Round *round = round_open(*state, scenes, 1);
    give(round, 20, boottime_ms() + PATIENCE_MS);
    for (int tries = 0; tries < 200 && scripted_requests(round->server) < 4; tries++)
        usleep(5 * 1000);
    courier_recall(round->courier, "because");
    assert_int_equal(courier_room(round->courier), 0);
    take_all_back(round);
    assert_each_came_back_once(round, 20);
    assert_int_equal(round->taken, 4);
    assert_string_equal(round->note, "because");
    assert_int_equal(scripted_requests(round->server), 4);
    courier_resume(round->courier);
    assert_true(courier_room(round->courier) >= 4);
    round_close(round);
}

/* Nobody has to tell it: the first refusal of the account keeps the rest back. */
static void a_refused_account_keeps_the_rest_back_at_once(void **state)
{
    const Scene scenes[] = {{.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}};
    Round *round = round_open(*state, scenes, 1);
    give(round, 100, boottime_ms() + PATIENCE_MS);
    take_all_back(round);
    assert_each_came_back_once(round, 100);
    assert_true(round->begun <= 8); /* those on the wire when the first answer came, and no more */
    assert_string_equal(round->note, "the gateway refuses the account");
    assert_int_equal(scripted_requests(round->server), round->begun);
    round_close(round);
}

/* What is on the wire when it must stop does not come back: its owner calls it uncertain. */
static void stopping_gives_back_what_had_not_begun(void **state)
{
    const Scene scenes[] = {{.answer = OK_202, .delay_ms = 1500}};
    Round *round = round_open(*state, scenes, 1);
    give(round, 10, boottime_ms() + PATIENCE_MS);
    for (int tries = 0; tries < 200 && scripted_requests(round->server) < 4; tries++)
        usleep(5 * 1000);
    courier_stop(round->courier);
    take_back(round);
    assert_int_equal(round->untouched, 6);
    assert_int_equal(round->begun, 0);
    assert_string_equal(round->note, "the dispatcher stopped");
    round_close(round);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_claim_comes_back_answered),
        cmocka_unit_test(what_has_waited_too_long_is_not_begun),
        cmocka_unit_test(what_is_recalled_comes_back_untouched_and_nothing_more_begins),
        cmocka_unit_test(a_refused_account_keeps_the_rest_back_at_once),
        cmocka_unit_test(stopping_gives_back_what_had_not_begun),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
