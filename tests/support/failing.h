/* tests/support/failing.h: runs of the program in which one call to the outside fails
 * (tests/support/fail_nth.c), one after the other.
 * Shape:  a Fault says which call and how; a Run what the program came to.
 * Owns:   nothing; HOME-report and HOME-said beside the home are left for the test's own clean-up,
 *         failing_done.
 * Errors: what should not fail fails the test; so does a program that is ended by a signal or does
 *         not end. */
#ifndef SUPPORT_FAILING_H
#define SUPPORT_FAILING_H

#include "support/home.h"

#include <sys/types.h>

typedef enum FaultKind { FAULT_DB, FAULT_HTTP, FAULT_FILE, FAULT_KINDS } FaultKind;

typedef struct Fault {
    FaultKind kind;
    const char *how;
    int n;    /* from 1; 0 = nothing fails */
    int away; /* from this call of kind db on the base is away; 0 = it stays */
} Fault;

extern const Fault NO_FAULT;

typedef struct Run {
    int status; /* exit status */
    int counts[FAULT_KINDS];
    char failed[64]; /* the call that was made to fail; "nothing" */
} Run;

/* talent --home HOME --json --lang en --quiet WORDS…; words end with NULL. */
pid_t failing_start(TestHome *home, const char *const *words, const Fault *fault);
/* True once it has ended. */
bool failing_ended(TestHome *home, pid_t pid, Run *ret_run);
Run failing_wait(TestHome *home, pid_t pid);
void failing_done(TestHome *home);

/* "db call 17 (COMMIT) gone_after; base away from 0: status 1": in the arena. */
const char *failing_said(TestHome *home, const Fault *fault, const Run *run);

/* Does what a test does with a fault, prepared anew each time; gives what the failing run came to. */
typedef Run (*FailingCase)(TestHome *home, const Fault *fault);

/* A sample of all (n, how) of a kind, from a random offset: about `sample` cases, times
 * TALENT_TEST_ROUNDS; all of them, until a run is clean, when that is 20 or more (`./run soak`). */
typedef struct Failing {
    const char *what; /* printed with the counts */
    FailingCase run;
    const Run *whole; /* of a run in which nothing fails */
    unsigned sample;
    bool base_goes; /* away, at a random moment of each run */
} Failing;
void each_fails(TestHome *home, const Failing *failing, FaultKind kind, unsigned *seed);

#endif
