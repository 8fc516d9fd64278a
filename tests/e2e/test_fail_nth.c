/* tests/e2e/test_fail_nth.c: every call that the program makes to the base, to the gateway and to
 * its files fails in turn, once for each way in which such a call fails (tests/support/fail_nth.c);
 * then the program is run again, undisturbed. Whatever failed: a gateway that remembers everything
 * has heard of nobody twice, every state is true, nothing is forgotten, and what is uncertain was on
 * the wire. An ordinary run takes a sample with a random offset, `./run soak` all of them; the seed
 * is printed, TALENT_TEST_SEED repeats it. */
#include "outreach/outbox_fill.h"
#include "support/recorder.h"
#include "support/rounds.h"
#include "support/scripted.h"

#include "sql/connection.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { SAMPLE = 24, ALL_FROM = 20, MESSAGES = 10, PATIENCE_S = 120, SLACK = 400 };

typedef enum Kind { DB, HTTP, FILES, KINDS } Kind;

static const struct {
    const char *name, *hows[6];
} WAYS[KINDS] = {
    [DB] = {"db", {"conflict", "full", "gone_before", "gone_after"}},
    [HTTP] = {"http", {"reset", "late_reset", "closed", "short", "interrupted"}},
    [FILES] = {"file", {"full", "io", "interrupted", "short"}},
};

/* What one run of the program came to. */
typedef struct Run {
    int status; /* exit status */
    int counts[KINDS];
    char failed[64]; /* the call that was made to fail; "nothing" */
} Run;

static unsigned seed;
static Recorder *recorder;
static unsigned listen_port;

static int setup(void **state)
{
    unsetenv("TALENT_TEST_DATABASE"); /* the base is a file of this machine, the rest is the web */
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    json_t *file =
        json_load_file(config_shared(arena, "outreach/gateways/simulator.json"), 0, NULL);
    json_t *limits = json_object_get(file, "limits");
    assert_non_null(limits);
    json_object_set_new(limits, "connections", json_integer(3)); /* so that some are used again */
    json_object_set_new(limits, "timeout_ms", json_integer(3000));
    json_object_set_new(limits, "receipt_wait_s", json_integer(0));
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    assert_int_equal(
        json_dump_file(file, arena_printf(arena, "%s/gateways/recorder.json", home->dir), 0), 0);
    json_decref(file);
    recorder = recorder_open();
    listen_port = free_port();
    test_config(home,
                arena_printf(arena,
                             "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"recorder\", "
                             "\"url\": \"http://127.0.0.1:%u/send\"}}, "
                             "\"receive\": {\"listen\": \"127.0.0.1:%u\"}",
                             recorder_port(recorder), listen_port));
    seed = test_seed();
    return 0;
}

static int teardown(void **state)
{
    recorder_close(recorder);
    return test_home_teardown(state);
}

/* What is made to fail in a run. */
typedef struct Fault {
    Kind kind;
    const char *how;
    int n;    /* 0 = nothing */
    int away; /* the base is away from this call on; 0 = it stays */
} Fault;

static const char *report_path(TestHome *home)
{
    return arena_printf(home->context.arena, "%s-report", home->dir);
}

static pid_t program_start(TestHome *home, const char *const *words, const Fault *fault)
{
    char *argv[16] = {strdup(TALENT_PROGRAM), strdup("--home"), strdup(home->dir),
                      strdup("--json"),       strdup("--lang"), strdup("en")};
    size_t count = 6;
    for (; *words; words++)
        argv[count++] = strdup(*words);
    const char *report = report_path(home),
               *said = arena_printf(home->context.arena, "%s-said", home->dir);
    unlink(report);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR), out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        char order[64], away[16];
        snprintf(order, sizeof order, "%s:%d:%s", WAYS[fault->kind].name, fault->n, fault->how);
        snprintf(away, sizeof away, "%d", fault->away);
        setenv("FAIL_NTH", order, 1);
        setenv("FAIL_NTH_AWAY", away, 1);
        setenv("FAIL_NTH_HOME", home->dir, 1);
        setenv("FAIL_NTH_REPORT", report, 1);
        setenv("LD_PRELOAD", FAIL_NTH_LIBRARY, 1);
        setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 0);
        execv(argv[0], argv);
        _exit(127);
    }
    while (count > 0)
        free(argv[--count]);
    return pid;
}

static Run program_wait(TestHome *home, pid_t pid)
{
    Run run = {0};
    int status = 0;
    for (int tries = 0; waitpid(pid, &status, WNOHANG) == 0; tries++) {
        if (tries > PATIENCE_S * 100) {
            kill(pid, SIGKILL);
            fail_msg("the program does not end");
        }
        usleep(10 * 1000);
    }
    if (!WIFEXITED(status))
        fail_msg("the program was ended by signal %d", WTERMSIG(status));
    run.status = WEXITSTATUS(status);
    FILE *report = fopen(report_path(home), "re");
    assert_non_null(report);
    assert_int_equal(fscanf(report, "db %d http %d file %d failed %63[^\n]", &run.counts[DB],
                            &run.counts[HTTP], &run.counts[FILES], run.failed),
                     4);
    fclose(report);
    return run;
}

static const char *const DISPATCH[] = {"--quiet", "outreach", "dispatch", "--until-done", NULL};
static const Fault NO_FAULT = {.how = "none"};

static void time_passes(TestHome *home)
{
    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE "
                   "state = 'claimed';\n"
                   "UPDATE message SET not_before = NULL");
}

/* Every message's log is a path of moves that ends where the message is. */
static void assert_logs(TestHome *home)
{
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM (SELECT from_state, IFNULL(LAG(to_state) OVER (PARTITION "
                    "BY message_id ORDER BY id), 'queued') AS before_it FROM delivery_event) e "
                    "WHERE from_state <> before_it"),
        0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message m WHERE state <> IFNULL((SELECT to_state "
                          "FROM delivery_event e WHERE e.message_id = m.id ORDER BY id DESC LIMIT "
                          "1), 'queued')"),
        0);
}

static bool in_state(TestHome *home, int n, const char *state)
{
    return test_number(home, arena_printf(home->context.arena,
                                          "SELECT COUNT(*) FROM message WHERE id = %d AND state = "
                                          "'%s'",
                                          n, state)) == 1;
}

static const char *reference_of(TestHome *home, int n)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(home->context.db,
                      arena_printf(home->context.arena,
                                   "SELECT LOWER(HEX(reference)) FROM message WHERE id = %d", n),
                      &rows, &err),
              &err);
    assert_true(rows_next(rows));
    return arena_strdup(home->context.arena, rows_null(rows, 0) ? "" : rows_text(rows, 0));
}

/* outcomes_lost: the journal itself was made to fail while the base was away. */
static void assert_true_to_the_gateway(TestHome *home, const char *what, bool outcomes_lost)
{
    unsigned begun = recorder_begun(recorder), unseen = 0;
    for (int n = 1; n <= MESSAGES; n++) {
        const char *phone = outbox_phone(home, n), *reference = reference_of(home, n);
        unsigned copies = recorder_copies(recorder, phone),
                 seen = recorder_references(recorder, reference);
        bool told = in_state(home, n, "sent") || in_state(home, n, "delivered");
        bool uncertain = in_state(home, n, "uncertain");
        if (copies > 1)
            fail_msg("%s: person %d was told %u times", what, n, copies);
        if (seen > 1)
            fail_msg("%s: one attempt of message %d was on the wire %u times", what, n, seen);
        if (!told && !uncertain)
            fail_msg("%s: message %d is forgotten, with %u copies", what, n, copies);
        if (told && copies == 0)
            fail_msg("%s: message %d is called sent, and was not", what, n);
        unseen += uncertain && seen == 0;
    }
    if (unseen > begun && !outcomes_lost)
        fail_msg("%s: %u messages are called uncertain that were never on the wire", what, unseen);
    assert_logs(home);
}

static void prepare(TestHome *home)
{
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES / 2);
    outbox_campaign(home, 2, MESSAGES / 2 + 1, MESSAGES);
    recorder_clear(recorder);
}

static Run dispatch_with(TestHome *home, const Fault *fault)
{
    return program_wait(home, program_start(home, DISPATCH, fault));
}

/* The run in which it fails, and those that come after it. */
static Run dispatch_case(TestHome *home, const Fault *fault)
{
    prepare(home);
    Run failing = dispatch_with(home, fault);
    time_passes(home);
    Run after = dispatch_with(home, &NO_FAULT);
    char what[160];
    snprintf(what, sizeof what, "%s call %d (%s) %s, base away from %d: status %d, then %d",
             WAYS[fault->kind].name, fault->n, failing.failed, fault->how, fault->away,
             failing.status, after.status);
    if (after.status != 0 && after.status != 3)
        fail_msg("%s: it does not go on", what);
    time_passes(home);
    bool outcomes_lost =
        fault->away > 0 && fault->kind == FILES && strcmp(failing.failed, "nothing") != 0;
    assert_true_to_the_gateway(home, what, outcomes_lost);
    return failing;
}

/* Runs a case for a sample of all (n, how) of a kind, or for all until one run is clean. */
typedef Run (*Case)(TestHome *home, const Fault *fault);

static void each_fails(TestHome *home, Case run, Kind kind, const Run *whole, unsigned sample)
{
    unsigned total = 0, hows = 0, made = 0;
    while (WAYS[kind].hows[hows])
        hows++;
    bool all = test_rounds(1) >= ALL_FROM;
    unsigned places = (unsigned)whole->counts[kind] * hows;
    unsigned stride = all ? 1 : 1 + places / test_rounds(sample);
    unsigned first = all ? 0 : (unsigned)rand_r(&seed) % stride;
    for (unsigned how = 0; how < hows; how++) {
        for (unsigned n = 1; n <= (unsigned)whole->counts[kind] + SLACK; n++, total++) {
            bool beyond = n > (unsigned)whole->counts[kind];
            if (beyond && !all)
                break;
            if (!all && (n - 1 + how * (unsigned)whole->counts[kind]) % stride != first)
                continue;
            Arena *kept = home->context.arena;
            home->context.arena = arena_new(0);
            Run got = run(home, &(Fault){.kind = kind, .how = WAYS[kind].hows[how], .n = (int)n});
            arena_free(home->context.arena);
            home->context.arena = kept;
            bool clean = strcmp(got.failed, "nothing") == 0;
            made += !clean;
            if (clean && beyond)
                break;
        }
    }
    print_message("%s: %u of about %u calls were made to fail, %u ways each\n", WAYS[kind].name,
                  made, (unsigned)whole->counts[kind] * hows, hows);
    assert_true(made > 0);
}

static void whatever_fails_in_dispatch_nobody_is_told_twice_or_forgotten(void **state)
{
    TestHome *home = *state;
    Run whole = dispatch_case(home, &NO_FAULT);
    assert_int_equal(whole.status, 3); /* done, but for what the gateway was silent about */
    assert_string_equal(whole.failed, "nothing");
    for (Kind kind = DB; kind < KINDS; kind++)
        each_fails(home, dispatch_case, kind, &whole, SAMPLE / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_fails_in_dispatch_nobody_is_told_twice_or_forgotten),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
