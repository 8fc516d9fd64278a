/* Receipts: early, late, doubled, out of order, for strangers. */
#include "outbox_fill.h"

#include "outreach/claim.h"
#include "outreach/receipt.h"

#include <string.h>

static int setup(void **state)
{
    test_home_setup(state);
    outbox_gateway(*state, 1);
    return 0;
}

static GatewaySet gateways_of(TestHome *home)
{
    Err err = {0};
    GatewaySet set;
    assert_ok(gateways_load(&home->context.config, home->context.arena, &set, &err), &err);
    return set;
}

/* Messages 1..count in a state, message n with reference nn…nn and gateway id "Gn". */
static void fill(TestHome *home, int count, const char *state)
{
    outbox_people(home, count);
    outbox_campaign(home, 1, 1, count);
    test_sql(
        home,
        arena_printf(home->context.arena,
                     "UPDATE message SET state = '%s', gateway = 'g', sent_at = UTC_TIMESTAMP(3), "
                     "reference = UNHEX(LPAD(id, 32, '0')), gateway_id = CONCAT('G', id)",
                     state));
}

static void push(TestHome *home, const char *body)
{
    test_sql(
        home,
        arena_printf(
            home->context.arena,
            "INSERT INTO receipt (received_at, gateway, kind, body) VALUES (UTC_TIMESTAMP(3), 'g', "
            "'receipt', UNHEX('%s'))",
            outbox_seal(home, body)));
}

static const char *receipt_of(TestHome *home, int n, const char *status)
{
    return arena_printf(
        home->context.arena,
        "{\"reference\":\"%032d\",\"id\":\"G%d\",\"status\":\"%s\",\"code\":\"000\"}", n, n,
        status);
}

static ReceiptCounts match(TestHome *home)
{
    Err err = {0};
    ReceiptCounts counts = {0};
    GatewaySet gateways = gateways_of(home);
    assert_ok(receipts_match(home->context.db, home->context.sealer, &gateways, &counts, &err),
              &err);
    gateways_done(&gateways);
    return counts;
}

static void receipts_move_messages_only_forward(void **state)
{
    static const struct {
        const char *before, *status, *after;
    } CASES[] = {
        {"sent", "DELIVRD", "delivered"},
        {"sent", "UNDELIV", "undelivered"},
        {"sent", "ACCEPTD", "sent"},
        {"claimed", "DELIVRD", "delivered"},
        {"claimed", "ACCEPTD", "sent"},
        {"uncertain", "DELIVRD", "delivered"},
        {"uncertain", "UNDELIV", "undelivered"},
        {"uncertain", "ACCEPTD", "sent"},
        {"delivered", "UNDELIV", "delivered"},
        {"delivered", "DELIVRD", "delivered"},
        {"undelivered", "DELIVRD", "undelivered"},
        {"expired", "DELIVRD", "expired"},
        {"rejected", "DELIVRD", "rejected"},
        {"cancelled", "DELIVRD", "cancelled"},
        {"queued", "DELIVRD", "suppressed"},
        {"queued", "ACCEPTD", "suppressed"},
        {"queued", "UNDELIV", "queued"},
    };
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        fill(home, 1, CASES[at].before);
        push(home, receipt_of(home, 1, CASES[at].status));
        match(home);
        if (outbox_in_state(home, CASES[at].after) != 1)
            fail_msg("%s + %s", CASES[at].before, CASES[at].status);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt WHERE state = 'matched'"),
                         1);
        bool moved = strcmp(CASES[at].before, CASES[at].after) != 0;
        assert_int_equal(
            test_number(
                home,
                "SELECT COUNT(*) FROM delivery_event WHERE cause = 'receipt' AND receipt_id > 0"),
            moved);
    }
}

static void receipts_twice_and_out_of_order_in_one_push_settle_once(void **state)
{
    TestHome *home = *state;
    fill(home, 3, "claimed");
    push(home, arena_printf(home->context.arena, "[%s,%s,%s,%s,%s,%s]",
                            receipt_of(home, 1, "DELIVRD"), receipt_of(home, 1, "ACCEPTD"),
                            receipt_of(home, 1, "DELIVRD"), receipt_of(home, 2, "ACCEPTD"),
                            receipt_of(home, 2, "UNDELIV"), receipt_of(home, 2, "DELIVRD")));
    ReceiptCounts counts = match(home);
    assert_int_equal(counts.items, 6);
    assert_int_equal(counts.delivered, 1);
    assert_int_equal(counts.undelivered, 1);
    assert_int_equal(outbox_in_state(home, "delivered"), 1);
    assert_int_equal(outbox_in_state(home, "undelivered"), 1);
    assert_int_equal(outbox_in_state(home, "claimed"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 3);
}

static void receipt_for_a_stranger_is_kept_and_matched_later(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    fill(home, 1, "sent");
    test_sql(home, "UPDATE message SET gateway_id = NULL, reference = NULL");
    push(home, "[{\"id\":\"G1\",\"status\":\"DELIVRD\"}]");
    assert_int_equal(match(home).unmatched, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt WHERE state = 'unmatched'"),
                     1);
    test_sql(home, "UPDATE message SET gateway_id = 'G1';\nUPDATE receipt SET matched_at = "
                   "matched_at - INTERVAL 1 MINUTE");
    assert_ok(receipts_again(home->context.db, 10, &err), &err);
    assert_int_equal(match(home).delivered, 1);
    assert_int_equal(outbox_in_state(home, "delivered"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt WHERE state = 'matched'"), 1);
}

static void receipt_of_another_gateway_touches_nobody(void **state)
{
    TestHome *home = *state;
    fill(home, 1, "sent");
    test_sql(home, "UPDATE message SET gateway = 'other'");
    push(home, "[{\"id\":\"G1\",\"status\":\"DELIVRD\"}]");
    assert_int_equal(match(home).unmatched, 1);
    assert_int_equal(outbox_in_state(home, "sent"), 1);
}

static void receipts_that_make_no_sense_are_kept(void **state)
{
    static const char *const BODIES[] = {
        "",
        "[",
        "[1,2]",
        "{\"reference\":1}",
        "<html>",
        "[{\"reference\":\"x\"}]",
        "{\"a\":1,\"a\":2}",
        "[[[[[[[[]]]]]]]]",
        "[{\"reference\":\"00000000000000000000000000000001\",\"status\":\"NEWWORD\"}]"};
    TestHome *home = *state;
    fill(home, 1, "sent");
    for (size_t at = 0; at < sizeof BODIES / sizeof BODIES[0]; at++)
        push(home, BODIES[at]);
    match(home);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt WHERE state = 'unmatched'"),
                     sizeof BODIES / sizeof BODIES[0]);
    assert_int_equal(outbox_in_state(home, "sent"), 1);
}

static void many_receipts_are_matched_in_batches(void **state)
{
    enum { MESSAGES = 900 };
    TestHome *home = *state;
    fill(home, MESSAGES, "sent");
    for (int n = 1; n <= MESSAGES; n++)
        push(home, receipt_of(home, n, "DELIVRD"));
    ReceiptCounts counts = match(home);
    assert_int_equal(counts.receipts, MESSAGES);
    assert_int_equal(counts.delivered, MESSAGES);
    assert_int_equal(outbox_in_state(home, "delivered"), MESSAGES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipts_move_messages_only_forward),
        cmocka_unit_test(receipts_twice_and_out_of_order_in_one_push_settle_once),
        cmocka_unit_test(receipt_for_a_stranger_is_kept_and_matched_later),
        cmocka_unit_test(receipt_of_another_gateway_touches_nobody),
        cmocka_unit_test(receipts_that_make_no_sense_are_kept),
        cmocka_unit_test(many_receipts_are_matched_in_batches),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
