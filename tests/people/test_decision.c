/* Tests people/decision.c, correction.c and forgotten.c with link.c behind them, on a real base:
 * whatever is imported, undone, merged, parted, corrected and forgotten in whatever order, the base
 * is what the answers and the decisions say. */
#include "people/history.h"

static void history_empty(TestHome *home)
{
    test_sql(home, "DELETE FROM answer;\nDELETE FROM person;\nDELETE FROM batch;\n"
                   "DELETE FROM decision;\nDELETE FROM decided_key;\nDELETE FROM forgotten");
}

static void history_begin(History *history, TestHome *home, uint64_t *seed)
{
    history_empty(home);
    *history = (History){.world = {.home = home, .arena = home->context.arena},
                         .crowd = {.state = *seed, .arena = home->context.arena}};
    history->batches = world_invent_some(&history->world, &history->crowd, 5, 10);
}

static int64_t edges_in_force(const History *history)
{
    int64_t count = 0;
    for (size_t i = 0; i < history->edge_count; i++)
        count += history->edges[i].in_force;
    return count;
}

static void history_step(History *history)
{
    unsigned chance = crowd_below(&history->crowd, 100);
    if (chance < 40)
        history_batch(history);
    else if (chance < 56)
        history_merge(history);
    else if (chance < 64)
        history_part(history);
    else if (chance < 74)
        history_split(history);
    else if (chance < 88)
        history_correct(history);
    else if (chance < 94)
        history_undo_correction(history);
    else
        history_forget(history);
    history_decide(history);
}

static void whatever_happens_the_base_is_what_answers_and_decisions_say(void **state)
{
    enum { HISTORIES = 320, STEPS = 12 };
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    History *history = test_malloc(sizeof *history);
    test_reset(home);
    for (int round = 0; round < HISTORIES; round++) {
        history_begin(history, home, &seed);
        for (int step = 0; step < STEPS; step++) {
            history_step(history);
            assert_world(&history->world);
            assert_int_equal(test_number(home, "SELECT COUNT(*) FROM decided_key"),
                             history->world.decided_count);
            assert_int_equal(
                test_number(home, "SELECT COUNT(*) FROM decision WHERE ended_at IS NULL"),
                edges_in_force(history));
        }
        seed = history->crowd.state;
    }
    test_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_the_base_is_what_answers_and_decisions_say),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
