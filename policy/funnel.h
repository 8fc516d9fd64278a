/* policy/funnel.h: kinds of people added up, and the JSON that says how many.
 * Shape:  funnel_add takes the kinds in the order of their grouping facts; a new tuple of facts
 *         begins a new group.
 * Units:  people.
 * Owns:   a Funnel lives in the arena; texts of a Kind are borrowed until funnel_json.
 * Source: DESIGN 4 "policy size". */
#ifndef POLICY_FUNNEL_H
#define POLICY_FUNNEL_H

#include "policy/questions.h"
#include "policy/sizing.h"

typedef struct Funnel Funnel;

/* People who are alike in all that counts. */
typedef struct Kind {
    Standings standings;
    bool later; /* time alone opens the door, if no route holds and the gate does not fail */
    Kleene where;
    FactValue facts[GROUPINGS_AT_MOST];
    int64_t people;
} Kind;

/* What all people add up to, but for the groups; truths by Kleene. */
enum { TRUTHS = 3 };
typedef struct Tally {
    int64_t where[TRUTHS], gate[TRUTHS], routes[ROUTES_AT_MOST][TRUTHS],
        conditions[CONDITIONS_AT_MOST][TRUTHS];
    int64_t verdicts[VERDICT_COUNT + 1];
    int64_t first_route[ROUTES_AT_MOST]; /* of the eligible and the likely */
    int64_t missing[FACT_COUNT], review[FACT_COUNT];
    int64_t waits[QUESTION_SETS]; /* by the set of facts, without review; Sizing.questions */
} Tally;

Funnel *funnel_new(Arena *arena, const Sizing *sizing);
void funnel_add(Funnel *funnel, const Kind *kind);
/* For who counts in another way: the tally to fill, and whole groups, in their order. */
Tally *funnel_tally(Funnel *funnel);
void funnel_add_group(Funnel *funnel, const FactValue *facts, const int64_t *verdicts,
                      int64_t where_unknown);
/* The result; the funnel is spent. */
json_t *funnel_json(Funnel *funnel);

#endif
