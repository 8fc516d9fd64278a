/* What a plane set holds: codes, blocks, runs. */
#include "policy/plane_set.h"

#include "support/home.h"

static Arena *arena;
static PlaneLayout layout;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    layout_widest(arena, &layout);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void values_have_codes_as_far_as_they_can_be_laid_out(void **state)
{
    (void)state;
    static const struct {
        FactId fact;
        int64_t value;
        bool fits;
    } TABLE[] = {
        {FACT_SKILL_LEVEL, 1, true},
        {FACT_SKILL_LEVEL, 5, true},
        {FACT_SKILL_LEVEL, 0, false},
        {FACT_SKILL_LEVEL, 99, false},
        {FACT_SEX, 1, true},
        {FACT_PENSION_MONTHS, 0, true},
        {FACT_PENSION_MONTHS, 4094, true},
        {FACT_PENSION_MONTHS, 4095, false},
        {FACT_PENSION_MONTHS, -1, false},
        {FACT_IN_CITY_HUKOU, 0, true},
        {FACT_IN_CITY_HUKOU, 2, false},
        {FACT_EMPLOYER_TOWN, 441900101, true},
        {FACT_EMPLOYER_TOWN, 441900100, false},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const PlaneColumn *column = layout_column(&layout, (int)TABLE[i].fact);
        uint32_t code = 0;
        assert_non_null(column);
        assert_int_equal(plane_code(column, TABLE[i].value, &code), TABLE[i].fits);
        assert_true(!TABLE[i].fits || plane_value(column, code) == TABLE[i].value);
    }
    assert_null(layout_column(&layout, FACT_OCCUPATION)); /* a text */
}

static void the_first_code_from_a_value_on_may_be_none(void **state)
{
    (void)state;
    const PlaneColumn *months = layout_column(&layout, FACT_PENSION_MONTHS),
                      *level = layout_column(&layout, FACT_SKILL_LEVEL);
    assert_int_equal(plane_code_from(months, -7), 1);
    assert_int_equal(plane_code_from(months, 0), 1);
    assert_int_equal(plane_code_from(months, 24), 25);
    assert_int_equal(plane_code_from(months, 9999), plane_top(months) + 1);
    assert_int_equal(plane_code_from(level, 0), 1);
    assert_int_equal(plane_code_from(level, 3), 3);
    assert_int_equal(plane_code_from(level, 6), 6);
    assert_int_equal(plane_top(level), 5);
}

static PlaneRow person(int64_t number, uint32_t level)
{
    PlaneRow row = {.person = number};
    row.codes[layout_column(&layout, FACT_SKILL_LEVEL) - layout.columns] = level;
    return row;
}

static uint32_t level_of(const PlaneSet *set, int64_t number)
{
    uint64_t slot;
    assert_true(plane_set_find(set, number, &slot));
    return slot_code(set, slot, layout_column(&set->layout, FACT_SKILL_LEVEL));
}

/* A person between others takes the slot behind all; the one after him, whose number goes on, does
 * not go on with the run before. */
static void people_in_any_order_are_found_again(void **state)
{
    (void)state;
    static const int64_t LATER[] = {5, 11, 30};
    PlaneSet *set = plane_set_new(&layout);
    for (int64_t number = 10; number <= 20; number += 10) {
        const PlaneRow row = person(number, 1);
        plane_set_put(set, &row, 1);
    }
    PlaneRow rows[] = {person(5, 2), person(11, 3), person(30, 4)};
    plane_set_put(set, rows, 3);
    const PlaneRow next = person(31, 5);
    plane_set_put(set, &next, 1);
    assert_int_equal(level_of(set, 10), 1);
    assert_int_equal(level_of(set, 20), 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(level_of(set, LATER[i]), i + 2);
    assert_int_equal(level_of(set, 31), 5);
    const PlaneRow between = person(15, 2), last = person(32, 3);
    plane_set_put(set, &between, 1); /* takes the slot behind that of 31 … */
    plane_set_put(set, &last, 1);    /* … who is followed by 32, whose slot is another */
    assert_int_equal(level_of(set, 15), 2);
    assert_int_equal(level_of(set, 32), 3);
    uint64_t slot;
    assert_false(plane_set_find(set, 4, &slot));
    assert_false(plane_set_find(set, 12, &slot));
    assert_false(plane_set_find(set, 33, &slot));
    PlaneSet *copy = plane_set_copy(set);
    plane_set_free(set);
    assert_int_equal(level_of(copy, 30), 4);
    plane_set_free(copy);
}

static void a_copy_of_nobody_can_be_filled(void **state)
{
    (void)state;
    PlaneSet *set = plane_set_new(&layout), *copy = plane_set_copy(set);
    const PlaneRow row = person(7, 3);
    plane_set_put(copy, &row, 1);
    assert_int_equal(level_of(copy, 7), 3);
    assert_int_equal(set->slots, 0);
    plane_set_free(set);
    plane_set_free(copy);
}

static void blocks_are_added_without_end(void **state)
{
    enum { BLOCKS = 40 };
    (void)state;
    PlaneSet *set = plane_set_new(&layout);
    for (size_t i = 0; i < BLOCKS; i++) {
        plane_set_add_block(set);
        block_plane(set, i, 0)[0] = i;
    }
    assert_int_equal(set->block_count, BLOCKS);
    for (size_t i = 0; i < BLOCKS; i++)
        assert_int_equal(block_plane(set, i, 0)[0], i);
    plane_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_codes_as_far_as_they_can_be_laid_out),
        cmocka_unit_test(the_first_code_from_a_value_on_may_be_none),
        cmocka_unit_test(people_in_any_order_are_found_again),
        cmocka_unit_test(a_copy_of_nobody_can_be_filled),
        cmocka_unit_test(blocks_are_added_without_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
