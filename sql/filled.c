#include "base/lang.h"
#include "sql/connection.h"
#include "sql/expr_node.h"
#include "sql/statement.h"

#include <assert.h>

/* A policy with all its routes and groups renders to some ten kilobytes. */
enum { TEXT_LIMIT_BYTES = 8 * 1024 * 1024 };

void expr_value_add(ExprValues *values, Value value)
{
    if (values->count == values->capacity) {
        size_t capacity = values->capacity ? values->capacity * 2 : 64;
        Value *items = arena_array(values->arena, Value, capacity);
        if (values->count)
            memcpy(items, values->items, values->count * sizeof *items);
        values->items = items;
        values->capacity = capacity;
    }
    values->items[values->count++] = value;
}

static void write_leaf(const SqlExpr *leaf, Buffer *text, ExprValues *values)
{
    if (leaf->column) {
        if (leaf->alias)
            buffer_printf(text, "`%s`.", leaf->alias);
        buffer_printf(text, "`%s`", leaf->column);
        return;
    }
    /* The server types a bare ? by its first use; a date must be a date from the start. */
    buffer_text(text, leaf->value.kind == VALUE_DATE ? "CAST(? AS DATE)" : "?");
    expr_value_add(values, leaf->value);
}

static void write_joined(const SqlExpr *expr, size_t first, Buffer *text, ExprValues *values)
{
    for (size_t i = first; i < expr->count; i++) {
        if (i > first)
            buffer_text(text, expr->form->joint);
        expr_write(expr->parts[i], text, values);
    }
}

void expr_write(const SqlExpr *expr, Buffer *text, ExprValues *values)
{
    if (!expr->form) {
        write_leaf(expr, text, values);
        return;
    }
    for (const char *at = expr->form->pattern; *at; at++) {
        if (*at != '$') {
            buffer_char(text, *at);
            continue;
        }
        at++;
        if (*at == '*' || *at == '+') {
            write_joined(expr, *at == '*' ? 0 : 1, text, values);
        } else {
            size_t place = (size_t)(*at - '1');
            assert(place < expr->count);
            expr_write(expr->parts[place], text, values);
        }
    }
}

static const Hole *hole_find(const Hole *holes, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(holes[i].name) == length && memcmp(holes[i].name, name, length) == 0)
            return &holes[i];
    return NULL;
}

void statement_fill(const Statement *statement, const Hole *holes, size_t hole_count, Buffer *text,
                    ExprValues *values)
{
    for (size_t i = 0; i < hole_count; i++) {
        const char *at = strstr(statement->text, holes[i].name);
        assert(at && at >= statement->text + 2 && at[-1] == '{' && at[-2] == '{');
    }
    const char *from = statement->text;
    for (const char *open; (open = strstr(from, "{{"));) {
        const char *close = strstr(open, "}}");
        assert(close);
        buffer_add(text, from, (size_t)(open - from));
        const Hole *hole = hole_find(holes, hole_count, open + 2, (size_t)(close - open - 2));
        assert(hole);
        expr_write(hole->expr, text, values);
        from = close + 2;
    }
    buffer_text(text, from);
}

typedef struct Filling {
    const Hole *holes;
    size_t count;
} Filling;

static ErrCode filled_run(Db *db, Call *call, QueryId query, Filling filling, Err *err)
{
    assert(query < QUERY_COUNT);
    const Statement *statement = &STATEMENTS[query];
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(TEXT_LIMIT_BYTES);
    ExprValues values = {.arena = arena};
    for (size_t i = 0; i < call->count; i++)
        expr_value_add(&values, call->params[i]);
    statement_fill(statement, filling.holes, filling.count, &text, &values);
    TRY(buffer_check(&text, statement->name, err));
    call->name = statement->name;
    call->text = buffer_string(&text);
    call->query = QUERY_COUNT;
    call->params = values.items;
    call->count = values.count;
    return call_run(db, call, err);
}

ErrCode db_query_filled(Db *db, QueryId query, const Value *params, size_t count, const Hole *holes,
                        size_t hole_count, Rows **ret_rows, Err *err)
{
    Call call = {.params = params, .count = count, .ret_rows = ret_rows};
    return filled_run(db, &call, query, (Filling){holes, hole_count}, err);
}

ErrCode db_run_filled(Db *db, QueryId query, const Value *params, size_t count, const Hole *holes,
                      size_t hole_count, uint64_t *ret_affected, Err *err)
{
    Call call = {.params = params, .count = count, .ret_affected = ret_affected};
    return filled_run(db, &call, query, (Filling){holes, hole_count}, err);
}
