/* What a verb cannot do it says, and gives nothing: the same of every verb of the room. */
#include "policy/rule.h"
#include "verb.h"

#define SHIPPED "dongguan-2012-140"

/* Words that name what there is not. */
static const struct {
    const char *words[9];
    ErrCode code;
} WRONG[] = {
    {{"policy", "show", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "show", SHIPPED, "--set", "age_max=999"}, ERR_USAGE},
    {{"policy", "test", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "check", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "size", "--policy", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "size", "--where", "skill_level <"}, ERR_USAGE},
    {{"policy", "size", "--set", "age_max=old"}, ERR_USAGE},
    {{"policy", "size", "--by", "phone"}, ERR_USAGE},
    {{"policy", "frontier", "age_max", "40", "45", "1", "--policy", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "frontier", "age_max", "40", "45", "1", "--where", "x"}, ERR_USAGE},
    {{"policy", "forecast", "--policy", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "forecast", "--where", "x"}, ERR_USAGE},
    {{"policy", "compare", "nowhere", SHIPPED}, ERR_NOT_FOUND},
    {{"policy", "compare", SHIPPED, SHIPPED, "--where", "x"}, ERR_USAGE},
    {{"policy", "explain", "1", "--policy", "nowhere"}, ERR_NOT_FOUND},
    {{"policy", "explain", "1", "--set", "age_max"}, ERR_USAGE},
};

/* Questions that are sound, of a base whose table is not there. */
static const struct {
    const char *words[9], *table;
} BASELESS[] = {
    {{"policy", "size"}, "base_state"},
    {{"policy", "size", "--from-base"}, "person"},
    {{"policy", "frontier", "age_max", "40", "45", "1"}, "base_state"},
    {{"policy", "forecast"}, "base_state"},
    {{"policy", "forecast", "--window", "30"}, "base_state"},
    {{"policy", "compare", SHIPPED, SHIPPED}, "person"},
    {{"policy", "explain", "1"}, "person"},
    {{"policy", "explain", "1"}, "answer"},
};

static void assert_fails(Context *context, const char *const *words, ErrCode code)
{
    Err err = {0};
    json_t *result = NULL;
    ErrCode got = verb_run(context, words, &result, &err);
    if (got != code)
        fail_msg("policy %s: %d, not %d: %s", words[1], got, code, err.text);
    assert_null(result);
    assert_true(err.text[0] != '\0');
}

static void what_there_is_not_is_said_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        assert_fails(&context, WRONG[i].words, WRONG[i].code);
}

static void without_a_table_every_verb_fails_and_gives_nothing(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_sql(home, "INSERT INTO person (id, answers) VALUES (1, 1)");
    for (size_t i = 0; i < sizeof BASELESS / sizeof *BASELESS; i++) {
        const char *table = BASELESS[i].table;
        test_sql(home, arena_printf(arena, "RENAME TABLE %s TO %s_away", table, table));
        assert_fails(&home->context, BASELESS[i].words, ERR_DB);
        test_sql(home, arena_printf(arena, "RENAME TABLE %s_away TO %s", table, table));
    }
}

/* A sound policy that brings no cases cannot be tested. */
static void without_cases_a_test_fails(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    const Policy *policy = NULL;
    assert_ok(policy_load(arena, SHIPPED, &policy, &err), &err);
    const char *file = arena_printf(arena, "%s/" SHIPPED ".json", home->dir);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(policy->file.bytes, 1, policy->file.length, out), policy->file.length);
    fclose(out);
    assert_fails(&home->context, (const char *const[]){"policy", "test", file, NULL},
                 ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_not_is_said_before_the_base_is_asked),
        cmocka_unit_test(without_a_table_every_verb_fails_and_gives_nothing),
        cmocka_unit_test(without_cases_a_test_fails),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
