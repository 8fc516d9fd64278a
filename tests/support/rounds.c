#include "support/rounds.h"

#include "support/home.h"

#include <stdlib.h>

enum { FACTOR_MAX = 100000 };

unsigned test_rounds(unsigned ordinary)
{
    const char *given = getenv("TALENT_TEST_ROUNDS");
    unsigned long factor = given ? strtoul(given, NULL, 10) : 1;
    if (factor < 1 || factor > FACTOR_MAX)
        fail_msg("TALENT_TEST_ROUNDS is a number from 1 to %d", FACTOR_MAX);
    return ordinary * (unsigned)factor;
}

unsigned test_seed(void)
{
    const char *given = getenv("TALENT_TEST_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)moment_now();
    print_message("seed: TALENT_TEST_SEED=%u\n", seed);
    return seed;
}
