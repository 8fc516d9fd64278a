/* Each row of a frontier is what judging everyone by the moved policy says. */
#include "verb.h"

#include "judged.h"

enum { PEOPLE = 3000 };

static Crowd crowd;
static const Policy *policy;

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Err err = {0};
    crowd = (Crowd){.seed = crowd_seed(), .as_of = home->context.as_of, .count = PEOPLE};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return policy_load(home->context.arena, NULL, &policy, &err) == OK ? 0 : 1;
}

static void assert_frontier(TestHome *home, const json_t *rows, int64_t from, int64_t step,
                            const Where *where)
{
    size_t index;
    const json_t *row;
    int64_t before = 0;
    json_array_foreach(rows, index, row)
    {
        Err err = {0};
        const Policy *moved;
        int64_t value = from + (int64_t)index * step;
        const char *setting = arena_printf(home->context.arena, "age_max=%" PRId64, value);
        assert_ok(policy_set(home->context.arena, policy, &setting, 1, &moved, &err), &err);
        Judged judged = judge_all(moved, &crowd, crowd.as_of, where);
        assert_int_equal(json_number(row, "value"), value);
        assert_row_is_judged(row, moved, &judged);
        assert_int_equal(json_number(row, "change"), index ? judged_reached(&judged) - before : 0);
        before = judged_reached(&judged);
    }
}

static void every_value_is_counted_as_the_judge_judges(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *rows = NULL;
    assert_ok(
        VERB_RUN(&home->context, &rows, &err, "policy", "frontier", "age_max", "20", "60", "5"),
        &err);
    assert_int_equal(json_array_size(rows), 9);
    assert_frontier(home, rows, 20, 5, NULL);
    assert_true(json_number(json_array_get(rows, 8), "reached") >
                json_number(json_array_get(rows, 0), "reached"));
    json_decref(rows);
}

/* The first --where is counted on planes; the second looks at a text, which is not laid out. */
static void where_narrows_a_frontier_on_planes_and_in_the_base(void **state)
{
    TestHome *home = *state;
    static const char *const WHERES[] = {"skill_level <= 3", "occupation contains 工"};
    for (size_t i = 0; i < 2; i++) {
        Err err = {0};
        const Where *where;
        json_t *rows = NULL;
        assert_ok(where_parse(home->context.arena, WHERES[i], &where, &err), &err);
        assert_ok(VERB_RUN(&home->context, &rows, &err, "policy", "frontier", "age_max", "40", "47",
                           "3", "--where", WHERES[i]),
                  &err);
        assert_int_equal(json_array_size(rows), 3);
        assert_frontier(home, rows, 40, 3, where);
        json_decref(rows);
    }
}

static void a_frontier_is_shown_with_bars(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *rows = NULL;
    assert_ok(
        VERB_RUN(&home->context, &rows, &err, "policy", "frontier", "age_max", "20", "60", "20"),
        &err);
    const char *shown = verb_shown(&POLICY_FRONTIER, &home->context, rows);
    static const char *const PARTS[] = {"value",   "change", "likely eligible",
                                        "reached", "+",      "████████████████████████"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    json_decref(rows);
}

static void a_walk_that_leads_nowhere_is_refused_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *words[4], *said;
    } TABLE[] = {
        {{"age_mix", "20", "60", "5"}, "has no parameter 'age_mix'"},
        {{"age_max", "15", "60", "5"}, "takes a number from 16 to 120, not '15'"},
        {{"age_max", "16", "121", "5"}, "takes a number from 16 to 120, not '121'"},
        {{"age_max", "20", "60", "0"}, "STEP must be at least 1"},
        {{"age_max", "60", "20", "5"}, "TO must not be less than FROM"},
        {{"age_max", "twenty", "60", "5"}, "FROM must be a whole number, not 'twenty'"},
        {{"age_max", "20", "60x", "5"}, "TO must be a whole number, not '60x'"},
        {{"age_max", "20", "60", "99999999999999999999"}, "STEP must be a whole number"},
        {{"age_max_includes_year", "0", "1", "1"}, "'age_max_includes_year' is no number"},
        {{"pension_mode", "0", "1", "1"}, "'pension_mode' is no number"},
        {{"pension_months_min", "1", "600", "1"}, "more than 400 values"},
    };
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const char *const *words = TABLE[i].words;
        Err err = {0};
        json_t *rows = NULL;
        assert_int_equal(VERB_RUN(&context, &rows, &err, "policy", "frontier", words[0], words[1],
                                  words[2], words[3]),
                         ERR_USAGE);
        assert_contains(err.text, TABLE[i].said);
        assert_null(rows);
    }
}

static void a_base_that_has_gone_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *rows = NULL;
    test_sql(home, "RENAME TABLE base_state TO base_state_away");
    ErrCode code =
        VERB_RUN(&home->context, &rows, &err, "policy", "frontier", "age_max", "20", "60", "5");
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_int_equal(code, ERR_DB);
    assert_null(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_counted_as_the_judge_judges),
        cmocka_unit_test(where_narrows_a_frontier_on_planes_and_in_the_base),
        cmocka_unit_test(a_frontier_is_shown_with_bars),
        cmocka_unit_test(a_walk_that_leads_nowhere_is_refused_before_the_base_is_asked),
        cmocka_unit_test(a_base_that_has_gone_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
