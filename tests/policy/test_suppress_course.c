/* Random courses and comparisons, suppressed: a solver who knows every sum cannot tell a withheld small
 * figure, or a small change, to less than SMALL_FIGURE values. */
#include "attack_said.h"
#include "policy/suppress.h"
#include "policy/suppress_json.h"

enum { TABLES = 1500, ROWS = 8 };

/* A step of a course: some people move between the verdicts of the row before. */
static json_t *next_row(uint64_t *seed, int64_t people[VERDICT_COUNT], const json_t *before)
{
    json_t *row = json_object(), *routes = json_object();
    for (int i = 0; i < 2; i++) {
        size_t from = (size_t)crowd_chance(seed, VERDICT_COUNT);
        size_t to = (size_t)crowd_chance(seed, VERDICT_COUNT);
        int64_t some = crowd_chance(seed, (crowd_chance(seed, 2) ? 4 : people[from]) + 1);
        some = some > people[from] ? people[from] : some;
        people[from] -= some;
        people[to] += some;
    }
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        set_number(row, verdict_key(i), people[i]);
    split(seed, people[0] + people[1], ROUTE_KEYS, ROUTES, routes);
    set_number(row, "reached", people[0] + people[1]);
    set_number(row, "value", 7); /* where it stands: never withheld */
    json_object_set_new(row, "as_of", json_string("2012-10-01"));
    set_number(row, "change",
               before ? number_of(row, "reached") - number_of(before, "reached") : 0);
    set_number(row, "change_closed",
               before ? number_of(row, "ineligible") - number_of(before, "ineligible") : 0);
    json_object_set_new(row, "routes", routes);
    return row;
}

/* All rows count the same people, whose number size tells. */
static void attack_course(Attack *attack, const json_t *rows, const json_t *people)
{
    size_t index;
    const json_t *row, *before = NULL;
    const char *keys[VERDICT_COUNT];
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        keys[i] = verdict_key(i);
    json_array_foreach(rows, index, row)
    {
        equate(attack, row, keys, VERDICT_COUNT, (Member){people, "people"});
        equate(attack, row, keys, 2, (Member){row, "reached"});
        equate(attack, child(row, "routes"), ROUTE_KEYS, ROUTES, (Member){row, "reached"});
        if (before && json_is_integer(child(row, "change"))) {
            attack_add(attack, 1, row, "reached");
            attack_add(attack, -1, before, "reached");
            attack->right[attack->equation_count] += (double)number_of(row, "change");
            attack_next(attack);
        }
        before = row;
    }
}

static void check_course(const json_t *truth, const json_t *said, const json_t *people)
{
    static Attack attack;
    static Simplex begun;
    size_t index;
    const json_t *row, *before = NULL, *told_before = NULL;
    memset(&attack, 0, sizeof attack);
    attack_course(&attack, said, people);
    simplex_begin(&attack, &begun);
    json_array_foreach(truth, index, row)
    {
        const json_t *told = json_array_get(said, index);
        for (size_t i = 0; i < VERDICT_COUNT; i++) {
            const char *key = verdict_key(i);
            if (is_small(number_of(row, key)))
                assert_true(attack_width(&attack, &begun, (Member){told, key},
                                         (Member){NULL, NULL}) > SMALL_FIGURE - 1e-3);
            if (before)
                check_moves(&attack, &begun, (Member[]){{row, key}, {before, key}},
                            (Member[]){{told, key}, {told_before, key}});
        }
        check_members(&attack, &begun, child(row, "routes"), child(told, "routes"));
        before = row;
        told_before = told;
    }
}

static void no_row_of_a_course_tells_a_small_figure_or_change(void **state)
{
    (void)state;
    uint64_t seed = crowd_seed();
    size_t said_rows = 0;
    for (int i = 0; i < TABLES; i++) {
        int64_t people[VERDICT_COUNT], all = 0;
        json_t *rows = json_array(), *whole = json_object();
        for (size_t v = 0; v < VERDICT_COUNT; v++) {
            people[v] = some_people(&seed);
            all += people[v];
        }
        if (all < SMALL_FIGURE)
            all += people[VERDICT_COUNT - 1] = SMALL_FIGURE;
        for (int row = 0; row < ROWS; row++)
            json_array_append_new(rows,
                                  next_row(&seed, people, json_array_get(rows, (size_t)row - 1)));
        int64_t counted = 0;
        for (size_t v = 0; v < VERDICT_COUNT; v++)
            counted += people[v];
        set_number(whole, "people", counted);
        json_t *said = json_deep_copy(rows);
        suppress_course(said);
        check_course(rows, said, whole);
        for (size_t row = 0; row < ROWS; row++)
            assert_int_equal(number_of(json_array_get(said, row), "value"), 7);
        for (size_t row = 0; row < ROWS; row++)
            said_rows += !child(json_array_get(said, row), "suppressed");
        json_decref(rows);
        json_decref(said);
        json_decref(whole);
    }
    assert_true(said_rows > 0);
}

/* Steps of fifty, of whom so many take the first route. */
static json_t *long_steps(int first_route)
{
    json_t *rows = json_array();
    for (int i = 0; i < 5; i++)
        json_array_append_new(
            rows, json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:{s:i, s:i}}", "eligible",
                            100 + 50 * i, "likely", 40, "possible", 0, "later", 30, "ineligible",
                            900 - 50 * i, "reached", 140 + 50 * i, "change", i ? 50 : 0, "routes",
                            "r", 70 + first_route * i, "s", 70 + (50 - first_route) * i));
    return rows;
}

static void a_course_in_long_steps_is_said_as_a_whole(void **state)
{
    (void)state;
    json_t *rows = long_steps(50), *said = json_deep_copy(rows);
    suppress_course(said);
    assert_true(json_equal(rows, said));
    json_decref(rows);
    json_decref(said);
}

/* The second route moves by three a row, and by six in two rows. */
static void a_route_that_moves_by_few_keeps_a_row_unsaid(void **state)
{
    (void)state;
    json_t *rows = long_steps(47);
    suppress_course(rows);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(json_is_integer(child(json_array_get(rows, i), "eligible")), i % 2 == 0);
    json_decref(rows);
}

/* Parts of people who come in fives, if they do. */
static void split_by(uint64_t *seed, int64_t step, int64_t people, const char *const *keys,
                     size_t count, json_t *ret)
{
    split(seed, people / step, keys, count, ret);
    for (size_t i = 0; i < count; i++)
        set_number(ret, keys[i], step * number_of(ret, keys[i]));
}

/* {people, routes, clauses, no_route} of so many. */
static json_t *random_moved(uint64_t *seed, int64_t step, int64_t people)
{
    json_t *moved = json_object(), *routes = json_object(), *clauses = json_object();
    static const char *const STOPS[] = {"A", "B"};
    int64_t none = crowd_chance(seed, 3) ? 0 : step * crowd_chance(seed, people / step + 1);
    split_by(seed, step, people, ROUTE_KEYS, ROUTES, routes);
    split_by(seed, step, people - none, STOPS, 2, clauses);
    set_number(moved, "people", people);
    json_object_set_new(moved, "routes", routes);
    json_object_set_new(moved, "clauses", clauses);
    set_number(moved, "no_route", none);
    return moved;
}

static json_t *random_side(uint64_t *seed, int64_t step, const int64_t sums[VERDICT_COUNT])
{
    json_t *side = totals(seed, sums, json_object());
    split_by(seed, step, sums[0] + sums[1], ROUTE_KEYS, ROUTES, child(side, "routes"));
    set_number(side, "reached", sums[0] + sums[1]);
    return side;
}

static json_t *random_comparison(uint64_t *seed)
{
    int64_t a[VERDICT_COUNT] = {0}, b[VERDICT_COUNT] = {0}, all = 0, gained = 0, lost = 0;
    int64_t step = crowd_chance(seed, 2) ? 5 : 1; /* in fives nothing need be withheld */
    json_t *result = json_object(), *cross = json_object();
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        json_t *row = json_object();
        for (size_t k = 0; k < VERDICT_COUNT; k++) {
            int64_t people = step > 1 ? step * crowd_chance(seed, 9) : some_people(seed);
            set_number(row, verdict_key(k), people);
            a[i] += people;
            b[k] += people;
            all += people;
            gained += i > 1 && k < 2 ? people : 0;
            lost += i < 2 && k > 1 ? people : 0;
        }
        json_object_set_new(cross, verdict_key(i), row);
    }
    set_number(result, "people", all);
    json_object_set_new(result, "a", random_side(seed, step, a));
    json_object_set_new(result, "b", random_side(seed, step, b));
    json_object_set_new(result, "cross", cross);
    json_object_set_new(result, "gained", random_moved(seed, step, gained));
    json_object_set_new(result, "lost", random_moved(seed, step, lost));
    return result;
}

static void attack_comparison(Attack *attack, const json_t *said)
{
    static const char *const SIDES[] = {"a", "b"};
    const char *keys[VERDICT_COUNT];
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        keys[i] = verdict_key(i);
    for (size_t i = 0; i < sizeof SIDES / sizeof *SIDES; i++) {
        const json_t *side = child(said, SIDES[i]);
        equate(attack, child(side, "verdicts"), keys, VERDICT_COUNT, (Member){said, "people"});
        equate(attack, child(side, "verdicts"), keys, 2, (Member){side, "reached"});
        equate(attack, child(side, "routes"), ROUTE_KEYS, ROUTES, (Member){side, "reached"});
    }
}

static void check_comparison(const json_t *truth, const json_t *said)
{
    static Attack attack;
    static Simplex begun;
    static const char *const MOVES[] = {"cross", "gained", "lost"};
    static const char *const PARTS[] = {"verdicts", "routes"};
    const json_t *a = child(truth, "a"), *b = child(truth, "b"), *said_a = child(said, "a"),
                 *said_b = child(said, "b");
    memset(&attack, 0, sizeof attack);
    attack_comparison(&attack, said);
    simplex_begin(&attack, &begun);
    for (size_t part = 0; part < 2; part++) {
        check_members(&attack, &begun, child(a, PARTS[part]), child(said_a, PARTS[part]));
        check_members(&attack, &begun, child(b, PARTS[part]), child(said_b, PARTS[part]));
    }
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        check_moves(&attack, &begun,
                    (Member[]){{child(a, "verdicts"), verdict_key(i)},
                               {child(b, "verdicts"), verdict_key(i)}},
                    (Member[]){{child(said_a, "verdicts"), verdict_key(i)},
                               {child(said_b, "verdicts"), verdict_key(i)}});
    for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++) { /* all of it is said, or none */
        json_t *moved = json_deep_copy(child(said, MOVES[i]));
        size_t numbers = figures_hide(moved);
        assert_true(numbers == 0 || (nulls_in(child(said, MOVES[i])) == 0 &&
                                     !figures_small(child(said, MOVES[i])) &&
                                     nulls_in(child(said_a, "verdicts")) == 0 &&
                                     nulls_in(child(said_b, "verdicts")) == 0));
        json_decref(moved);
    }
}

static void no_comparison_tells_a_small_figure_or_change(void **state)
{
    (void)state;
    uint64_t seed = crowd_seed();
    size_t whole = 0;
    for (int i = 0; i < TABLES; i++) {
        json_t *truth = random_comparison(&seed), *said = json_deep_copy(truth);
        suppress_comparison(said);
        check_comparison(truth, said);
        assert_int_equal(number_of(child(said, "suppressed"), "figures"), nulls_in(said));
        whole += !child(said, "suppressed");
        json_decref(truth);
        json_decref(said);
    }
    assert_true(whole > 0);
}

static void of_a_handful_nothing_is_compared(void **state)
{
    (void)state;
    uint64_t seed = 1;
    int64_t sums[VERDICT_COUNT] = {0, 0, 0, 0, 3};
    json_t *result = json_pack("{s:i, s:o, s:o, s:{}, s:{s:i}, s:{}}", "people", 3, "a",
                               random_side(&seed, 1, sums), "b", random_side(&seed, 1, sums),
                               "cross", "gained", "people", 0, "lost");
    suppress_comparison(result);
    json_t *numbers = json_deep_copy(result);
    json_object_del(numbers, "suppressed");
    assert_int_equal(figures_hide(numbers), 0);
    json_decref(numbers);
    json_decref(result);
}

/* Many go each way between two verdicts, and a few more the one way. */
static void a_small_change_between_large_moves_is_not_told(void **state)
{
    (void)state;
    static const int64_t MOVES[2][2] = {{100, 20}, {18, 200}};
    uint64_t seed = 1;
    int64_t a[VERDICT_COUNT] = {120, 218, 0, 0, 0}, b[VERDICT_COUNT] = {118, 220, 0, 0, 0};
    json_t *cross = json_object();
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        json_t *row = json_object();
        for (size_t k = 0; k < VERDICT_COUNT; k++)
            set_number(row, verdict_key(k), i < 2 && k < 2 ? MOVES[i][k] : 0);
        json_object_set_new(cross, verdict_key(i), row);
    }
    json_t *truth =
               json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "people", 338, "a",
                         random_side(&seed, 1, a), "b", random_side(&seed, 1, b), "cross", cross,
                         "gained", random_moved(&seed, 1, 0), "lost", random_moved(&seed, 1, 0)),
           *said = json_deep_copy(truth);
    suppress_comparison(said);
    check_comparison(truth, said);
    const char *const *keys = (const char *const[]){verdict_key(0), verdict_key(1)};
    for (size_t i = 0; i < 2; i++)
        assert_true(json_is_null(child(child(child(said, "a"), "verdicts"), keys[i])));
    assert_true(json_is_null(child(child(child(said, "cross"), keys[0]), keys[1])));
    json_decref(truth);
    json_decref(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_of_a_course_tells_a_small_figure_or_change),
        cmocka_unit_test(a_course_in_long_steps_is_said_as_a_whole),
        cmocka_unit_test(a_route_that_moves_by_few_keeps_a_row_unsaid),
        cmocka_unit_test(no_comparison_tells_a_small_figure_or_change),
        cmocka_unit_test(of_a_handful_nothing_is_compared),
        cmocka_unit_test(a_small_change_between_large_moves_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
