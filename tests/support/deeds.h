/* tests/support/deeds.h: what an import may be disturbed at, and whether it happened whole or not
 * at all.
 * Shape:  a Deed is one command on a base that deed_prepare made; before and after are the contents
 *         of the base without it and with it.
 * Owns:   paths and words live in the home's arena; the base is emptied by deed_prepare.
 * Errors: what should not fail fails the test. */
#ifndef SUPPORT_DEEDS_H
#define SUPPORT_DEEDS_H

#include "support/home.h"

#include <sys/types.h>

typedef enum DeedKind {
    DEED_PLAIN,    /* people that nobody knew */
    DEED_RESURVEY, /* most of them known, and saying something else */
    DEED_UNDO,     /* of the second survey */
    DEED_MENDED,   /* a quarantine workbook: rows mended, half mended, and not touched */
    DEED_LARGE,    /* as plain, of a size at which answers have a connection of their own */
    DEED_LARGE_RESURVEY,
    DEED_COUNT
} DeedKind;

typedef struct Deed {
    const char *name;
    const char *words[4]; /* the command, ending with NULL */
    int64_t before, after;
    int64_t whole_ms; /* how long it took undisturbed, the last time: other programs run too */
} Deed;

/* Makes the files and does the deed once undisturbed. */
void deed_learn(TestHome *home, DeedKind kind, Deed *ret_deed);
/* The base as it is before the deed. */
void deed_prepare(TestHome *home, DeedKind kind, const Deed *deed);

pid_t deed_start(TestHome *home, const Deed *deed);
/* What the last one that was started said on standard error. */
const char *deed_said(TestHome *home);
/* True when it happened, false when it did not; anything between fails the test. */
bool deed_is_done(TestHome *home, const Deed *deed);
/* Runs it again unless it is done, and expects it to be done then. Learns how long it takes now. */
void deed_finish(TestHome *home, Deed *deed);

#endif
