/* policy/plane_term.h: the terms of --where (policy/term.h) on planes.
 * Shape:  verdicts and first routes of a chunk are found by trees; days by judging those one by one
 *         who have any: who is reached, and who is later.
 * Owns:   lives in the arena.
 * Source: policy/judge.c, which they must agree with. */
#ifndef POLICY_PLANE_TERM_H
#define POLICY_PLANE_TERM_H

#include "policy/plane_later.h"
#include "policy/term.h"

typedef struct PlaneTerms {
    const TermState *state;
    PlaneNode gate, routes[ROUTES_AT_MOST];
    PlaneLater later;
} PlaneTerms;

/* What is known of the chunk that a Scan stands on. */
typedef struct TermValues {
    uint32_t number;                  /* the chunk … */
    uint32_t days_number;             /* … and that of the days */
    Bits verdicts[VERDICT_COUNT + 1]; /* who has which */
    Bits routes[ROUTES_AT_MOST];      /* whose first true route it is */
    Date on[BITS_PEOPLE], until[BITS_PEOPLE];
    Facts facts; /* of the person who is judged */
} TermValues;

/* Whether all facts of a Where's terms are laid out. */
bool plane_terms_fit(const PlaneProgram *program, const WhereTerms *terms);
/* Makes the program's terms, once. */
void plane_terms_make(PlaneProgram *program, const WhereTerms *terms);
/* A Where of a term: NODE_TERM. */
void plane_term_read(Scan *scan, const Where *where, Truth *ret);

#endif
