/* base/kleene.h: three-valued truth, as SQL has it: unknown is neither yes nor no.
 * Source: Kleene's strong logic; DESIGN "Verdicts". */
#ifndef BASE_KLEENE_H
#define BASE_KLEENE_H

#include <stdbool.h>

typedef enum Kleene { KLEENE_FALSE, KLEENE_UNKNOWN, KLEENE_TRUE } Kleene;

static inline Kleene kleene_of(bool truth)
{
    return truth ? KLEENE_TRUE : KLEENE_FALSE;
}
static inline Kleene kleene_and(Kleene a, Kleene b)
{
    return a < b ? a : b;
}
static inline Kleene kleene_or(Kleene a, Kleene b)
{
    return a > b ? a : b;
}
static inline Kleene kleene_not(Kleene a)
{
    return (Kleene)(KLEENE_TRUE - a);
}

#endif
