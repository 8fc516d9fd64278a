/* sql/expr_node.h: what an expression is made of; for expr.c, which builds them, and filled.c,
 * which writes them out.
 * Shape:  a form is a pattern of SQL: $1 $2 $3 are the parts in order, $* all of them with `joint`
 *         between.
 * Owns:   nodes live in the arena that built them. */
#ifndef SQL_EXPR_NODE_H
#define SQL_EXPR_NODE_H

#include "base/buffer.h"
#include "sql/db.h"
#include "sql/expr.h"
#include "sql/statement.h"

typedef struct ExprForm {
    const char *pattern;
    const char *joint;
} ExprForm;

struct SqlExpr {
    const ExprForm *form;       /* NULL = a column or a value */
    const char *alias, *column; /* of a column; alias may be NULL */
    Value value;                /* when column is NULL */
    const SqlExpr *const *parts;
    size_t count;
};

/* The values of an expression, in the order of their `?`. */
typedef struct ExprValues {
    Arena *arena;
    Value *items;
    size_t count, capacity;
} ExprValues;

/* Appends the expression's SQL and its values. */
void expr_write(const SqlExpr *expr, Buffer *text, ExprValues *values);
void expr_value_add(ExprValues *values, Value value);

/* Appends the statement's text with its holes filled. Every hole must have a filling, and every
 * filling its hole (asserted). */
void statement_fill(const Statement *statement, const Hole *holes, size_t hole_count, Buffer *text,
                    ExprValues *values);

#endif
