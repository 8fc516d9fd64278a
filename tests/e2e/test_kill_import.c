/* tests/e2e/test_kill_import.c: kill -9 of an import, of an undo, or of the import of a mended
 * workbook at random moments leaves it whole or not at all, and the rerun completes it. The seed is
 * printed, TALENT_TEST_SEED repeats it; TALENT_TEST_ROUNDS makes as many times more blows. */
#include "support/deeds.h"
#include "support/rounds.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Kills in an ordinary run, of each kind: 10 in all. */
static const unsigned KILLS[DEED_COUNT] = {3, 2, 1, 2, 1, 1};

static unsigned seed;

static void kill_at_random_moments(TestHome *home, DeedKind kind)
{
    Deed deed;
    unsigned kills = test_rounds(KILLS[kind]), done = 0;
    deed_learn(home, kind, &deed);
    for (unsigned i = 0; i < kills; i++) {
        int status = 0;
        deed_prepare(home, kind, &deed);
        pid_t child = deed_start(home, &deed);
        usleep((useconds_t)((int64_t)rand_r(&seed) % (deed.whole_ms * 1000 + 1)));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        done += deed_is_done(home, &deed);
        deed_finish(home, &deed);
    }
    print_message("%s: %u of %u were done when the blow fell; one takes %lld ms\n", deed.name, done,
                  kills, (long long)deed.whole_ms);
}

static void a_killed_import_leaves_all_or_nothing(void **state)
{
    seed = test_seed();
    for (DeedKind kind = 0; kind < DEED_COUNT; kind++)
        kill_at_random_moments(*state, kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_killed_import_leaves_all_or_nothing)};
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
