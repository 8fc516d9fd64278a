/* policy/stop.h: the clause that stands between a person and a route: of those that do, the first in
 * the order of the policy, the gate's before the route's; so that each person who is stopped is
 * counted under one clause.
 * Owns:   expressions live in the arena of the Compiler.
 * Source: policy/outlook.h says how a condition stands. */
#ifndef POLICY_STOP_H
#define POLICY_STOP_H

#include "policy/compile.h"

enum { STOP_NO_ROUTE = CONDITIONS_AT_MOST }; /* the policy has no such route */

/* Whether the gate does not fail and a route holds, without the outlook; never unknown. */
const SqlExpr *reached_expr(const Compiler *compiler);
/* The place of the first condition by which the gate fails or, where it does not, by which the
 * route does not hold; NULL where nothing stops. route: route_count = none, STOP_NO_ROUTE then. */
const SqlExpr *stop_expr(const Compiler *compiler, size_t route);

#endif
