/* Figures that are given away: rounded one way each, and no two answers tell a small difference. */
#include "policy/rounding.h"

#include "base/json.h"
#include "policy/withhold.h"

#include "crowd.h"
#include "verb.h"

enum { PEOPLE = 3000, MOST = 60 };

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Crowd crowd = {.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return 0;
}

static void a_figure_becomes_the_nearest_multiple(void **state)
{
    (void)state;
    static const int64_t TABLE[][2] = {{0, 0},     {2, 0},      {3, 5},   {5, 5},      {7, 5},
                                       {8, 10},    {12, 10},    {-2, 0},  {-3, -5},    {-8, -10},
                                       {997, 995}, {998, 1000}, {-7, -5}, {1002, 1000}};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        assert_int_equal(rounded(TABLE[i][0]), TABLE[i][1]);
}

/* Whoever knows that b counts some people more than a, and both as they are said: how many these can
 * be. */
static void two_figures_that_are_said_leave_their_difference_open(void **state)
{
    (void)state;
    for (int64_t a = SMALL_FIGURE; a < MOST; a++) {
        for (int64_t more = 0; more < SMALL_FIGURE; more++) {
            bool possible[MOST] = {false};
            int64_t values = 0, run = 0;
            for (int64_t x = 0; x < 2 * MOST; x++) {
                for (int64_t d = 0; d < MOST && rounded(x) == rounded(a); d++)
                    possible[d] |= rounded(x + d) == rounded(a + more);
            }
            for (int64_t d = 0; d < MOST; d++) { /* the longest run of values */
                run = possible[d] ? run + 1 : 0;
                values = run > values ? run : values;
            }
            assert_true(possible[more] && values >= SMALL_FIGURE);
        }
    }
}

static json_t *given_away(TestHome *home, const char *const *words)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(verb_run(&home->context, words, &result, &err), &err);
    return result;
}
#define GIVEN_AWAY(home, ...)                                                                      \
    given_away((home), (const char *const[]){"policy", __VA_ARGS__, "--suppress", NULL})

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* Every number below is a multiple, but for codes and what counts nobody. */
static size_t assert_multiples(const json_t *value)
{
    const char *key;
    const json_t *item;
    size_t index, figures = 0;
    JSON_ITEMS (value, index, item)
        figures += assert_multiples(item);
    JSON_MEMBERS (value, key, item) {
        bool place = strcmp(key, "value") == 0 || strcmp(key, "window") == 0 ||
                     strcmp(key, "suppressed") == 0 || strstr(key, "_code");
        if (json_kind(item) == JSON_INTEGER && !place) {
            assert_int_equal(json_integer_value(item) % SMALL_FIGURE, 0);
            figures++;
        } else if (!place) {
            figures += assert_multiples(item);
        }
    }
    return figures;
}

static void every_command_that_gives_away_rounds(void **state)
{
    TestHome *home = *state;
    json_t *results[] = {
        GIVEN_AWAY(home, "size", "--by", "employer_town,skill_level", "--questions"),
        GIVEN_AWAY(home, "size", "--by", "sex", "--set", "age_max=30"),
        GIVEN_AWAY(home, "frontier", "age_max", "30", "60", "7"),
        GIVEN_AWAY(home, "forecast", "--months", "5"),
        GIVEN_AWAY(home, "forecast", "--window", "400"),
        GIVEN_AWAY(home, "compare", "dongguan-2012-140", "dongguan-2012-140", "--set",
                   "age_max=30"),
    };
    for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
        assert_true(assert_multiples(results[i]) > 0);
        const json_t *first =
            json_kind(results[i]) == JSON_ARRAY ? json_array_get(results[i], 0) : results[i];
        assert_int_equal(number_of(first, "rounded_to"), SMALL_FIGURE);
        json_decref(results[i]);
    }
}

/* before + difference = after, and change = reached - reached before, in what is said. */
static void differences_are_those_of_the_figures_that_are_said(void **state)
{
    TestHome *home = *state;
    json_t *size = GIVEN_AWAY(home, "size", "--by", "sex", "--set", "age_max=30");
    json_t *rows = GIVEN_AWAY(home, "forecast", "--months", "12");
    const json_t *difference = json_object_get(size, "difference"), *value, *row, *last = NULL;
    const char *key;
    size_t index, said = 0;
    JSON_MEMBERS (json_object_get(difference, "verdicts"), key, value) {
        if (json_kind(value) != JSON_INTEGER)
            continue;
        said++;
        assert_int_equal(
            json_integer_value(value),
            number_of(json_object_get(size, "verdicts"), key) -
                number_of(json_object_get(json_object_get(size, "before"), "verdicts"), key));
    }
    JSON_ITEMS (rows, index, row) {
        if (json_kind(json_object_get(row, "change")) == JSON_INTEGER) {
            assert_int_equal(number_of(row, "change"),
                             number_of(row, "reached") - number_of(last ? last : row, "reached"));
            said++;
        }
        last = row;
    }
    assert_true(said > 0);
    json_decref(size);
    json_decref(rows);
}

/* One question in two wordings; and the same people but for a handful, who are then not told. */
static void a_handful_between_two_questions_is_not_told(void **state)
{
    TestHome *home = *state;
    static const char *const WHERES[] = {
        "skill_level <= 3 and sex = 男", "sex = 男 and not (skill_level > 3)",
        "skill_level <= 3 and sex = 男 and not (known(school) and school = 独一学校)"};
    test_sql(home, "INSERT INTO person (id, answers, sex, skill_level, school) SELECT 10000 + seq, "
                   "1, 1, 2, '独一学校' FROM seq_1_to_3;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    json_t *exact[3], *said[3];
    for (size_t i = 0; i < 3; i++) {
        exact[i] =
            given_away(home, (const char *const[]){"policy", "size", "--where", WHERES[i], NULL});
        said[i] = GIVEN_AWAY(home, "size", "--where", WHERES[i]);
    }
    assert_true(json_equal(said[0], said[1]));
    json_int_t apart = number_of(json_object_get(exact[0], "where"), "true") -
                       number_of(json_object_get(exact[2], "where"), "true");
    json_int_t told = number_of(json_object_get(said[0], "where"), "true") -
                      number_of(json_object_get(said[2], "where"), "true");
    assert_int_equal(apart, 3);
    assert_int_equal(told % SMALL_FIGURE, 0);
    assert_true(told - apart < SMALL_FIGURE && apart - told < SMALL_FIGURE);
    for (size_t i = 0; i < 3; i++) {
        json_decref(exact[i]);
        json_decref(said[i]);
    }
}

static void the_reader_is_told_that_figures_are_rounded(void **state)
{
    TestHome *home = *state;
    json_t *result =
        json_pack("{s:i, s:{s:i, s:i, s:i}, s:{s:i, s:i}}", "people", 1000, "where", "true", 1000,
                  "false", 0, "unknown", 0, "verdicts", "eligible", 603, "ineligible", 397);
    round_figures(result);
    assert_int_equal(number_of(json_object_get(result, "verdicts"), "eligible"), 605);
    assert_contains(verb_shown(&POLICY_SIZE, &home->context, result), "Rounded to the nearest 5\n");
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_becomes_the_nearest_multiple),
        cmocka_unit_test(two_figures_that_are_said_leave_their_difference_open),
        cmocka_unit_test(every_command_that_gives_away_rounds),
        cmocka_unit_test(differences_are_those_of_the_figures_that_are_said),
        cmocka_unit_test(a_handful_between_two_questions_is_not_told),
        cmocka_unit_test(the_reader_is_told_that_figures_are_rounded),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
