/* policy/comparison.h: two policies and the same people on the same day.
 * Shape:  {as_of, people, a, b, cross, gained, lost}: who is reached (eligible or likely) on one side
 *         alone is gained or lost, and counted once under the route that reaches it and once under
 *         the clause of the other policy that stops it (policy/stop.h): for the gained a clause that
 *         is gone or changed, for the lost one that is new or changed. `no_route` counts those for
 *         whose route the other policy has no route of that id. So
 *         people = Σ routes = Σ clauses + no_route.
 * Units:  people.
 * Owns:   results are the caller's.
 * Errors: ERR_DB….
 * Source: sql/queries/policy/compare.sql. */
#ifndef POLICY_COMPARISON_H
#define POLICY_COMPARISON_H

#include "people/where.h"
#include "policy/rule.h"
#include "sql/db.h"

#include <jansson.h>

enum { SIDES = 2, LIST_AT_MOST = 1000 }; /* LIST_AT_MOST stands in compare.sql too */

typedef struct Comparison {
    Db *db;
    Arena *arena;
    const Policy *policies[SIDES]; /* A and B, as they stand on as_of */
    const Where *where;
    Date as_of;
    Lang lang;
} Comparison;

ErrCode comparison_count(const Comparison *comparison, json_t **ret_result, Err *err) MUST_CHECK;
/* Those who are gained and lost, one by one, at most LIST_AT_MOST: [{person, name (masked),
 * employer_town, skill_level, change, route, clause}]. */
ErrCode comparison_list(const Comparison *comparison, json_t **ret_list, Err *err) MUST_CHECK;

#endif
