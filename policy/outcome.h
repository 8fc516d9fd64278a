/* policy/outcome.h: every way in which the conditions on one fact can stand together on a day.
 * Shape:  found by trying the values on both sides of every bound, each word of a vocabulary, and no
 *         value at all; ways that are alike are kept once.
 * Owns:   lives in the arena.
 * Source: policy/outlook.h says how a condition stands. */
#ifndef POLICY_OUTCOME_H
#define POLICY_OUTCOME_H

#include "policy/outlook.h"

typedef struct Outcomes {
    FactId fact;
    Standings *ways; /* those of conditions on other facts are not set */
    size_t count;
} Outcomes;

/* conditions: bit `place` of those that count. day: DAY_FIRST..DAY_LAST, or what a bound turns has
 * no date. */
Outcomes outcomes_of(Arena *arena, const Policy *policy, FactId fact, uint64_t conditions,
                     Date day);

#define OUTCOME_DAY_FIRST (-25567) /* 1900-01-01 */
#define OUTCOME_DAY_LAST 2567485   /* 8999-07-15 */

#endif
