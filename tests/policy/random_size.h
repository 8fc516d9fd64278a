/* tests/policy/random_size.h: results of `policy size` that nobody's base gave: random verdicts in
 * random groups, small ones often, before and after a change or without one; every sum ties out.
 * Owns:   results are the caller's.
 * Source: the caller's seed. */
#ifndef TESTS_POLICY_RANDOM_SIZE_H
#define TESTS_POLICY_RANDOM_SIZE_H

#include "crowd.h"

#include "policy/policy.h"

enum { GROUPS = 6, ROUTES = 3, CLAUSES = 3 };

static const char *const ROUTE_KEYS[] = {"technician", "senior_worker", "graduate"};
static const char *const TRUTHS[] = {"true", "false", "unknown"};

static inline json_t *child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

static inline json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(child(object, key));
}

static inline void set_number(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

/* Nobody often, a few more often, now and then many. */
static inline int64_t some_people(uint64_t *seed)
{
    switch (crowd_chance(seed, 6)) {
    case 0:
    case 1:
        return 0;
    case 2:
    case 3:
        return crowd_chance(seed, 8);
    case 4:
        return crowd_chance(seed, 30);
    default:
        return crowd_chance(seed, 400);
    }
}

static inline const char *verdict_key(size_t verdict)
{
    return verdict_name((Verdict)(verdict + 1));
}

/* `people` in random parts. */
static inline void split(uint64_t *seed, int64_t people, const char *const *keys, size_t count,
                         json_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        int64_t part = i + 1 == count ? people : crowd_chance(seed, people + 1);
        part = i + 1 < count && crowd_chance(seed, 3) == 0 && part > 4 ? 3 : part;
        set_number(ret, keys[i], part);
        people -= part;
    }
}

/* Verdicts of a group before and after: some move from one to another. */
static inline void make_group(uint64_t *seed, bool moved, int64_t sums[2][VERDICT_COUNT],
                              json_t *after, json_t *before)
{
    int64_t people[VERDICT_COUNT], all = 0;
    json_t *verdicts[2] = {json_object(), json_object()};
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        people[i] = some_people(seed);
        all += people[i];
        set_number(verdicts[1], verdict_key(i), people[i]);
        sums[1][i] += people[i];
    }
    for (int i = 0; moved && i < 2; i++) {
        size_t from = (size_t)crowd_chance(seed, VERDICT_COUNT);
        size_t to = (size_t)crowd_chance(seed, VERDICT_COUNT);
        int64_t some = crowd_chance(seed, people[from] + 1);
        people[from] -= some;
        people[to] += some;
    }
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        set_number(verdicts[0], verdict_key(i), people[i]);
        sums[0][i] += people[i];
    }
    set_number(after, "people", all);
    set_number(before, "people", all);
    json_object_set_new(after, "verdicts", verdicts[0]);
    json_object_set_new(before, "verdicts", verdicts[1]);
}

static inline json_t *totals(uint64_t *seed, const int64_t sums[VERDICT_COUNT], json_t *into)
{
    json_t *verdicts = json_object(), *routes = json_object();
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        set_number(verdicts, verdict_key(i), sums[i]);
    split(seed, sums[0] + sums[1], ROUTE_KEYS, ROUTES, routes);
    json_object_set_new(into, "verdicts", verdicts);
    json_object_set_new(into, "routes", routes);
    return into;
}

static inline json_t *subtracted(const json_t *after, const json_t *before)
{
    const char *key;
    json_t *value, *difference = json_object();
    json_object_foreach((json_t *)(uintptr_t)after, key, value)
        set_number(difference, key, json_integer_value(value) - number_of(before, key));
    return difference;
}

static inline void add_difference(json_t *result, const json_t *before)
{
    json_t *difference = json_object(), *groups = json_array(), *group;
    size_t index;
    json_object_set_new(difference, "verdicts",
                        subtracted(child(result, "verdicts"), child(before, "verdicts")));
    json_object_set_new(difference, "routes",
                        subtracted(child(result, "routes"), child(before, "routes")));
    json_array_foreach(child(result, "groups"), index, group)
    {
        const json_t *was = json_array_get(child(before, "groups"), index);
        json_t *line = json_object();
        json_object_set_new(line, "verdicts",
                            subtracted(child(group, "verdicts"), child(was, "verdicts")));
        json_array_append_new(groups, line);
    }
    json_object_set_new(difference, "groups", groups);
    json_object_set_new(result, "difference", difference);
}

static inline void add_rest(uint64_t *seed, json_t *result, int64_t counted)
{
    static const char *const NAMES[] = {"A", "B", "C"};
    json_t *where = json_object(), *clauses = json_object(), *missing = json_object();
    int64_t out = crowd_chance(seed, 2) ? some_people(seed) : 0;
    int64_t unknown = crowd_chance(seed, 2) ? some_people(seed) : 0;
    set_number(where, "true", counted);
    set_number(where, "false", out);
    set_number(where, "unknown", unknown);
    for (size_t i = 0; i < CLAUSES; i++) {
        json_t *truths = json_object();
        split(seed, counted, TRUTHS, 3, truths);
        json_object_set_new(clauses, NAMES[i], truths);
    }
    set_number(missing, "skill_level",
               crowd_chance(seed, number_of(child(result, "verdicts"), "possible") + 1));
    set_number(result, "people", counted + out + unknown);
    size_t rows = json_array_size(child(result, "groups"));
    for (int64_t row = 0, left = unknown; row < (int64_t)rows; row++) {
        int64_t part = row + 1 == (int64_t)rows ? left : crowd_chance(seed, left + 1);
        set_number(json_array_get(child(result, "groups"), (size_t)row), "where_unknown", part);
        left -= part;
    }
    json_int_t possible = number_of(child(result, "verdicts"), "possible");
    json_object_set_new(result, "questions",
                        json_pack("[{s:s, s:I, s:I, s:I, s:I}]", "fact", "skill_level", "waiting",
                                  (json_int_t)crowd_chance(seed, possible + 1), "alone",
                                  (json_int_t)crowd_chance(seed, possible + 1), "settled",
                                  (json_int_t)crowd_chance(seed, possible + 1), "undecided",
                                  (json_int_t)crowd_chance(seed, possible + 1)));
    json_object_set_new(result, "where", where);
    json_object_set_new(result, "clauses", clauses);
    json_object_set_new(result, "missing", missing);
    json_object_set_new(result, "review", json_object());
}

static inline json_t *random_size(uint64_t *seed)
{
    int64_t sums[2][VERDICT_COUNT] = {{0}}, counted = 0;
    bool moved = crowd_chance(seed, 2);
    size_t rows = (size_t)crowd_chance(seed, GROUPS + 1);
    json_t *result = json_object(), *before = json_object();
    json_t *groups[2] = {json_array(), json_array()};
    for (size_t row = 0; row < (rows ? rows : 1); row++) {
        json_t *after = json_object(), *was = json_object();
        make_group(seed, moved, sums, after, was);
        json_array_append_new(groups[0], after);
        json_array_append_new(groups[1], was);
    }
    if (!rows) {
        json_array_clear(groups[0]);
        json_array_clear(groups[1]);
    }
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        counted += sums[0][i];
    json_object_set_new(totals(seed, sums[0], result), "groups", groups[0]);
    json_object_set_new(totals(seed, sums[1], before), "groups", groups[1]);
    add_rest(seed, result, counted);
    if (moved) {
        add_difference(result, before);
        json_object_set(result, "before", before);
    }
    json_decref(before);
    return result;
}

#endif
