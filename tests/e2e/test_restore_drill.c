/* tests/e2e/test_restore_drill.c: the drill of an administrator, at random moments: a backup while
 * an import and a dispatch run, then the machine is lost, the backup comes back elsewhere, and the
 * campaign goes on. The gateway, which is never lost, counts: nobody is told twice. The seed is
 * printed, TALENT_TEST_SEED repeats it; TALENT_TEST_ROUNDS makes as many times more rounds. */
#include "outreach/outbox_fill.h"
#include "support/rounds.h"
#include "support/scripted.h"
#include "support/street.h"

#include "sql/private.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>

enum { MESSAGES = 600, RATE_PER_S = 400, ROWS = 1500, ROUNDS = 1 };

static unsigned seed;

static unsigned chance(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static pid_t program_start(const char *home, const char *const *words)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const char *argv[16] = {TALENT_PROGRAM, "--home", home, "--quiet", "--json"};
        for (size_t i = 5; i < 15 && *words; i++)
            argv[i] = *words++;
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execv(TALENT_PROGRAM, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

static void program_kill(pid_t pid)
{
    int status;
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void configure(TestHome *home, unsigned gateway_port)
{
    test_config(
        home,
        arena_printf(home->context.arena,
                     "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"simulator\", \"url\": "
                     "\"http://127.0.0.1:%u/send\", \"rate_per_s\": %d}}, "
                     "\"receive\": {\"listen\": \"127.0.0.1:0\"}",
                     gateway_port, RATE_PER_S));
}

static json_t *stats_of(unsigned port)
{
    char text[4096];
    assert_int_equal(http_call(port, "GET", "/stats", NULL, text, sizeof text), 200);
    json_t *stats = json_loads(text, 0, NULL);
    assert_non_null(stats);
    return stats;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* The machine burns down: its server dies in the middle of whatever it does, its disk is gone. */
static void home_lose(TestHome *home)
{
    const Server server = test_private(home);
    pid_t pid = private_pid(&server);
    db_close(home->context.db);
    home->context.db = NULL;
    assert_true(pid > 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    for (int tries = 0; kill(pid, 0) == 0 && tries < 1000; tries++)
        usleep(10 * 1000);
    nftw(home->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(home->dir, 0700), 0); /* for the end of the test */
}

static TestHome *home_on(unsigned gateway_port)
{
    Err err = {0};
    TestHome *home = test_home_new();
    home->schema[0] = '\0';
    configure(home, gateway_port);
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
    assert_ok(sealer_open(arena_printf(home->context.arena, "%s/seal.key", home->dir), true,
                          &home->context.sealer, &err),
              &err);
    return home;
}

/* An empty home with nothing but the configuration, and the backup in it. */
static TestHome *home_back(unsigned gateway_port, const char *backup, const char *key)
{
    Err err = {0};
    TestHome *home = test_home_new();
    home->schema[0] = '\0';
    configure(home, gateway_port);
    json_decref(TEST_JSON(home, 0, "db", "restore", backup, "--key", key));
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
    return home;
}

/* The files beside the homes. */
typedef struct Shelf {
    char folder[64], key[96], open_half[96], backup[96];
} Shelf;

static void shelf_make(Shelf *shelf)
{
    snprintf(shelf->folder, sizeof shelf->folder, "/tmp/talent-drill-XXXXXX");
    assert_non_null(mkdtemp(shelf->folder));
    snprintf(shelf->key, sizeof shelf->key, "%s/key", shelf->folder);
    snprintf(shelf->open_half, sizeof shelf->open_half, "%s/key.pub", shelf->folder);
    snprintf(shelf->backup, sizeof shelf->backup, "%s/backup", shelf->folder);
}

static void assert_nobody_twice(unsigned port, int64_t *ret_taken)
{
    json_t *stats = stats_of(port);
    assert_int_equal(json_number_at(stats, "taken_twice"), 0);
    *ret_taken = json_number_at(stats, "taken");
    json_decref(stats);
}

/* Work until the machine is lost; the backup is made on the way. */
static void lose_while_working(TestHome *home, Shelf *shelf)
{
    json_decref(street_generate_rows(home, ROWS));
    const char *rows = arena_printf(home->context.arena, "%s/rows.csv", home->dir);
    json_decref(TEST_JSON(home, 0, "db", "key", shelf->key));
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    pid_t dispatch = program_start(home->dir, (const char *const[]){"outreach", "dispatch", NULL});
    pid_t import = program_start(home->dir, (const char *const[]){"survey", "import", rows, NULL});
    usleep((100 + chance(500)) * 1000);
    TestOutput backup = TEST_RUN(home, "db", "backup", shelf->backup);
    if (backup.status != 0)
        fail_msg("%s", backup.err);
    usleep(chance(500) * 1000);
    program_kill(dispatch);
    program_kill(import);
    home_lose(home);
}

static void drill(void)
{
    Shelf shelf;
    int64_t taken;
    shelf_make(&shelf);
    TestHome *side = test_home_new(); /* the gateway's own */
    StreetGateway gateway = street_gateway_start(side, "cut=1%,reorder=10%", "0%");
    TestHome *home = home_on(gateway.port);
    lose_while_working(home, &shelf);
    assert_nobody_twice(gateway.port, &taken);

    TestHome *back = home_back(gateway.port, shelf.backup, shelf.key);
    int64_t queued = outbox_in_state(back, "queued"), claimed = outbox_in_state(back, "claimed");
    int64_t known = outbox_in_state(back, "sent") + outbox_in_state(back, "delivered") +
                    outbox_in_state(back, "uncertain");
    print_message("backup: %lld known, %lld claimed, %lld queued; the gateway had taken %lld\n",
                  (long long)known, (long long)claimed, (long long)queued, (long long)taken);
    assert_int_equal(queued + claimed + known, MESSAGES);
    TestOutput before = TEST_RUN(back, "outreach", "dispatch", "--until-done");
    assert_int_equal(before.status, 1);
    json_t *settled = TEST_JSON(back, 0, "outreach", "reconcile");
    assert_int_equal(json_number_at(settled, "settled.claimed_to_uncertain"), claimed);
    assert_int_equal(json_number_at(settled, "settled.queued_to_uncertain"), queued);
    json_decref(settled);

    /* the campaign goes on with people who were not in it at the time of the backup */
    int64_t accepted = test_number(back, "SELECT COALESCE(SUM(accepted), 0) FROM batch");
    assert_int_equal(accepted, test_number(back, "SELECT COUNT(*) FROM answer WHERE batch_id IN "
                                                 "(SELECT id FROM batch)"));
    TestOutput resumed = TEST_RUN(back, "outreach", "dispatch", "--until-done");
    assert_true(resumed.status == 0 || resumed.status == 3);
    int64_t taken_in_all;
    assert_nobody_twice(gateway.port, &taken_in_all);
    assert_int_equal(taken_in_all, taken);
    assert_true(known + outbox_in_state(back, "uncertain") >= taken);
    test_home_free(back);
    test_home_free(home);
    json_decref(street_gateway_stop(&gateway));
    test_home_free(side);
    nftw(shelf.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void lost_machine_comes_back_and_nobody_is_told_twice(void **state)
{
    (void)state;
    seed = test_seed();
    for (unsigned round = 0; round < test_rounds(ROUNDS); round++)
        drill();
}

/* The workers were stopped before the backup, and somebody vouches for it: the queue goes on where
 * it was, to the last person. */
static void stopped_campaign_goes_on_where_it_was(void **state)
{
    (void)state;
    Shelf shelf;
    int64_t taken;
    char since[20];
    shelf_make(&shelf);
    TestHome *side = test_home_new();
    StreetGateway gateway = street_gateway_start(side, "cut=0%", "0%");
    TestHome *home = home_on(gateway.port);
    json_decref(TEST_JSON(home, 0, "db", "key", shelf.key));
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    pid_t dispatch = program_start(home->dir, (const char *const[]){"outreach", "dispatch", NULL});
    usleep(700 * 1000);
    program_kill(dispatch);
    moment_format(moment_now(), since);
    usleep(1100 * 1000); /* the option has whole seconds */
    json_decref(TEST_JSON(home, 0, "db", "backup", shelf.backup));
    home_lose(home);

    TestHome *back = home_back(gateway.port, shelf.backup, shelf.key);
    int64_t queued = outbox_in_state(back, "queued");
    assert_true(queued > 0 && queued < MESSAGES);
    json_t *settled = TEST_JSON(back, 0, "outreach", "reconcile", "--as-not-sent-since", since,
                                "--why", "the worker was killed before the backup");
    assert_int_equal(json_number_at(settled, "still_queued"), queued);
    json_decref(settled);
    /* outbox_campaign has no template of its own to approve: the campaign is let run by hand */
    test_sql(back, "UPDATE campaign SET state = 'running' WHERE id = 1 AND state = 'paused'");
    TestOutput last = TEST_RUN(back, "outreach", "dispatch", "--until-done");
    if (last.status != 0 && last.status != 3)
        fail_msg("%s", last.err);
    assert_nobody_twice(gateway.port, &taken);
    assert_int_equal(outbox_in_state(back, "queued") + outbox_in_state(back, "claimed"), 0);
    assert_int_equal(outbox_in_state(back, "sent") + outbox_in_state(back, "delivered") +
                         outbox_in_state(back, "uncertain"),
                     MESSAGES);
    /* only what the killed worker held is not known */
    int64_t uncertain = outbox_in_state(back, "uncertain");
    assert_true(taken >= MESSAGES - uncertain && uncertain < MESSAGES / 2);
    test_home_free(back);
    test_home_free(home);
    json_decref(street_gateway_stop(&gateway));
    test_home_free(side);
    nftw(shelf.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_machine_comes_back_and_nobody_is_told_twice),
        cmocka_unit_test(stopped_campaign_goes_on_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
