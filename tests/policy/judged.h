/* tests/policy/judged.h: what judging each person of a crowd adds up to, to hold counts against. */
#ifndef TESTS_POLICY_JUDGED_H
#define TESTS_POLICY_JUDGED_H

#include "people/where.h"
#include "policy/rule.h"

#include "crowd.h"

typedef struct Judged {
    int64_t verdicts[VERDICT_COUNT + 1], routes[ROUTES_AT_MOST];
} Judged;

/* where NULL = everyone. */
static inline Judged judge_all(const Policy *policy, const Crowd *crowd, Date as_of,
                               const Where *where)
{
    Judged all = {0};
    for (size_t i = 0; i < crowd->count; i++) {
        Judgement judged;
        if (where && where_holds(where, &crowd->people[i]) != KLEENE_TRUE)
            continue;
        policy_judge(policy, &crowd->people[i], as_of, &judged);
        all.verdicts[judged.verdict]++;
        if (judged.verdict <= VERDICT_LIKELY)
            all.routes[judged.route]++;
    }
    return all;
}

static inline int64_t json_number(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    assert_true(json_is_integer(number));
    return json_integer_value(number);
}

static inline int64_t judged_reached(const Judged *judged)
{
    return judged->verdicts[VERDICT_ELIGIBLE] + judged->verdicts[VERDICT_LIKELY];
}

/* A row {eligible, …, reached, routes} says what judging says. */
static inline void assert_row_is_judged(const json_t *row, const Policy *policy,
                                        const Judged *judged)
{
    const json_t *routes = json_object_get(row, "routes");
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        assert_int_equal(json_number(row, verdict_name((Verdict)i)), judged->verdicts[i]);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_int_equal(json_number(routes, policy->routes[i].id), judged->routes[i]);
    assert_int_equal(json_number(row, "reached"), judged_reached(judged));
}

#endif
