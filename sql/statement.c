#include "sql/statement.h"

#include "base/lang.h"
#include "sql/connection.h"

#include <assert.h>
#include <errmsg.h>
#include <strings.h>

/* The parameters of one execution, as the client library wants them. */
typedef struct Binding {
    MYSQL_BIND *binds;
    MYSQL_TIME *dates;
    long long *numbers;
} Binding;

static void binding_done(Binding *binding)
{
    free(binding->binds);
    free(binding->dates);
    free(binding->numbers);
}

static void bind_value(Binding *binding, size_t at, const Value *value)
{
    MYSQL_BIND *bind = &binding->binds[at];
    switch (value->kind) {
    case VALUE_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        break;
    case VALUE_INT:
        binding->numbers[at] = value->number;
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &binding->numbers[at];
        break;
    case VALUE_DATE: {
        Civil civil = date_civil((Date)value->number);
        binding->dates[at] = (MYSQL_TIME){.year = (unsigned)civil.year,
                                          .month = (unsigned)civil.month,
                                          .day = (unsigned)civil.day,
                                          .time_type = MYSQL_TIMESTAMP_DATE};
        bind->buffer_type = MYSQL_TYPE_DATE;
        bind->buffer = &binding->dates[at];
        break;
    }
    case VALUE_TEXT:
    case VALUE_BYTES:
        bind->buffer_type = value->kind == VALUE_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        memcpy(&bind->buffer, &value->bytes,
               sizeof bind->buffer); /* only read: the field is not const */
        bind->buffer_length = value->length;
        bind->length_value = value->length;
        bind->length = &bind->length_value;
        break;
    }
}

static ErrCode stmt_failed(const Call *call, MYSQL_STMT *stmt, Err *err)
{
    Failure failure = failure_of_stmt(stmt);
    return failure_set(err, &failure, _("cannot run statement '%s'"), call->name);
}

static ErrCode stmt_execute(const Call *call, MYSQL_STMT *stmt, Err *err)
{
    assert(mysql_stmt_param_count(stmt) == call->count);
    size_t places = call->count ? call->count : 1;
    Binding binding __attribute__((cleanup(binding_done))) = {
        .binds = calloc(places, sizeof(MYSQL_BIND)),
        .dates = calloc(places, sizeof(MYSQL_TIME)),
        .numbers = calloc(places, sizeof(long long)),
    };
    if (!binding.binds || !binding.dates || !binding.numbers)
        return err_set(err, ERR_LIMIT, _("out of memory for statement '%s'"), call->name);
    for (size_t i = 0; i < call->count; i++)
        bind_value(&binding, i, &call->params[i]);
    if (call->count && mysql_stmt_bind_param(stmt, binding.binds))
        return stmt_failed(call, stmt, err);
    if (mysql_stmt_execute(stmt))
        return stmt_failed(call, stmt, err);
    return OK;
}

static ErrCode stmt_prepare(Db *db, const Call *call, MYSQL_STMT **ret_stmt, Err *err)
{
    MYSQL_STMT *stmt = mysql_stmt_init(db->client);
    if (!stmt)
        return err_set(err, ERR_LIMIT, _("out of memory for statement '%s'"), call->name);
    if (mysql_stmt_prepare(stmt, call->text, strlen(call->text))) {
        ErrCode code = stmt_failed(call, stmt, err);
        mysql_stmt_close(stmt);
        return code;
    }
    *ret_stmt = stmt;
    return OK;
}

/* The place among the filled statements that holds this text, or the one to give up for it. */
static FilledStmt *filled_place(Db *db, const char *text)
{
    FilledStmt *oldest = &db->filled[0];
    for (size_t i = 0; i < FILLED_KEPT; i++) {
        FilledStmt *place = &db->filled[i];
        if (place->text && strcmp(place->text, text) == 0)
            return place;
        if (place->used < oldest->used)
            oldest = place;
    }
    if (oldest->stmt)
        mysql_stmt_close(oldest->stmt);
    free(oldest->text);
    *oldest = (FilledStmt){0};
    return oldest;
}

static ErrCode stmt_of(Db *db, const Call *call, MYSQL_STMT **ret_stmt, Err *err)
{
    if (call->query != QUERY_COUNT) {
        if (!db->prepared[call->query])
            TRY(stmt_prepare(db, call, &db->prepared[call->query], err));
        *ret_stmt = db->prepared[call->query];
        return OK;
    }
    FilledStmt *place = filled_place(db, call->text);
    if (!place->stmt) {
        TRY(stmt_prepare(db, call, &place->stmt, err));
        place->text = strdup(call->text);
        if (!place->text)
            return err_set(err, ERR_LIMIT, _("out of memory for statement '%s'"), call->name);
    }
    place->used = ++db->filled_clock;
    *ret_stmt = place->stmt;
    return OK;
}

static ErrCode call_once(Db *db, const Call *call, Err *err)
{
    MYSQL_STMT *stmt = NULL;
    TRY(stmt_of(db, call, &stmt, err));
    TRY(stmt_execute(call, stmt, err));
    if (call->ret_affected)
        *call->ret_affected = mysql_stmt_affected_rows(stmt);
    if (call->ret_id)
        *call->ret_id = (int64_t)mysql_stmt_insert_id(stmt);
    ErrCode code = call->ret_rows    ? rows_read(stmt, call->name, call->ret_rows, err)
                   : call->each.sink ? rows_each(stmt, call->name, call->each, err)
                                     : OK;
    mysql_stmt_free_result(stmt);
    return code;
}

ErrCode call_probe(Db *db, const Call *call, size_t *ret_parameters, Err *err)
{
    MYSQL_STMT *stmt = NULL;
    TRY(connection_ensure(db, err));
    TRY(stmt_prepare(db, call, &stmt, err));
    *ret_parameters = mysql_stmt_param_count(stmt);
    mysql_stmt_close(stmt);
    return OK;
}

static bool only_reads(const char *text)
{
    return strncasecmp(text, "SELECT", 6) == 0 || strncasecmp(text, "WITH", 4) == 0;
}

/* Outside a transaction the server may be asked again when it cannot have done anything: the
 * statement was not sent (2006) or only reads. When a writing statement's answer was lost, nobody
 * knows. */
ErrCode call_run(Db *db, const Call *call, Err *err)
{
    TRY(connection_ensure(db, err));
    ErrCode code = call_once(db, call, err);
    if (code == OK)
        return OK;
    if (!db->in_transaction && code == ERR_DB_GONE && !only_reads(call->text) &&
        (err->db_errno == CR_SERVER_LOST || err->db_errno == CR_SERVER_LOST_EXTENDED))
        code = err->code = ERR_DB_UNSURE;
    if (code == ERR_DB_UNSURE)
        err_hint(err, _("look whether it was done, before doing it again"));
    connection_note(db, err);
    if (db->in_transaction || code != ERR_DB_GONE)
        return code;
    TRY(connection_ensure(db, err));
    code = call_once(db, call, err);
    if (code != OK)
        connection_note(db, err);
    return code;
}

static Call call_of(QueryId query, const Value *params, size_t count)
{
    assert(query < QUERY_COUNT);
    const Statement *statement = &STATEMENTS[query];
    return (Call){.name = statement->name,
                  .text = statement->text,
                  .query = query,
                  .params = params,
                  .count = count};
}

ErrCode db_run(Db *db, QueryId query, const Value *params, size_t count, uint64_t *ret_affected,
               Err *err)
{
    Call call = call_of(query, params, count);
    call.ret_affected = ret_affected;
    return call_run(db, &call, err);
}

ErrCode db_insert(Db *db, QueryId query, const Value *params, size_t count, int64_t *ret_id,
                  Err *err)
{
    Call call = call_of(query, params, count);
    call.ret_id = ret_id;
    return call_run(db, &call, err);
}

ErrCode db_query(Db *db, QueryId query, const Value *params, size_t count, Rows **ret_rows,
                 Err *err)
{
    Call call = call_of(query, params, count);
    call.ret_rows = ret_rows;
    return call_run(db, &call, err);
}

ErrCode db_each(Db *db, QueryId query, const Value *params, size_t count, RowEach each, Err *err)
{
    assert(db->in_transaction);
    Call call = call_of(query, params, count);
    call.each = each;
    return call_run(db, &call, err);
}

ErrCode db_number(Db *db, QueryId query, const Value *params, size_t count, int64_t *ret_number,
                  Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, query, params, count, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, _("statement '%s' found nothing"),
                       STATEMENTS[query].name);
    *ret_number = rows_int(rows, 0);
    return OK;
}

ErrCode db_text(Db *db, const char *text, Rows **ret_rows, Err *err)
{
    Call call = {.name = "text", .text = text, .query = QUERY_COUNT, .ret_rows = ret_rows};
    return call_run(db, &call, err);
}

ErrCode connection_text(Db *db, const char *name, const char *text, Err *err)
{
    TRY(connection_ensure(db, err));
    if (mysql_real_query(db->client, text, strlen(text)) == 0)
        return OK;
    Failure failure = failure_of_client(db->client);
    ErrCode code = failure_set(err, &failure, _("cannot run statement '%s'"), name);
    connection_note(db, err);
    return code;
}
