/* The law of the room on planes: whom the judge gives a verdict and a first route, one by one, has
 * the same on the planes, and in their counts. Nothing of it is asked of a base, so that it can be
 * tried on many: ten times as long it is a million people by two hundred policies. */
#include "policy/plane_count.h"

#include "policy/parse.h"
#include "policy/plane_term.h"

#include "random_policy.h"

enum { PEOPLE = 100000, POLICIES = 20, LONGEST = 10 };

/* A random policy that planes can answer: none of its facts is a text. */
static char *random_text(uint64_t *seed)
{
    for (;;) {
        AUTO_BUFFER json = BUFFER(1 << 20);
        random_policy(&json, seed);
        if (!strstr(buffer_string(&json), "\"occupation\""))
            return strdup(buffer_string(&json));
    }
}

static const Policy *policy_of(Arena *arena, const char *json)
{
    Err err = {0};
    const Policy *policy = NULL;
    const PolicyFile file = {.name = "random", .bytes = json, .length = strlen(json)};
    assert_ok(policy_read(arena, file, NULL, 0, &policy, &err), &err);
    return policy;
}

static PlaneRow row_of(const PlaneLayout *layout, const Facts *facts, int64_t person)
{
    PlaneRow row = {.person = person};
    for (size_t i = 0; i < layout->count; i++) {
        const PlaneColumn *column = &layout->columns[i];
        const FactValue on = {.known = facts->pension_on != DATE_NONE, .number = facts->pension_on};
        const FactValue value = column->fact == FACT_PENSION_ON ? on : facts->values[column->fact];
        if (value.known)
            assert_true(plane_code(column, value.number, &row.codes[i]));
    }
    return row;
}

/* Person i of the crowd has slot i. */
static PlaneSet *set_of(Arena *arena, const Crowd *crowd)
{
    PlaneLayout layout;
    PlaneExtent extent = {.high = {0}};
    PlaneRow *rows = calloc(crowd->count, sizeof *rows);
    layout_widest(arena, &layout);
    memset(extent.low, 0xFF, sizeof extent.low);
    PlaneSet *set = plane_set_new(&layout);
    for (size_t i = 0; i < crowd->count; i++) {
        rows[i] = row_of(&layout, &crowd->people[i], (int64_t)i + 1);
        for (size_t k = 0; k < layout.count; k++) {
            uint32_t code = rows[i].codes[k];
            extent.low[k] = code && code < extent.low[k] ? code : extent.low[k];
            extent.high[k] = code > extent.high[k] ? code : extent.high[k];
        }
    }
    plane_set_put(set, rows, crowd->count);
    free(rows);
    return plane_set_narrow(set, &extent);
}

static bool bit_of(const Bits *bits, size_t i)
{
    return bits->words[i / 64] >> i % 64 & 1;
}

/* What the planes say of one person of the chunk. */
static Verdict verdict_of(const TermValues *values, size_t i)
{
    int found = 0;
    for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++) {
        if (!bit_of(&values->verdicts[verdict], i))
            continue;
        assert_int_equal(found, 0); /* one verdict and no other */
        found = verdict;
    }
    return (Verdict)found;
}

static int route_of(const TermValues *values, const Policy *policy, size_t i)
{
    size_t route = 0;
    while (route < policy->route_count && !bit_of(&values->routes[route], i))
        route++;
    return route < policy->route_count ? (int)route : -1;
}

typedef struct Counts {
    int64_t verdicts[VERDICT_COUNT + 1], routes[ROUTES_AT_MOST];
} Counts;

static void assert_person(const Policy *policy, const Crowd *crowd, size_t person,
                          const TermValues *values, Counts *counts)
{
    Judgement judged;
    char day[11];
    policy_judge(policy, &crowd->people[person], crowd->as_of, &judged);
    Verdict verdict = verdict_of(values, person % BITS_PEOPLE);
    int route = route_of(values, policy, person % BITS_PEOPLE);
    if (verdict != judged.verdict || route != judged.route)
        fail_msg("person %zu as of %s: judge %s route %d, planes %s route %d\n%s", person,
                 date_format(crowd->as_of, day), verdict_name(judged.verdict), judged.route,
                 verdict_name(verdict), route, policy->file.bytes);
    counts->verdicts[verdict]++;
    if (verdict <= VERDICT_LIKELY)
        counts->routes[route]++;
}

/* Everyone, one by one. */
static void assert_people(Arena *arena, const Policy *policy, const Crowd *crowd, PlaneSet *set,
                          Counts *counts)
{
    Err err = {0};
    const Where *where = NULL;
    PlaneProgram *program = plane_program_new(arena, &set->layout);
    const WhereTerms *terms = policy_terms(arena, policy, crowd->as_of);
    assert_ok(where_parse_with(arena, "verdict = eligible", terms, &where, &err), &err);
    const PlaneNode node = plane_where(program, where);
    Scan *scan = scan_new(arena, program);
    for (size_t first = 0; first < crowd->count; first += BITS_PEOPLE) {
        Truth truth;
        scan_at(scan, set, first / BLOCK_PEOPLE, first % BLOCK_PEOPLE / BITS_PEOPLE);
        scan_node(scan, &node, &truth);
        for (size_t i = first; i < crowd->count && i < first + BITS_PEOPLE; i++)
            assert_person(policy, crowd, i, scan->terms, counts);
    }
}

static int64_t number_of(const json_t *size, const char *part, const char *key)
{
    const json_t *number = json_object_get(json_object_get(size, part), key);
    assert_true(json_is_integer(number));
    return json_integer_value(number);
}

/* And what the planes count. */
static void assert_counts(Arena *arena, const Policy *policy, const Crowd *crowd, PlaneSet *set,
                          const Counts *counts)
{
    const Sizing sizing = {.policy = policy, .as_of = crowd->as_of};
    Planes planes = {.sets = {set, NULL}};
    json_t *size = NULL;
    plane_count(&planes, arena, &sizing, &size);
    assert_non_null(size);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        assert_int_equal(number_of(size, "verdicts", verdict_name((Verdict)i)),
                         counts->verdicts[i]);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(number_of(size, "routes", policy->routes[i].id), counts->routes[i]);
    json_decref(size);
}

/* Every crowd, on a day that is hard on rules, by every policy: 100,000 people by 20 policies, or
 * up to ten times as many of both. */
static void judge_and_planes_agree_on_everyone(void **state)
{
    (void)state;
    uint64_t seed = crowd_seed();
    size_t times = test_rounds(1) < LONGEST ? test_rounds(1) : LONGEST;
    Counts all = {.verdicts = {0}};
    char *policies[POLICIES * LONGEST];
    for (size_t i = 0; i < POLICIES * times; i++)
        policies[i] = random_text(&seed);
    for (size_t round = 0; round < times; round++) {
        AUTO_ARENA people = arena_new(0);
        Crowd crowd = {.seed = seed + round, .as_of = crowd_hard_day(&seed), .count = PEOPLE};
        crowd_make(people, &crowd);
        PlaneSet *set = set_of(people, &crowd);
        for (size_t i = 0; i < POLICIES * times; i++) {
            AUTO_ARENA arena = arena_new(0);
            Counts counts = {.verdicts = {0}};
            const Policy *policy = policy_of(arena, policies[i]);
            assert_people(arena, policy_at(policy, crowd.as_of), &crowd, set, &counts);
            assert_counts(arena, policy, &crowd, set, &counts);
            for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++)
                all.verdicts[verdict] += counts.verdicts[verdict];
        }
        plane_set_free(set);
    }
    for (size_t i = 0; i < POLICIES * times; i++)
        free(policies[i]);
    for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++) {
        print_message("%s: %lld\n", verdict_name((Verdict)verdict),
                      (long long)all.verdicts[verdict]);
        assert_true(all.verdicts[verdict] > 100); /* people of every kind */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(judge_and_planes_agree_on_everyone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
