/* Tests people/link.c and linker.c on a real base, with refold.c and fold.c behind them: after
 * every step the tables hold exactly what the answers say, whatever the order in which they came.
 */
#include "people/world.h"

static void an_answer_without_id_number_joins_the_only_person_of_its_name_and_phone(void **state)
{
    World world = world_new(state);
    int64_t identified = take_one(&world, 1, 7, 7);
    assert_int_equal(take_one(&world, 2, 0, 7), identified);
    assert_int_not_equal(take_one(&world, 3, 0, 8), identified);
}

static void a_person_keeps_its_number_when_its_id_number_comes_later(void **state)
{
    World world = world_new(state);
    int64_t bare = take_one(&world, 1, 0, 7);
    assert_int_equal(take_one(&world, 2, 7, 7), bare);
    assert_int_equal(world_withdraw(&world, 2).people_gone, 0);
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[0]), bare);
}

static void a_second_id_number_with_the_same_name_and_phone_makes_the_link_ambiguous(void **state)
{
    World world = world_new(state);
    int64_t first = take_one(&world, 1, 7, 7);
    assert_int_equal(take_one(&world, 2, 0, 7), first);
    int64_t second = take_one(&world, 3, 8, 7);
    assert_int_not_equal(second, first);
    int64_t bare = person_of(&world, &world.given[1]);
    assert_int_not_equal(bare, first);
    assert_int_not_equal(bare, second);
    AnswerCounts counts = world_withdraw(&world, 3); /* one ID number is left: linked again */
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[1]), first);
    assert_int_equal(counts.people_gone, 2);
}

static void a_person_that_loses_its_id_number_keeps_its_number_for_one_of_what_is_left(void **state)
{
    World world = world_new(state);
    Facts both[] = {facts_of(&world, 7, 7), facts_of(&world, 7, 8)};
    batch_insert(&world, 1);
    world_add(&world, &both[0], 1, date_of(2012, 5, 1));
    world_add(&world, &both[1], 1, date_of(2012, 5, 1));
    world_take(&world, 1);
    int64_t person = person_of(&world, &world.given[0]);
    assert_int_equal(take_one(&world, 2, 0, 7), person);
    assert_int_equal(take_one(&world, 3, 0, 8), person);
    AnswerCounts counts = world_withdraw(&world, 1);
    assert_world(&world);
    int64_t one = person_of(&world, &world.given[2]), other = person_of(&world, &world.given[3]);
    assert_true((one == person) != (other == person));
    assert_int_equal(counts.people_new, 1);
    assert_int_equal(counts.people_changed, 1);
}

static void a_number_comes_back_when_whoever_had_it_meanwhile_is_gone(void **state)
{
    World world = world_new(state);
    int64_t bare = take_one(&world, 1, 0, 7);
    assert_int_equal(take_one(&world, 2, 7, 7), bare);
    world.given[1].batch = 0; /* is in already: the rest of batch 2 comes in a call of its own */
    Facts other = facts_of(&world, 8, 7);
    world_add(&world, &other, 2, date_of(2012, 5, 4));
    world_take(&world, 2);
    world.given[1].batch = 2;
    assert_world(&world);
    assert_int_not_equal(person_of(&world, &world.given[0]), bare);
    world_withdraw(&world, 2);
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[0]), bare);
}

static void a_number_comes_back_when_whoever_led_its_answers_away_is_gone(void **state)
{
    World world = world_new(state);
    int64_t bare = take_one(&world, 1, 0, 7);
    int64_t identified = take_one(&world, 2, 7, 8);
    assert_int_not_equal(identified, bare);
    world.given[1].batch = 0; /* as above */
    Facts same = facts_of(&world, 7, 7);
    world_add(&world, &same, 2, date_of(2012, 5, 4));
    world_take(&world, 2);
    world.given[1].batch = 2;
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[0]), identified);
    world_withdraw(&world, 2);
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[0]), bare);
}

static void after_every_step_the_base_is_what_its_answers_say(void **state)
{
    enum { ROUNDS = 25 };
    Crowd crowd = {.state = test_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        bool taken[BATCHES_MAX] = {false};
        for (size_t step = 0; step < 2 * batches; step++) {
            size_t batch = crowd_below(&crowd, (unsigned)batches);
            if (taken[batch])
                world_withdraw(&world, (int64_t)batch + 1);
            else
                world_take(&world, (int64_t)batch + 1);
            taken[batch] = !taken[batch];
            assert_world(&world);
        }
    }
}

static void taking_and_withdrawing_a_batch_is_the_identity(void **state)
{
    enum { ROUNDS = 15 };
    Crowd crowd = {.state = test_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        for (size_t batch = 2; batch <= batches; batch++)
            world_take(&world, (int64_t)batch);
        const char *before = fingerprint(&world);
        world_take(&world, 1);
        world_withdraw(&world, 1);
        assert_string_equal(fingerprint(&world), before);
    }
}

static void any_order_of_the_batches_gives_the_same_base(void **state)
{
    enum { ROUNDS = 15 };
    Crowd crowd = {.state = test_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        int64_t order[BATCHES_MAX];
        const char *base[2];
        for (size_t i = 0; i < batches; i++)
            order[i] = (int64_t)i + 1;
        for (size_t pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < batches; i++)
                world_take(&world, order[i]);
            base[pass] = fingerprint(&world);
            crowd_shuffle(&crowd, order, batches, sizeof *order);
            for (size_t i = 0; i < batches; i++)
                world_withdraw(&world, order[i]);
            assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM person"), 0);
        }
        assert_string_equal(base[0], base[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_without_id_number_joins_the_only_person_of_its_name_and_phone),
        cmocka_unit_test(a_person_keeps_its_number_when_its_id_number_comes_later),
        cmocka_unit_test(a_second_id_number_with_the_same_name_and_phone_makes_the_link_ambiguous),
        cmocka_unit_test(
            a_person_that_loses_its_id_number_keeps_its_number_for_one_of_what_is_left),
        cmocka_unit_test(a_number_comes_back_when_whoever_had_it_meanwhile_is_gone),
        cmocka_unit_test(a_number_comes_back_when_whoever_led_its_answers_away_is_gone),
        cmocka_unit_test(after_every_step_the_base_is_what_its_answers_say),
        cmocka_unit_test(taking_and_withdrawing_a_batch_is_the_identity),
        cmocka_unit_test(any_order_of_the_batches_gives_the_same_base),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
