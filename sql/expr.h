/* sql/expr.h: the one builder of variable SQL: filters, groupings and policy conditions become
 * expressions over the columns of a table, three-valued as SQL is.
 * Shape:  an immutable tree; every value travels as a parameter; every column name must match
 *         [a-z_][a-z0-9_]*.
 * Owns:   nodes live in the arena given to each call.
 * Errors: none; a bad column name is our own broken invariant (asserted).
 * Source: SQL:2016 three-valued logic (Kleene); MariaDB date functions. */
#ifndef SQL_EXPR_H
#define SQL_EXPR_H

#include "base/arena.h"
#include "sql/value.h"

typedef struct SqlExpr SqlExpr;

typedef enum SqlCompare { SQL_EQ, SQL_NE, SQL_LT, SQL_LE, SQL_GT, SQL_GE } SqlCompare;

const SqlExpr *expr_column(Arena *arena, const char *alias,
                           const char *column);       /* alias may be NULL */
const SqlExpr *expr_value(Arena *arena, Value value); /* a parameter */
const SqlExpr *expr_true(Arena *arena);
const SqlExpr *expr_false(Arena *arena);
const SqlExpr *expr_unknown(Arena *arena); /* NULL */
const SqlExpr *expr_compare(Arena *arena, SqlCompare op, const SqlExpr *a, const SqlExpr *b);
const SqlExpr *expr_in(Arena *arena, const SqlExpr *a, const SqlExpr *const *items, size_t count);
const SqlExpr *expr_like(Arena *arena, const SqlExpr *a,
                         const char *pattern_text); /* contains; % and _ are literal */
const SqlExpr *expr_is_null(Arena *arena, const SqlExpr *a);
const SqlExpr *expr_not(Arena *arena, const SqlExpr *a);
const SqlExpr *expr_and(Arena *arena, const SqlExpr *const *items, size_t count); /* none = TRUE */
const SqlExpr *expr_or(Arena *arena, const SqlExpr *const *items, size_t count);  /* none = FALSE */
const SqlExpr *expr_if(Arena *arena, const SqlExpr *condition, const SqlExpr *yes,
                       const SqlExpr *otherwise); /* unknown = otherwise */
const SqlExpr *expr_coalesce(Arena *arena, const SqlExpr *const *items, size_t count);
const SqlExpr *expr_add(Arena *arena, const SqlExpr *a, const SqlExpr *b);
const SqlExpr *expr_sub(Arena *arena, const SqlExpr *a, const SqlExpr *b);
const SqlExpr *expr_least(Arena *arena, const SqlExpr *const *items,
                          size_t count); /* NULL if any is */
const SqlExpr *expr_greatest(Arena *arena, const SqlExpr *const *items, size_t count);
/* Dates, agreeing with base/date.h to the day. */
const SqlExpr *expr_add_months(Arena *arena, const SqlExpr *date,
                               const SqlExpr *months); /* date_add_months */
const SqlExpr *expr_birthday(Arena *arena, const SqlExpr *birth,
                             const SqlExpr *years); /* date_birthday */
const SqlExpr *expr_whole_months(Arena *arena, const SqlExpr *from,
                                 const SqlExpr *to); /* date_whole_months */
const SqlExpr *expr_year(Arena *arena, const SqlExpr *date);
const SqlExpr *expr_year_end(Arena *arena, const SqlExpr *date); /* 31 December of its year */
const SqlExpr *expr_add_days(Arena *arena, const SqlExpr *date, const SqlExpr *days);
const SqlExpr *expr_count_if(Arena *arena, const SqlExpr *condition); /* SUM over a group */
const SqlExpr *expr_list(Arena *arena, const SqlExpr *const *items,
                         size_t count); /* "a, b, c"; none = the constant 0 */

#endif
