/* audit/trail.h: the lines that a running command leaves: one before it does anything, one when it
 * has ended. A command that is killed leaves the first alone.
 * Shape:  talent.c begins and ends it around every command; those that only look, masked, leave
 *         nothing. Where the base cannot take the first line, the command does not run.
 * Owns:   borrows arguments, context and the base.
 * Errors: ERR_DB…, ERR_IO of the anchor file.
 * Source: audit/chain.h, audit/anchor.h, audit/deed.h. */
#ifndef AUDIT_TRAIL_H
#define AUDIT_TRAIL_H

#include "base/command.h"

typedef struct Trail {
    const Arguments *arguments;
    const Context *context;
    Db *db;           /* NULL = there is no base that could keep a line */
    int64_t begun;    /* 0 = nothing was begun */
    const char *hash; /* of the line with which it began */
} Trail;

/* What the gate refused. */
ErrCode trail_refused(const Trail *trail, Err *err) MUST_CHECK;

ErrCode trail_begin(Trail *trail, Err *err) MUST_CHECK;
/* code and result: of the command; result may be NULL. */
ErrCode trail_end(const Trail *trail, ErrCode code, const json_t *result, Err *err) MUST_CHECK;

#endif
