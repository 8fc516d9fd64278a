/* kill -9 of the dispatcher at random moments: whatever the moment, nobody is told twice, nobody
 * is forgotten, and every state is true. The simulator that counts the copies is a process of
 * its own and is never killed. The moments are random: the seed is printed, and TALENT_TEST_SEED
 * repeats it. */
#include "outreach/outbox_fill.h"
#include "support/scripted.h"
#include "support/street.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { KILLS = 25, MESSAGES = 3500, LONGEST_MS = 450, RATE_PER_S = 400 };

static unsigned seed;

static unsigned chance(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static pid_t dispatch_start(const TestHome *home)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--quiet", "--json", "--lang",
              "en", "outreach", "dispatch", "--until-done", (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* The gateway keeps its port; receipts go to one address that outlives each dispatcher. */
static void configure(TestHome *home, unsigned gateway_port)
{
    test_config(
        home,
        arena_printf(home->context.arena,
                     "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"simulator\", \"url\": "
                     "\"http://127.0.0.1:%u/send\", \"rate_per_s\": %d}}, "
                     "\"receive\": {\"listen\": \"127.0.0.1:%u\"}",
                     gateway_port, RATE_PER_S, free_port()));
}

static json_t *stats_of(unsigned port)
{
    char text[4096];
    assert_int_equal(http_call(port, "GET", "/stats", NULL, text, sizeof text), 200);
    json_t *stats = json_loads(text, 0, NULL);
    assert_non_null(stats);
    return stats;
}

static void kill_at_random_moments(TestHome *home)
{
    for (int n = 0; n < KILLS; n++) {
        pid_t pid = dispatch_start(home);
        int status = 0;
        usleep((useconds_t)(20 + chance(LONGEST_MS)) * 1000);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status)) /* it may only have ended by itself when all was sent */
            assert_int_equal(outbox_in_state(home, "queued"), 0);
        /* while leases last, a claimed message belongs to somebody: time is helped along at every
         * other kill */
        if (n % 2)
            test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND "
                           "WHERE state = 'claimed'");
    }
    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE "
                   "state = 'claimed'");
}

static void killed_dispatchers_tell_nobody_twice_and_forget_nobody(void **state)
{
    TestHome *home = *state;
    const char *wanted = getenv("TALENT_TEST_SEED");
    seed = wanted ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)moment_now();
    print_message("seed %u\n", seed);
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    StreetGateway gateway = street_gateway_start(home, "cut=1%,double=3%,reorder=10%", "0%");
    configure(home, gateway.port);
    kill_at_random_moments(home);
    int64_t queued = outbox_in_state(home, "queued");
    print_message("after %d kills %lld of %d are still queued\n", KILLS, (long long)queued,
                  MESSAGES);
    TestOutput last = TEST_RUN(home, "outreach", "dispatch", "--until-done");
    if (last.status != 0 && last.status != 3)
        fail_msg("%s", last.err);

    json_t *stats = stats_of(gateway.port);
    int64_t taken = json_integer_value(json_object_get(stats, "taken"));
    assert_int_equal(json_integer_value(json_object_get(stats, "references_twice")), 0);
    assert_int_equal(json_integer_value(json_object_get(stats, "taken_twice")), 0);
    /* one request at most for each message: this gateway refuses nothing */
    assert_int_equal(json_integer_value(json_object_get(stats, "requests")),
                     json_integer_value(json_object_get(stats, "recipients")));
    json_decref(stats);
    int64_t delivered = outbox_in_state(home, "delivered"),
            uncertain = outbox_in_state(home, "uncertain");
    int64_t sent = outbox_in_state(home, "sent");
    print_message("delivered %lld, sent %lld, uncertain %lld; the gateway took %lld\n",
                  (long long)delivered, (long long)sent, (long long)uncertain, (long long)taken);
    assert_int_equal(delivered + sent + uncertain,
                     MESSAGES); /* nobody queued, nobody claimed, nobody lost */
    /* true states: what is called delivered or sent was taken, what was taken is not called
     * anything else but uncertain */
    assert_true(delivered + sent <= taken);
    assert_true(taken <= MESSAGES);
    assert_true(delivered > MESSAGES / 4);
    json_decref(street_gateway_stop(&gateway));
}

/* SIGTERM in the middle: what is on the wire is waited for and recorded, the rest goes back to the
 * queue. */
static void terminated_dispatcher_finishes_what_is_on_the_wire(void **state)
{
    enum { WAITING = 60 };
    TestHome *home = *state;
    outbox_people(home, WAITING);
    outbox_campaign(home, 1, 1, WAITING);
    const Scene scenes[] = {
        {.answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}",
         .delay_ms = 1500}};
    Scripted *server = scripted_open(scenes, 1);
    configure(home, scripted_port(server));
    pid_t pid = dispatch_start(home);
    for (int tries = 0; tries < 500 && scripted_requests(server) < 8; tries++)
        usleep(10 * 1000);
    Moment asked = moment_now();
    int status = 0;
    kill(pid, SIGTERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(moment_now() - asked < 10000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3); /* done, with messages not delivered */
    int64_t sent = outbox_in_state(home, "sent");
    assert_int_equal(sent, scripted_requests(server));
    assert_int_equal(outbox_in_state(home, "queued"), WAITING - sent);
    assert_int_equal(outbox_in_state(home, "uncertain"), 0);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_dispatchers_tell_nobody_twice_and_forget_nobody),
        cmocka_unit_test(terminated_dispatcher_finishes_what_is_on_the_wire),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
