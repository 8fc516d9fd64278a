#include "base/lang.h"
#include "sql/connection.h"

#include <assert.h>
#include <inttypes.h>

/* Values up to this length come with the row; longer ones are fetched once more. */
enum { CELL_BYTES = 256, FIRST_BLOCK_ROWS = 8, LARGEST_BLOCK_ROWS = 4096 };
#define ROWS_LIMIT_BYTES ((size_t)4 << 30)

typedef enum CellKind { CELL_NULL, CELL_INT, CELL_DATE, CELL_TEXT } CellKind;

typedef struct Cell {
    int64_t number;
    const char *bytes; /* NUL-terminated */
    size_t length;
    CellKind kind;
} Cell;

typedef struct Block {
    struct Block *next;
    Cell *cells;
    uint64_t capacity, used; /* rows */
} Block;

struct Rows {
    Arena *arena;
    unsigned columns;
    uint64_t count;
    Block *first, *last;
    Block *at;    /* block of the current row */
    uint64_t row; /* its place in the block, from 1; 0 = before the first */
};

/* What the client library writes one column of one row into. */
typedef struct Slot {
    CellKind kind;
    long long number;
    MYSQL_TIME date;
    char bytes[CELL_BYTES];
    unsigned long length;
    my_bool null, truncated;
} Slot;

static CellKind kind_of(enum enum_field_types type)
{
    switch ((int)type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
        return CELL_INT;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
        return CELL_DATE;
    default: /* DECIMAL, DATETIME, … as text */
        return CELL_TEXT;
    }
}

static void slot_bind(Slot *slot, enum enum_field_types type, MYSQL_BIND *bind)
{
    slot->kind = kind_of(type);
    bind->is_null = &slot->null;
    bind->length = &slot->length;
    bind->error = &slot->truncated;
    if (slot->kind == CELL_INT) {
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &slot->number;
        bind->buffer_length = sizeof slot->number;
    } else if (slot->kind == CELL_DATE) {
        bind->buffer_type = MYSQL_TYPE_DATE;
        bind->buffer = &slot->date;
        bind->buffer_length = sizeof slot->date;
    } else {
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer = slot->bytes;
        bind->buffer_length = sizeof slot->bytes;
    }
}

static Cell *row_add(Rows *rows)
{
    Block *block = rows->last;
    if (!block || block->used == block->capacity) {
        Block *fresh = arena_alloc(rows->arena, sizeof *fresh);
        fresh->capacity = !block                                 ? FIRST_BLOCK_ROWS
                          : block->capacity < LARGEST_BLOCK_ROWS ? block->capacity * 2
                                                                 : LARGEST_BLOCK_ROWS;
        fresh->cells = arena_array(rows->arena, Cell, fresh->capacity * rows->columns);
        if (block)
            block->next = fresh;
        else
            rows->first = fresh;
        rows->last = block = fresh;
    }
    rows->count++;
    return &block->cells[block->used++ * rows->columns];
}

/* False when the value is there but cannot be read. */
static bool cell_take(Rows *rows, MYSQL_STMT *stmt, unsigned column, Slot *slot, Cell *cell)
{
    cell->kind = slot->null ? CELL_NULL : slot->kind;
    if (cell->kind == CELL_INT)
        cell->number = slot->number;
    else if (cell->kind == CELL_DATE)
        cell->number = date_of((int)slot->date.year, (int)slot->date.month, (int)slot->date.day);
    if (cell->kind != CELL_TEXT)
        return true;
    char *bytes = arena_alloc(rows->arena, slot->length + 1);
    cell->bytes = bytes;
    cell->length = slot->length;
    if (slot->length <= sizeof slot->bytes) {
        memcpy(bytes, slot->bytes, slot->length);
        return true;
    }
    unsigned long length = 0;
    my_bool null = 0, truncated = 0;
    MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_STRING,
                       .buffer = bytes,
                       .buffer_length = slot->length,
                       .length = &length,
                       .is_null = &null,
                       .error = &truncated};
    return mysql_stmt_fetch_column(stmt, &bind, column, 0) == 0;
}

static ErrCode fetch_all(Rows *rows, MYSQL_STMT *stmt, Slot *slots, const char *name, Err *err)
{
    for (;;) {
        int status = mysql_stmt_fetch(stmt);
        if (status == MYSQL_NO_DATA)
            return OK;
        bool read = status == 0 || status == MYSQL_DATA_TRUNCATED;
        Cell *cells = read ? row_add(rows) : NULL;
        for (unsigned i = 0; read && i < rows->columns; i++)
            read = cell_take(rows, stmt, i, &slots[i], &cells[i]);
        if (!read) {
            Failure failure = failure_of_stmt(stmt);
            return failure_set(err, &failure, _("cannot read the rows of statement '%s'"), name);
        }
    }
}

/* An executed statement with places for a row of it. */
typedef struct Reading {
    Rows *rows;
    MYSQL_STMT *stmt;
    Slot *slots;
    MYSQL_BIND *binds;
} Reading;

static void reading_done(Reading *reading)
{
    free(reading->binds);
    free(reading->slots);
}

static ErrCode reading_begin(Arena *arena, MYSQL_STMT *stmt, const char *name, Reading *reading,
                             Err *err)
{
    Rows *rows = arena_alloc(arena, sizeof *rows);
    rows->arena = arena;
    rows->columns = mysql_stmt_field_count(stmt);
    assert(rows->columns > 0); /* the statement returns rows */
    MYSQL_RES *metadata = mysql_stmt_result_metadata(stmt);
    *reading = (Reading){.rows = rows,
                         .stmt = stmt,
                         .slots = calloc(rows->columns, sizeof(Slot)),
                         .binds = calloc(rows->columns, sizeof(MYSQL_BIND))};
    if (!metadata || !reading->slots || !reading->binds) {
        mysql_free_result(metadata);
        return err_set(err, ERR_LIMIT, _("out of memory for statement '%s'"), name);
    }
    const MYSQL_FIELD *fields = mysql_fetch_fields(metadata);
    for (unsigned i = 0; i < rows->columns; i++)
        slot_bind(&reading->slots[i], fields[i].type, &reading->binds[i]);
    mysql_stmt_bind_result(stmt, reading->binds);
    mysql_free_result(metadata);
    return OK;
}

ErrCode rows_read(MYSQL_STMT *stmt, const char *name, Rows **ret_rows, Err *err)
{
    Reading reading;
    Arena *arena = arena_new(ROWS_LIMIT_BYTES);
    ErrCode code = reading_begin(arena, stmt, name, &reading, err);
    if (code == OK)
        code = fetch_all(reading.rows, stmt, reading.slots, name, err);
    reading_done(&reading);
    if (code != OK) {
        arena_free(arena);
        return code;
    }
    *ret_rows = reading.rows;
    return OK;
}

/* Texts of a row live in `texts`, which is emptied before the next. */
static ErrCode fetch_each(Reading *reading, Arena *texts, const char *name, RowEach each, Err *err)
{
    Rows *rows = reading->rows;
    Cell *cells = row_add(rows);
    rows->at = rows->first;
    rows->row = 1;
    rows->arena = texts;
    for (;;) {
        int status = mysql_stmt_fetch(reading->stmt);
        if (status == MYSQL_NO_DATA)
            return OK;
        bool read = status == 0 || status == MYSQL_DATA_TRUNCATED, texts_used = false;
        for (unsigned i = 0; read && i < rows->columns; i++) {
            cells[i].bytes = NULL;
            read = cell_take(rows, reading->stmt, i, &reading->slots[i], &cells[i]);
            texts_used |= cells[i].kind == CELL_TEXT;
        }
        if (!read) {
            Failure failure = failure_of_stmt(reading->stmt);
            return failure_set(err, &failure, _("cannot read the rows of statement '%s'"), name);
        }
        TRY(each.sink(each.state, rows, err));
        if (texts_used)
            arena_reset(texts);
    }
}

ErrCode rows_each(MYSQL_STMT *stmt, const char *name, RowEach each, Err *err)
{
    Reading reading;
    AUTO_ARENA arena = arena_new(0);
    AUTO_ARENA texts = arena_new(ROWS_LIMIT_BYTES);
    ErrCode code = reading_begin(arena, stmt, name, &reading, err);
    if (code == OK)
        code = fetch_each(&reading, texts, name, each, err);
    reading_done(&reading);
    return code;
}

bool rows_next(Rows *rows)
{
    if (!rows->at)
        rows->at = rows->first;
    else if (rows->row == rows->at->used) {
        if (!rows->at->next)
            return false;
        rows->at = rows->at->next;
        rows->row = 0;
    }
    if (!rows->at || rows->row == rows->at->used)
        return false;
    rows->row++;
    return true;
}

uint64_t rows_count(const Rows *rows)
{
    return rows->count;
}

void rows_close(Rows *rows)
{
    if (rows)
        arena_free(rows->arena);
}

static Cell *cell_at(const Rows *rows, unsigned column)
{
    assert(rows->at && rows->row > 0 && column < rows->columns);
    return &rows->at->cells[(rows->row - 1) * rows->columns + column];
}

bool rows_null(const Rows *rows, unsigned column)
{
    return cell_at(rows, column)->kind == CELL_NULL;
}

int64_t rows_int(const Rows *rows, unsigned column)
{
    const Cell *cell = cell_at(rows, column);
    switch (cell->kind) {
    case CELL_INT:
    case CELL_DATE:
        return cell->number;
    case CELL_TEXT:
        return strtoll(cell->bytes, NULL, 10);
    case CELL_NULL:
        break;
    }
    return 0;
}

const void *rows_bytes(const Rows *rows, unsigned column, size_t *ret_length)
{
    Cell *cell = cell_at(rows, column);
    if (!cell->bytes && cell->kind == CELL_INT) {
        cell->bytes = arena_printf(rows->arena, "%" PRId64, cell->number);
        cell->length = strlen(cell->bytes);
    } else if (!cell->bytes && cell->kind == CELL_DATE) {
        char out[11];
        cell->bytes = arena_strdup(rows->arena, date_format((Date)cell->number, out));
        cell->length = strlen(cell->bytes);
    }
    *ret_length = cell->length;
    return cell->bytes;
}

const char *rows_text(const Rows *rows, unsigned column)
{
    size_t length;
    return rows_bytes(rows, column, &length);
}

Date rows_date(const Rows *rows, unsigned column)
{
    const Cell *cell = cell_at(rows, column);
    Date date = DATE_NONE;
    if (cell->kind == CELL_DATE)
        date = (Date)cell->number;
    else if (cell->kind == CELL_TEXT) /* an expression may come as text */
        date_parse(cell->bytes, &date);
    return date;
}
