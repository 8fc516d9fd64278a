/* tests/support/rounds.h: how often a test by chance is repeated, and from which seed.
 * Shape:  TALENT_TEST_ROUNDS=N (1..100000) makes N times as many rounds as in the ordinary run
 *         (`./run soak` sets it). TALENT_TEST_SEED=S begins with a seed that a run printed.
 * Owns:   nothing. */
#ifndef SUPPORT_ROUNDS_H
#define SUPPORT_ROUNDS_H

/* What the ordinary run does, times TALENT_TEST_ROUNDS. */
unsigned test_rounds(unsigned ordinary);

/* A new one for each run unless TALENT_TEST_SEED says which; printed, so that a failure can be seen
 * again. */
unsigned test_seed(void);

#endif
