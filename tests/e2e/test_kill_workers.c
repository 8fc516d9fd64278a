/* tests/e2e/test_kill_workers.c: three dispatchers and a receiver work on one campaign; at random
 * moments one of them is killed (-9), or stopped and woken after its lease, or mariadbd is killed;
 * others take their places at once. A gateway that is never killed remembers every request: nobody
 * is told twice, nobody is forgotten, every state is true. 500 blows in `./run soak`
 * (TALENT_TEST_ROUNDS); the seed is printed, TALENT_TEST_SEED repeats it. */
#include "outreach/outbox_fill.h"
#include "support/recorder.h"
#include "support/rounds.h"
#include "support/scripted.h"

#include "sql/connection.h"
#include "sql/private.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum {
    BLOWS = 25,
    WORKERS = 3,
    MESSAGES = 1500,
    RATE_PER_S = 60, /* of each worker */
    LONGEST_MS = 300,
    LAST_RUNS = 40,
};

/* The fourth is the receiver. */
static pid_t children[WORKERS + 1];
static unsigned seed;
static Recorder *recorder;

static int setup(void **state)
{
    unsetenv("TALENT_TEST_DATABASE"); /* it must be one that may be killed */
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    recorder = recorder_open();
    test_config(home,
                arena_printf(arena,
                             "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"simulator\", "
                             "\"url\": \"http://127.0.0.1:%u/send\", \"rate_per_s\": %d}}, "
                             "\"receive\": {\"listen\": \"127.0.0.1:%u\"}",
                             recorder_port(recorder), RATE_PER_S, free_port()));
    seed = test_seed();
    return 0;
}

static int teardown(void **state)
{
    for (size_t at = 0; at <= WORKERS; at++) {
        if (children[at] > 0) {
            kill(children[at], SIGKILL);
            waitpid(children[at], NULL, 0);
        }
    }
    recorder_close(recorder);
    return test_home_teardown(state);
}

static pid_t program_start(const TestHome *home, const char *verb)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--quiet", "--lang", "en",
              "outreach", verb, (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* Whoever has ended is replaced. A worker ends by itself when the base goes away. */
static void places_fill(const TestHome *home)
{
    for (size_t at = 0; at <= WORKERS; at++) {
        int status = 0;
        if (children[at] > 0 && waitpid(children[at], &status, WNOHANG) == children[at]) {
            if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
                fail_msg("a program was ended by signal %d", WTERMSIG(status));
            children[at] = 0;
        }
        if (children[at] <= 0)
            children[at] = program_start(home, at == WORKERS ? "receive" : "dispatch");
    }
}

static void child_kill(size_t at)
{
    kill(children[at], SIGKILL);
    assert_int_equal(waitpid(children[at], NULL, 0), children[at]);
    children[at] = 0;
}

/* The test's own connection does not outlive mariadbd. */
static void base_connect(TestHome *home)
{
    Err err = {0};
    db_close(home->context.db);
    home->context.db = NULL;
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
    assert_ok(connection_text(home->context.db, "test", "SET innodb_lock_wait_timeout = 1", &err),
              &err);
}

/* Every lease ends now, also of those who are alive: they are stale and do not know it yet. Not when
 * somebody who holds one is at work on it, or sleeps over it. */
static bool leases_end(TestHome *home)
{
    Err err = {0};
    ErrCode code = connection_text(home->context.db, "test",
                                   "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL "
                                   "1 SECOND WHERE state = 'claimed'",
                                   &err);
    if (code != ERR_DB_CONFLICT)
        assert_ok(code, &err);
    return code == OK;
}

typedef enum Blow { BLOW_WORKER, BLOW_RECEIVER, BLOW_SERVER, BLOW_SLEEP, BLOWS_OF_KIND } Blow;

static void blow(TestHome *home, Blow kind)
{
    Server server = test_private(home);
    size_t worker = (size_t)rand_r(&seed) % WORKERS;
    pid_t database = private_pid(&server);
    switch (kind) {
    case BLOW_WORKER:
        child_kill(worker);
        break;
    case BLOW_RECEIVER:
        child_kill(WORKERS);
        break;
    case BLOW_SERVER:
        if (database > 0)
            kill(database, SIGKILL);
        break;
    case BLOW_SLEEP:        /* as of a machine that is suspended */
        base_connect(home); /* while nobody sleeps who may have to start it */
        kill(children[worker], SIGSTOP);
        (void)leases_end(home);
        usleep(100 * 1000);
        kill(children[worker], SIGCONT);
        break;
    case BLOWS_OF_KIND:
        break;
    }
}

static void strike(TestHome *home, unsigned made[BLOWS_OF_KIND])
{
    /* of ten blows, so many of each kind */
    static const Blow KINDS[10] = {BLOW_WORKER, BLOW_WORKER,   BLOW_WORKER,   BLOW_WORKER,
                                   BLOW_WORKER, BLOW_RECEIVER, BLOW_RECEIVER, BLOW_SERVER,
                                   BLOW_SERVER, BLOW_SLEEP};
    for (unsigned n = 0; n < BLOWS; n++) {
        places_fill(home);
        usleep((useconds_t)(30 + rand_r(&seed) % LONGEST_MS) * 1000);
        places_fill(home);
        Blow kind = KINDS[rand_r(&seed) % 10];
        blow(home, kind);
        made[kind]++;
        if (n % 4 == 3) {
            base_connect(home);
            (void)leases_end(home);
        }
    }
    for (size_t at = 0; at <= WORKERS; at++)
        if (children[at] > 0)
            child_kill(at);
}

/* Undisturbed, until nothing waits any more; what is left without receipt is not waited for. */
static void finish(TestHome *home)
{
    for (int runs = 0; runs < LAST_RUNS; runs++) {
        assert_true(leases_end(home));
        TestOutput last = TEST_RUN(home, "--quiet", "outreach", "dispatch", "--until-done");
        if (last.status != 0 && last.status != 3)
            fail_msg("%s", last.err);
        if (outbox_in_state(home, "queued") + outbox_in_state(home, "claimed") == 0)
            return;
    }
    fail_msg("it does not come to an end");
}

/* "claim claimed, lease queued, …": what a message went through, for a test that fails. */
static const char *log_of(TestHome *home, int64_t message)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    const char *sql = arena_printf(
        home->context.arena,
        "SELECT GROUP_CONCAT(at, ' ', cause, ' ', to_state, ' ', IFNULL(note, '') ORDER BY id) "
        "FROM delivery_event WHERE message_id = %lld",
        (long long)message);
    assert_ok(db_text(home->context.db, sql, &rows, &err), &err);
    return rows_next(rows) ? arena_strdup(home->context.arena, rows_text(rows, 0)) : "";
}

static void judge(TestHome *home)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    unsigned seen = 0, untouched = 0, uncertain = 0, told = 0;
    assert_ok(db_text(home->context.db,
                      "SELECT id, state, LOWER(HEX(reference)), (SELECT to_state FROM "
                      "delivery_event e WHERE e.message_id = m.id ORDER BY e.id DESC LIMIT 1) FROM "
                      "message m ORDER BY id",
                      &rows, &err),
              &err);
    for (; rows_next(rows); seen++) {
        const char *phone = outbox_phone(home, (int)rows_int(rows, 0)), *state = rows_text(rows, 1);
        unsigned copies = recorder_copies(recorder, phone),
                 requests = recorder_references(recorder, rows_text(rows, 2));
        bool is_uncertain = strcmp(state, "uncertain") == 0;
        bool is_told = strcmp(state, "sent") == 0 || strcmp(state, "delivered") == 0;
        if (copies > 1)
            fail_msg("message %lld is on the phone %u times", (long long)rows_int(rows, 0), copies);
        if (requests > 1)
            fail_msg("one attempt of message %lld was on the wire %u times",
                     (long long)rows_int(rows, 0), requests);
        if (!is_told && !is_uncertain)
            fail_msg("message %lld is %s, with %u copies: %s", (long long)rows_int(rows, 0), state,
                     copies, log_of(home, rows_int(rows, 0)));
        if (is_told && copies == 0)
            fail_msg("message %lld is %s, and never came", (long long)rows_int(rows, 0), state);
        assert_string_equal(rows_text(rows, 3), state);
        told += is_told;
        uncertain += is_uncertain;
        untouched += is_uncertain && requests == 0;
    }
    assert_int_equal(seen, MESSAGES);
    print_message("told %u, uncertain %u, of which %u were held by somebody who was killed before "
                  "the request\n",
                  told, uncertain, untouched);
    assert_true(told > MESSAGES / 2);
}

static void killed_workers_receivers_and_servers_tell_nobody_twice(void **state)
{
    TestHome *home = *state;
    unsigned lots = test_rounds(1), made[BLOWS_OF_KIND] = {0};
    for (unsigned lot = 0; lot < lots; lot++) {
        Arena *kept = home->context.arena;
        home->context.arena = arena_new(0);
        base_connect(home);
        outbox_people(home, MESSAGES);
        outbox_campaign(home, 1, 1, MESSAGES / 3);
        outbox_campaign(home, 2, MESSAGES / 3 + 1, MESSAGES);
        recorder_clear(recorder);
        strike(home, made);
        base_connect(home);
        int64_t queued = outbox_in_state(home, "queued");
        finish(home);
        print_message("lot %u: %lld of %d were still queued after the blows; ", lot + 1,
                      (long long)queued, MESSAGES);
        judge(home);
        arena_free(home->context.arena);
        home->context.arena = kept;
    }
    print_message("killed: %u workers, %u receivers, mariadbd %u times; stopped and woken: %u\n",
                  made[BLOW_WORKER], made[BLOW_RECEIVER], made[BLOW_SERVER], made[BLOW_SLEEP]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_workers_receivers_and_servers_tell_nobody_twice),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
