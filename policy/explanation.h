/* policy/explanation.h: what the judge says of one person: each clause, and the fact behind it.
 * Shape:  {person, policy, as_of, in_force, verdict, gate, route, routes, clauses, missing, review,
 *         eligible_on, eligible_until, boundary, rules_until}; rules_until is the last day before
 *         a parameter changes; results are "true", "false" or "unknown".
 *         A clause tells its sentence, the rule, the fact and its value, where that stands (`source`,
 *         `surveyed_on`) and how it is proved (`proof`); null where nothing is known of it.
 * Owns:   the result is owned by the caller.
 * Source: DESIGN 4 "policy explain". */
#ifndef POLICY_EXPLANATION_H
#define POLICY_EXPLANATION_H

#include "people/person.h"
#include "people/source.h"
#include "policy/rule.h"

typedef struct Explanation {
    const Policy *policy;
    const Person *person;
    Date as_of;
    Lang lang;
    const Source *sources[FACT_COUNT]; /* of each fact; NULL = nobody said it */
} Explanation;

json_t *explanation_json(Arena *arena, const Explanation *explanation);

/* The result in a sentence or two for the person at the counter. Lives in arena. */
const char *explanation_summary(Arena *arena, const json_t *result, Lang lang);
/* A page for the printer: HTML that needs nothing else. Lives in arena. */
const char *explanation_page(Arena *arena, const Policy *policy, const json_t *result, Lang lang);

#endif
