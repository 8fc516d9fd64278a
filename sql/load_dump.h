/* sql/load_dump.h: brings the rows of a copy (sql/dump.h) into a base.
 * Shape:  takes the copy as it comes, in pieces of any size, and sends each statement on; nothing
 *         but rows for tables that the caller names gets to the server.
 *         Committed every few megabytes: a connection that is lost on the way is an error.
 * Owns:   a LoadDump owns its buffer: load_dump_done, which takes back what is not committed.
 * Errors: ERR_INPUT for what no copy holds; ERR_DB; ERR_LIMIT for a statement of more than 128 MB. */
#ifndef SQL_LOAD_DUMP_H
#define SQL_LOAD_DUMP_H

#include "base/buffer.h"
#include "sql/db.h"

#include <jansson.h>

typedef struct LoadDump {
    Db *db;
    const json_t *tables; /* object: only what is a key of it is taken; borrowed */
    Buffer statement;     /* of whole lines */
    Buffer line;          /* that is still coming */
    unsigned statements;  /* since the last commit */
} LoadDump;

LoadDump load_dump_start(Db *db, const json_t *tables);
ErrCode load_dump_take(LoadDump *load, const void *bytes, size_t length, Err *err) MUST_CHECK;
/* ERR_INPUT when the copy ends in the middle. */
ErrCode load_dump_end(LoadDump *load, Err *err) MUST_CHECK;
void load_dump_done(LoadDump *load);

#endif
