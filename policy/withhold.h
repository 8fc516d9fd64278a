/* policy/withhold.h: which figures of a table must stay unsaid so that no small one can be computed
 *         from those that are said.
 * Shape:  a Crossing has `rows` rows of `columns` cells, a last column of row sums and a last row of
 *         column sums; the sum of all in the corner is always said. A figure of 1 to
 *         SMALL_FIGURE - 1 people is small; 0 is nobody and is said. What is withheld is shown by
 *         one mark, whether it is small or keeps a small one company: two marks would tell bounds.
 * Units:  people. The reader is taken to know every figure that is said, every sum, and that
 *         people are counted from 0; no withheld small figure can then be told to less than
 *         SMALL_FIGURE different values next to one another.
 * Owns:   nothing.
 * Source: DESIGN 9 "cells under 5 suppressed together with their complement"; cell suppression by
 *         closed paths: Cox, Suppression Methodology and Statistical Disclosure Control (1980). */
#ifndef POLICY_WITHHOLD_H
#define POLICY_WITHHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SMALL_FIGURE = 5, CROSSING_COLUMNS = 8 };

static inline bool is_small(int64_t people)
{
    return people != 0 && people > -SMALL_FIGURE && people < SMALL_FIGURE;
}

typedef struct Crossing {
    size_t rows, columns; /* columns at most CROSSING_COLUMNS */
    /* (rows + 1) * (columns + 1), row by row. Of several tables that share their row sums (before
     * and after a change): values is the least of each cell, small whether it is small in any,
     * moved whether the difference of any two is small. */
    const int64_t *values;
    const bool *small, *moved;
    bool *withheld; /* filled */
} Crossing;

void withhold_crossing(const Crossing *crossing);

/* The same of figures that add up to a sum that is said: the small ones, and of the others as many
 * as it takes, the least first; all when that is not enough. */
void withhold_parts(const int64_t *values, const bool *small, size_t count, bool *withheld);

#endif
