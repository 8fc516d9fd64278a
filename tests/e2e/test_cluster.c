/* tests/e2e/test_cluster.c: the street on a Galera cluster of three real nodes: an import that loses its
 * node goes on at another or is done again whole; of a campaign with three workers whose node is
 * killed, or stands still, nobody is told twice and nobody forgotten; without a majority nothing is
 * sent. The moments are random: the seed is printed, and TALENT_TEST_SEED repeats it. */
#include "outreach/outbox_fill.h"
#include "sql/connection.h"
#include "support/scripted.h"
#include "support/street.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

enum { ROWS = 3000, MESSAGES = 1200, WORKERS = 3, RATE_PER_S = 300 };

extern char **environ;

static unsigned seed;
static char cluster[] = "/dev/shm/talent-cluster-XXXXXX";

static unsigned chance(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static void script(const char *verb, const char *node)
{
    static char path[] = TALENT_SOURCE "/tests/support/galera.sh";
    char word[16], number[8];
    snprintf(word, sizeof word, "%s", verb);
    snprintf(number, sizeof number, "%s", node);
    char *argv[] = {path, word, cluster, *number ? number : NULL, NULL};
    pid_t child;
    int status = 0;
    assert_int_equal(posix_spawn(&child, path, NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int setup(void **state)
{
    const char *wanted = getenv("TALENT_TEST_SEED");
    char path[64], url[512] = "";
    seed = wanted ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)moment_now();
    print_message("seed %u\n", seed);
    assert_non_null(mkdtemp(cluster));
    script("start", "");
    snprintf(path, sizeof path, "%s/url", cluster);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(url, sizeof url, file));
    fclose(file);
    setenv("TALENT_TEST_DATABASE", url, 1);
    return test_home_setup(state);
}

static int teardown(void **state)
{
    int status = test_home_teardown(state);
    script("stop", "");
    char word[] = "rm", option[] = "-rf";
    char *argv[] = {word, option, cluster, NULL};
    pid_t child;
    assert_int_equal(posix_spawnp(&child, word, NULL, NULL, argv, environ), 0);
    waitpid(child, NULL, 0);
    return status;
}

/* The program in the background, saying nothing. */
static pid_t start(const TestHome *home, const char *const *words)
{
    const char *argv[16] = {TALENT_PROGRAM, "--home", home->dir, "--quiet", "--json"};
    for (size_t i = 0; words[i]; i++)
        argv[5 + i] = words[i];
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execv(TALENT_PROGRAM, (char *const *)(void *)argv);
        _exit(127);
    }
    return pid;
}

static int end_of(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void wait_ms(unsigned least, unsigned more)
{
    usleep((useconds_t)(least + chance(more)) * 1000);
}

/* After a node is lost the first question may find the line cut; the next one is put to another node. */
static int64_t number(TestHome *home, const char *sql)
{
    Err err = {0};
    for (int tries = 0; tries < 100; tries++) {
        AUTO_ROWS rows = NULL;
        if (db_text(home->context.db, sql, &rows, &err) == OK && rows_next(rows))
            return rows_int(rows, 0);
        usleep(200 * 1000);
    }
    fail_msg("%s: %s", sql, err.text);
    return -1;
}

static void an_import_that_loses_its_node_is_whole(void **state)
{
    TestHome *home = *state;
    json_t *made = street_generate_rows(home, ROWS);
    const char *file = arena_printf(home->context.arena, "%s/rows.csv", home->dir);
    const char *const import[] = {"survey", "import", file, NULL};
    pid_t pid = start(home, import);
    wait_ms(50, 600);
    script("kill", "1");
    int status = end_of(pid);
    int64_t batches = number(home, "SELECT COUNT(*) FROM batch");
    print_message("the import ended with %d; %lld batches\n", status, (long long)batches);
    assert_true(status == 0 || status == 1 || status == 3);
    if (status != 1)
        assert_int_equal(batches, 1);
    assert_int_equal(number(home, "SELECT COUNT(*) FROM person WHERE answers = 0"), 0);
    TestOutput again = test_run(home, import); /* recognised, or done now */
    if (again.status != 0 && again.status != 3)
        fail_msg("%s", again.err);
    assert_int_equal(number(home, "SELECT COUNT(*) FROM batch"), 1);
    assert_int_equal(number(home, "SELECT accepted + quarantined FROM batch"), ROWS);
    assert_int_equal(number(home, "SELECT COUNT(*) = (SELECT accepted FROM batch) FROM answer"), 1);
    assert_int_equal(number(home, "SELECT SUM(answers) = (SELECT accepted FROM batch) FROM person"),
                     1);
    json_decref(made);
    script("join", "1");
    assert_int_equal(number(home, "SELECT COUNT(*) FROM answer"),
                     number(home, "SELECT accepted FROM batch"));
}

static void configure(TestHome *home, unsigned gateway_port)
{
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": "
                                   "\"simulator\", \"url\": \"http://127.0.0.1:%u/send\", "
                                   "\"rate_per_s\": %d}}, \"receive\": {\"listen\": "
                                   "\"127.0.0.1:%u\"}",
                                   gateway_port, RATE_PER_S, free_port()));
}

static int64_t stat_of(const StreetGateway *gateway, const char *key)
{
    char text[4096];
    assert_int_equal(http_call(gateway->port, "GET", "/stats", NULL, text, sizeof text), 200);
    json_t *stats = json_loads(text, 0, NULL);
    int64_t value = json_number_at(stats, key);
    json_decref(stats);
    return value;
}

static int64_t in_state(TestHome *home, const char *word)
{
    return number(home, arena_printf(home->context.arena,
                                     "SELECT COUNT(*) FROM message WHERE state = '%s'", word));
}

/* Leases that nobody holds any more are let run out at once. */
static void leases_end(TestHome *home)
{
    Err err = {0};
    for (int tries = 0; tries < 20; tries++)
        if (db_text(home->context.db,
                    "UPDATE lease SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND", NULL,
                    &err) == OK)
            return;
    fail_msg("%s", err.text);
}

static void assert_told_once(TestHome *home, const StreetGateway *gateway)
{
    static const char *const DISPATCH[] = {"outreach", "dispatch", "--until-done", NULL};
    for (int tries = 0; tries < 5 && in_state(home, "queued") + in_state(home, "claimed") > 0;
         tries++) {
        leases_end(home);
        TestOutput last = test_run(home, DISPATCH);
        if (last.status != 0 && last.status != 3)
            print_message("%s", last.err);
    }
    int64_t delivered = in_state(home, "delivered"), sent = in_state(home, "sent"),
            uncertain = in_state(home, "uncertain"), taken = stat_of(gateway, "taken");
    print_message("delivered %lld, sent %lld, uncertain %lld; the gateway took %lld\n",
                  (long long)delivered, (long long)sent, (long long)uncertain, (long long)taken);
    assert_int_equal(stat_of(gateway, "taken_twice"), 0);
    assert_int_equal(stat_of(gateway, "references_twice"), 0);
    assert_int_equal(delivered + sent + uncertain, MESSAGES);
    assert_true(delivered + sent <= taken && taken <= MESSAGES);
}

static void campaign_with_three_workers(TestHome *home, const char *what)
{
    static const char *const DISPATCH[] = {"outreach", "dispatch", "--until-done", NULL};
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    StreetGateway gateway = street_gateway_start(home, "double=3%,reorder=10%", "0%");
    configure(home, gateway.port);
    pid_t workers[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        workers[i] = start(home, DISPATCH);
    wait_ms(500, 1500);
    script(what, "1");
    if (strcmp(what, "freeze") == 0) { /* long enough for the others to go on without it */
        wait_ms(6000, 1000);
        script("thaw", "1");
    }
    leases_end(home); /* at the node that is lost: nobody needs to wait for them */
    for (size_t i = 0; i < WORKERS; i++)
        print_message("worker %zu ended with %d\n", i, end_of(workers[i]));
    assert_told_once(home, &gateway);
    json_decref(street_gateway_stop(&gateway));
}

static void workers_whose_node_is_killed_tell_everybody_once(void **state)
{
    campaign_with_three_workers(*state, "kill");
    script("join", "1");
}

static void workers_whose_node_stands_still_tell_everybody_once(void **state)
{
    campaign_with_three_workers(*state, "freeze");
}

static void without_a_majority_nothing_is_sent(void **state)
{
    enum { WAITING = 40 };
    static const char *const DISPATCH[] = {"outreach", "dispatch", "--until-done", NULL};
    TestHome *home = *state;
    number(home, "SELECT 1");
    outbox_people(home, WAITING);
    outbox_campaign(home, 1, 1, WAITING);
    StreetGateway gateway = street_gateway_start(home, "", "0%");
    configure(home, gateway.port);
    script("freeze", "2");
    script("freeze", "3");
    usleep(7000 * 1000);
    TestOutput refused = test_run(home, DISPATCH);
    assert_int_equal(refused.status, 1);
    assert_int_equal(stat_of(&gateway, "requests"), 0);
    script("thaw", "2");
    script("thaw", "3");
    assert_int_equal(in_state(home, "queued"), WAITING); /* waits until the three are one again */
    TestOutput done = test_run(home, DISPATCH);
    for (int tries = 0; done.status == 1 && tries < 3; tries++) /* nodes that still find together */
        done = test_run(home, DISPATCH);
    if (done.status != 0)
        fail_msg("%s", done.err);
    assert_int_equal(stat_of(&gateway, "taken"), WAITING);
    assert_int_equal(stat_of(&gateway, "taken_twice"), 0);
    json_decref(street_gateway_stop(&gateway));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_import_that_loses_its_node_is_whole),
        cmocka_unit_test(workers_whose_node_is_killed_tell_everybody_once),
        cmocka_unit_test(workers_whose_node_stands_still_tell_everybody_once),
        cmocka_unit_test(without_a_majority_nothing_is_sent),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
