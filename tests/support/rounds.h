/* tests/support/rounds.h: how long property tests run, and from which seed.
 * Shape:  TALENT_TEST_ROUNDS=N (1..100000) multiplies the rounds of every test that asks here
 *         ('./run soak' sets it); TALENT_TEST_SEED=N repeats a run.
 * Owns:   nothing. */
#ifndef SUPPORT_ROUNDS_H
#define SUPPORT_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

/* What the ordinary run does, times TALENT_TEST_ROUNDS. */
size_t test_rounds(size_t rounds);

/* A new one for each run unless TALENT_TEST_SEED says which; printed, so that a failure can be seen
 * again. */
uint64_t test_seed(void);

#endif
