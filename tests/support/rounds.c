#include "support/rounds.h"

#include "support/home.h"

#include <stdlib.h>

enum { FACTOR_MAX = 100000 };

size_t test_rounds(size_t rounds)
{
    const char *given = getenv("TALENT_TEST_ROUNDS");
    unsigned long factor = given ? strtoul(given, NULL, 10) : 1;
    if (factor < 1 || factor > FACTOR_MAX)
        fail_msg("TALENT_TEST_ROUNDS is a number from 1 to %d", FACTOR_MAX);
    return rounds * factor;
}

uint64_t test_seed(void)
{
    const char *given = getenv("TALENT_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)moment_now();
    print_message("seed: TALENT_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}
