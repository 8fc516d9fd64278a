/* tests/policy/test_questions.c: the order in which to ask, against every person's own judge. */
#include "crowd.h"

#include "policy/outlook.h"
#include "policy/questions.h"
#include "small.h"
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

/* Sets of facts that people wait for, and the order that settles most. */
static void the_order_is_that_of_the_most_settled_then_the_most_waiting(void **state)
{
    (void)state;
    static const struct {
        int64_t sets[8];
        const char *order;
    } TABLE[] = {
        {{0, 3, 5, 0, 1, 0, 0, 0}, "birth_date sex skill_level"},
        {{0, 3, 3, 0, 0, 0, 4, 0}, "birth_date skill_level sex"}, /* as many: more wait for it */
        {{0, 3, 3, 0, 0, 0, 0, 0}, "sex birth_date"}, /* as many of both: the vocabulary's first */
        {{0, 0, 0, 0, 0, 0, 0, 9}, "sex birth_date skill_level"},
        {{7, 0, 0, 0, 0, 0, 0, 0}, ""},
    };
    const QuestionFacts facts = {.facts = {FACT_SEX, FACT_BIRTH_DATE, FACT_SKILL_LEVEL},
                                 .count = 3};
    const int64_t waiting[FACT_COUNT] = {0};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        char order[128] = "";
        size_t index;
        const json_t *line;
        json_t *questions = questions_json(&facts, TABLE[i].sets, waiting);
        json_array_foreach(questions, index, line)
        {
            const char *fact = json_string_value(json_object_get(line, "fact"));
            size_t length = strlen(order);
            snprintf(order + length, sizeof order - length, "%s%s", index ? " " : "", fact);
        }
        assert_string_equal(order, TABLE[i].order);
        json_decref(questions);
    }
}

/* A policy that asks for more facts than sets of them can be told apart has no best order. */
static void too_many_facts_have_no_order(void **state)
{
    TestHome *home = *state;
    static const char *const NAMES[] = {"sex",
                                        "in_city_hukou",
                                        "skill_level",
                                        "certificate_type",
                                        "education",
                                        "pension_gap_known",
                                        "school_kind",
                                        "school_province",
                                        "owns_home",
                                        "wants_settlement",
                                        "consent_sms",
                                        "no_criminal_record",
                                        "employer_town",
                                        "family_planning_ok",
                                        "home_town",
                                        "intended_town",
                                        "no_banned_organisation"};
    const char *list = "";
    Arena *arena = home->context.arena;
    Err err = {0};
    const Policy *policy = NULL;
    QuestionFacts facts;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const FactInfo *info = fact_info(fact_find(NAMES[i]));
        const char *asks = info->kind == KIND_FLAG
                               ? "\"is\": true"
                               : arena_printf(arena, "\"in\": [%lld]",
                                              (long long)word_code_at(info->vocabulary, 0));
        list = arena_printf(arena,
                            "%s%s{\"clause\": \"c%zu\", \"text\": \"t\", \"en\": \"e\", "
                            "\"fact\": \"%s\", %s}",
                            list, i ? ", " : "", i, NAMES[i], asks);
    }
    assert_ok(small_read(arena, small_json(arena, "", arena_printf(arena, "\"any\": [%s]", list)),
                         &policy, &err),
              &err);
    question_facts(policy, &facts);
    assert_int_equal(facts.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_settles_most_at_each_step),
        cmocka_unit_test(the_order_is_shown_as_a_table),
        cmocka_unit_test(the_order_is_that_of_the_most_settled_then_the_most_waiting),
        cmocka_unit_test(too_many_facts_have_no_order),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
