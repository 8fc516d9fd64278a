/* sql/db.h: the one door to MariaDB.
 * Shape:  Db is one connection; statements are named (sql/queries.h, made from
 *         sql/queries/<room>/<noun>.sql: `-- name: batch_list` in queries/survey/batch.sql is
 *         QUERY_SURVEY_BATCH_LIST), prepared once per connection.
 * Units:  *_ms milliseconds.
 * Owns:   db_open returns owned; Rows are owned by the caller (AUTO_ROWS), buffered in the client,
 *         so other statements may run while they are read.
 * Errors: ERR_DB_CONFLICT (1213, 1205, 1020) and ERR_DB_GONE (lost before COMMIT) are retryable;
 *         ERR_DB_UNSURE when COMMIT's answer was lost; ERR_DB otherwise. Messages name the
 *         statement, never its values.
 * Source: STYLE "Database"; MariaDB Connector/C prepared statements. */
#ifndef SQL_DB_H
#define SQL_DB_H

#include "base/arena.h"
#include "base/config.h"
#include "sql/queries.h"
#include "sql/value.h"

#include <stdint.h>

typedef struct Db Db;
typedef struct Rows Rows;
typedef struct SqlExpr SqlExpr; /* sql/expr.h */

/* Connects to the configured base; starts the private server when needed. Does not migrate. */
ErrCode db_open(const Config *config, Db **ret_db, Err *err) MUST_CHECK;
void db_close(Db *db); /* takes NULL */

/* The same, but starts nothing and makes nothing: *ret_db is NULL when the private server rests or no
 * base was made yet. */
ErrCode db_open_running(const Config *config, Db **ret_db, Err *err) MUST_CHECK;

/* db_open, and the schema is this program's: a new or older private base is migrated on the way; an
 * older configured base is refused (ERR_VERSION, hint 'talent db migrate'), as is one that a newer
 * program made. */
ErrCode db_ready(const Config *config, Db **ret_db, Err *err) MUST_CHECK;

/* A second connection to the same base (for a worker thread or a side journal). Returns owned. */
ErrCode db_open_again(Db *db, Db **ret_db, Err *err) MUST_CHECK;

/* Runs a statement that returns no rows. ret_affected may be NULL. */
ErrCode db_run(Db *db, QueryId query, const Value *params, size_t count, uint64_t *ret_affected,
               Err *err) MUST_CHECK;
/* Runs db_run and gives LAST_INSERT_ID. */
ErrCode db_insert(Db *db, QueryId query, const Value *params, size_t count, int64_t *ret_id,
                  Err *err) MUST_CHECK;
/* Runs a statement that returns rows. */
ErrCode db_query(Db *db, QueryId query, const Value *params, size_t count, Rows **ret_rows,
                 Err *err) MUST_CHECK;
/* One row, one integer (NULL gives 0): for counts. ERR_NOT_FOUND when there is no row. */
ErrCode db_number(Db *db, QueryId query, const Value *params, size_t count, int64_t *ret_number,
                  Err *err) MUST_CHECK;

/* Runs a SELECT in the running transaction (asserted) and gives each row to `sink` as it comes, so
 * that any number of them pass through little memory; no other statement may run meanwhile. What
 * the sink returns, when it is not OK, ends it. Rows are valid within the call. */
typedef ErrCode (*RowSink)(void *state, const Rows *row, Err *err);
typedef struct RowEach {
    RowSink sink;
    void *state;
} RowEach;
ErrCode db_each(Db *db, QueryId query, const Value *params, size_t count, RowEach each,
                Err *err) MUST_CHECK;

/* Moves to the next row; false at the end. All rows are already fetched, so this cannot fail. */
bool rows_next(Rows *rows);
uint64_t rows_count(const Rows *rows);
void rows_close(Rows *rows); /* takes NULL */

/* Column values of the current row, by place from 0. Text and bytes live until rows_close. */
bool rows_null(const Rows *rows, unsigned column);
int64_t rows_int(const Rows *rows, unsigned column);      /* NULL gives 0 */
const char *rows_text(const Rows *rows, unsigned column); /* NULL gives NULL; NUL-terminated */
const void *rows_bytes(const Rows *rows, unsigned column, size_t *ret_length);
Date rows_date(const Rows *rows, unsigned column); /* NULL gives DATE_NONE */

static inline void rows_auto_close(Rows **rows)
{
    rows_close(*rows);
}
#define AUTO_ROWS __attribute__((cleanup(rows_auto_close))) Rows *

/* A hole `{{name}}` in a statement, filled with an expression that sql/expr.h rendered: the only
 * way in which a statement's text varies. The expressions' own values come after the statement's
 * own `?`, in the order of the holes in the text; a statement with holes keeps its fixed `?` before
 * the first hole. */
typedef struct Hole {
    const char *name;
    const SqlExpr *expr; /* a boolean or scalar; or a list (expr_list) for columns and GROUP BY */
} Hole;
ErrCode db_query_filled(Db *db, QueryId query, const Value *params, size_t count, const Hole *holes,
                        size_t hole_count, Rows **ret_rows, Err *err) MUST_CHECK;
ErrCode db_run_filled(Db *db, QueryId query, const Value *params, size_t count, const Hole *holes,
                      size_t hole_count, uint64_t *ret_affected, Err *err) MUST_CHECK;

/* Runs body in a transaction (REPEATABLE READ): commits when it returns OK, rolls back otherwise,
 * and runs it again whole, up to 8 times with growing pauses, when the code is retryable. A lost
 * connection is opened anew first. Must not be nested (asserted). body must not keep results of a
 * failed try. */
typedef ErrCode (*TransactionBody)(Db *db, void *state, Err *err);
ErrCode db_transact(Db *db, TransactionBody body, void *state, Err *err) MUST_CHECK;

/* Within the running transaction of db, another one on a connection of its own: committed when body
 * returns OK, else rolled back; never repeated, since the outer one is. What body does on db is
 * committed after it, by db's own transaction. */
ErrCode db_transact_within(Db *db, Db *within, TransactionBody body, void *state,
                           Err *err) MUST_CHECK;
/* From the next transaction on, reads on this connection see what other connections have not
 * committed yet: for one that works together with db_transact_within. */
void db_see_uncommitted(Db *db, bool see);

/* Streams rows into a LOAD DATA LOCAL statement: `CHARACTER SET binary` in it, and nothing said
 * about FIELDS or LINES (tabs, backslashes and newlines are the server's defaults). Outside a
 * transaction the load is one of its own. */
typedef struct BulkRow BulkRow;
void bulk_value(BulkRow *row, Value value); /* appends the next column of the current row */
/* Columns written ahead, by a thread that has time: bulk_ahead keeps what `write` appends in the
 * arena, bulk_columns appends it to a row. */
typedef struct BulkColumns {
    const char *bytes; /* NULL = none */
    size_t length;
} BulkColumns;
BulkColumns bulk_ahead(Arena *arena, void (*write)(BulkRow *row, const void *state),
                       const void *state);
void bulk_columns(BulkRow *row, BulkColumns columns);
/* Writes one row with bulk_value calls and returns true; false at the end; sets *err (code not OK)
 * to stop. */
typedef bool (*BulkSource)(void *state, BulkRow *row, Err *err);
/* Returns the number of rows that the server took; ERR_DB when it skipped, cut or changed any
 * (warnings). */
ErrCode db_load(Db *db, QueryId query, BulkSource source, void *state, uint64_t *ret_rows,
                Err *err) MUST_CHECK;

#endif
