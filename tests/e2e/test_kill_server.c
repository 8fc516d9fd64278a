/* tests/e2e/test_kill_server.c: kill -9 of mariadbd at random moments of an import, an undo or the
 * import of a mended workbook leaves it whole or not at all: the program gets over it or says that
 * it did not, and the rerun completes it. Always a private server, whatever TALENT_TEST_DATABASE
 * says. The seed is printed, TALENT_TEST_SEED repeats it; TALENT_TEST_ROUNDS makes as many times
 * more blows. */
#include "support/deeds.h"
#include "support/rounds.h"

#include "sql/private.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Kills in an ordinary run, of each kind: 6 in all. */
static const unsigned KILLS[DEED_COUNT] = {1, 1, 1, 1, 1, 1};

static unsigned seed;

static int setup_private(void **state)
{
    unsetenv("TALENT_TEST_DATABASE");
    return test_home_setup(state);
}

/* The connection of before is dead; the server comes up again with what was committed. */
static void connect_again(TestHome *home)
{
    Err err = {0};
    db_close(home->context.db);
    home->context.db = NULL;
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
}

static void kill_at_random_moments(TestHome *home, DeedKind kind)
{
    Deed deed;
    Server server = test_private(home);
    unsigned kills = test_rounds(KILLS[kind]), done = 0, survived = 0;
    deed_learn(home, kind, &deed);
    for (unsigned i = 0; i < kills; i++) {
        int status = 0;
        deed_prepare(home, kind, &deed);
        pid_t database = private_pid(&server);
        assert_true(database > 0);
        pid_t child = deed_start(home, &deed);
        usleep((useconds_t)((int64_t)rand_r(&seed) % (deed.whole_ms * 1000 + 1)));
        assert_int_equal(kill(database, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        connect_again(home);
        bool well = WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3);
        bool is_done = deed_is_done(home, &deed);
        if (well && !is_done)
            fail_msg("%s: the program said that it was done, and it is not", deed.name);
        assert_true(WIFEXITED(status));
        if (!well) {
            const char *said = deed_said(home);
            print_message("%s", said);
            assert_int_equal(strncmp(said, "talent: ", strlen("talent: ")), 0);
        }
        done += is_done;
        survived += well;
        deed_finish(home, &deed);
    }
    print_message(
        "%s: %u of %u were done after the blow, %u of them by the same command; one takes "
        "%lld ms\n",
        deed.name, done, kills, survived, (long long)deed.whole_ms);
}

static void a_killed_server_leaves_all_or_nothing(void **state)
{
    seed = test_seed();
    for (DeedKind kind = 0; kind < DEED_COUNT; kind++)
        kill_at_random_moments(*state, kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_killed_server_leaves_all_or_nothing)};
    return cmocka_run_group_tests(tests, setup_private, test_home_teardown);
}
