/* Each number that a verb prints ties out with its others, and with those of the other verbs, on
 * random people and policies. */
#include "policy/plane_sizing.h"

#include "base/json.h"
#include "policy/contrast.h"
#include "policy/parse.h"
#include "policy/rounding.h"

#include "random_policy.h"
#include "verb.h"

enum { PEOPLE = 2000, POLICIES = 10, FILES = 6, TRUTHS = 3 };

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

/* Answers of the verbs about one policy, --where and day. */
typedef struct Asked {
    TestHome *home;
    Context context;
    const char *policy, *where;
} Asked;

static json_t *answer(const Asked *asked, const char *const *words)
{
    const char *all[24] = {"policy"};
    size_t count = 1;
    Err err = {0};
    json_t *result = NULL;
    Context context = asked->context;
    for (; words[count - 1]; count++)
        all[count] = words[count - 1];
    all[count++] = "--where";
    all[count++] = asked->where;
    assert_ok(verb_run(&context, all, &result, &err), &err);
    return result;
}
#define ANSWER(asked, ...) answer((asked), (const char *const[]){__VA_ARGS__, NULL})

static const json_t *of(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

static int64_t reached_of(const json_t *verdicts)
{
    return at(verdicts, "eligible") + at(verdicts, "likely");
}

/* Verdicts that stand in the row itself. */
static int64_t verdicts_of_row(const json_t *row)
{
    int64_t all = 0;
    for (int i = 0; i < VERDICT_COUNT; i++)
        all += at(row, VERDICTS[i]);
    return all;
}

/* missing and questions: of one kind of people, settled step by step until nobody is left. */
static void assert_questions(const json_t *size)
{
    const json_t *line, *verdicts = of(size, "verdicts");
    int64_t left = -1;
    size_t index;
    JSON_ITEMS (of(size, "questions"), index, line) {
        const char *fact = json_string_value(of(line, "fact"));
        assert_int_equal(at(line, "waiting"), at(of(size, "missing"), fact));
        assert_true(at(line, "alone") <= at(line, "waiting"));
        assert_true(at(line, "waiting") <= at(verdicts, "possible"));
        if (left >= 0)
            assert_int_equal(at(line, "settled") + at(line, "undecided"), left);
        left = at(line, "undecided");
    }
    assert_true(left <= 0);
}

/* A course: every row counts the people of the size; the first is the size itself. */
static void assert_course(const json_t *rows, const json_t *size, bool begins_with_size)
{
    const json_t *row, *before = NULL;
    size_t index;
    JSON_ITEMS (rows, index, row) {
        assert_int_equal(verdicts_of_row(row), sum(of(size, "verdicts")));
        assert_int_equal(at(row, "reached"), reached_of(row));
        assert_int_equal(sum(of(row, "routes")), at(row, "reached"));
        assert_int_equal(at(row, "change"),
                         before ? at(row, "reached") - at(before, "reached") : 0);
        if (of(row, "change_closed"))
            assert_int_equal(at(row, "change_closed"),
                             before ? at(row, "ineligible") - at(before, "ineligible") : 0);
        before = row;
    }
    row = json_array_get(rows, 0);
    for (int i = 0; i < VERDICT_COUNT && begins_with_size; i++)
        assert_int_equal(at(row, VERDICTS[i]), at(of(size, "verdicts"), VERDICTS[i]));
    assert_true(!begins_with_size || json_equal(of(row, "routes"), of(size, "routes")));
}

static void assert_window(const json_t *window, const json_t *size)
{
    static const char *const LISTS[] = {"months", "towns"};
    assert_int_equal(at(window, "reached"), reached_of(of(size, "verdicts")));
    assert_true(at(window, "losing") <= at(window, "reached"));
    assert_true(at(window, "by_end") <= at(window, "losing"));
    assert_int_equal(sum(of(window, "routes")), at(window, "losing"));
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        const json_t *row;
        int64_t people = 0;
        size_t index;
        JSON_ITEMS (of(window, LISTS[i]), index, row) {
            assert_int_equal(sum(of(row, "routes")), at(row, "people"));
            people += at(row, "people");
        }
        assert_int_equal(people, at(window, "losing"));
    }
}

static void assert_moved(const json_t *moved)
{
    assert_int_equal(sum(of(moved, "routes")), at(moved, "people"));
    assert_int_equal(sum(of(moved, "clauses")) + at(moved, "no_route"), at(moved, "people"));
}

/* Against a size of A: cross adds up to both sides, and what is gained and lost to what they reach. */
static void assert_comparison(const json_t *comparison, const json_t *size)
{
    const json_t *a = of(comparison, "a"), *b = of(comparison, "b"),
                 *cross = of(comparison, "cross");
    int64_t gained = 0, lost = 0;
    assert_int_equal(at(comparison, "people"), sum(of(size, "verdicts")));
    assert_true(json_equal(of(a, "verdicts"), of(size, "verdicts")));
    assert_true(json_equal(of(a, "routes"), of(size, "routes")));
    assert_int_equal(sum(of(b, "routes")), at(b, "reached"));
    for (int i = 0; i < VERDICT_COUNT; i++) {
        int64_t column = 0;
        assert_int_equal(sum(of(cross, VERDICTS[i])), at(of(a, "verdicts"), VERDICTS[i]));
        for (int k = 0; k < VERDICT_COUNT; k++) {
            int64_t people = at(of(cross, VERDICTS[k]), VERDICTS[i]);
            column += people;
            gained += k > 1 && i < 2 ? people : 0;
            lost += k < 2 && i > 1 ? people : 0;
        }
        assert_int_equal(column, at(of(b, "verdicts"), VERDICTS[i]));
    }
    assert_int_equal(gained, at(of(comparison, "gained"), "people"));
    assert_int_equal(lost, at(of(comparison, "lost"), "people"));
    assert_int_equal(at(b, "reached") - at(a, "reached"), gained - lost);
    assert_moved(of(comparison, "gained"));
    assert_moved(of(comparison, "lost"));
}

/* What is given away is the same, rounded; a difference is one of the figures beside it. */
static void assert_given_away(const json_t *said, const json_t *exact)
{
    const char *key;
    const json_t *value;
    JSON_MEMBERS (of(said, "verdicts"), key, value)
        assert_true(json_kind(value) == JSON_NULL ||
                    json_integer_value(value) == rounded(at(of(exact, "verdicts"), key)));
    JSON_MEMBERS (of(said, "routes"), key, value)
        assert_true(json_kind(value) == JSON_NULL ||
                    json_integer_value(value) == rounded(at(of(exact, "routes"), key)));
}

/* The random policy as a file of its own. */
static const char *policy_file(TestHome *home, uint64_t *seed)
{
    AUTO_BUFFER json = BUFFER(1 << 20);
    const char *path = arena_printf(home->context.arena, "%s/random.json", home->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    random_policy(&json, seed);
    fputs(buffer_string(&json), file);
    fclose(file);
    return path;
}

static void assert_verbs(const Asked *asked, bool dated)
{
    const char *file = asked->policy;
    json_t *size = ANSWER(asked, "size", "--policy", file, "--questions", "--by", "sex"),
           *said = ANSWER(asked, "size", "--policy", file, "--suppress"),
           *forecast = ANSWER(asked, "forecast", "--policy", file, "--months", "7"),
           *window = ANSWER(asked, "forecast", "--policy", file, "--window", "200"),
           *same = ANSWER(asked, "compare", file, file),
           *other = ANSWER(asked, "compare", file, "dongguan-2012-140");
    int64_t people = sum(of(size, "verdicts"));
    assert_int_equal(at(of(size, "where"), "true"), people);
    assert_int_equal(sum(of(size, "where")), PEOPLE);
    assert_groups(size);
    assert_questions(size);
    assert_given_away(said, size);
    assert_course(forecast, size, true);
    assert_window(window, size);
    assert_comparison(same, size);
    assert_int_equal(at(of(same, "gained"), "people") + at(of(same, "lost"), "people"), 0);
    assert_comparison(other, size);
    if (dated) {
        json_t *frontier = ANSWER(asked, "frontier", "age", "20", "80", "15", "--policy", file);
        assert_course(frontier, size, false);
        json_decref(frontier);
    }
    json_t *all[] = {size, said, forecast, window, same, other};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_decref(all[i]);
}

static void every_verb_ties_out_with_the_others(void **state)
{
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    static const char *const WHERES[] = {"known(sex) or not known(sex)", "sex = 男",
                                         "skill_level <= 3 or owns_home = yes"};
    for (size_t i = 0; i < FILES; i++) {
        AUTO_ARENA arena = arena_new(0);
        Err err = {0};
        const Policy *policy = NULL;
        Crowd crowd = {.seed = seed, .as_of = crowd_hard_day(&seed), .count = PEOPLE};
        Asked asked = {.home = home, .context = home->context, .where = WHERES[i % 3]};
        asked.context.as_of = crowd.as_of;
        asked.policy = policy_file(home, &seed);
        assert_ok(policy_load(arena, asked.policy, &policy, &err), &err);
        crowd_make(arena, &crowd);
        crowd_store(home, &crowd);
        assert_verbs(&asked, policy->parameter_count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_total_ties_out_with_the_others),
        cmocka_unit_test(every_verb_ties_out_with_the_others),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
