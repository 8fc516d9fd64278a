#include "sql/connection.h"

#include "base/lang.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdarg.h>

/* Numbers whose message names tables, columns and keys but never a value that a row holds. */
static const unsigned SHOWN[] = {
    ER_CANT_CREATE_TABLE,
    ER_DISK_FULL,
    ER_ERROR_ON_WRITE,
    ER_GET_ERRNO,
    ER_CON_COUNT_ERROR,
    ER_DBACCESS_DENIED_ERROR,
    ER_ACCESS_DENIED_ERROR,
    ER_NO_DB_ERROR,
    ER_UNKNOWN_COM_ERROR,
    ER_BAD_NULL_ERROR,
    ER_BAD_DB_ERROR,
    ER_TABLE_EXISTS_ERROR,
    ER_SERVER_SHUTDOWN,
    ER_BAD_FIELD_ERROR,
    ER_DUP_FIELDNAME,
    ER_DUP_KEYNAME,
    ER_PARSE_ERROR,
    ER_CANT_DROP_FIELD_OR_KEY,
    ER_RECORD_FILE_FULL,
    ER_HOST_IS_BLOCKED,
    ER_HOST_NOT_PRIVILEGED,
    ER_TABLEACCESS_DENIED_ERROR,
    ER_COLUMNACCESS_DENIED_ERROR,
    ER_NO_SUCH_TABLE,
    ER_NET_PACKET_TOO_LARGE,
    ER_ERROR_DURING_COMMIT,
    ER_TOO_MANY_USER_CONNECTIONS,
    ER_LOCK_WAIT_TIMEOUT,
    ER_LOCK_DEADLOCK,
    ER_USER_LIMIT_REACHED,
    ER_WARN_DATA_OUT_OF_RANGE,
    WARN_DATA_TRUNCATED,
    ER_OPTION_PREVENTS_STATEMENT,
    ER_QUERY_INTERRUPTED,
    ER_NO_DEFAULT_FOR_FIELD,
    ER_DATA_TOO_LONG,
    ER_ROW_IS_REFERENCED_2,
    ER_NO_REFERENCED_ROW_2,
    ER_CHECKREAD,
    ER_CONNECTION_KILLED,
    ER_WRONG_FIELD_WITH_GROUP,
    ER_NON_UNIQ_ERROR,
    ER_STATEMENT_TIMEOUT,
    ER_WRONG_VALUE_COUNT_ON_ROW,
    ER_WARN_TOO_FEW_RECORDS,
    ER_WARN_TOO_MANY_RECORDS,
    ER_GENERATED_COLUMN_FUNCTION_IS_NOT_ALLOWED,
    ER_ACCESS_DENIED_NO_PASSWORD_ERROR,
};

static bool may_show(unsigned number)
{
    if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR)
        return true;
    if (number >= CER_MIN_ERROR && number <= CER_MAX_ERROR)
        return true;
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++)
        if (SHOWN[i] == number)
            return true;
    return false;
}

/* The last place of a phrase: a value before it may hold the phrase too, a key's name cannot. */
static const char *last_of(const char *text, const char *phrase)
{
    const char *found = NULL;
    for (const char *at = strstr(text, phrase); at; at = strstr(at + 1, phrase))
        found = at;
    return found;
}

void failure_reason(const Failure *failure, char *out, size_t out_bytes)
{
    const char *message = failure->message ? failure->message : "";
    const char *named = last_of(message, " for key ");
    if (!named)
        named = last_of(message, " for column ");
    if (may_show(failure->number))
        snprintf(out, out_bytes, "%s", message);
    else if (failure->number == ER_DUP_ENTRY || failure->number == ER_DUP_ENTRY_WITH_KEY_NAME)
        snprintf(out, out_bytes, _("a value stands twice%s"), named ? named : "");
    else
        snprintf(out, out_bytes, _("error %u (%s)%s"), failure->number, failure->state,
                 named ? named : "");
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
}

static ErrCode code_of(const Failure *failure)
{
    switch (failure->number) {
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_CHECKREAD:
        return ERR_DB_CONFLICT;
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_SERVER_HANDSHAKE_ERR:
    case ER_CONNECTION_KILLED:
    case ER_SERVER_SHUTDOWN:
        return ERR_DB_GONE;
    case ER_UNKNOWN_COM_ERROR: /* a Galera node outside its cluster says so with this state */
        return strcmp(failure->state, "08S01") == 0 ? ERR_DB_GONE : ERR_DB;
    default:
        return ERR_DB;
    }
}

static void hint_for(Err *err, const Failure *failure)
{
    switch (failure->number) {
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
    case ER_ERROR_ON_WRITE:
        err_hint(err, _("free some space on the database's disk, then run the command again"));
        break;
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
        err_hint(err,
                 _("the account in \"database\" needs all privileges on its schema; check its name "
                   "and password"));
        break;
    case ER_BAD_DB_ERROR:
        err_hint(
            err,
            _("let the server's administrator make it with CREATE DATABASE … CHARACTER SET utf8mb4 "
              "COLLATE utf8mb4_bin"));
        break;
    case ER_NO_SUCH_TABLE:
    case ER_BAD_FIELD_ERROR:
        err_hint(err, _("run 'talent db migrate'"));
        break;
    case ER_NET_PACKET_TOO_LARGE:
        err_hint(err, _("set max_allowed_packet of the server to 64M or more"));
        break;
    case ER_LOAD_INFILE_CAPABILITY_DISABLED:
        err_hint(err, _("set local_infile=ON on the server"));
        break;
    default:
        break;
    }
}

ErrCode failure_set(Err *err, const Failure *failure, const char *format, ...)
{
    char reason[512], what[512];
    failure_reason(failure, reason, sizeof reason);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    err_set(err, code_of(failure), "%s: %s", what, reason);
    err->db_errno = failure->number;
    hint_for(err, failure);
    return err->code;
}

static Failure failure_broken(Failure failure)
{
    if (failure.number == CR_SSL_CONNECTION_ERROR)
        failure.number = CR_SERVER_LOST;
    return failure;
}

Failure failure_of_client(MYSQL *client)
{
    return failure_broken(
        (Failure){mysql_errno(client), mysql_sqlstate(client), mysql_error(client)});
}

Failure failure_of_stmt(MYSQL_STMT *stmt)
{
    if (mysql_stmt_errno(stmt) != 0)
        return failure_broken(
            (Failure){mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt)});
    if (stmt->mysql && mysql_errno(stmt->mysql) != 0)
        return failure_of_client(stmt->mysql);
    return (Failure){CR_SERVER_LOST, "08S01", _("the connection was lost")};
}

void connection_note(Db *db, const Err *err)
{
    if (err->code == ERR_DB_GONE || err->code == ERR_DB_UNSURE)
        connection_drop(db);
    if (db->in_transaction && err_retryable(err->code) && db->doom.code == OK)
        db->doom = *err;
}
