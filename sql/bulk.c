#include "sql/load.h"

#include "base/buffer.h"
#include "base/lang.h"

#include <assert.h>
#include <inttypes.h>

/* One row may not be larger than what one packet of the private server holds. */
enum { ROW_LIMIT_BYTES = 64 * 1024 * 1024, PIECE_BYTES = 256 * 1024 };

struct BulkRow {
    Buffer *buffer;
    unsigned columns;
};

typedef struct Load {
    BulkSource source;
    void *state;
    Err *err; /* of db_load; filled by source or by us */
    Buffer buffer;
    size_t sent; /* of buffer */
    uint64_t rows;
    bool ended;
} Load;

/* LOAD DATA's own escapes; with CHARACTER SET binary in the statement the server looks at bytes
 * only, so no second byte of a character can pass for a backslash. */
static void add_escaped(Buffer *buffer, const char *bytes, size_t length)
{
    size_t plain = 0;
    for (size_t i = 0; i < length; i++) {
        const char *escape = NULL;
        if ((unsigned char)bytes[i] > '\n' && bytes[i] != '\\')
            continue;
        switch (bytes[i]) {
        case '\0':
            escape = "\\0";
            break;
        case '\t':
            escape = "\\t";
            break;
        case '\n':
            escape = "\\n";
            break;
        case '\\':
            escape = "\\\\";
            break;
        default:
            continue;
        }
        buffer_add(buffer, bytes + plain, i - plain);
        buffer_add(buffer, escape, 2);
        plain = i + 1;
    }
    buffer_add(buffer, bytes + plain, length - plain);
}

static void add_number(Buffer *buffer, int64_t number)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + left % 10);
    while ((left /= 10) != 0);
    if (number < 0)
        buffer_char(buffer, '-');
    buffer_add(buffer, at, (size_t)(digits + sizeof digits - at));
}

void bulk_value(BulkRow *row, Value value)
{
    char date[11];
    if (row->columns++ > 0)
        buffer_char(row->buffer, '\t');
    switch (value.kind) {
    case VALUE_NULL:
        buffer_text(row->buffer, "\\N");
        break;
    case VALUE_INT:
        add_number(row->buffer, value.number);
        break;
    case VALUE_DATE:
        buffer_text(row->buffer, date_format((Date)value.number, date));
        break;
    case VALUE_TEXT:
    case VALUE_BYTES:
        add_escaped(row->buffer, value.bytes, value.length);
        break;
    }
}

BulkColumns bulk_ahead(Arena *arena, void (*write)(BulkRow *row, const void *state),
                       const void *state)
{
    AUTO_BUFFER buffer = BUFFER(ROW_LIMIT_BYTES);
    BulkRow row = {.buffer = &buffer};
    write(&row, state);
    if (buffer.overflow) /* written again, and refused, when its row is */
        return (BulkColumns){.bytes = NULL};
    return (BulkColumns){arena_memdup(arena, buffer_string(&buffer), buffer.length), buffer.length};
}

void bulk_columns(BulkRow *row, BulkColumns columns)
{
    if (row->columns++ > 0)
        buffer_char(row->buffer, '\t');
    buffer_add(row->buffer, columns.bytes, columns.length);
}

/* Fills the buffer with whole rows; false on an error of the source. */
static bool load_more(Load *load)
{
    buffer_clear(&load->buffer);
    load->sent = 0;
    while (!load->ended && load->buffer.length < PIECE_BYTES) {
        BulkRow row = {.buffer = &load->buffer};
        if (!load->source(load->state, &row, load->err)) {
            load->ended = true;
            return load->err->code == OK;
        }
        buffer_char(&load->buffer, '\n');
        load->rows++;
        if (buffer_check(&load->buffer, _("a row"), load->err) != OK)
            return false;
    }
    return true;
}

static int serve_init(void **ret_load, const char *file, void *db)
{
    (void)file;
    *ret_load = ((Db *)db)->load;
    return *ret_load ? 0 : 1;
}

static int serve_read(void *state, char *out, unsigned out_bytes)
{
    Load *load = state;
    if (load->sent == load->buffer.length && !load_more(load))
        return -1;
    size_t left = load->buffer.length - load->sent;
    size_t length = left < out_bytes ? left : out_bytes;
    if (length > 0)
        memcpy(out, load->buffer.bytes + load->sent, length);
    load->sent += length;
    return (int)length;
}

static void serve_end(void *state)
{
    (void)state;
}

static int serve_error(void *state, char *out, unsigned out_bytes)
{
    snprintf(out, out_bytes, "%s",
             state ? "the rows could not be made" : "no bulk load is running");
    return 1;
}

void load_serve(Client *client, Db *db)
{
    mysql_set_local_infile_handler(client, serve_init, serve_read, serve_end, serve_error, db);
}

/* LOCAL turns every error about a row into a warning, so one warning is one row too many. */
static ErrCode load_check(Db *db, const Load *load, uint64_t taken, const char *name, Err *err)
{
    unsigned warnings = mysql_warning_count(db->client);
    if (warnings == 0 && taken == load->rows)
        return OK;
    char reason[256] = "";
    AUTO_ROWS rows = NULL;
    if (warnings > 0) {
        TRY(db_query(db, QUERY_SQL_LOAD_WARNINGS, NO_PARAMS, &rows, err));
        if (rows_next(rows)) {
            Failure first = {(unsigned)rows_int(rows, 1), "01000", rows_text(rows, 2)};
            failure_reason(&first, reason, sizeof reason);
        }
    }
    return err_set(err, ERR_DB,
                   _("statement '%s' took %" PRIu64 " of %" PRIu64 " rows, with %u warnings%s%s"),
                   name, taken, load->rows, warnings, reason[0] ? ": " : "", reason);
}

static ErrCode load_run(Db *db, const Statement *statement, Load *load, Err *err)
{
    Err sent = {0};
    db->load = load;
    ErrCode code = connection_text(db, statement->name, statement->text, &sent);
    db->load = NULL;
    if (load->err->code !=
        OK) /* the source, or a row too large, stopped it: the server's error only follows */
        return load->err->code;
    if (code != OK) {
        *err = sent;
        return code;
    }
    return load_check(db, load, mysql_affected_rows(db->client), statement->name, err);
}

typedef struct LoadCall {
    const Statement *statement;
    Load *load;
} LoadCall;

static ErrCode load_body(Db *db, void *state, Err *err)
{
    const LoadCall *call = state;
    ErrCode code = load_run(db, call->statement, call->load, err);
    /* The source cannot be read again, so this transaction cannot be run again. */
    return code != OK && err_retryable(code) ? (err->code = ERR_DB) : code;
}

ErrCode load_rows(Db *db, const Statement *statement, BulkSource source, void *state,
                  uint64_t *ret_rows, Err *err)
{
    Load load = {.source = source, .state = state, .err = err, .buffer = BUFFER(ROW_LIMIT_BYTES)};
    LoadCall call = {statement, &load};
    err->code = OK;
    ErrCode code = db->in_transaction ? load_run(db, statement, &load, err)
                                      : db_transact(db, load_body, &call, err);
    buffer_done(&load.buffer);
    if (code == OK && ret_rows)
        *ret_rows = load.rows;
    return code;
}

ErrCode db_load(Db *db, QueryId query, BulkSource source, void *state, uint64_t *ret_rows, Err *err)
{
    assert(query < QUERY_COUNT);
    return load_rows(db, &STATEMENTS[query], source, state, ret_rows, err);
}
