/* sql/connection.h: what one Db is made of; for the files of sql/ and the tests, no room includes
 * it.
 * Shape:  Db = server, client handle (NULL once lost), statements prepared on it, the transaction
 *         it is in.
 * Owns:   statements live as long as the client handle; filled texts are closed when pushed out by
 *         newer ones.
 * Errors: see sql/db.h; failure_set makes an Err from what the server said, without values.
 * Source: MariaDB Connector/C 3.3. */
#ifndef SQL_CONNECTION_H
#define SQL_CONNECTION_H

#include "sql/db.h"
#include "sql/server.h"

enum { FILLED_KEPT = 16 };

typedef struct st_mysql Client;          /* MYSQL */
typedef struct st_mysql_stmt ClientStmt; /* MYSQL_STMT */

typedef struct FilledStmt {
    char *text; /* malloc'd; NULL = free place */
    ClientStmt *stmt;
    uint64_t used; /* greater = more recently */
} FilledStmt;

struct Db {
    Arena *arena; /* holds server's strings */
    Server server;
    Client *client; /* NULL = lost, or not yet open */
    ClientStmt *prepared[QUERY_COUNT];
    FilledStmt filled[FILLED_KEPT];
    uint64_t filled_clock;
    bool in_transaction;
    bool sees_uncommitted; /* transactions begin so */
    Err doom;              /* code not OK: the running transaction cannot be committed any more */
    struct Load *load;     /* the bulk load that the server may ask rows of; NULL = none */
};

/* Makes db->client anew when it was lost. In a transaction a lost client stays lost (ERR_DB_GONE),
 * and after a rollback by the server every further statement gets that failure again. */
ErrCode connection_ensure(Db *db, Err *err) MUST_CHECK;
/* Closes the client and its statements, keeps the Db. */
void connection_drop(Db *db);
/* Connects to a server without choosing its schema. Returns owned; db_close. */
ErrCode connection_open(const Server *server, bool with_schema, Db **ret_db, Err *err) MUST_CHECK;

/* One execution of one statement. */
typedef struct Call {
    const char *name; /* for messages */
    const char *text;
    QueryId query; /* QUERY_COUNT: prepared by its text, kept among the filled ones */
    const Value *params;
    size_t count;
    Rows **ret_rows; /* NULL = returns none */
    RowEach each;    /* instead of ret_rows; sink NULL = not wanted */
    uint64_t *ret_affected;
    int64_t *ret_id;
} Call;
ErrCode call_run(Db *db, const Call *call, Err *err) MUST_CHECK;

/* Prepares a text and closes it again: whether the server understands it, and how many `?` it sees.
 */
ErrCode call_probe(Db *db, const Call *call, size_t *ret_parameters, Err *err) MUST_CHECK;

/* Reads all rows of an executed statement. */
ErrCode rows_read(ClientStmt *stmt, const char *name, Rows **ret_rows, Err *err) MUST_CHECK;

/* Gives them to the sink one by one. */
ErrCode rows_each(ClientStmt *stmt, const char *name, RowEach each, Err *err) MUST_CHECK;

/* A statement of sql/queries/sql that cannot be prepared, or a step of a migration, sent as text.
 */
ErrCode connection_text(Db *db, const char *name, const char *text, Err *err) MUST_CHECK;

/* Any SQL text, for migrations and tests; ret_rows may be NULL. */
ErrCode db_text(Db *db, const char *text, Rows **ret_rows, Err *err) MUST_CHECK;

/* Fills err from the number, SQLSTATE and message of the server or the client library; "cannot …:
 * reason". */
typedef struct Failure {
    unsigned number;
    const char *state;
    const char *message;
} Failure;
/* What a client handle or a statement says after a failed call; a statement on a client that is
 * gone is lost. An encrypted connection that breaks counts as lost too, whatever the TLS library
 * calls it. */
Failure failure_of_client(Client *client);
Failure failure_of_stmt(ClientStmt *stmt);
ErrCode failure_set(Err *err, const Failure *failure, const char *format, ...) PRINTF_LIKE(3, 4);
/* The reason as it may be shown: names of keys and columns, never values. out holds at least 256
 * bytes. */
void failure_reason(const Failure *failure, char *out, size_t out_bytes);
/* Remembers in db what a failure means for its client and its transaction. */
void connection_note(Db *db, const Err *err);

#endif
