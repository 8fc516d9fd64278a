/* Who holds a message, and for how long. */
#include "outbox_fill.h"

#include "outreach/attempt.h"
#include "outreach/claim.h"

#include <string.h>

static ClaimTerms terms_of(char worker)
{
    ClaimTerms terms = {.gateway = "g",
                        .timeout_ms = 1000,
                        .cap_messages = 1,
                        .cap_days = 30,
                        .limit = 100,
                        .stride = 2,
                        .first = 2};
    memset(terms.worker, worker, sizeof terms.worker);
    return terms;
}

static ClaimBatch *claim(TestHome *home, const ClaimTerms *terms)
{
    Err err = {0};
    ClaimBatch *batch;
    int64_t suppressed = 0;
    assert_ok(claim_take(home->context.db, home->context.sealer, terms, &batch, &suppressed, &err),
              &err);
    return batch;
}

static void claims_are_disjoint_and_carry_all_that_is_needed(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 150);
    outbox_campaign(home, 1, 1, 150);
    ClaimTerms a = terms_of('a'), b = terms_of('b');
    ClaimBatch *first = claim(home, &a), *second = claim(home, &b);
    assert_int_equal(first->count, 100);
    assert_int_equal(second->count, 50);
    assert_null(claim(home, &a));
    assert_string_equal(first->claims[0].phone, "13800000001");
    assert_string_equal(first->claims[0].text, "【东莞人社】林1：您好");
    assert_int_equal(strlen(first->claims[0].reference), 32);
    assert_string_not_equal(first->claims[0].reference, first->claims[1].reference);
    assert_int_equal(first->claims[0].fence, 1);
    assert_int_equal(first->claims[0].attempts, 1);
    assert_int_equal(outbox_in_state(home, "claimed"), 150);
    claim_free(first);
    claim_free(second);
}

static Attempt attempt_of(const Claim *claim, OutcomeKind kind)
{
    return (Attempt){.message = claim->message,
                     .campaign = claim->campaign,
                     .fence = claim->fence,
                     .attempts = claim->attempts,
                     .outcome = {.kind = kind, .gateway_id = "G1", .note = "http 202"}};
}

static void stale_worker_records_nothing(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 1);
    outbox_campaign(home, 1, 1, 1);
    ClaimTerms a = terms_of('a'), b = terms_of('b');
    ClaimBatch *old = claim(home, &a);
    Attempt refused = attempt_of(&old->claims[0], OUTCOME_NOT_SENT);
    AttemptCounts counts = {0};
    assert_ok(attempts_record(home->context.db, &refused, 1, false, &counts, &err), &err);
    assert_int_equal(counts.by_kind[OUTCOME_NOT_SENT], 1);
    test_sql(home, "UPDATE message SET not_before = NULL");
    ClaimBatch *now = claim(home, &b);
    assert_int_equal(now->claims[0].fence, 2);
    assert_string_not_equal(now->claims[0].reference, old->claims[0].reference);
    /* the first worker wakes up and says that its attempt was taken */
    Attempt late = attempt_of(&old->claims[0], OUTCOME_ACCEPTED);
    assert_ok(attempts_record(home->context.db, &late, 1, false, &counts, &err), &err);
    assert_ok(attempts_record(home->context.db, &late, 1, true, &counts, &err), &err);
    assert_int_equal(counts.stale, 2);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 0);
    assert_int_equal(outbox_in_state(home, "claimed"), 1);
    claim_free(old);
    claim_free(now);
}

static void expired_lease_makes_a_message_uncertain_and_never_queued(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    ClaimTerms a = terms_of('a');
    ClaimBatch *batch = claim(home, &a);
    int64_t swept = 0;
    assert_ok(claim_sweep(home->context.db, &swept, &err), &err);
    assert_int_equal(swept, 0);
    test_sql(home,
             "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE id < 3");
    assert_ok(claim_sweep(home->context.db, &swept, &err), &err);
    assert_int_equal(swept, 2);
    assert_int_equal(outbox_in_state(home, "uncertain"), 2);
    assert_null(claim(home, &a));
    /* and its worker may not send it any more */
    bool allowed[3];
    assert_ok(claim_check(home->context.db, &a, batch, allowed, &err), &err);
    assert_false(allowed[0]);
    assert_false(allowed[1]);
    assert_true(allowed[2]);
    claim_free(batch);
}

static Begin begin_more(TestHome *home, const ClaimTerms *terms, ClaimBatch *batch)
{
    Err err = {0};
    Begin begin;
    assert_true(claim_begin_plan(terms, batch, &begin));
    assert_ok(claim_begin_write(home->context.db, terms, &begin, &err), &err);
    claim_begin_done(&begin);
    return begin;
}

static void lease_expires(TestHome *home)
{
    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE "
                   "state = 'claimed'");
}

static void what_had_not_begun_is_queued_again_when_its_worker_is_gone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 10);
    outbox_campaign(home, 1, 1, 10);
    ClaimTerms a = terms_of('a'), b = terms_of('b');
    ClaimBatch *batch = claim(home, &a);
    assert_int_equal(claim_begun(batch), 2);
    batch->given = 2;
    assert_int_equal(claim_begun(batch), 0);
    assert_true(begin_more(home, &a, batch).lasts);
    assert_int_equal(claim_begun(batch), 2);
    lease_expires(home);
    int64_t swept = 0;
    assert_ok(claim_sweep(home->context.db, &swept, &err), &err);
    assert_int_equal(swept, 4);
    assert_int_equal(outbox_in_state(home, "uncertain"), 4);
    assert_int_equal(outbox_in_state(home, "queued"), 6);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE from_state = "
                                       "'claimed' AND to_state = 'queued' AND cause = 'lease'"),
                     6);
    /* the worker was only slow: it may neither begin more nor record what it did */
    assert_false(begin_more(home, &a, batch).lasts);
    assert_int_equal(claim_begun(batch), 2);
    Attempt late = attempt_of(&batch->claims[9], OUTCOME_ACCEPTED);
    AttemptCounts counts = {0};
    assert_ok(attempts_record(home->context.db, &late, 1, false, &counts, &err), &err);
    assert_int_equal(counts.stale, 1);
    ClaimBatch *next = claim(home, &b);
    assert_int_equal(next->count, 6);
    assert_int_equal(next->claims[0].attempts, 2);
    claim_free(batch);
    claim_free(next);
}

static void nobody_knows_what_a_lease_without_a_mark_has_begun(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    ClaimTerms a = terms_of('a');
    claim_free(claim(home, &a));
    test_sql(home, "DELETE FROM lease");
    lease_expires(home);
    int64_t swept = 0;
    assert_ok(claim_sweep(home->context.db, &swept, &err), &err);
    assert_int_equal(swept, 3);
}

static void first_attempt_has_the_reference_of_the_plan_and_later_ones_their_own(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 2);
    test_sql(home, "UPDATE message SET reference = UNHEX(REPEAT('ab', 16)) WHERE id = 1");
    ClaimTerms a = terms_of('a');
    ClaimBatch *first = claim(home, &a);
    assert_string_equal(first->claims[0].reference, "abababababababababababababababab");
    assert_int_equal(strlen(first->claims[1].reference), 32); /* planned before there were any */
    claim_free(first);
    test_sql(home, "UPDATE message SET state = 'queued', lease_id = NULL WHERE id = 1");
    ClaimBatch *second = claim(home, &a);
    assert_int_equal(second->count, 1);
    assert_string_not_equal(second->claims[0].reference, "abababababababababababababababab");
    claim_free(second);
}

static void claim_is_asked_again_just_before_sending(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 4);
    outbox_campaign(home, 1, 1, 2);
    outbox_campaign(home, 2, 3, 4);
    ClaimTerms a = terms_of('a'), b = terms_of('b');
    ClaimBatch *batch = claim(home, &a);
    bool allowed[4];
    test_sql(home,
             arena_printf(
                 home->context.arena,
                 "INSERT INTO optout (phone_hash, phone, source, why, added_by, added_at) VALUES "
                 "(UNHEX('%s'), '', 'reply', 'w', 'tester', UTC_TIMESTAMP(3));\n"
                 "UPDATE campaign SET state = 'paused' WHERE id = 2",
                 outbox_hash(home, outbox_phone(home, 1))));
    assert_ok(claim_check(home->context.db, &a, batch, allowed, &err), &err);
    assert_false(allowed[0]); /* opted out */
    assert_true(allowed[1]);
    assert_false(allowed[2]); /* its campaign was paused */
    assert_false(allowed[3]);
    assert_ok(claim_check(home->context.db, &b, batch, allowed, &err), &err);
    assert_false(allowed[1]); /* not this worker's */
    claim_free(batch);
}

static void message_waits_longer_after_each_attempt_that_sent_nothing(void **state)
{
    (void)state;
    Outcome not_sent = {.kind = OUTCOME_NOT_SENT},
            told = {.kind = OUTCOME_THROTTLED, .retry_after_ms = 90000};
    int64_t low = 500;
    for (int attempts = 1; attempts <= 10; attempts++, low *= 2) {
        int64_t wait = attempt_wait_ms(&not_sent, attempts, false);
        assert_true(wait >= low && wait <= low + low / 2);
    }
    assert_true(attempt_wait_ms(&not_sent, 1000, false) <= 500 * 512 * 3 / 2);
    assert_int_equal(attempt_wait_ms(&told, 1, false), 90000);
    assert_int_equal(attempt_wait_ms(&not_sent, 3, true), 0);
}

static void message_that_waits_is_not_claimed_before_its_time(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 1);
    outbox_campaign(home, 1, 1, 1);
    ClaimTerms a = terms_of('a');
    ClaimBatch *batch = claim(home, &a);
    Attempt attempt = attempt_of(&batch->claims[0], OUTCOME_NOT_SENT);
    attempt.wait_ms = 60000;
    AttemptCounts counts = {0};
    assert_ok(attempts_record(home->context.db, &attempt, 1, false, &counts, &err), &err);
    assert_int_equal(
        test_number(home,
                    "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), not_before) BETWEEN 55 AND 60 "
                    "FROM message"),
        1);
    assert_null(claim(home, &a));
    claim_free(batch);
}

static void message_without_a_receipt_expires_after_its_time(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    test_sql(home, "UPDATE message SET state = 'sent', gateway = 'g', sent_at = UTC_TIMESTAMP(3) - "
                   "INTERVAL id * 30 HOUR");
    int64_t expired = 0;
    assert_ok(claim_expire(home->context.db, "g", 72, &expired, &err), &err);
    assert_int_equal(expired, 1);
    assert_int_equal(outbox_in_state(home, "expired"), 1);
    assert_int_equal(outbox_in_state(home, "sent"), 2);
}

/* The approval names the hash of a number: another number sealed in its place is not sent to. */
static void number_that_was_not_approved_is_not_claimed(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 1);
    test_sql(home, arena_printf(home->context.arena, "UPDATE message SET phone = UNHEX('%s')",
                                outbox_seal(home, outbox_phone(home, 2))));
    ClaimTerms a = terms_of('a');
    ClaimBatch *batch = NULL;
    int64_t suppressed = 0;
    assert_int_equal(
        claim_take(home->context.db, home->context.sealer, &a, &batch, &suppressed, &err),
        ERR_SEAL);
    assert_non_null(strstr(err.text, "would go to another number than was approved"));
    assert_null(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_are_disjoint_and_carry_all_that_is_needed),
        cmocka_unit_test(stale_worker_records_nothing),
        cmocka_unit_test(expired_lease_makes_a_message_uncertain_and_never_queued),
        cmocka_unit_test(what_had_not_begun_is_queued_again_when_its_worker_is_gone),
        cmocka_unit_test(nobody_knows_what_a_lease_without_a_mark_has_begun),
        cmocka_unit_test(first_attempt_has_the_reference_of_the_plan_and_later_ones_their_own),
        cmocka_unit_test(claim_is_asked_again_just_before_sending),
        cmocka_unit_test(message_waits_longer_after_each_attempt_that_sent_nothing),
        cmocka_unit_test(message_that_waits_is_not_claimed_before_its_time),
        cmocka_unit_test(message_without_a_receipt_expires_after_its_time),
        cmocka_unit_test(number_that_was_not_approved_is_not_claimed),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
