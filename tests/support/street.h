/* tests/support/street.h: the two ends of the street, for tests of the whole program: invented
 * questionnaires that come in, and a simulated gateway that messages go out to.
 * Shape:  a StreetGateway is a running `talent outreach simulate`.
 * Owns:   summaries and paths as said; street_gateway_stop ends the process.
 * Errors: what should not fail does not return: the test fails.
 * Source: tests/data/generate.c; outreach/simulate.c. */
#ifndef SUPPORT_STREET_H
#define SUPPORT_STREET_H

#include "support/home.h"

#include <sys/types.h>

/* Writes the questionnaires of about so many invented people to HOME/in and returns the generator's
 * summary, owned by the caller. Paths of the files: street_file. */
json_t *street_generate(TestHome *home, unsigned seed, unsigned people);
/* Writes so many sound rows to HOME/rows.csv; returns the summary, owned by the caller. */
json_t *street_generate_rows(TestHome *home, unsigned rows);
/* The path of file number `index` of the summary; lives in the home's arena. */
const char *street_file(TestHome *home, const json_t *summary, size_t index);

typedef struct StreetGateway {
    pid_t pid;
    unsigned port;
    const char *counts_file;
} StreetGateway;

/* Starts the gateway on a free port and makes it the home's gateway, with the window open; members
 * as test_config. */
StreetGateway street_gateway_start(TestHome *home, const char *faults, const char *replies);
/* Ends it as Ctrl-C does; returns what it counted, owned by the caller. */
json_t *street_gateway_stop(StreetGateway *gateway);

/* Whole numbers of results: the test fails when the key is absent or no number. "people.new"
 * reaches into an object. */
int64_t json_number_at(const json_t *object, const char *path);
/* The sum of all numbers of an object. */
int64_t json_sum(const json_t *object);

#endif
