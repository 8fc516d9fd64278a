/* audit/check.h: whether the audit is what was written: the chain in itself, and against the anchors
 * of this home. For `audit verify`, and whoever else checks a base.
 * Shape:  AuditCheck says everything that is wrong; audit_sound says whether anything is.
 * Owns:   nothing.
 * Errors: ERR_IO, ERR_DB…: then nothing is known.
 * Source: audit/chain.h, audit/anchor.h. */
#ifndef AUDIT_CHECK_H
#define AUDIT_CHECK_H

#include "audit/chain.h"
#include "base/config.h"

#include <jansson.h>

typedef struct AuditCheck {
    ChainCheck chain;
    int64_t anchors;     /* lines of the file */
    int64_t last_anchor; /* the highest number in it; 0 = none */
    int64_t unlike;      /* the first line that the file knows with another hash; 0 = none */
    int64_t unreadable;  /* lines of the file that cannot be what was written */
    int64_t
        base_behind; /* so many numbers the base lacks that the file knows: lines were taken away,
                            or an older base was brought back */
    int64_t file_behind; /* so many lines the base has after the file's last: other homes add some,
                            and a command that was killed in between */
} AuditCheck;

/* Of the base and the home of a configuration. */
ErrCode audit_check(Db *db, const Config *config, AuditCheck *ret_check, Err *err) MUST_CHECK;
bool audit_sound(const AuditCheck *check);

/* Where this home keeps its anchors; lives in arena. */
const char *audit_anchor_file(const Config *config, Arena *arena);

/* The number of the first line at which something is wrong, and a sentence that says what; 0 and
 * NULL when it is sound. The sentence lives in arena. */
int64_t audit_first_wrong(const AuditCheck *check);
const char *audit_wrong(Arena *arena, const AuditCheck *check);

/* {sound, lines, last, broken, what, anchors, last_anchor, unlike, unreadable, base_behind,
 * file_behind}; owned by the caller. */
json_t *audit_check_json(const AuditCheck *check);

#endif
