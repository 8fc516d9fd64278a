/* audit/chain.h: the lines of the audit, each holding on to the one before it.
 * Shape:  lines are numbered from 1; each carries the hash of the one before and its own. The hash has
 *         no key: whoever may read the base can check it, no machine that adds lines needs a secret,
 *         and an analyst's has none. What a key would prevent, that somebody who can write into the
 *         base computes the whole chain anew, is found by the anchors instead (audit/anchor.h), which
 *         lie outside the base, on every machine that added lines.
 * Owns:   texts live in the arena.
 * Errors: ERR_DB….
 * Source: sql/queries/audit/line.sql; Schneier and Kelsey, Secure Audit Logs (1999). */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "audit/line.h"

/* Adds a line in a transaction of its own, one after the other over all processes; fills number, at,
 * previous and hash. The time lives in arena. */
ErrCode chain_append(Db *db, Arena *arena, AuditLine *line, Err *err) MUST_CHECK;

/* What is wrong with a chain; all zero = nothing. */
typedef struct ChainCheck {
    int64_t lines;    /* read */
    int64_t last;     /* number of the last one; 0 = none */
    int64_t broken;   /* number of the first that is not as it was written; 0 = none */
    const char *what; /* N_("…"): what is wrong with it */
} ChainCheck;

/* Reads every line, in little memory. Of each, `seen` is told number and hash as the base has them;
 * watch may be NULL. */
typedef struct ChainWatch {
    void (*seen)(void *state, int64_t number, const char *hash);
    void *state;
} ChainWatch;
ErrCode chain_check(Db *db, const ChainWatch *watch, ChainCheck *ret_check, Err *err) MUST_CHECK;

#endif
