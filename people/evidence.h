/* people/evidence.h: what speaks for and against two people being one, fact by fact.
 * Shape:  equal; near (a slip of the pen away); differs; missing (of one or both not known).
 * Owns:   nothing.
 * Errors: none.
 * Source: DESIGN 5 "Linking". */
#ifndef PEOPLE_EVIDENCE_H
#define PEOPLE_EVIDENCE_H

#include "people/fact.h"

typedef enum Evidence {
    EVIDENCE_EQUAL,
    EVIDENCE_NEAR,
    EVIDENCE_DIFFERS,
    EVIDENCE_MISSING
} Evidence;

const char *evidence_word(Evidence evidence); /* "equal": in JSON */

/* The facts that are looked at; *ret_facts ends with FACT_NONE. */
const FactId *evidence_facts(void);

/* Texts of sealed facts are the plain numbers. */
Evidence evidence_of(Arena *arena, FactId fact, FactValue a, FactValue b);

#endif
