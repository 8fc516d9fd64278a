#include "base/lang.h"
#include "sql/connection.h"
#include "sql/private.h"
#include "sql/statement.h"

#include <assert.h>
#include <errmsg.h>
#include <mysqld_error.h>
#include <unistd.h>

enum { TRIES = 8, FIRST_PAUSE_MS = 20 };

static ErrCode send(Db *db, QueryId query, Err *err)
{
    return connection_text(db, STATEMENTS[query].name, STATEMENTS[query].text, err);
}

static void roll_back(Db *db)
{
    Err ignored;
    db->in_transaction = false;
    db->doom.code = OK;
    /* Without an answer the client goes; the server rolls back what a lost client began. */
    if (db->client && send(db, QUERY_SQL_TRANSACTION_ROLLBACK, &ignored) != OK)
        connection_drop(db);
}

/* A COMMIT that could not be sent (2006) has not happened; one whose answer was lost may have. */
static ErrCode commit(Db *db, Err *err)
{
    ErrCode code = send(db, QUERY_SQL_TRANSACTION_COMMIT, err);
    if (code == ERR_DB_GONE && err->db_errno != CR_SERVER_GONE_ERROR && err->db_errno != 0) {
        err_set(err, ERR_DB_UNSURE, _("the connection was lost while the database was committing"));
        err_hint(err, _("look whether it was done, before doing it again"));
        code = err->code;
    } else if (code != OK) {
        roll_back(db);
    }
    return code;
}

static ErrCode transact_once(Db *db, TransactionBody body, void *state, Err *err)
{
    if (db->sees_uncommitted)
        TRY(send(db, QUERY_SQL_TRANSACTION_UNCOMMITTED, err));
    TRY(send(db, QUERY_SQL_TRANSACTION_BEGIN, err));
    db->in_transaction = true;
    db->doom.code = OK;
    ErrCode code = body(db, state, err);
    if (code == OK && db->doom.code != OK) {
        /* The body overlooked that the server had rolled back. */
        *err = db->doom;
        code = err->code;
    }
    if (code == OK)
        code = commit(db, err);
    else
        roll_back(db);
    db->in_transaction = false;
    db->doom.code = OK;
    return code;
}

/* Says which disk is full, where that is why. InnoDB ends itself when it can write nowhere: it would
 * do so at every try. */
static ErrCode explain_full(const Server *server, off_t log_from, Err *err)
{
    if (err->db_errno == ER_RECORD_FILE_FULL || err->db_errno == ER_DISK_FULL)
        return err_hint(err, _("free some space on the disk of '%s', then run the command again"),
                        server->home);
    if (err->code == ERR_DB_GONE && private_ran_full(server, log_from))
        return private_failed(server, log_from, _("the private database ended"), err);
    return err->code;
}

ErrCode db_transact(Db *db, TransactionBody body, void *state, Err *err)
{
    assert(!db->in_transaction);
    useconds_t pause_ms = FIRST_PAUSE_MS;
    off_t log_from = db->server.home ? private_log_end(&db->server) : 0;
    for (unsigned try = 1;; try++, pause_ms *= 2) {
        ErrCode code = transact_once(db, body, state, err);
        if (code != OK && db->server.home)
            code = explain_full(&db->server, log_from, err);
        if (code == OK || !err_retryable(code) || try == TRIES)
            return code;
        /* Half of it by chance, so that two which met do not meet again. */
        unsigned chance = (unsigned)(moment_now() ^ (int64_t)getpid()) % (pause_ms / 2 + 1);
        usleep((pause_ms / 2 + chance) * 1000);
    }
}

ErrCode db_transact_within(Db *db, Db *within, TransactionBody body, void *state, Err *err)
{
    assert(db->in_transaction && !within->in_transaction);
    return transact_once(within, body, state, err);
}

void db_see_uncommitted(Db *db, bool see)
{
    db->sees_uncommitted = see;
}
