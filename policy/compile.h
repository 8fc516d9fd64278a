/* policy/compile.h: a rule tree in SQL over table person under an alias, three-valued as the judge.
 * Shape:  what holds today turns on constant days, so it is plain comparisons of columns; what will
 *         hold later turns on days computed from the person's own facts.
 * Owns:   expressions live in the arena of the Compiler.
 * Source: DESIGN 6 "SQL's own NULL logic is Kleene's". */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "policy/outlook.h"

typedef struct Compiler {
    Arena *arena;
    const Policy *policy; /* as it stands on as_of */
    const char *alias;
    Date as_of;
} Compiler;

/* A tree today. */
const SqlExpr *compile_now(const Compiler *compiler, const Rule *rule);

/* A tree on a day that differs from person to person. Facts that grow have grown every month. */
const SqlExpr *compile_on(const Compiler *compiler, const Rule *rule, const SqlExpr *day);

/* Where time alone opens the door, some day or by the day `last`; asked only where no route holds
 * and the gate does not fail. */
const SqlExpr *compile_later(const Compiler *compiler);
const SqlExpr *compile_opens_by(const Compiler *compiler, Date last);
/* Where a door that is open today, or opens later, has its last open day by the day `last`
 * (DATE_MAX: shuts at all). */
const SqlExpr *compile_shuts_by(const Compiler *compiler, Date last);

/* weight * the Standing of a condition today. */
const SqlExpr *compile_standing(const Compiler *compiler, const Rule *condition, int64_t weight);

/* Parts: the column; a RULE_IN, RULE_AT_LEAST or RULE_AT_MOST, which no day changes; the day on
 * which a RULE_GROWN_TO is reached. */
const SqlExpr *compile_fact(const Compiler *compiler, const Rule *condition);
const SqlExpr *compile_constant(const Compiler *compiler, const Rule *condition);
const SqlExpr *compile_grown_day(const Compiler *compiler, const Rule *condition);

#endif
