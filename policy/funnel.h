/* policy/funnel.h: kinds of people added up, and the JSON that says how many.
 * Shape:  funnel_add takes the kinds in the order of their grouping facts; a new tuple of facts
 *         begins a new group.
 * Units:  people.
 * Owns:   a Funnel lives in the arena; texts of a Kind are borrowed until funnel_json.
 * Source: DESIGN 4 "policy size". */
#ifndef POLICY_FUNNEL_H
#define POLICY_FUNNEL_H

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

Funnel *funnel_new(Arena *arena, const Sizing *sizing);
void funnel_add(Funnel *funnel, const Kind *kind);
/* The result; the funnel is spent. */
json_t *funnel_json(Funnel *funnel);

#endif
