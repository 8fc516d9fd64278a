/* sql/dump.h: every row of the base as it was at one moment, as text, without holding anybody up.
 * Shape:  mariadb-dump in one transaction: "INSERT INTO `table` VALUES", then a line for each
 *         row; what holds binary is hex. Counted while it passes.
 * Owns:   counts is an object table → rows, owned by the caller.
 * Errors: ERR_IO when the program is missing or fails (with what it said); ERR_INTERRUPTED; what the
 *         sink returns.
 * Source: mariadb-dump(1) of MariaDB 10.11. */
#ifndef SQL_DUMP_H
#define SQL_DUMP_H

#include "sql/db.h"

#include <jansson.h>

typedef struct DumpSink {
    ErrCode (*write)(void *state, const void *bytes, size_t length, Err *err);
    void *state;
} DumpSink;

/* counts holds each table with 0 already; what the copy has of a table is added. */
ErrCode dump_write(Db *db, DumpSink sink, json_t *counts, Err *err) MUST_CHECK;

/* Reads the lines of a copy as they come, in pieces of any size. */
typedef struct DumpLines {
    json_t *counts;
    const char *table; /* of the rows that come now, a key of counts; NULL = none yet */
    char start[160];   /* of the line that is being read */
    size_t length;     /* of the line so far, also beyond start */
    bool wrong;        /* a line that no copy has, or a table that the base has not */
} DumpLines;
void dump_lines(DumpLines *lines, const char *bytes, size_t length);

#endif
