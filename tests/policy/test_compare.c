/* A comparison is what judging everyone by both policies says. */
#include "verb.h"

#include "policy/comparison.h"
#include "policy/outlook.h"
#include "policy/parse.h"

#include "judged.h"
#include "random_policy.h"

enum { PEOPLE = 8000 };

static Crowd crowd;
static const Policy *shipped;
static const char *other_file;
static const Policy *other;

/* Another policy: the shipped one under another name, without its first route, for people up to 60.
 */
static void write_other(const TestHome *home)
{
    Err err = {0};
    Arena *arena = home->context.arena;
    json_error_t where;
    json_t *root = json_loadb(shipped->file.bytes, shipped->file.length, 0, &where);
    assert_non_null(root);
    json_object_set_new(root, "id", json_string("later-rule"));
    json_array_remove(json_object_get(root, "routes"), 0);
    json_t *age = json_object_get(json_object_get(root, "parameters"), "age_max");
    json_object_set_new(age, "value", json_integer(60));
    other_file = arena_printf(arena, "%s/later-rule.json", home->dir);
    assert_int_equal(json_dump_file(root, other_file, 0), 0);
    json_decref(root);
    assert_ok(policy_load(arena, other_file, &other, &err), &err);
    assert_int_equal(other->route_count, shipped->route_count - 1);
}

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Err err = {0};
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    assert_ok(policy_load(home->context.arena, NULL, &shipped, &err), &err);
    write_other(home);
    return 0;
}

typedef struct Expected {
    int64_t people, cross[VERDICT_COUNT + 1][VERDICT_COUNT + 1];
    int64_t gained[ROUTES_AT_MOST], lost[ROUTES_AT_MOST], gained_all, lost_all;
    int64_t gained_stops[CONDITIONS_AT_MOST + 1], lost_stops[CONDITIONS_AT_MOST + 1];
} Expected;

/* The first condition, in the order of the policy, by which a tree is not at least (or at most) so
 * true; -1 = none. A group that any item could make so is kept from it by its first. */
static int first_keeper(const Rule *rule, const Standings *standings, Kleene least, bool most)
{
    Kleene truth = rule_truth(rule, standings);
    if (most ? truth <= least : truth >= least)
        return -1;
    if (!rule_is_group(rule))
        return (int)rule->place;
    if (rule->op == RULE_NOT)
        return first_keeper(rule->items, standings, kleene_not(least), !most);
    for (size_t i = 0; i < rule->item_count; i++) {
        int keeper = first_keeper(&rule->items[i], standings, least, most);
        if (keeper >= 0)
            return keeper;
    }
    return -1;
}

/* Where the person stops whom the other policy reaches by the route of an id. */
static int stop_of(const Policy *policy, const Facts *facts, Date as_of, const char *route)
{
    Standings standings;
    policy = policy_at(policy, as_of);
    standings_read(policy, facts, as_of, &standings);
    int keeper = first_keeper(&policy->gate, &standings, KLEENE_UNKNOWN, false);
    if (keeper >= 0)
        return keeper;
    for (size_t i = 0; i < policy->route_count; i++) {
        if (strcmp(policy->routes[i].id, route) == 0)
            return first_keeper(&policy->routes[i].rule, &standings, KLEENE_TRUE, false);
    }
    return CONDITIONS_AT_MOST;
}

static Expected expect(const Policy *a, const Policy *b, const Where *where)
{
    Expected expected = {0};
    for (size_t i = 0; i < crowd.count; i++) {
        const Facts *facts = &crowd.people[i];
        Judgement in_a, in_b;
        if (where && where_holds(where, facts) != KLEENE_TRUE)
            continue;
        policy_judge(a, facts, crowd.as_of, &in_a);
        policy_judge(b, facts, crowd.as_of, &in_b);
        expected.people++;
        expected.cross[in_a.verdict][in_b.verdict]++;
        bool reached_a = in_a.verdict <= VERDICT_LIKELY, reached_b = in_b.verdict <= VERDICT_LIKELY;
        if (reached_b && !reached_a) {
            expected.gained[in_b.route]++;
            expected.gained_all++;
            expected.gained_stops[stop_of(a, facts, crowd.as_of, b->routes[in_b.route].id)]++;
        }
        if (reached_a && !reached_b) {
            expected.lost[in_a.route]++;
            expected.lost_all++;
            expected.lost_stops[stop_of(b, facts, crowd.as_of, a->routes[in_a.route].id)]++;
        }
    }
    return expected;
}

static void assert_moved(const json_t *moved, const Policy *policy, const int64_t *routes,
                         int64_t all)
{
    assert_int_equal(json_number(moved, "people"), all);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(json_number(json_object_get(moved, "routes"), policy->routes[i].id),
                         routes[i]);
}

/* The clauses add up to the people, and each is what walking the other policy's tree says. */
static void assert_stops(const json_t *moved, const Policy *there, const int64_t *stops)
{
    const json_t *clauses = json_object_get(moved, "clauses");
    int64_t sum = json_number(moved, "no_route");
    there = policy_at(there, crowd.as_of);
    assert_int_equal(sum, stops[CONDITIONS_AT_MOST]);
    for (size_t i = 0; i < there->condition_count; i++) {
        const json_t *count = json_object_get(clauses, there->conditions[i]->clause);
        assert_int_equal(json_integer_value(count), stops[i]);
        sum += json_integer_value(count);
    }
    assert_int_equal(sum, json_number(moved, "people"));
}

static void assert_side(const json_t *side, const Policy *policy, const Where *where)
{
    Judged judged = judge_all(policy, &crowd, crowd.as_of, where);
    json_t *row = json_deep_copy(side);
    json_object_update(row, json_object_get(side, "verdicts"));
    assert_row_is_judged(row, policy, &judged);
    assert_string_equal(json_string_value(json_object_get(side, "policy")), policy->id);
    assert_string_equal(json_string_value(json_object_get(side, "sha256")), policy->sha256);
    json_decref(row);
}

static void assert_comparison(const json_t *result, const Policy *a, const Policy *b,
                              const Where *where)
{
    Expected expected = expect(a, b, where);
    assert_int_equal(json_number(result, "people"), expected.people);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        const json_t *row =
            json_object_get(json_object_get(result, "cross"), verdict_name((Verdict)i));
        for (int k = VERDICT_ELIGIBLE; k <= VERDICT_COUNT; k++)
            assert_int_equal(json_number(row, verdict_name((Verdict)k)), expected.cross[i][k]);
    }
    assert_side(json_object_get(result, "a"), a, where);
    assert_side(json_object_get(result, "b"), b, where);
    assert_moved(json_object_get(result, "gained"), b, expected.gained, expected.gained_all);
    assert_moved(json_object_get(result, "lost"), a, expected.lost, expected.lost_all);
    assert_stops(json_object_get(result, "gained"), a, expected.gained_stops);
    assert_stops(json_object_get(result, "lost"), b, expected.lost_stops);
    assert_int_equal(json_number(json_object_get(result, "a"), "reached") + expected.gained_all -
                         expected.lost_all,
                     json_number(json_object_get(result, "b"), "reached"));
}

static void two_policies_are_compared_as_the_judge_judges(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       other_file),
              &err);
    assert_comparison(result, shipped, other, NULL);
    assert_true(json_number(json_object_get(result, "gained"), "people") > 0);
    assert_true(json_number(json_object_get(result, "lost"), "people") > 0);
    json_decref(result);
}

static void where_and_moved_parameters_of_b_are_compared(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    const Where *where;
    const Policy *moved;
    static const char *const SETTINGS[] = {"age_max=30", "pension_months_min=12"};
    assert_ok(where_parse(home->context.arena, "skill_level <= 3", &where, &err), &err);
    assert_ok(policy_set(home->context.arena, shipped, SETTINGS, 2, &moved, &err), &err);
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       "dongguan-2012-140", "--set", SETTINGS[0], "--set", SETTINGS[1], "--where",
                       "skill_level <= 3"),
              &err);
    assert_comparison(result, shipped, moved, where);
    json_decref(result);
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

static void random_policies_are_compared_as_the_judge_judges(void **state)
{
    enum { PAIRS = 12 };
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    int64_t moved = 0;
    for (int i = 0; i < PAIRS; i++) {
        AUTO_ARENA arena = arena_new(0);
        Err err = {0};
        json_t *result = NULL;
        const Policy *a = random_read(arena, &seed), *b = random_read(arena, &seed);
        const Comparison comparison = {
            .db = home->context.db,
            .arena = arena,
            .policies = {policy_at(a, crowd.as_of), policy_at(b, crowd.as_of)},
            .as_of = crowd.as_of};
        assert_ok(comparison_count(&comparison, &result, &err), &err);
        assert_comparison(result, a, b, NULL);
        moved += json_number(json_object_get(result, "lost"), "people");
        json_decref(result);
    }
    assert_true(moved > 0);
}

static void the_list_names_each_who_gains_or_loses(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "UPDATE person SET name = '欧阳铁柱'");
    test_sql(home, "UPDATE person SET name = NULL WHERE id % 3 = 0;\n"
                   "UPDATE person SET name = '' WHERE id % 3 = 1");
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       other_file, "--where", "skill_level in (2, 3)", "--list"),
              &err);
    const json_t *list = json_object_get(result, "list"), *line;
    size_t index, gained = 0, lost = 0;
    json_array_foreach(list, index, line)
    {
        const Facts *facts = &crowd.people[json_number(line, "person") - 1];
        const char *route = json_string_value(json_object_get(line, "route"));
        bool is_lost = strcmp(json_string_value(json_object_get(line, "change")), "lost") == 0;
        const Policy *there = is_lost ? other : shipped;
        int stop = stop_of(there, facts, crowd.as_of, route);
        const char *clause = json_string_value(json_object_get(line, "clause"));
        if (stop == CONDITIONS_AT_MOST)
            assert_null(clause);
        else
            assert_string_equal(clause, there->conditions[stop]->clause);
        const char *name = json_string_value(json_object_get(line, "name"));
        static const char *const NAMES[] = {NULL, "**", "欧**"};
        const char *wanted = NAMES[json_number(line, "person") % 3];
        assert_true(wanted ? name && strcmp(name, wanted) == 0 : !name);
        gained += !is_lost;
        lost += is_lost;
    }
    assert_true(gained > 0 && lost > 0);
    assert_int_equal(gained, json_number(json_object_get(result, "gained"), "people"));
    assert_int_equal(lost, json_number(json_object_get(result, "lost"), "people"));
    const char *shown = verb_shown(&POLICY_COMPARE, &home->context, result);
    assert_contains(shown, "Who gains and who loses");
    assert_contains(shown, "欧**");
    assert_null(strstr(shown, "铁柱"));
    json_array_remove(json_object_get(result, "list"), 0);
    shown = verb_shown(&POLICY_COMPARE, &home->context, result);
    assert_contains(shown, arena_printf(home->context.arena, "These are the first %zu of %zu\n",
                                        gained + lost - 1, gained + lost));
    json_decref(result);
    test_sql(home, "UPDATE person SET name = NULL");
}

static void a_policy_is_compared_with_itself_as_it_was_later(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL, *same = NULL;
    const Policy *policy = NULL, *late = NULL;
    static const char *const LATE[] = {"age_below_senior_technician=55", "age_below_technician=55",
                                       "age_below_senior_worker=40",
                                       "age_below_intermediate_worker=35", "insured=six_months"};
    assert_ok(policy_load(home->context.arena, "dongguan-2021-talent", &policy, &err), &err);
    assert_ok(policy_set(home->context.arena, policy, LATE, 5, &late, &err), &err);
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", policy->id, policy->id,
                       "--b-rules-of", "2025-09-01"),
              &err);
    const json_t *verdicts = json_object_get(json_object_get(result, "b"), "verdicts");
    Judged judged = judge_all(late, &crowd, crowd.as_of, NULL);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        assert_int_equal(json_number(verdicts, verdict_name((Verdict)i)), judged.verdicts[i]);
    assert_true(json_number(json_object_get(result, "gained"), "people") > 0);
    assert_ok(VERB_RUN(&home->context, &same, &err, "policy", "compare", policy->id, policy->id,
                       "--a-rules-of", "2025-09-01", "--b-rules-of", "2030-01-01"),
              &err);
    assert_int_equal(json_number(json_object_get(same, "gained"), "people"), 0);
    assert_int_equal(json_number(json_object_get(same, "lost"), "people"), 0);
    json_decref(result);
    json_decref(same);
}

static void a_policy_compared_with_itself_loses_and_gains_nobody(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       "dongguan-2012-140"),
              &err);
    assert_true(json_equal(json_object_get(result, "a"), json_object_get(result, "b")));
    assert_int_equal(json_number(json_object_get(result, "gained"), "people"), 0);
    assert_int_equal(json_number(json_object_get(result, "lost"), "people"), 0);
    assert_null(strstr(verb_shown(&POLICY_COMPARE, &home->context, result), "that stops them"));
    json_decref(result);
}

static void a_comparison_reads_well(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                       other_file),
              &err);
    const char *shown = verb_shown(&POLICY_COMPARE, &home->context, result);
    static const char *const PARTS[] = {
        "A dongguan-2012-140, B later-rule on 2012-10-01: 8,000 people",
        "all under A",
        "all under B",
        "possibly eligible",
        "Gained: reached under B alone: ",
        "Lost: reached under A alone: ",
        "clause of B that stops them",
        "no such route there",
        "二(二) 年龄",
        "senior_worker"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    json_decref(result);
    static const char *const HOW[] = {"--json", "--suppress"};
    for (size_t i = 0; i < sizeof HOW / sizeof *HOW; i++) {
        assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                           other_file, "--chart", HOW[i]),
                  &err);
        shown = verb_shown(&POLICY_COMPARE, &home->context, result);
        home->context.chart = false;
        assert_contains(shown, "Gained: reached under B alone");
        assert_contains(shown, "no such route there");
        json_decref(result);
    }
}

static void a_wrong_question_is_refused_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *a, *b, *option, *value;
        ErrCode code;
    } TABLE[] = {
        {"nowhere-2030", "dongguan-2012-140", "--set", "age_max=50", ERR_NOT_FOUND},
        {"dongguan-2012-140", "nowhere-2030", "--set", "age_max=50", ERR_NOT_FOUND},
        {"dongguan-2012-140", "dongguan-2012-140", "--set", "age_max=999", ERR_USAGE},
        {"dongguan-2012-140", "dongguan-2012-140", "--where", "nonsense = 3", ERR_USAGE},
        {"dongguan-2012-140", "dongguan-2012-140", "--list", "--suppress", ERR_USAGE},
    };
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(VERB_RUN(&context, &result, &err, "policy", "compare", TABLE[i].a,
                                  TABLE[i].b, TABLE[i].option, TABLE[i].value),
                         TABLE[i].code);
        assert_null(result);
    }
}

static void a_base_that_has_gone_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "ALTER TABLE person RENAME COLUMN name TO name_away");
    ErrCode listing = VERB_RUN(&home->context, &result, &err, "policy", "compare",
                               "dongguan-2012-140", other_file, "--list");
    test_sql(home, "ALTER TABLE person RENAME COLUMN name_away TO name");
    assert_int_equal(listing, ERR_DB);
    assert_null(result);
    test_sql(home, "RENAME TABLE person TO person_away");
    ErrCode code = VERB_RUN(&home->context, &result, &err, "policy", "compare", "dongguan-2012-140",
                            other_file);
    test_sql(home, "RENAME TABLE person_away TO person");
    assert_int_equal(code, ERR_DB);
    assert_null(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_policies_are_compared_as_the_judge_judges),
        cmocka_unit_test(where_and_moved_parameters_of_b_are_compared),
        cmocka_unit_test(random_policies_are_compared_as_the_judge_judges),
        cmocka_unit_test(the_list_names_each_who_gains_or_loses),
        cmocka_unit_test(a_policy_is_compared_with_itself_as_it_was_later),
        cmocka_unit_test(a_policy_compared_with_itself_loses_and_gains_nobody),
        cmocka_unit_test(a_comparison_reads_well),
        cmocka_unit_test(a_wrong_question_is_refused_before_the_base_is_asked),
        cmocka_unit_test(a_base_that_has_gone_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
