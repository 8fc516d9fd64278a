/* audit/line.h: one line of the audit, and the text that is hashed.
 * Shape:  a plain value from table audit_line. A deed has a line when it begins and one when it ends;
 *         what the gate refuses has one of its own.
 * Owns:   nothing; line_read copies into the arena.
 * Source: sql/queries/audit/line.sql. */
#ifndef AUDIT_LINE_H
#define AUDIT_LINE_H

#include "sql/db.h"

enum { LINE_HASH_DIGITS = 64 };

typedef struct AuditLine {
    int64_t number;  /* from 1, without a gap */
    const char *at;  /* "2012-10-01 08:30:00.123", UTC by the server's clock */
    const char *who; /* account, or the OS user while there are none */
    const char *os_user, *host;
    const char *phase; /* begin, end, refused */
    int64_t begun;     /* end: number of the line with which it began; else 0 */
    const char *command;
    const char *options; /* as they were given, without what may name a person */
    const char *subject; /* JSON: {"person": [7], "batch": [2], "campaign": ["spring"]} */
    const char *why;
    const char *result; /* done, partial, an error's name; "" of a beginning */
    const char *counts; /* JSON: {"rows": 12} */
    char previous[LINE_HASH_DIGITS + 1], hash[LINE_HASH_DIGITS + 1];
} AuditLine;

/* LINE columns of the current row. */
AuditLine line_read(const Rows *rows, Arena *arena);

/* SHA-256, in hex, over previous and every field but the hash itself, each with its length before
 * it, so that no text can be moved from one field to the next unseen. */
void line_hash(const AuditLine *line, char ret_hash[LINE_HASH_DIGITS + 1]);

#endif
