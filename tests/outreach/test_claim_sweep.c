/* tests/outreach/test_claim_sweep.c: what a lease that was swept forbids to whoever held it. */
#include "outreach/outbox_fill.h"

#include "outreach/claim.h"
#include "sql/connection.h"

#include <pthread.h>

/* A worker on a connection of its own. */
typedef struct Beginner {
    pthread_t thread;
    Db *db;
    const ClaimTerms *terms;
    Begin begin;
    ErrCode code;
    Err err;
} Beginner;

static void *begin_one(void *state)
{
    Beginner *beginner = state;
    beginner->code =
        claim_begin_write(beginner->db, beginner->terms, &beginner->begin, &beginner->err);
    return NULL;
}

static void base_say(TestHome *home, const char *text)
{
    Err err = {0};
    assert_ok(connection_text(home->context.db, "test", text, &err), &err);
}

/* The worker asks while the sweep is under way: it waits, and hears that it is too late, or that the
 * two could not wait for each other. */
static void nothing_begins_that_waited_while_its_lease_was_swept(void **state)
{
    TestHome *home = *state;
    Context *context = &home->context;
    Err err = {0};
    ClaimTerms terms = {.gateway = "g", .timeout_ms = 1000, .limit = 10, .stride = 1, .first = 1};
    Beginner beginner = {.terms = &terms};
    ClaimBatch *batch;
    int64_t suppressed = 0;
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    /* as in a base that has been at work: one of many leases */
    test_sql(
        home,
        "INSERT INTO lease (worker, node, leased_until, begun_id) SELECT RANDOM_BYTES(16), '', "
        "UTC_TIMESTAMP(3), seq FROM seq_1_to_500");
    assert_ok(db_open_again(context->db, &beginner.db, &err), &err);
    assert_ok(claim_take(context->db, context->sealer, &terms, &batch, &suppressed, &err), &err);
    assert_true(claim_begin_plan(&terms, batch, &beginner.begin));

    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
    const char *lease = arena_printf(context->arena, "[%lld]", (long long)batch->lease);
    AUTO_ROWS stale = NULL;
    base_say(home, "START TRANSACTION");
    assert_ok(db_query(context->db, QUERY_OUTREACH_DISPATCH_STALE, NO_PARAMS, &stale, &err), &err);
    assert_int_equal(rows_count(stale), 3);
    assert_int_equal(pthread_create(&beginner.thread, NULL, begin_one, &beginner), 0);
    usleep(200 * 1000);
    assert_ok(db_run(context->db, QUERY_OUTREACH_DISPATCH_END, PARAMS(v_text(lease)), NULL, &err),
              &err);
    base_say(home, "COMMIT");
    pthread_join(beginner.thread, NULL);
    if (beginner.code != ERR_DB_CONFLICT) /* that is a no as well */
        assert_ok(beginner.code, &beginner.err);
    assert_false(beginner.begin.lasts);
    claim_free(batch);
    db_close(beginner.db);
}

/* What had begun is uncertain; the rest goes back, and whoever held it may begin none of it. */
static void what_had_not_begun_is_queued_again_and_lost_to_its_worker(void **state)
{
    TestHome *home = *state;
    Context *context = &home->context;
    Err err = {0};
    ClaimTerms terms = {.gateway = "g", .timeout_ms = 1000, .limit = 10, .stride = 1, .first = 1};
    ClaimBatch *batch;
    Begin begin;
    int64_t suppressed = 0, swept = 0;
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    assert_ok(claim_take(context->db, context->sealer, &terms, &batch, &suppressed, &err), &err);
    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
    assert_ok(claim_sweep(context->db, &swept, &err), &err);
    assert_int_equal(swept, 1);
    assert_int_equal(outbox_in_state(home, "uncertain"), 1);
    assert_int_equal(outbox_in_state(home, "queued"), 2);
    assert_true(claim_begin_plan(&terms, batch, &begin));
    assert_ok(claim_begin_write(context->db, &terms, &begin, &err), &err);
    assert_false(begin.lasts);
    claim_free(batch);
}

/* The server may be killed before a claim is durable, and give the lease's number away again. */
static void a_lease_of_that_number_but_another_worker_is_not_ours(void **state)
{
    TestHome *home = *state;
    Context *context = &home->context;
    Err err = {0};
    ClaimTerms ours = {.gateway = "g", .timeout_ms = 1000, .limit = 10, .stride = 1, .first = 1};
    ClaimTerms theirs = ours;
    ClaimBatch *batch;
    int64_t suppressed = 0;
    theirs.worker[0] = 1;
    outbox_people(home, 1);
    outbox_campaign(home, 1, 1, 1);
    assert_ok(claim_take(context->db, context->sealer, &theirs, &batch, &suppressed, &err), &err);
    for (int who = 0; who < 2; who++) {
        AUTO_ROWS rows = NULL;
        const ClaimTerms *terms = who ? &theirs : &ours;
        assert_ok(db_query(context->db, QUERY_OUTREACH_DISPATCH_CLAIMED,
                           PARAMS(v_text("[1]"), v_int(batch->lease),
                                  v_bytes(terms->worker, WORKER_BYTES)),
                           &rows, &err),
                  &err);
        assert_int_equal(rows_count(rows), who);
    }
    claim_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_begins_that_waited_while_its_lease_was_swept),
        cmocka_unit_test(what_had_not_begun_is_queued_again_and_lost_to_its_worker),
        cmocka_unit_test(a_lease_of_that_number_but_another_worker_is_not_ours),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
