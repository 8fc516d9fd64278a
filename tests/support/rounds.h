/* tests/support/rounds.h: how often a test by chance is repeated.
 * Shape:  TALENT_TEST_ROUNDS=N makes N times as many rounds as in the ordinary run (`./run soak`).
 *         TALENT_TEST_SEED=S begins with a seed that a run printed.
 * Errors: none; what is no number from 1 counts as not set. */
#ifndef SUPPORT_ROUNDS_H
#define SUPPORT_ROUNDS_H

#include <stdlib.h>
#include <unistd.h>

static inline unsigned test_rounds(unsigned ordinary)
{
    const char *asked = getenv("TALENT_TEST_ROUNDS");
    long times = asked ? strtol(asked, NULL, 10) : 1;
    return ordinary * (unsigned)(times < 1 ? 1 : times);
}

static inline unsigned test_seed(void)
{
    const char *asked = getenv("TALENT_TEST_SEED");
    long seed = asked ? strtol(asked, NULL, 10) : 0;
    return seed > 0 ? (unsigned)seed : (unsigned)getpid();
}

#endif
