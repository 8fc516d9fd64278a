/* audit/anchor.h: numbers and hashes of the lines that this home added, in a file outside the base.
 * Shape:  HOME/audit.anchor (mode 0600), a line "NUMBER HASH" for each, appended in one write and
 *         fsync'd after the line of the audit is committed. Several processes append side by side, so
 *         the lines need not be in order; a process that dies between the two leaves the file behind
 *         the base, which other homes do too. A line that was cut short (no space) is the beginning of
 *         a good one.
 * Owns:   the lines of a file live in the arena.
 * Errors: ERR_IO.
 * Source: audit/chain.h. */
#ifndef AUDIT_ANCHOR_H
#define AUDIT_ANCHOR_H

#include "audit/line.h"

ErrCode anchor_append(const char *file, int64_t number, const char *hash, Err *err) MUST_CHECK;

typedef struct Anchor {
    int64_t number;
    char hash[LINE_HASH_DIGITS + 1]; /* or its beginning, when cut short */
} Anchor;

typedef struct Anchors {
    Anchor *items; /* by number */
    size_t count;
    int64_t unreadable; /* lines that cannot be what was written */
} Anchors;

/* A file that is not there has none. */
ErrCode anchors_load(Arena *arena, const char *file, Anchors *ret_anchors, Err *err) MUST_CHECK;

#endif
