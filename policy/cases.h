/* policy/cases.h: a policy's own cases: facts, a day, and what must be said of them.
 * Shape:  policy/<id>.cases.json: {policy, sets: {name: facts}, cases: [{name, why, as_of,
 *         with: [set…], facts, pension_on, set: ["age_max=50"…], expect: {verdict, route,
 *         eligible_on, eligible_until, boundary, missing, failed}}]}. Later sets, and last the
 *         case's own facts, win; null forgets a fact. pension_on is the day of the survey, preset
 *         as_of. What `expect` does not name is not looked at.
 * Owns:   the result is owned by the caller.
 * Errors: ERR_CONFIG at the JSON path; ERR_NOT_FOUND when the policy has no cases file.
 * Source: DESIGN 6. */
#ifndef POLICY_CASES_H
#define POLICY_CASES_H

#include "policy/rule.h"

/* Runs the cases of a policy file: {policy, cases, failed, failures: [{case, why, expected, got}]}.
 */
ErrCode cases_run(Arena *arena, const Policy *policy, json_t **ret_result, Err *err) MUST_CHECK;
/* The same from a cases file that was read before; file stands for it in messages. */
ErrCode cases_run_json(Arena *arena, const Policy *policy, const char *file, json_t *cases,
                       json_t **ret_result, Err *err) MUST_CHECK;

#endif
