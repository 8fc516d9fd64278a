/* Tests people/decision.c, correction.c and forgotten.c with link.c behind them, on a real base:
 * whatever is imported, undone, merged, parted, corrected and forgotten in whatever order, the base
 * is what the answers and the decisions say. */
#include "people/history_step.h"

static void history_empty(TestHome *home)
{
    test_sql(home, "DELETE FROM answer;\nDELETE FROM person;\nDELETE FROM batch;\n"
                   "DELETE FROM decision;\nDELETE FROM decided_key;\nDELETE FROM "
                   "forgotten;\nDELETE FROM former_number");
}

static void history_begin(History *history, TestHome *home, uint64_t *seed)
{
    history_empty(home);
    *history = (History){.world = {.home = home, .arena = home->context.arena},
                         .crowd = {.state = *seed, .arena = home->context.arena}};
    history->batches = world_invent_some(&history->world, &history->crowd, 5, 12, 3);
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
    uint64_t seed = test_seed();
    History *history = test_malloc(sizeof *history);
    test_reset(home);
    for (size_t round = 0; round < test_rounds(HISTORIES); round++) {
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

static void decide(History *history, ActBody body, int64_t a, int64_t b)
{
    Err err = {0};
    Act act = {.history = history, .a = a, .b = b};
    assert_ok(act_run(&act, body, &err), &err);
}

static void two_merged_id_numbers_lead_what_has_their_name_and_phone(void **state)
{
    History *history = test_malloc(sizeof *history);
    *history = (History){.world = world_new(state)};
    World *world = &history->world;
    int64_t a = take_one(world, 1, 7, 7), b = take_one(world, 2, 8, 7);
    take_one(world, 3, 0, 7); /* of which of the two? */
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM person"), 3);
    decide(history, act_merge, a, b);
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM person"), 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(person_of(world, &world->given[i]), a);
    world_withdraw(world, 3);
    world_take(world, 3); /* comes to them again */
    assert_int_equal(person_of(world, &world->given[2]), a);
    decide(history, act_part, a, b);
    assert_int_equal(person_of(world, &world->given[1]), b);
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM person"), 3);
    test_free(history);
}

static void a_merge_survives_undo_and_a_new_import(void **state)
{
    History *history = test_malloc(sizeof *history);
    *history = (History){.world = world_new(state)};
    World *world = &history->world;
    int64_t a = take_one(world, 1, 7, 7), b = take_one(world, 2, 0, 9);
    decide(history, act_merge, a, b);
    world_withdraw(world, 1);
    world_withdraw(world, 2);
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM person"), 0);
    world_take(world, 2);
    world_take(world, 1);
    assert_int_equal(person_of(world, &world->given[0]), a);
    assert_int_equal(person_of(world, &world->given[1]), a);
    test_free(history);
}

static void what_was_parted_is_not_linked_by_rule(void **state)
{
    History *history = test_malloc(sizeof *history);
    *history = (History){.world = world_new(state)};
    World *world = &history->world;
    int64_t a = take_one(world, 1, 7, 7);
    take_one(world, 2, 8, 7);
    take_one(world, 3, 0, 7);
    int64_t bare = person_of(world, &world->given[2]);
    decide(history, act_part, a, bare);
    world_withdraw(world, 2); /* only one ID number is left with this name and phone */
    assert_int_equal(person_of(world, &world->given[2]), bare);
    test_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_merged_id_numbers_lead_what_has_their_name_and_phone),
        cmocka_unit_test(a_merge_survives_undo_and_a_new_import),
        cmocka_unit_test(what_was_parted_is_not_linked_by_rule),
        cmocka_unit_test(whatever_happens_the_base_is_what_answers_and_decisions_say),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
