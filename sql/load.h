/* sql/load.h: who answers when the server asks the client for a "file": only a running db_load,
 * from memory.
 * Errors: a server that asks without one, or names another file, gets a refusal.
 * Source: sql/bulk.c; mysql_set_local_infile_handler. */
#ifndef SQL_LOAD_H
#define SQL_LOAD_H

#include "sql/connection.h"
#include "sql/statement.h"

/* Puts our handler in place of the client library's, which would read files. */
void load_serve(Client *client, Db *db);

/* What db_load does, for a statement that need not be one of STATEMENTS. Outside a transaction it
 * makes its own, so that a refused load leaves no row. */
ErrCode load_rows(Db *db, const Statement *statement, BulkSource source, void *state,
                  uint64_t *ret_rows, Err *err) MUST_CHECK;

#endif
