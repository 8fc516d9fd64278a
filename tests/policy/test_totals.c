/* Each number that a size prints ties out with the others, on random people and policies. */
#include "policy/plane_sizing.h"

#include "policy/contrast.h"
#include "policy/parse.h"

#include "random_policy.h"

enum { PEOPLE = 2000, POLICIES = 10, TRUTHS = 3 };

static const char *const VERDICTS[VERDICT_COUNT] = {"eligible", "likely", "possible", "later",
                                                    "ineligible"};

static int64_t at(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    assert_true(json_is_integer(number));
    return json_integer_value(number);
}

static int64_t sum(const json_t *object)
{
    const char *key;
    json_t *value;
    int64_t all = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) all += json_integer_value(value);
    return all;
}

static void assert_groups(const json_t *size)
{
    size_t index;
    const json_t *group, *verdicts = json_object_get(size, "verdicts");
    int64_t all[VERDICT_COUNT] = {0}, unknown = 0;
    json_array_foreach(json_object_get(size, "groups"), index, group)
    {
        const json_t *own = json_object_get(group, "verdicts");
        assert_int_equal(sum(own), at(group, "people"));
        unknown += at(group, "where_unknown");
        for (int i = 0; i < VERDICT_COUNT; i++)
            all[i] += at(own, VERDICTS[i]);
    }
    for (int i = 0; i < VERDICT_COUNT; i++)
        assert_int_equal(all[i], at(verdicts, VERDICTS[i]));
    assert_int_equal(unknown, at(json_object_get(size, "where"), "unknown"));
}

/* Verdicts, routes, clauses and --where: all of the same people. */
static void assert_size(const json_t *size, const Policy *policy)
{
    const json_t *verdicts = json_object_get(size, "verdicts"),
                 *clauses = json_object_get(size, "clauses"),
                 *where = json_object_get(size, "where");
    const int64_t counted = sum(verdicts);
    assert_int_equal(at(size, "people"), PEOPLE);
    assert_int_equal(sum(where), PEOPLE);
    assert_int_equal(at(where, "true"), counted);
    assert_int_equal(sum(json_object_get(size, "routes")),
                     at(verdicts, "eligible") + at(verdicts, "likely"));
    const char *clause;
    json_t *truths;
    json_object_foreach((json_t *)(uintptr_t)clauses, clause, truths)
    {
        assert_int_equal(json_object_size(truths), TRUTHS);
        assert_int_equal(sum(truths), counted);
    }
    for (size_t i = 0; i < policy->route_count; i++) { /* a first route is a route */
        const json_t *of = json_object_get(clauses, policy->routes[i].clause);
        assert_true(at(json_object_get(size, "routes"), policy->routes[i].id) <= at(of, "true"));
    }
    const char *fact;
    json_t *waiting;
    json_object_foreach(json_object_get((json_t *)(uintptr_t)size, "missing"), fact, waiting)
        assert_true(json_integer_value(waiting) <= at(verdicts, "possible"));
    assert_groups(size);
}

/* after = before + difference, in the whole and in each group. */
static void assert_contrast(const json_t *after)
{
    static const char *const KEYS[] = {"verdicts", "routes"};
    const json_t *before = json_object_get(after, "before"),
                 *difference = json_object_get(after, "difference"), *group;
    size_t index;
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const char *key;
        json_t *value;
        json_object_foreach(json_object_get((json_t *)(uintptr_t)after, KEYS[i]), key, value)
            assert_int_equal(json_integer_value(value),
                             at(json_object_get(before, KEYS[i]), key) +
                                 at(json_object_get(difference, KEYS[i]), key));
    }
    assert_int_equal(sum(json_object_get(difference, "verdicts")), 0);
    int64_t moved[VERDICT_COUNT] = {0};
    json_array_foreach(json_object_get(difference, "groups"), index, group)
    {
        for (int i = 0; i < VERDICT_COUNT; i++)
            moved[i] += at(json_object_get(group, "verdicts"), VERDICTS[i]);
    }
    for (int i = 0; i < VERDICT_COUNT; i++)
        assert_int_equal(moved[i], at(json_object_get(difference, "verdicts"), VERDICTS[i]));
}

static const Policy *random_read(Arena *arena, uint64_t *seed)
{
    Err err = {0};
    AUTO_BUFFER json = BUFFER(1 << 20);
    const Policy *policy = NULL;
    random_policy(&json, seed);
    const PolicyFile file = {.name = "random",
                             .bytes = arena_strdup(arena, buffer_string(&json)),
                             .length = json.length};
    assert_ok(policy_read(arena, file, NULL, 0, &policy, &err), &err);
    return policy;
}

/* By planes or in the base; two questions at once, whose difference is told. */
static void assert_both(TestHome *home, const char *planes, const Sizing *sizings)
{
    Err err = {0};
    json_t *sizes[2] = {NULL};
    const Sizings all = {.arena = home->context.arena, .items = sizings, .count = 2};
    assert_ok(plane_sizings(home->context.db, planes, &all, sizes, &err), &err);
    for (int i = 0; i < 2; i++)
        assert_size(sizes[i], sizings[i].policy);
    contrast_add(sizes[0], sizes[1]);
    assert_contrast(sizes[0]);
    json_decref(sizes[0]);
    json_decref(sizes[1]);
}

static void every_total_ties_out_with_the_others(void **state)
{
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    for (int i = 0; i < POLICIES; i++) {
        AUTO_ARENA arena = arena_new(0);
        Err err = {0};
        const Where *where = NULL;
        Crowd crowd = {.seed = seed, .count = PEOPLE};
        crowd.as_of = date_of(2012, 1, 1) + (Date)crowd_chance(&seed, 730);
        crowd_make(arena, &crowd);
        crowd_store(home, &crowd);
        assert_ok(where_parse(arena, "skill_level <= 3 or owns_home = yes", &where, &err), &err);
        Sizing sizings[2] = {
            {.policy = random_read(arena, &seed), .as_of = crowd.as_of, .where = where}};
        assert_ok(
            groupings_parse(arena, i % 2 ? "employer_town,skill_level" : "age", &sizings[0], &err),
            &err);
        sizings[1] = sizings[0];
        if (sizings[0].policy->parameter_count) { /* the same with parameters moved */
            static const char *const MOVED[] = {"age=30", "months=3", "year=no"};
            assert_ok(policy_set(arena, sizings[0].policy, MOVED, 3, &sizings[0].policy, &err),
                      &err);
        }
        assert_both(home, home->dir, sizings);
        assert_both(home, NULL, sizings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_total_ties_out_with_the_others)};
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
