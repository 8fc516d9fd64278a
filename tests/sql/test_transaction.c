/* sql/transaction.c: whole or not at all, and again when it was nobody's fault. */
#include "sql/connection.h"
#include "support/home.h"

#include <pthread.h>

static ErrCode run_text(Db *db, const char *text, Err *err)
{
    return db_text(db, text, NULL, err);
}

static int setup(void **state)
{
    int status = test_home_setup(state);
    if (status == 0)
        test_sql(*state, "CREATE TABLE purse (id INT PRIMARY KEY, n INT NOT NULL);\n"
                         "INSERT INTO purse VALUES (1, 0), (2, 0)");
    return status;
}

static int zero(void **state)
{
    test_sql(*state, "UPDATE purse SET n = 0");
    return 0;
}

typedef struct Plan {
    TestHome *home;
    ErrCode end;    /* what the body returns */
    int tries;      /* counted */
    int fail_tries; /* the first so many tries cut the connection in the middle */
} Plan;

static ErrCode add_and_end(Db *db, void *state, Err *err)
{
    Plan *plan = state;
    plan->tries++;
    TRY(run_text(db, "UPDATE purse SET n = n + 1 WHERE id = 1", err));
    return plan->end == OK ? OK : err_set(err, plan->end, "as the test wants");
}

static void transaction_that_ends_well_is_kept(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Plan plan = {.home = home, .end = OK};
    assert_ok(db_transact(home->context.db, add_and_end, &plan, &err), &err);
    assert_int_equal(test_number(home, "SELECT n FROM purse WHERE id = 1"), 1);
    assert_int_equal(plan.tries, 1);
}

static void transaction_that_fails_leaves_nothing_and_is_not_repeated(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Plan plan = {.home = home, .end = ERR_INPUT};
    assert_int_equal(db_transact(home->context.db, add_and_end, &plan, &err), ERR_INPUT);
    assert_string_equal(err.text, "as the test wants");
    assert_int_equal(test_number(home, "SELECT n FROM purse WHERE id = 1"), 0);
    assert_int_equal(plan.tries, 1);
}

static void conflict_is_tried_eight_times_then_told(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Plan plan = {.home = home, .end = ERR_DB_CONFLICT};
    assert_int_equal(db_transact(home->context.db, add_and_end, &plan, &err), ERR_DB_CONFLICT);
    assert_int_equal(plan.tries, 8);
    assert_int_equal(test_number(home, "SELECT n FROM purse WHERE id = 1"), 0);
}

/* Two who take two rows in opposite order, each waiting until the other has its first. */
typedef struct Rival {
    Db *db;
    const char *first, *second;
    pthread_barrier_t *met;
    int tries;
    ErrCode code;
    Err err;
} Rival;

static ErrCode cross(Db *db, void *state, Err *err)
{
    Rival *rival = state;
    TRY(run_text(db, rival->first, err));
    if (++rival->tries == 1)
        pthread_barrier_wait(rival->met);
    return run_text(db, rival->second, err);
}

static void *rival_run(void *state)
{
    Rival *rival = state;
    rival->code = db_transact(rival->db, cross, rival, &rival->err);
    return NULL;
}

static void deadlock_is_retried_until_both_are_done(void **state)
{
    static const char ONE[] = "UPDATE purse SET n = n + 1 WHERE id = 1";
    static const char TWO[] = "UPDATE purse SET n = n + 1 WHERE id = 2";
    Err err = {0};
    TestHome *home = *state;
    Db *other = NULL;
    pthread_barrier_t met;
    pthread_t thread;
    assert_ok(db_open_again(home->context.db, &other, &err), &err);
    pthread_barrier_init(&met, NULL, 2);
    Rival a = {.db = home->context.db, .first = ONE, .second = TWO, .met = &met};
    Rival b = {.db = other, .first = TWO, .second = ONE, .met = &met};
    assert_int_equal(pthread_create(&thread, NULL, rival_run, &b), 0);
    rival_run(&a);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&met);
    assert_ok(a.code, &a.err);
    assert_ok(b.code, &b.err);
    assert_int_equal(a.tries + b.tries, 3);
    assert_int_equal(test_number(home, "SELECT SUM(n) FROM purse"), 4);
    db_close(other);
}

/* A body that takes no notice of a rollback by the server must not have its second half committed.
 */
static ErrCode cross_and_ignore(Db *db, void *state, Err *err)
{
    Rival *rival = state;
    TRY(run_text(db, rival->first, err));
    if (++rival->tries == 1)
        pthread_barrier_wait(rival->met);
    Err ignored = {0};
    if (run_text(db, rival->second, &ignored) == ERR_DB_CONFLICT)
        TRY(run_text(db, "UPDATE purse SET n = n + 100 WHERE id = 1", err));
    return OK;
}

static void *rival_ignore(void *state)
{
    Rival *rival = state;
    rival->code = db_transact(rival->db, cross_and_ignore, rival, &rival->err);
    return NULL;
}

static void body_that_overlooks_a_rollback_is_run_again_whole(void **state)
{
    static const char ONE[] = "UPDATE purse SET n = n + 1 WHERE id = 1";
    static const char TWO[] = "UPDATE purse SET n = n + 1 WHERE id = 2";
    Err err = {0};
    TestHome *home = *state;
    Db *other = NULL;
    pthread_barrier_t met;
    pthread_t thread;
    assert_ok(db_open_again(home->context.db, &other, &err), &err);
    pthread_barrier_init(&met, NULL, 2);
    Rival a = {.db = home->context.db, .first = ONE, .second = TWO, .met = &met};
    Rival b = {.db = other, .first = TWO, .second = ONE, .met = &met};
    assert_int_equal(pthread_create(&thread, NULL, rival_ignore, &b), 0);
    rival_ignore(&a);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&met);
    assert_ok(a.code, &a.err);
    assert_ok(b.code, &b.err);
    assert_int_equal(test_number(home, "SELECT SUM(n) FROM purse"), 4);
    db_close(other);
}

static ErrCode add_while_cut(Db *db, void *state, Err *err)
{
    Plan *plan = state;
    AUTO_ROWS rows = NULL;
    TRY(run_text(db, "UPDATE purse SET n = n + 1 WHERE id = 1", err));
    TRY(db_text(db, "SELECT CONNECTION_ID()", &rows, err));
    rows_next(rows);
    if (plan->tries++ < plan->fail_tries) {
        Db *other = NULL;
        Err kill_err = {0};
        assert_ok(db_open_again(db, &other, &kill_err), &kill_err);
        const char *kill = arena_printf(plan->home->context.arena, "KILL %s", rows_text(rows, 0));
        assert_ok(run_text(other, kill, &kill_err), &kill_err);
        db_close(other);
    }
    return run_text(db, "UPDATE purse SET n = n + 1 WHERE id = 2", err);
}

static void transaction_cut_in_the_middle_is_run_again_on_a_new_connection(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Plan plan = {.home = home, .fail_tries = 2};
    assert_ok(db_transact(home->context.db, add_while_cut, &plan, &err), &err);
    assert_int_equal(plan.tries, 3);
    assert_int_equal(test_number(home, "SELECT SUM(n) FROM purse"), 2);
}

static ErrCode cut_before_commit(Db *db, void *state, Err *err)
{
    Plan *plan = state;
    plan->fail_tries = 0;
    TRY(add_while_cut(db, plan, err));
    if (plan->tries > 1)
        return OK;
    AUTO_ROWS rows = NULL;
    TRY(db_text(db, "SELECT CONNECTION_ID()", &rows, err));
    rows_next(rows);
    Db *other = NULL;
    TRY(db_open_again(db, &other, err));
    ErrCode code = run_text(
        other, arena_printf(plan->home->context.arena, "KILL %s", rows_text(rows, 0)), err);
    db_close(other);
    return code;
}

/* Killed while idle, right before COMMIT: either nobody knows, or it is done exactly once. */
static void commit_that_meets_a_cut_connection_is_never_done_twice(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Plan plan = {.home = home};
    ErrCode code = db_transact(home->context.db, cut_before_commit, &plan, &err);
    int64_t sum = test_number(home, "SELECT SUM(n) FROM purse");
    if (code == OK)
        assert_int_equal(sum, 2);
    else
        assert_int_equal(code, ERR_DB_UNSURE);
    assert_true(sum == 0 || sum == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(transaction_that_ends_well_is_kept, zero),
        cmocka_unit_test_setup(transaction_that_fails_leaves_nothing_and_is_not_repeated, zero),
        cmocka_unit_test_setup(conflict_is_tried_eight_times_then_told, zero),
        cmocka_unit_test_setup(deadlock_is_retried_until_both_are_done, zero),
        cmocka_unit_test_setup(body_that_overlooks_a_rollback_is_run_again_whole, zero),
        cmocka_unit_test_setup(transaction_cut_in_the_middle_is_run_again_on_a_new_connection,
                               zero),
        cmocka_unit_test_setup(commit_that_meets_a_cut_connection_is_never_done_twice, zero),
    };
    return cmocka_run_group_tests_name("sql/transaction", tests, setup, test_home_teardown);
}
