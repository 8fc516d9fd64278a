/* The input is a policy file. One that is taken must judge anyone on any day, be told in words, and
 * compile. */
#include "fuzz/fuzz.h"
#include "policy/compile.h"
#include "policy/parse.h"
#include "policy/words.h"

static void require(bool promise)
{
    if (!promise)
        abort();
}

static void judge_anyone(const Policy *policy, const Facts *facts)
{
    static const Date DAYS[] = {DATE_MIN, 0, 15614, DATE_MAX};
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        Judgement judgement;
        policy_judge(policy, facts, DAYS[i], &judgement);
        require(judgement.verdict >= VERDICT_ELIGIBLE && judgement.verdict <= VERDICT_INELIGIBLE);
        require(judgement.route < (int)policy_route_count(policy));
        require((judgement.verdict == VERDICT_LATER) == (judgement.eligible_on != DATE_NONE));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_ARENA arena = arena_new(0);
    Err err = {0};
    const Policy *policy = NULL;
    const char *text = arena_strndup(arena, (const char *)bytes, length);
    const PolicyFile file = {.name = "fuzz.json", .bytes = text, .length = length};
    if (policy_read(arena, file, NULL, 0, &policy, &err) != OK) {
        require(err.text[0] != '\0' && !policy);
        return 0;
    }
    Facts facts = {.pension_on = DATE_NONE};
    judge_anyone(policy, &facts);
    facts.pension_on = 15614;
    for (int fact = 0; fact < FACT_COUNT; fact++) /* code 3, 3 months, 4 January 1970 */
        facts.values[fact] = (FactValue){.known = true, .number = 3, .text = "3"};
    judge_anyone(policy, &facts);
    for (size_t i = 0; i < policy->condition_count; i++)
        require(condition_words(arena, policy->conditions[i], LANG_ZH) != NULL);
    require(policy_verdict_expr(arena, policy, 15614, "p") &&
            policy_route_expr(arena, policy, 15614, "p"));
    return 0;
}
