#include "sql/load_dump.h"

#include "base/lang.h"
#include "base/text.h"
#include "sql/connection.h"
#include "sql/statement.h"

#include <mysqld_error.h>
#include <string.h>

enum { STATEMENT_BYTES_MAX = 128 << 20, STATEMENTS_AT_ONCE = 32 };

LoadDump load_dump_start(Db *db, const json_t *tables)
{
    return (LoadDump){.db = db,
                      .tables = tables,
                      .statement = BUFFER(STATEMENT_BYTES_MAX),
                      .line = BUFFER(STATEMENT_BYTES_MAX)};
}

void load_dump_done(LoadDump *load)
{
    if (load->db->in_transaction)
        connection_drop(load->db);
    load->db->in_transaction = false;
    load->db->doom.code = OK;
    buffer_done(&load->statement);
    buffer_done(&load->line);
}

static ErrCode unknown(Err *err)
{
    return err_set(err, ERR_INPUT, _("the backup holds a line that no copy of a base has"));
}

/* "INSERT INTO `table` VALUES": of a table that is expected. */
static bool is_head(const LoadDump *load, const char *line)
{
    static const char INSERT[] = "INSERT INTO `", VALUES[] = "` VALUES";
    enum { NAME_BYTES = 65 };
    char name[NAME_BYTES];
    if (!text_starts(line, INSERT))
        return false;
    const char *at = line + sizeof INSERT - 1;
    size_t length = strcspn(at, "`");
    if (length >= sizeof name || strcmp(at + length, VALUES) != 0)
        return false;
    memcpy(name, at, length);
    name[length] = '\0';
    return json_object_get(load->tables, name) != NULL;
}

/* A row is one literal after the other: nothing in it may be a name, a call or a second statement.
 * Ends with ")," or ");": *ret_last. */
static bool is_row(const char *line, bool *ret_last)
{
    const char *at = line + 1;
    for (bool quoted = false; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '\'')
            quoted = !quoted;
        else if (!quoted && *at == ')')
            break;
        else if (!quoted && !strchr("0123456789abcdefABCDEFxNUL.,-+", *at))
            return false;
    }
    *ret_last = strcmp(at, ");") == 0;
    return *ret_last || strcmp(at, "),") == 0;
}

static ErrCode transaction_close(LoadDump *load, Err *err)
{
    load->statements = 0;
    if (!load->db->in_transaction)
        return OK;
    TRY(connection_text(load->db, "transaction_commit",
                        STATEMENTS[QUERY_SQL_TRANSACTION_COMMIT].text, err));
    load->db->in_transaction = false;
    return OK;
}

/* Commits now and then, and begins anew: a commit waits for the disk. While it is in a transaction
 * a lost connection stays lost. */
static ErrCode transaction_open(LoadDump *load, Err *err)
{
    if (load->statements == STATEMENTS_AT_ONCE)
        TRY(transaction_close(load, err));
    if (load->db->in_transaction)
        return OK;
    TRY(connection_text(load->db, "transaction_begin", STATEMENTS[QUERY_SQL_TRANSACTION_BEGIN].text,
                        err));
    load->db->in_transaction = true;
    return OK;
}

/* Anything that the server changed in a row, other than to compute itself what it computes, makes
 * the base another one. */
static ErrCode statement_run(LoadDump *load, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(transaction_open(load, err));
    TRY(connection_text(load->db, "restore_rows", buffer_string(&load->statement), err));
    load->statements++;
    if (mysql_warning_count(load->db->client) == 0)
        return OK;
    TRY(db_query(load->db, QUERY_SQL_RESTORE_WARNINGS, NO_PARAMS, &rows, err));
    while (rows_next(rows))
        if (rows_int(rows, 1) != ER_WARNING_NON_DEFAULT_VALUE_FOR_GENERATED_COLUMN)
            return err_set(err, ERR_DB,
                           _("the server does not take a row of the backup as it is: "
                             "warning %d"),
                           (int)rows_int(rows, 1));
    return OK;
}

static ErrCode line_take(LoadDump *load, Err *err)
{
    const char *line = buffer_string(&load->line);
    bool last = false, inside = load->statement.length > 0;
    TRY(buffer_check(&load->line, _("a line of the backup"), err));
    if (strlen(line) != load->line.length)
        return unknown(err);
    if (inside ? !(*line == '(' && is_row(line, &last)) : !is_head(load, line)) {
        /* settings of a session in comments, which ours has already */
        return !inside && (*line == '\0' || text_starts(line, "/*")) ? OK : unknown(err);
    }
    buffer_text(&load->statement, line);
    buffer_char(&load->statement, '\n');
    TRY(buffer_check(&load->statement, _("a statement of the backup"), err));
    if (!last)
        return OK;
    ErrCode code = statement_run(load, err);
    buffer_clear(&load->statement);
    return code;
}

ErrCode load_dump_take(LoadDump *load, const void *bytes, size_t length, Err *err)
{
    const char *from = bytes, *end = from + length;
    while (from < end) {
        const char *stop = memchr(from, '\n', (size_t)(end - from));
        buffer_add(&load->line, from, (size_t)((stop ? stop : end) - from));
        if (!stop)
            return OK;
        TRY(line_take(load, err));
        buffer_clear(&load->line);
        from = stop + 1;
    }
    return OK;
}

ErrCode load_dump_end(LoadDump *load, Err *err)
{
    if (load->line.length > 0 || load->statement.length > 0)
        return err_set(err, ERR_INPUT, _("the backup ends in the middle of a table"));
    return transaction_close(load, err);
}
