#include "outreach/outbox.h"

#include "base/text.h"
#include "support/home.h"

static const char *const CAUSES[] = {"plan",  "claim",  "answer", "receipt", "lease",
                                     "staff", "optout", "cancel", "window",  "expiry"};
enum { CAUSE_COUNT = sizeof CAUSES / sizeof CAUSES[0] };

/* What DESIGN 7 allows, written down a second time: from, to, the one cause or "" for every cause.
 */
static const struct {
    MessageState from, to;
    const char *cause;
} ALLOWED[] = {
    {STATE_QUEUED, STATE_CLAIMED, "claim"},
    {STATE_QUEUED, STATE_CANCELLED, "cancel"},
    {STATE_QUEUED, STATE_SUPPRESSED, ""},
    {STATE_CLAIMED, STATE_SENT, ""},
    {STATE_CLAIMED, STATE_QUEUED, "answer"},
    {STATE_CLAIMED, STATE_QUEUED, "lease"},
    {STATE_CLAIMED, STATE_REJECTED, "answer"},
    {STATE_CLAIMED, STATE_UNCERTAIN, ""},
    {STATE_CLAIMED, STATE_DELIVERED, "receipt"},
    {STATE_CLAIMED, STATE_UNDELIVERED, "receipt"},
    {STATE_UNCERTAIN, STATE_SENT, ""},
    {STATE_UNCERTAIN, STATE_DELIVERED, "receipt"},
    {STATE_UNCERTAIN, STATE_UNDELIVERED, "receipt"},
    {STATE_UNCERTAIN, STATE_QUEUED, "staff"},
    {STATE_SENT, STATE_DELIVERED, "receipt"},
    {STATE_SENT, STATE_UNDELIVERED, "receipt"},
    {STATE_SENT, STATE_EXPIRED, "expiry"},
};

static bool expected(MessageState from, MessageState to, const char *cause)
{
    for (size_t at = 0; at < sizeof ALLOWED / sizeof ALLOWED[0]; at++) {
        if (ALLOWED[at].from == from && ALLOWED[at].to == to &&
            (!*ALLOWED[at].cause || text_equal(ALLOWED[at].cause, cause)))
            return true;
    }
    return false;
}

static void every_pair_of_states_is_allowed_or_refused_as_designed(void **state)
{
    (void)state;
    for (int from = 0; from < STATE_COUNT; from++)
        for (int to = 0; to < STATE_COUNT; to++)
            for (size_t at = 0; at < CAUSE_COUNT; at++)
                if (message_move_allowed((MessageState)from, (MessageState)to, CAUSES[at]) !=
                    expected((MessageState)from, (MessageState)to, CAUSES[at]))
                    fail_msg("%s to %s by %s", message_state_word((MessageState)from),
                             message_state_word((MessageState)to), CAUSES[at]);
}

static void no_final_state_ever_changes_and_no_other_is_a_dead_end(void **state)
{
    (void)state;
    for (int from = 0; from < STATE_COUNT; from++) {
        bool moves = false;
        for (int to = 0; to < STATE_COUNT; to++)
            for (size_t at = 0; at < CAUSE_COUNT; at++)
                moves |= message_move_allowed((MessageState)from, (MessageState)to, CAUSES[at]);
        assert_int_equal(moves, !message_state_final((MessageState)from));
    }
}

static void each_state_is_found_by_its_word(void **state)
{
    (void)state;
    MessageState found;
    for (int at = 0; at < STATE_COUNT; at++) {
        assert_true(message_state_find(message_state_word((MessageState)at), &found));
        assert_int_equal(found, at);
    }
    assert_false(message_state_find("Queued", &found));
    assert_false(message_state_find("", &found));
}

/* A campaign of count queued messages, numbered from 1, and their outbox moved as asked. */
typedef struct Moving {
    const Move *moves;
    size_t count;
    bool *done;
} Moving;

static void messages_make(TestHome *home, int count)
{
    test_reset(home);
    test_sql(home, "INSERT INTO campaign (id, name, template, template_text, policy, "
                   "policy_sha256, verdicts, as_of, people, "
                   "other_verdicts, content_hash, planned_by, planned_at) VALUES (1, 'a', 't', "
                   "'x', 'p', REPEAT('a', 64), 'likely', "
                   "'2012-10-01', 1, '{}', REPEAT('h', 32), 'tester', UTC_TIMESTAMP(3))");
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO message (id, campaign_id, person_id, verdict, route, "
                                "phone_hash, phone, text, segments) "
                                "SELECT seq, 1, seq, 'likely', 'r', UNHEX(MD5(seq)), 'sealed', "
                                "'text', 1 FROM seq_1_to_%d",
                                count));
}

static ErrCode moving_body(Db *db, void *state, Err *err)
{
    Moving *moving = state;
    return outbox_move(db, moving->moves, moving->count, moving->done, err);
}

static void move_all(TestHome *home, const Move *moves, size_t count, bool *done)
{
    Err err = {0};
    Moving moving = {moves, count, done};
    assert_ok(db_transact(home->context.db, moving_body, &moving, &err), &err);
}

static Move move_of(int64_t message, MessageState from, MessageState to, const char *cause)
{
    return (Move){.message = message, .from = from, .to = to, .cause = cause, .fence = -1};
}

static const char *state_of(TestHome *home, int message)
{
    int64_t number =
        test_number(home, arena_printf(home->context.arena,
                                       "SELECT state + 0 FROM message WHERE id = %d", message));
    return message_state_word((MessageState)(number - 1));
}

static void a_message_walks_to_delivered_and_each_step_is_logged(void **state)
{
    TestHome *home = *state;
    bool done = false;
    messages_make(home, 2);
    const Move steps[] = {move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim"),
                          move_of(1, STATE_CLAIMED, STATE_QUEUED, "answer"),
                          move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim"),
                          move_of(1, STATE_CLAIMED, STATE_SENT, "answer"),
                          move_of(1, STATE_SENT, STATE_DELIVERED, "receipt")};
    for (size_t at = 0; at < 5; at++) {
        move_all(home, &steps[at], 1, &done);
        assert_true(done);
        assert_string_equal(state_of(home, 1), message_state_word(steps[at].to));
        assert_int_equal(test_number(home, "SELECT sent_at IS NOT NULL FROM message WHERE id = 1"),
                         at >= 3);
        assert_int_equal(
            test_number(home, "SELECT settled_at IS NOT NULL FROM message WHERE id = 1"), at == 4);
    }
    assert_int_equal(test_number(home, "SELECT attempts * 10 + fence FROM message WHERE id = 1"),
                     22);
    assert_string_equal(state_of(home, 2), "queued");
    /* The log tells the whole walk, in order, with the attempt that each step belongs to. */
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 5);
    assert_int_equal(
        test_number(
            home,
            "SELECT GROUP_CONCAT(from_state, '>', to_state, attempt, cause ORDER BY id) = "
            "'queued>claimed1claim,claimed>queued1answer,queued>claimed2claim,claimed>sent2answer,"
            "sent>delivered2receipt' FROM delivery_event WHERE message_id = 1"),
        1);
}

static void an_illegal_move_is_refused_and_nothing_of_its_batch_is_made(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    messages_make(home, 2);
    const Move moves[] = {move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim"),
                          move_of(2, STATE_DELIVERED, STATE_SENT, "receipt")};
    Moving moving = {moves, 2, NULL};
    assert_int_equal(db_transact(home->context.db, moving_body, &moving, &err), ERR_REFUSED);
    assert_string_equal(err.text,
                        "a message cannot go from 'delivered' to 'sent' because of 'receipt'");
    assert_string_equal(state_of(home, 1), "queued");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 0);
}

static void a_move_whose_message_is_elsewhere_by_now_fails_softly(void **state)
{
    TestHome *home = *state;
    bool done[3] = {true, true, false};
    messages_make(home, 3);
    const Move claim = move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim");
    move_all(home, &claim, 1, NULL);
    const Move moves[] = {claim, move_of(99, STATE_QUEUED, STATE_CLAIMED, "claim"),
                          move_of(3, STATE_QUEUED, STATE_CLAIMED, "claim")};
    move_all(home, moves, 3, done);
    assert_false(done[0]);
    assert_false(done[1]);
    assert_true(done[2]);
    assert_int_equal(test_number(home, "SELECT fence FROM message WHERE id = 1"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 2);
}

static void a_stale_worker_records_nothing(void **state)
{
    TestHome *home = *state;
    bool done = true;
    messages_make(home, 1);
    const Move claim = move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim");
    const Move back = move_of(1, STATE_CLAIMED, STATE_QUEUED, "answer");
    move_all(home, &claim, 1, NULL);
    move_all(home, &back, 1, NULL);
    move_all(home, &claim, 1, NULL);
    Move sent = move_of(1, STATE_CLAIMED, STATE_SENT, "answer");
    sent.fence = 1;
    move_all(home, &sent, 1, &done);
    assert_false(done);
    assert_string_equal(state_of(home, 1), "claimed");
    sent.fence = 2;
    move_all(home, &sent, 1, &done);
    assert_true(done);
}

static void a_doubled_receipt_in_one_batch_counts_once_and_steps_follow_each_other(void **state)
{
    TestHome *home = *state;
    bool done[4];
    messages_make(home, 1);
    const Move claim = move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim");
    move_all(home, &claim, 1, NULL);
    const Move moves[] = {move_of(1, STATE_CLAIMED, STATE_SENT, "receipt"),
                          move_of(1, STATE_SENT, STATE_DELIVERED, "receipt"),
                          move_of(1, STATE_SENT, STATE_DELIVERED, "receipt"),
                          move_of(1, STATE_SENT, STATE_UNDELIVERED, "receipt")};
    move_all(home, moves, 4, done);
    assert_true(done[0] && done[1]);
    assert_false(done[2] || done[3]);
    assert_string_equal(state_of(home, 1), "delivered");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), 3);
}

static void a_batch_of_five_hundred_is_moved_and_logged_whole(void **state)
{
    enum { BATCH = 500 };
    TestHome *home = *state;
    Move moves[BATCH];
    bool done[BATCH];
    messages_make(home, 600);
    for (int at = 0; at < BATCH; at++) /* not in the order of the messages */
        moves[at] = move_of((at * 7) % BATCH + 1, STATE_QUEUED, STATE_CLAIMED, "claim");
    move_all(home, moves, BATCH, done);
    for (int at = 0; at < BATCH; at++)
        assert_true(done[at]);
    assert_int_equal(test_number(home, "SELECT SUM(state = 'claimed' AND id <= 500) * 1000 + "
                                       "SUM(state = 'queued') FROM message"),
                     500100);
    assert_int_equal(test_number(home, "SELECT COUNT(DISTINCT message_id) FROM delivery_event"),
                     BATCH);
}

static void what_a_gateway_says_is_kept_and_cut_to_its_column(void **state)
{
    TestHome *home = *state;
    char code[201], broken[] = {'a', (char)0xFF, 0};
    messages_make(home, 2);
    memset(code, 'x', 200);
    code[200] = '\0';
    const Move claims[] = {move_of(1, STATE_QUEUED, STATE_CLAIMED, "claim"),
                           move_of(2, STATE_QUEUED, STATE_CLAIMED, "claim")};
    move_all(home, claims, 2, NULL);
    Move moves[] = {move_of(1, STATE_CLAIMED, STATE_REJECTED, "answer"),
                    move_of(2, STATE_CLAIMED, STATE_SENT, "answer")};
    moves[0].code = code;
    moves[0].note = "号码\t\"不存在\"\\";
    moves[1].code = broken;
    moves[1].gateway_id = "id-7";
    move_all(home, moves, 2, NULL);
    assert_int_equal(test_number(home, "SELECT CHAR_LENGTH(error_code) FROM message WHERE id = 1"),
                     64);
    assert_int_equal(test_number(home, "SELECT note = '号码\\t\"不存在\"\\\\' FROM delivery_event "
                                       "WHERE to_state = 'rejected'"),
                     1);
    assert_int_equal(
        test_number(home,
                    "SELECT error_code IS NULL AND gateway_id = 'id-7' FROM message WHERE id = 2"),
        1);
}

typedef struct Cancelling {
    int64_t moved;
} Cancelling;

static ErrCode cancel_body(Db *db, void *state, Err *err)
{
    Cancelling *cancelling = state;
    return outbox_move_all(db, 1, STATE_QUEUED, STATE_CANCELLED, "cancel", &cancelling->moved, err);
}

static void cancelling_moves_only_what_waits(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    int64_t counts[STATE_COUNT], total = 0;
    Cancelling cancelling = {0};
    messages_make(home, 10);
    const Move claim = move_of(4, STATE_QUEUED, STATE_CLAIMED, "claim");
    move_all(home, &claim, 1, NULL);
    assert_ok(db_transact(home->context.db, cancel_body, &cancelling, &err), &err);
    assert_int_equal(cancelling.moved, 9);
    assert_ok(outbox_counts(home->context.db, 1, counts, &total, &err), &err);
    assert_int_equal(total, 10);
    assert_int_equal(counts[STATE_CANCELLED], 9);
    assert_int_equal(counts[STATE_CLAIMED], 1);
    assert_int_equal(counts[STATE_QUEUED], 0);
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM delivery_event WHERE cause = 'cancel' AND from_state = 'queued'"),
        9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_states_is_allowed_or_refused_as_designed),
        cmocka_unit_test(no_final_state_ever_changes_and_no_other_is_a_dead_end),
        cmocka_unit_test(each_state_is_found_by_its_word),
        cmocka_unit_test(a_message_walks_to_delivered_and_each_step_is_logged),
        cmocka_unit_test(an_illegal_move_is_refused_and_nothing_of_its_batch_is_made),
        cmocka_unit_test(a_move_whose_message_is_elsewhere_by_now_fails_softly),
        cmocka_unit_test(a_stale_worker_records_nothing),
        cmocka_unit_test(a_doubled_receipt_in_one_batch_counts_once_and_steps_follow_each_other),
        cmocka_unit_test(a_batch_of_five_hundred_is_moved_and_logged_whole),
        cmocka_unit_test(what_a_gateway_says_is_kept_and_cut_to_its_column),
        cmocka_unit_test(cancelling_moves_only_what_waits),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
