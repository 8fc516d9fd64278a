#include "sql/reseal.h"

#include "base/buffer.h"
#include "base/command.h"
#include "base/lang.h"
#include "sql/expr.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* A value begins with the number of its key and its nonce. */
enum { PAGE_ROWS = 500, KEY_AND_NONCE_BYTES = 25 };

const SealedColumn SEALED_COLUMNS[] = {
#define SEALED(table, column, ...) {#table, #column, {__VA_ARGS__, NULL}},
#include "sql/sealed.def"
#undef SEALED
};
const size_t SEALED_COLUMN_COUNT = sizeof SEALED_COLUMNS / sizeof *SEALED_COLUMNS;

/* A walk along one column. */
typedef struct Walk {
    const SealedColumn *column;
    const Sealer *sealer;
    uint8_t number;                /* of the values that are passed over; 0 = none */
    int64_t last[SEALED_KEYS_MAX]; /* primary key of the last row */
    bool begun;
    Arena *arena; /* of one page */
    size_t rows, renewed;
} Walk;

static const SqlExpr *key_list(Arena *arena, const SealedColumn *column)
{
    const SqlExpr *items[SEALED_KEYS_MAX];
    size_t count = 0;
    for (; column->keys[count]; count++)
        items[count] = expr_column(arena, NULL, column->keys[count]);
    return expr_list(arena, items, count);
}

static const SqlExpr *key_compare(const Walk *walk, size_t key, SqlCompare op,
                                  const int64_t *numbers)
{
    return expr_compare(walk->arena, op, expr_column(walk->arena, NULL, walk->column->keys[key]),
                        expr_value(walk->arena, v_int(numbers[key])));
}

/* a > x, or a = x and (b > y, or b = y and …): ranges of the primary key. */
static const SqlExpr *rows_after(const Walk *walk)
{
    const SqlExpr *ways[SEALED_KEYS_MAX];
    size_t count = 0;
    if (!walk->begun)
        return expr_true(walk->arena);
    for (; walk->column->keys[count]; count++) {
        const SqlExpr *parts[SEALED_KEYS_MAX];
        for (size_t key = 0; key < count; key++)
            parts[key] = key_compare(walk, key, SQL_EQ, walk->last);
        parts[count] = key_compare(walk, count, SQL_GT, walk->last);
        ways[count] = expr_and(walk->arena, parts, count + 1);
    }
    return expr_or(walk->arena, ways, count);
}

static const char *const PLACES[SEALED_KEYS_MAX] = {"a", "b", "c", "d"};

/* t's primary key is v's. */
static const SqlExpr *row_is(const Walk *walk)
{
    const SqlExpr *parts[SEALED_KEYS_MAX];
    size_t count = 0;
    for (; walk->column->keys[count]; count++)
        parts[count] = expr_compare(walk->arena, SQL_EQ,
                                    expr_column(walk->arena, "t", walk->column->keys[count]),
                                    expr_column(walk->arena, "v", PLACES[count]));
    return expr_and(walk->arena, parts, count);
}

static ErrCode page_read(Db *db, const Walk *walk, Rows **ret_rows, Err *err)
{
    Arena *arena = walk->arena;
    const Hole holes[] = {
        {"sealed_column", expr_column(arena, NULL, walk->column->column)},
        {"columns", key_list(arena, walk->column)},
        {"sealed_table", expr_column(arena, NULL, walk->column->table)},
        {"after", rows_after(walk)},
        {"key_number", expr_value(arena, v_int(walk->number))},
    };
    return db_query_filled(db, QUERY_SQL_RESEAL_PAGE, NO_PARAMS, holes,
                           sizeof holes / sizeof *holes, ret_rows, err);
}

static void row_numbers(const Walk *walk, const Rows *rows, int64_t numbers[SEALED_KEYS_MAX])
{
    for (size_t key = 0; walk->column->keys[key]; key++)
        numbers[key] = rows_int(rows, (unsigned)key + 1);
}

/* "7/1/12" */
static void row_name(const Walk *walk, const int64_t *numbers, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t key = 0; walk->column->keys[key] && length < size; key++)
        length += (size_t)snprintf(out + length, size - length, "%s%" PRId64, key ? "/" : "",
                                   numbers[key]);
}

/* Opened as bytes: some values are no text. */
static ErrCode value_renew(const Walk *walk, const Rows *rows, const int64_t *numbers,
                           json_t *values, Err *err)
{
    Arena *arena = walk->arena;
    size_t length, sealed_length;
    char *plain, name[80];
    const void *old = rows_bytes(rows, 0, &length);
    if (unseal(walk->sealer, arena, old, length, &plain, err) != OK) {
        row_name(walk, numbers, name, sizeof name);
        return err_wrap(err, _("table '%s', row %s, '%s'"), walk->column->table, name,
                        walk->column->column);
    }
    const uint8_t *fresh =
        seal(walk->sealer, arena, plain, length - SEAL_OVERHEAD_BYTES, &sealed_length);
    json_t *value = json_pack("{s:s, s:s}", "fresh", seal_hex(arena, fresh, sealed_length), "old",
                              seal_hex(arena, old, KEY_AND_NONCE_BYTES));
    for (size_t key = 0; walk->column->keys[key]; key++)
        json_object_set_new(value, PLACES[key], json_integer(numbers[key]));
    json_array_append_new(values, value);
    return OK;
}

static ErrCode values_write(Db *db, Walk *walk, const json_t *values, Err *err)
{
    uint64_t changed = 0;
    const Hole holes[] = {
        {"sealed_table", expr_column(walk->arena, NULL, walk->column->table)},
        {"row", row_is(walk)},
        {"sealed_column", expr_column(walk->arena, NULL, walk->column->column)},
    };
    if (json_array_size(values) == 0)
        return OK;
    char *text = json_dumps(values, JSON_COMPACT);
    ErrCode code = db_run_filled(db, QUERY_SQL_RESEAL_VALUES, PARAMS(v_text(text)), holes,
                                 sizeof holes / sizeof *holes, &changed, err);
    free(text);
    walk->renewed = (size_t)changed;
    return code;
}

typedef struct Page {
    Walk *walk;
    int64_t last[SEALED_KEYS_MAX]; /* taken over only when the page is committed */
} Page;

static ErrCode page_renew(Db *db, void *state, Err *err)
{
    Page *page = state;
    Walk *walk = page->walk;
    AUTO_ROWS rows = NULL;
    arena_reset(walk->arena);
    walk->rows = walk->renewed = 0;
    TRY(page_read(db, walk, &rows, err));
    json_t *values = json_array();
    ErrCode code = OK;
    while (code == OK && rows_next(rows)) {
        row_numbers(walk, rows, page->last);
        walk->rows++;
        code = value_renew(walk, rows, page->last, values, err);
    }
    if (code == OK)
        code = values_write(db, walk, values, err);
    json_decref(values);
    return code;
}

ErrCode reseal_column(Db *db, const Sealer *sealer, const SealedColumn *column, int64_t *renewed,
                      Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Walk walk = {
        .column = column, .sealer = sealer, .number = sealer_number(sealer), .arena = arena};
    do {
        Page page = {.walk = &walk};
        ErrCode code = db_transact(db, page_renew, &page, err);
        if (code == ERR_DB_UNSURE) /* what was committed is passed over now */
            code = db_transact(db, page_renew, &page, err);
        TRY(code);
        if (walk.rows > 0) {
            memcpy(walk.last, page.last, sizeof walk.last);
            walk.begun = true;
        }
        *renewed += (int64_t)walk.renewed;
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped; run it again to go on"));
    } while (walk.rows == PAGE_ROWS);
    return OK;
}

typedef struct Counting {
    const SealedColumn *column;
    uint8_t number;
    int64_t count;
} Counting;

static ErrCode count_body(Db *db, void *state, Err *err)
{
    Counting *counting = state;
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    const Hole holes[] = {
        {"sealed_table", expr_column(arena, NULL, counting->column->table)},
        {"sealed_column", expr_column(arena, NULL, counting->column->column)},
        {"key_number", expr_value(arena, v_int(counting->number))},
    };
    TRY(db_query_filled(db, QUERY_SQL_RESEAL_OTHER, NO_PARAMS, holes, sizeof holes / sizeof *holes,
                        &rows, err));
    counting->count = rows_next(rows) ? rows_int(rows, 0) : 0;
    return OK;
}

ErrCode reseal_count_other(Db *db, const Sealer *sealer, const SealedColumn *column,
                           int64_t *ret_count, Err *err)
{
    Counting counting = {.column = column, .number = sealer_number(sealer)};
    TRY(db_transact(db, count_body, &counting, err));
    *ret_count = counting.count;
    return OK;
}

ErrCode reseal_check(Db *db, const Sealer *sealer, const SealedColumn *column,
                     SealedCheck *ret_check, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Walk walk = {.column = column, .sealer = sealer, .arena = arena};
    SealedCheck check = {0};
    uint64_t count;
    do {
        AUTO_ROWS rows = NULL;
        arena_reset(arena);
        TRY(page_read(db, &walk, &rows, err));
        count = rows_count(rows);
        while (rows_next(rows)) {
            Err ignored = {0};
            size_t length;
            char *plain;
            const void *sealed = rows_bytes(rows, 0, &length);
            row_numbers(&walk, rows, walk.last);
            walk.begun = true;
            check.values++;
            if (unseal(sealer, arena, sealed, length, &plain, &ignored) == OK)
                continue;
            if (check.bad++ == 0)
                row_name(&walk, walk.last, check.bad_row, sizeof check.bad_row);
        }
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped"));
    } while (count == PAGE_ROWS);
    *ret_check = check;
    return OK;
}
