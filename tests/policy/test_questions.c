/* tests/policy/test_questions.c: the order in which to ask, against every person's own judge. */
#include "crowd.h"

#include "policy/outlook.h"
#include "policy/questions.h"
#include "verb.h"

enum { PEOPLE = 1500 };

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

/* For what each possibly eligible person waits; 0 for everybody else, and where staff decide. */
static void read_waits(const Policy *policy, Date as_of, uint32_t waits[PEOPLE])
{
    for (size_t i = 0; i < PEOPLE; i++) {
        Judgement judgement;
        Standings standings;
        policy_judge(policy, &crowd.people[i], as_of, &judgement);
        standings_read(policy, &crowd.people[i], as_of, &standings);
        bool open = judgement.verdict == VERDICT_POSSIBLE &&
                    verdict_waits(policy, &standings, STANDS_REVIEW) == 0;
        waits[i] = open ? verdict_waits(policy, &standings, STANDS_ASK) : 0;
    }
}

static json_int_t settled(const uint32_t waits[PEOPLE], uint32_t asked)
{
    json_int_t people = 0;
    for (size_t i = 0; i < PEOPLE; i++)
        people += waits[i] && (waits[i] & ~asked) == 0;
    return people;
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* Each line counts what the judge says, and no other fact would have settled more. */
static void check_order(const json_t *questions, const uint32_t waits[PEOPLE])
{
    uint32_t asked = 0, ever = 0;
    size_t index;
    const json_t *line;
    for (size_t i = 0; i < PEOPLE; i++)
        ever |= waits[i];
    json_array_foreach(questions, index, line)
    {
        FactId fact = fact_find(json_string_value(json_object_get(line, "fact")));
        uint32_t bit = UINT32_C(1) << fact;
        json_int_t before = settled(waits, asked);
        assert_true(ever & bit & ~asked);
        assert_int_equal(number_of(line, "alone"), settled(waits, bit));
        assert_int_equal(number_of(line, "settled"), settled(waits, asked | bit) - before);
        for (int other = 0; other < FACT_COUNT; other++)
            assert_true(settled(waits, asked | UINT32_C(1) << other) <=
                        settled(waits, asked | bit));
        asked |= bit;
        assert_int_equal(number_of(line, "undecided"),
                         settled(waits, UINT32_MAX) - settled(waits, asked));
    }
    assert_int_equal(asked, ever);
}

static void the_order_settles_most_at_each_step(void **state)
{
    TestHome *home = *state;
    static const char *const HOW[] = {"--questions", "--from-base"};
    static uint32_t waits[PEOPLE];
    const Policy *policy;
    Err err = {0};
    assert_ok(policy_load(home->context.arena, NULL, &policy, &err), &err);
    read_waits(policy, home->context.as_of, waits);
    assert_true(settled(waits, UINT32_MAX) > PEOPLE / 50);
    for (size_t i = 0; i < 2; i++) {
        json_t *result = NULL;
        assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--questions", HOW[i]),
                  &err);
        const json_t *questions = json_object_get(result, "questions");
        assert_true(json_array_size(questions) >= 3);
        check_order(questions, waits);
        json_decref(result);
    }
}

static void the_order_is_shown_as_a_table(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--questions"), &err);
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    assert_contains(shown, "What to ask the possibly eligible, best first");
    assert_contains(shown, "settled with those above");
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_settles_most_at_each_step),
        cmocka_unit_test(the_order_is_shown_as_a_table),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
