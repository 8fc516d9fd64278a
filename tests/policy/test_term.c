/* What the judge says, as words of --where: the same of everyone by judging, in SQL and on planes. */
#include "policy/term.h"

#include "policy/plane_sizing.h"
#include "random_policy.h"
#include "small.h"
#include "verb.h"

#include "policy/parse.h"

enum { PEOPLE = 1500, POLICIES = 4 };

static const char *const WHERES[] = {
    "verdict = later",
    "verdict <= likely",
    "verdict in (possible, ineligible)",
    "verdict != eligible and employer_town = 长安镇",
    "known(verdict)",
    "route = r1",
    "route != r1",
    "known(route)",
    "known(eligible_on)",
    "known(eligible_until)",
    "eligible_on <= 2013-03-01",
    "eligible_on < 2013-03-01",
    "eligible_on = 2013-01-01",
    "eligible_on != 2013-01-01",
    "eligible_on > 2014-06-30 or eligible_until < 2012-12-31",
    "eligible_on >= 2014-06-30",
    "eligible_until <= 2012-12-31",
    "eligible_until < 2013-06-15",
    "eligible_until = 2012-12-31",
    "eligible_until in (2012-12-31, 2013-06-15, 2013-12-31)",
    "eligible_until != 2013-06-15",
    "eligible_until > 2013-02-28",
    "not (eligible_until >= 2013-02-28)",
    "eligible_until >= 9999-12-31",
    "eligible_until > 9999-12-31",
    "eligible_on < 0001-01-01",
    "eligible_on >= 0001-01-01",
    "eligible_on <= 0001-01-01",
};
enum { WHERE_COUNT = sizeof WHERES / sizeof *WHERES };

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

/* counts[truth] += people; fails where SQL says something else of someone than judging. False when
 * the policy is such that the statement would be longer than any may be. */
static bool compare_people(TestHome *home, Arena *arena, const Policy *policy, const Crowd *crowd,
                           const char *text, const Where *where, int64_t *counts)
{
    AUTO_ROWS rows = NULL;
    Err err = {0};
    const Hole holes[] = {{"verdict", where_expr(arena, where, "p")},
                          {"route", expr_unknown(arena)}};
    ErrCode code = db_query_filled(home->context.db, QUERY_POLICY_VERDICT_LIST, NO_PARAMS, holes, 2,
                                   &rows, &err);
    if (code == ERR_LIMIT)
        return false;
    assert_ok(code, &err);
    for (size_t i = 0; rows_next(rows); i++) {
        char day[11];
        Kleene truth = where_holds(where, &crowd->people[i]);
        Kleene said = rows_null(rows, 1) ? KLEENE_UNKNOWN : kleene_of(rows_int(rows, 1) != 0);
        Judgement judged;
        policy_judge(policy, &crowd->people[i], crowd->as_of, &judged);
        if (truth != said)
            fail_msg("%s, person %zu (%s, on %d until %d) on %s: judged %d, SQL %d\n%s", text,
                     i + 1, verdict_name(judged.verdict), judged.eligible_on, judged.eligible_until,
                     date_format(crowd->as_of, day), truth, said, policy->file.bytes);
        counts[truth]++;
    }
    return true;
}

static int64_t counted(const json_t *size)
{
    int64_t people = 0;
    const json_t *verdicts = json_object_get(size, "verdicts");
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        people += json_integer_value(json_object_get(verdicts, verdict_name((Verdict)i)));
    return people;
}

static void compare_planes(TestHome *home, Arena *arena, const Policy *policy, const Crowd *crowd,
                           const Where *where, const int64_t *counts)
{
    Err err = {0};
    json_t *planes = NULL, *base = NULL;
    const Sizing sizing = {.policy = policy, .as_of = crowd->as_of, .where = where};
    const Sizings sizings = {.arena = arena, .items = &sizing, .count = 1};
    assert_ok(plane_sizings(home->context.db, home->dir, &sizings, &planes, &err), &err);
    assert_ok(plane_sizings(home->context.db, NULL, &sizings, &base, &err), &err);
    if (!json_equal(planes, base))
        fail_msg("planes %s\nbase %s", json_dumps(planes, 0), json_dumps(base, 0));
    assert_int_equal(counted(planes), counts[KLEENE_TRUE]);
    json_decref(planes);
    json_decref(base);
}

static void judge_sql_and_planes_agree_on_terms(void **state)
{
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    int64_t all[WHERE_COUNT][3] = {{0}};
    size_t beyond = 0;
    for (int i = 0; i < POLICIES; i++) {
        AUTO_ARENA arena = arena_new(0);
        Crowd crowd = {.seed = seed, .count = PEOPLE};
        crowd.as_of = date_of(2012, 6, 1) + (Date)crowd_chance(&seed, 400);
        crowd_make(arena, &crowd);
        crowd_store(home, &crowd);
        const Policy *policy = random_read(arena, &seed);
        const WhereTerms *terms = policy_terms(arena, policy, crowd.as_of);
        for (size_t k = 0; k < WHERE_COUNT; k++) {
            Err err = {0};
            const Where *where;
            int64_t counts[3] = {0};
            assert_ok(where_parse_with(arena, WHERES[k], terms, &where, &err), &err);
            if (!compare_people(home, arena, policy, &crowd, WHERES[k], where, counts)) {
                beyond++;
                continue;
            }
            compare_planes(home, arena, policy, &crowd, where, counts);
            for (int truth = 0; truth < 3; truth++)
                all[k][truth] += counts[truth];
        }
    }
    /* days are found in people of every truth */
    int64_t found[3] = {0};
    for (size_t k = 0; k < WHERE_COUNT; k++)
        for (int truth = 0; truth < 3 && strstr(WHERES[k], "eligible_"); truth++)
            found[truth] += all[k][truth];
    assert_true(beyond * 10 < POLICIES * WHERE_COUNT);
    assert_true(found[KLEENE_TRUE] && found[KLEENE_FALSE] && found[KLEENE_UNKNOWN]);
}

static void a_term_that_is_wrong_is_refused_with_its_words(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *where, *error, *hint;
    } TABLE[] = {
        {"verdict = maybe", "'maybe' is not a value of 'verdict'",
         "it is one of: eligible, likely, possible, later, ineligible"},
        {"route = r1", "'r1' is not a value of 'route'",
         "it is one of: technician, senior_worker, graduate"},
        {"eligible_on = soon", "'soon' is not a date such as 2012-09-27", ""},
        {"eligible_til = 2012-01-01", "'eligible_til' is not a fact",
         "did you mean 'eligible_until'?"},
        {"verdict contains e", "'verdict' is no text, so it contains nothing", ""},
        {"verdict =", "a value of 'verdict' is missing", ""},
    };
    const Policy *policy = NULL;
    Err err = {0};
    Arena *arena = home->context.arena;
    assert_ok(policy_load(arena, NULL, &policy, &err), &err);
    const WhereTerms *terms = policy_terms(arena, policy, date_of(2012, 10, 1));
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const Where *where = NULL;
        err = (Err){0};
        assert_int_equal(where_parse_with(arena, TABLE[i].where, terms, &where, &err), ERR_USAGE);
        assert_contains(err.text, TABLE[i].error);
        if (TABLE[i].hint[0])
            assert_string_equal(err.hint, TABLE[i].hint);
    }
    assert_int_equal(where_parse(arena, "verdict = later", &(const Where *){NULL}, &err),
                     ERR_USAGE);
}

static void terms_do_not_move_with_a_parameter(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    AUTO_ARENA arena = arena_new(0);
    Crowd crowd = {.seed = crowd_seed(), .count = PEOPLE, .as_of = home->context.as_of};
    crowd_make(arena, &crowd);
    crowd_store(home, &crowd);
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--policy",
                       "dongguan-2012-140", "--where", "verdict <= likely", "--set", "age_max=16",
                       "--set", "pension_months_min=600"),
              &err);
    const json_t *before = json_object_get(json_object_get(result, "before"), "verdicts");
    int64_t reached = json_integer_value(json_object_get(before, "eligible")) +
                      json_integer_value(json_object_get(before, "likely"));
    assert_true(reached > 0);
    assert_int_equal(counted(result), reached);
    json_decref(result);
}

/* Rules of a single day, of a policy that ends with them, later, or ended before: whom they alone
 * admit they shut out on the next. */
static void rules_of_a_single_day_are_told_alike(void **state)
{
    TestHome *home = *state;
    static const char PARAMETERS[] =
        "\"parameters\": {\"level\": {\"min\": 0, \"max\": 9, \"zh\": \"z\", \"en\": \"e\", "
        "\"why\": \"w\", \"value\": [{\"from\": \"2012-01-01\", \"value\": 1}, {\"from\": "
        "\"2012-10-01\", \"value\": 4}, {\"from\": \"2012-10-02\", \"value\": 2}, {\"from\": "
        "\"2012-11-01\", \"value\": 3}]}},";
    static const char *const UNTIL[] = {
        "", ", \"until\": \"2012-09-15\"", ", \"until\": \"2012-10-01\"",
        ", \"until\": \"2012-10-20\"", ", \"until\": \"2012-12-01\""};
    static const char *const WHERE[] = {
        "eligible_until = 2012-10-01", "eligible_until <= 2012-10-01",
        "eligible_until <= 2012-10-02", "known(eligible_until)", "eligible_until > 2012-10-25"};
    AUTO_ARENA arena = arena_new(0);
    Crowd crowd = {.seed = crowd_seed(), .count = PEOPLE, .as_of = date_of(2012, 10, 1)};
    crowd_make(arena, &crowd);
    crowd_store(home, &crowd);
    const char *json = small_json(arena, PARAMETERS,
                                  "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", "
                                  "\"fact\": \"skill_level\", \"at_most\": \"$level\"}]");
    const char *from = "\"effective\": {\"from\": \"2012-01-01\"", *place = strstr(json, from);
    assert_non_null(place);
    for (size_t k = 0; k < sizeof UNTIL / sizeof *UNTIL; k++) {
        Err err = {0};
        const Policy *policy = NULL;
        int64_t held = 0;
        const char *ending = arena_printf(arena, "%.*s%s%s%s", (int)(place - json), json, from,
                                          UNTIL[k], place + strlen(from));
        assert_ok(small_read(arena, ending, &policy, &err), &err);
        const WhereTerms *terms = policy_terms(arena, policy, crowd.as_of);
        for (size_t i = 0; i < sizeof WHERE / sizeof *WHERE; i++) {
            const Where *where;
            int64_t counts[3] = {0};
            assert_ok(where_parse_with(arena, WHERE[i], terms, &where, &err), &err);
            compare_people(home, arena, policy, &crowd, WHERE[i], where, counts);
            compare_planes(home, arena, policy, &crowd, where, counts);
            held += counts[KLEENE_TRUE];
        }
        assert_true((held > 0) == (k != 1)); /* nobody has a last day of what is over */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_sql_and_planes_agree_on_terms),
        cmocka_unit_test(a_term_that_is_wrong_is_refused_with_its_words),
        cmocka_unit_test(terms_do_not_move_with_a_parameter),
        cmocka_unit_test(rules_of_a_single_day_are_told_alike),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
