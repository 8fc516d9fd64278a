/* Who loses the chance within some days is who is reached today and has a last day in them. */
#include "verb.h"

#include "judged.h"
#include "policy/suppress.h"
#include "policy/withhold.h"

enum { PEOPLE = 4000 };

static Crowd crowd;

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return 0;
}

static json_t *window_of(TestHome *home, const char *policy, const char *days, const char *where)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "forecast", "--window", days,
                       "--policy", policy, "--where", where),
              &err);
    return result;
}

typedef struct Losing {
    int64_t reached, all, by_end, routes[ROUTES_AT_MOST], until_month;
} Losing;

/* town 0 = all; last: the first month's last day. */
static Losing judge_losing(const Policy *policy, const Where *where, Date until, Date last)
{
    Losing losing = {0};
    for (size_t i = 0; i < crowd.count; i++) {
        Judgement judged;
        if (where && where_holds(where, &crowd.people[i]) != KLEENE_TRUE)
            continue;
        policy_judge(policy, &crowd.people[i], crowd.as_of, &judged);
        if (judged.verdict > VERDICT_LIKELY)
            continue;
        losing.reached++;
        if (judged.eligible_until == DATE_NONE || judged.eligible_until > until)
            continue;
        losing.all++;
        losing.by_end += judged.eligible_until == policy->until;
        losing.routes[judged.route]++;
        losing.until_month += judged.eligible_until <= last;
    }
    return losing;
}

/* The rows' people, and those of each route, add up to the whole. */
static void assert_adds_up(const json_t *result, const char *list, const Policy *policy)
{
    int64_t people = 0, routes[ROUTES_AT_MOST] = {0};
    size_t index;
    const json_t *row;
    json_array_foreach(json_object_get(result, list), index, row)
    {
        int64_t own = 0;
        people += json_number(row, "people");
        for (size_t i = 0; i < policy->route_count; i++) {
            int64_t of_route = json_number(json_object_get(row, "routes"), policy->routes[i].id);
            routes[i] += of_route;
            own += of_route;
        }
        assert_int_equal(own, json_number(row, "people"));
    }
    assert_int_equal(people, json_number(result, "losing"));
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(routes[i],
                         json_number(json_object_get(result, "routes"), policy->routes[i].id));
}

static void assert_window(const json_t *result, const Policy *policy, const Where *where, int days)
{
    Date until = crowd.as_of + days, last = date_of(2012, 10, 31);
    Losing losing = judge_losing(policy, where, until, last < until ? last : until);
    assert_int_equal(json_number(result, "reached"), losing.reached);
    assert_int_equal(json_number(result, "losing"), losing.all);
    assert_int_equal(json_number(result, "by_end"), losing.by_end);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(json_number(json_object_get(result, "routes"), policy->routes[i].id),
                         losing.routes[i]);
    assert_int_equal(json_number(json_array_get(json_object_get(result, "months"), 0), "people"),
                     losing.until_month);
    assert_adds_up(result, "months", policy);
    assert_adds_up(result, "towns", policy);
}

static void the_losing_are_those_whom_the_judge_gives_a_last_day(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *days, *where;
    } TABLE[] = {{"1", ""}, {"92", ""}, {"400", "skill_level = 高级工"}, {"1100", ""}};
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(policy_load(home->context.arena, NULL, &policy, &err), &err);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const Where *where = NULL;
        assert_ok(where_parse(home->context.arena, TABLE[i].where, &where, &err), &err);
        json_t *result = window_of(home, policy->id, TABLE[i].days, TABLE[i].where);
        assert_window(result, policy, where, (int)strtol(TABLE[i].days, NULL, 10));
        assert_true(i == 0 || json_number(result, "losing") > 0);
        json_decref(result);
    }
}

static void the_end_of_a_policy_is_told_apart(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    json_error_t failure;
    const Policy *shipped = NULL, *ending = NULL;
    assert_ok(policy_load(arena, NULL, &shipped, &err), &err);
    json_t *root = json_loadb(shipped->file.bytes, shipped->file.length, 0, &failure);
    json_object_set_new(root, "id", json_string("ending"));
    json_object_set_new(json_object_get(root, "effective"), "until", json_string("2012-12-15"));
    const char *file = arena_printf(arena, "%s/ending.json", home->dir);
    assert_int_equal(json_dump_file(root, file, 0), 0);
    json_decref(root);
    assert_ok(policy_load(arena, file, &ending, &err), &err);
    json_t *result = window_of(home, file, "90", "");
    assert_window(result, ending, NULL, 90);
    assert_int_equal(json_number(result, "losing"), json_number(result, "reached"));
    assert_true(json_number(result, "by_end") > 0);
    const char *shown = verb_shown(&POLICY_FORECAST, &home->context, result);
    assert_contains(shown, "of them because the policy ends");
    assert_contains(shown, "last day from");
    assert_contains(shown, "senior_worker");
    json_decref(result);
    result = window_of(home, file, "30", "");
    assert_int_equal(json_number(result, "by_end"), 0);
    json_decref(result);
}

/* Adds up what is said of a list, and counts what is withheld. */
static int64_t said_of(const json_t *rows, const char *key, size_t *ret_withheld)
{
    int64_t people = 0;
    size_t index;
    const json_t *row;
    *ret_withheld = 0;
    json_array_foreach(rows, index, row)
    {
        const json_t *value = json_object_get(row, key);
        *ret_withheld += json_is_null(value);
        people += json_integer_value(value);
        assert_false(json_is_integer(value) && is_small(json_integer_value(value)));
    }
    return people;
}

static void assert_tells_nothing_small(const json_t *result)
{
    static const char *const LISTS[] = {"months", "towns"};
    const json_t *losing = json_object_get(result, "losing"),
                 *reached = json_object_get(result, "reached");
    assert_false(is_small(json_integer_value(losing)) || is_small(json_integer_value(reached)));
    assert_false(json_is_integer(losing) &&
                 is_small(json_integer_value(reached) - json_integer_value(losing)));
    for (size_t list = 0; list < sizeof LISTS / sizeof *LISTS; list++) {
        size_t withheld;
        int64_t said = said_of(json_object_get(result, LISTS[list]), "people", &withheld);
        if (json_is_integer(losing) && withheld)
            assert_true(withheld > 1 && json_integer_value(losing) - said >= SMALL_FIGURE);
        else
            assert_int_equal(said, json_integer_value(losing));
    }
}

/* A few months of two routes with few people each, or with many, and the same as towns. */
static json_t *few_losing(uint64_t *seed)
{
    json_t *months = json_array(), *towns = json_array();
    json_int_t losing = 0, of_r = 0, below = crowd_chance(seed, 3) ? 12 : 400;
    for (json_int_t i = crowd_chance(seed, 5); i >= 0; i--) {
        json_int_t people = crowd_chance(seed, below), r = crowd_chance(seed, people + 1);
        losing += people;
        of_r += r;
        json_t *row =
            json_pack("{s:I, s:{s:I, s:I}}", "people", people, "routes", "r", r, "s", people - r);
        json_array_append_new(towns, json_deep_copy(row));
        json_array_append_new(months, row);
    }
    return json_pack("{s:I, s:I, s:I, s:{s:I, s:I}, s:o, s:o}", "reached",
                     losing + crowd_chance(seed, below), "losing", losing, "by_end",
                     (json_int_t)(crowd_chance(seed, 2) ? crowd_chance(seed, losing + 1) : 0),
                     "routes", "r", of_r, "s", losing - of_r, "months", months, "towns", towns);
}

static void few_people_of_a_window_keep_each_other_company(void **state)
{
    enum { WINDOWS = 500 };
    (void)state;
    uint64_t seed = crowd_seed();
    size_t suppressed = 0;
    for (size_t i = 0; i < WINDOWS; i++) {
        json_t *result = few_losing(&seed);
        suppress_window(result);
        suppressed += json_object_get(result, "suppressed") != NULL;
        assert_tells_nothing_small(result);
        json_decref(result);
    }
    assert_in_range(suppressed, 1, WINDOWS - 1);
}

static void no_small_figure_of_a_window_is_said_or_can_be_computed(void **state)
{
    TestHome *home = *state;
    static const char *const WHERES[] = {"skill_level <= 2", "skill_level = 1 and sex = 女",
                                         "town = 长安镇", "town = 长安镇 and sex = 女"};
    for (size_t i = 0; i < sizeof WHERES / sizeof *WHERES; i++) {
        json_t *result = window_of(home, "dongguan-2012-140", "400", WHERES[i]);
        suppress_window(result);
        assert_tells_nothing_small(result);
        const char *shown = verb_shown(&POLICY_FORECAST, &home->context, result);
        if (json_object_get(result, "suppressed"))
            assert_contains(shown, "…: under 5 people, or withheld");
        json_decref(result);
    }
}

static void a_window_beyond_the_calendar_is_refused(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    Context context = home->context;
    context.as_of = DATE_MAX - 10;
    assert_int_equal(VERB_RUN(&context, &result, &err, "policy", "forecast", "--window", "30",
                              "--policy", "dongguan-2012-140"),
                     ERR_USAGE);
    assert_string_equal(err.text, "there are no 30 days after that day");
    test_sql(home, "RENAME TABLE base_state TO base_state_away");
    ErrCode code = VERB_RUN(&home->context, &result, &err, "policy", "forecast", "--window", "30",
                            "--policy", "dongguan-2012-140");
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_int_equal(code, ERR_DB);
    assert_null(result);
}

/* Before and after the days of the window a policy's end stops nobody in it. */
static void an_end_outside_the_window_stops_nobody(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const char *file = arena_printf(arena, "%s/ending.json", home->dir);
    Context context = home->context;
    context.as_of = date_of(2013, 1, 5); /* it ended on 15 December */
    Err err = {0};
    json_t *result = NULL;
    assert_ok(
        VERB_RUN(&context, &result, &err, "policy", "forecast", "--window", "30", "--policy", file),
        &err);
    assert_int_equal(json_number(result, "by_end"), 0);
    json_decref(result);
}

static void a_withheld_window_is_shown_and_drawn(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "forecast", "--window", "100",
                       "--policy", "dongguan-2012-140", "--suppress", "--where",
                       "town in (长安镇, 虎门镇) and sex = 女"),
              &err);
    const char *shown = verb_shown(&POLICY_FORECAST, &home->context, result);
    assert_contains(shown, "Rounded to the nearest 5");
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_losing_are_those_whom_the_judge_gives_a_last_day),
        cmocka_unit_test(the_end_of_a_policy_is_told_apart),
        cmocka_unit_test(few_people_of_a_window_keep_each_other_company),
        cmocka_unit_test(no_small_figure_of_a_window_is_said_or_can_be_computed),
        cmocka_unit_test(a_window_beyond_the_calendar_is_refused),
        cmocka_unit_test(an_end_outside_the_window_stops_nobody),
        cmocka_unit_test(a_withheld_window_is_shown_and_drawn),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
