/* Which figures keep a small one company: tables by hand; test_suppress.c tries them by chance. */
#include "policy/withhold.h"

#include "support/home.h"

#include <string.h>

enum { PARTS = 5 };

static void parts_withhold_the_small_and_the_least_beside_them(void **state)
{
    (void)state;
    static const struct {
        int64_t values[PARTS];
        const char *withheld; /* "x" = is, "." = is not */
    } TABLE[] = {
        {{10, 20, 30, 0, 40}, "....."}, /* nothing is small; 0 is nobody */
        {{3, 20, 30, 0, 40}, "xx..."},  /* one alone could be computed */
        {{3, 4, 30, 0, 40}, "xx..."},   /* two that are wide enough */
        {{1, 2, 30, 0, 40}, "xxx.."},   /* two whose sum is small */
        {{3, 0, 0, 0, 0}, "xxxxx"},     /* nobody else to stand beside it */
        {{1, 1, 1, 1, 0}, "xxxxx"},     /* all together are few */
        {{0, 0, 0, 0, 0}, "....."},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        bool small[PARTS], withheld[PARTS];
        char said[PARTS + 1] = "";
        for (size_t k = 0; k < PARTS; k++)
            small[k] = is_small(TABLE[i].values[k]);
        withhold_parts(TABLE[i].values, small, PARTS, withheld);
        for (size_t k = 0; k < PARTS; k++)
            said[k] = withheld[k] ? 'x' : '.';
        assert_string_equal(said, TABLE[i].withheld);
    }
}

enum { ROWS = 3, COLUMNS = 4, CELLS = (ROWS + 1) * (COLUMNS + 1) };

/* A row of three people of whom one moved: a row beside it gives them a place to have come from, with
 * its sum; that of a row that only has small cells of its own in the same columns may be said. */
static void few_who_moved_are_kept_by_a_row_whose_sum_is_withheld_too(void **state)
{
    (void)state;
    static const int64_t VALUES[CELLS] = {2,  1,  0,   0,  3,   /* the few */
                                          6,  7,  0,   7,  20,  /* a row that costs little */
                                          2,  3,  100, 90, 195, /* many, with small cells */
                                          10, 11, 100, 97, 218};
    bool small[CELLS], moved[CELLS] = {[0] = true, [1] = true}, withheld[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        small[i] = is_small(VALUES[i]);
    const Crossing crossing = {.rows = ROWS,
                               .columns = COLUMNS,
                               .values = VALUES,
                               .small = small,
                               .moved = moved,
                               .withheld = withheld};
    withhold_crossing(&crossing);
    for (size_t i = 0; i < CELLS; i++)
        assert_true(!small[i] || withheld[i]);
    assert_true(withheld[COLUMNS] && withheld[1 * (COLUMNS + 1) + COLUMNS]); /* both sums */
    assert_false(withheld[2 * (COLUMNS + 1) + COLUMNS]);
    assert_false(withheld[CELLS - 1]); /* the sum of all is said */
}

/* Nobody beside them could have come from where they came from: then only the sums of all are said.
 */
static void few_who_moved_without_company_leave_nothing_to_say(void **state)
{
    (void)state;
    static const int64_t VALUES[CELLS] = {2, 1, 0, 0,   3,   /* the few */
                                          6, 0, 0, 0,   6,   /* all of one kind */
                                          0, 0, 0, 200, 200, /* all of another */
                                          8, 1, 0, 200, 209};
    bool small[CELLS], moved[CELLS] = {[0] = true}, withheld[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        small[i] = is_small(VALUES[i]);
    const Crossing crossing = {.rows = ROWS,
                               .columns = COLUMNS,
                               .values = VALUES,
                               .small = small,
                               .moved = moved,
                               .withheld = withheld};
    withhold_crossing(&crossing);
    for (size_t i = 0; i < ROWS * (COLUMNS + 1); i++)
        assert_true(withheld[i]);
    assert_false(withheld[CELLS - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_withhold_the_small_and_the_least_beside_them),
        cmocka_unit_test(few_who_moved_are_kept_by_a_row_whose_sum_is_withheld_too),
        cmocka_unit_test(few_who_moved_without_company_leave_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
