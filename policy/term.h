/* policy/term.h: what the judge says of a person, as words of --where: verdict, route, eligible_on,
 *         eligible_until.
 * Shape:  `verdict = later and eligible_on <= 2013-03-31`; they are of one policy on one day, which
 *         do not move with --set. route has no value where none holds, a day none where there is no
 *         such day, and a comparison with it is unknown.
 * Owns:   terms live in the arena.
 * Errors: as people/where.h.
 * Source: policy/judge.c; policy/compile_close.c says the same in SQL, policy/plane_term.c on
 *         planes. */
#ifndef POLICY_TERM_H
#define POLICY_TERM_H

#include "people/where.h"
#include "policy/rule.h"

typedef enum Term { TERM_VERDICT, TERM_ROUTE, TERM_ELIGIBLE_ON, TERM_ELIGIBLE_UNTIL } Term;
enum { TERM_COUNT = TERM_ELIGIBLE_UNTIL + 1 };

/* The state of the terms: whose they are. */
typedef struct TermState {
    const Policy *policy; /* as it stands on as_of */
    Date as_of;
} TermState;

const WhereTerms *policy_terms(Arena *arena, const Policy *policy, Date as_of);
/* The value of a term in a judgement. */
FactValue term_value(const Judgement *judgement, Term term);
/* a op b of numbers. */
bool term_compare(SqlCompare op, int64_t a, int64_t b);

#endif
