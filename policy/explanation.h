/* policy/explanation.h: what the judge says of one person: each clause, and the fact behind it.
 * Shape:  {person, policy, as_of, in_force, verdict, gate, route, routes, clauses, missing, review,
 *         eligible_on, eligible_until, boundary, rules_until}; rules_until is the last day before
 *         a parameter changes; results are "true", "false" or "unknown".
 * Owns:   the result is owned by the caller.
 * Source: DESIGN 4 "policy explain". */
#ifndef POLICY_EXPLANATION_H
#define POLICY_EXPLANATION_H

#include "people/person.h"
#include "policy/rule.h"

typedef struct Explanation {
    const Policy *policy;
    const Person *person;
    Date as_of;
    Lang lang;
} Explanation;

json_t *explanation_json(Arena *arena, const Explanation *explanation);

#endif
