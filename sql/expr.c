#include "sql/expr_node.h"

#include <assert.h>
#include <ctype.h>

/* $1 $2 $3: the parts in order; $*: all parts, $+: all after the first, with the joint between.
 * Dates follow base/date.h: DATE_ADD moves to the last day of a shorter month, as date_add_months
 * does; a birthday on 29 February is 1 March in common years; and a month is whole once
 * date_add_months has reached the day, which TIMESTAMPDIFF sees otherwise. */
static const ExprForm
    TRUE_FORM = {"TRUE", ""},
    FALSE_FORM = {"FALSE", ""}, UNKNOWN_FORM = {"NULL", ""}, NOT_FORM = {"(NOT $1)", ""},
    AND_FORM = {"($*)", " AND "}, OR_FORM = {"($*)", " OR "}, IN_FORM = {"($1 IN ($+))", ", "},
    LIKE_FORM = {"(LOCATE($2, $1) > 0)", ""}, IS_NULL_FORM = {"($1 IS NULL)", ""},
    IF_FORM = {"IF($1, $2, $3)", ""}, COALESCE_FORM = {"COALESCE($*)", ", "},
    ADD_FORM = {"($1 + $2)", ""}, SUB_FORM = {"($1 - $2)", ""}, LEAST_FORM = {"LEAST($*)", ", "},
    GREATEST_FORM = {"GREATEST($*)", ", "},
    ADD_MONTHS_FORM = {"DATE_ADD($1, INTERVAL $2 MONTH)", ""},
    ADD_YEARS_FORM = {"DATE_ADD($1, INTERVAL $2 YEAR)", ""},
    ADD_DAYS_FORM = {"DATE_ADD($1, INTERVAL $2 DAY)", ""},
    LEAP_DAY_MOVED_FORM = {"(DAY($1) = 29 AND DAY($2) = 28)", ""},
    MONTHS_BETWEEN_FORM = {"((YEAR($2) - YEAR($1)) * 12 + MONTH($2) - MONTH($1))", ""},
    WHOLE_MONTHS_FORM = {"IF($1 IS NULL OR $2 IS NULL, NULL, IF($2 <= $1, 0, $3))", ""},
    YEAR_FORM = {"YEAR($1)", ""},
    YEAR_END_FORM = {"LAST_DAY(DATE_ADD($1, INTERVAL 12 - MONTH($1) MONTH))", ""},
    COUNT_IF_FORM = {"CAST(COALESCE(SUM(IF($1, 1, 0)), 0) AS SIGNED)", ""},
    LIST_FORM = {"$*", ", "},
    NO_LIST_FORM = {"(0 + 0)", ""}; /* a bare 0 in GROUP BY would mean a column's place */

static const ExprForm COMPARE_FORMS[] = {
    [SQL_EQ] = {"($1 = $2)", ""},  [SQL_NE] = {"($1 <> $2)", ""}, [SQL_LT] = {"($1 < $2)", ""},
    [SQL_LE] = {"($1 <= $2)", ""}, [SQL_GT] = {"($1 > $2)", ""},  [SQL_GE] = {"($1 >= $2)", ""},
};

static SqlExpr *node_new(Arena *arena, const ExprForm *form, const SqlExpr *const *parts,
                         size_t count)
{
    SqlExpr *node = arena_alloc(arena, sizeof *node);
    node->form = form;
    node->count = count;
    if (count > 0)
        node->parts = arena_memdup(arena, parts, count * sizeof *parts);
    return node;
}

/* The parts of one node, listed: NODE(arena, &NOT_FORM, a). */
#define NODE(arena, form, ...)                                                                     \
    node_new((arena), (form), (const SqlExpr *const[]){__VA_ARGS__},                               \
             sizeof((const SqlExpr *const[]){__VA_ARGS__}) / sizeof(const SqlExpr *))

static bool plain_name(const char *name)
{
    if (!islower((unsigned char)*name) && *name != '_')
        return false;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

const SqlExpr *expr_column(Arena *arena, const char *alias, const char *column)
{
    assert(plain_name(column) && (!alias || plain_name(alias)));
    SqlExpr *node = node_new(arena, NULL, NULL, 0);
    node->alias = alias ? arena_strdup(arena, alias) : NULL;
    node->column = arena_strdup(arena, column);
    return node;
}

const SqlExpr *expr_value(Arena *arena, Value value)
{
    SqlExpr *node = node_new(arena, NULL, NULL, 0);
    node->value = value;
    if (value.bytes)
        node->value.bytes = arena_memdup(arena, value.bytes, value.length);
    return node;
}

const SqlExpr *expr_true(Arena *arena)
{
    return node_new(arena, &TRUE_FORM, NULL, 0);
}

const SqlExpr *expr_false(Arena *arena)
{
    return node_new(arena, &FALSE_FORM, NULL, 0);
}

const SqlExpr *expr_unknown(Arena *arena)
{
    return node_new(arena, &UNKNOWN_FORM, NULL, 0);
}

const SqlExpr *expr_compare(Arena *arena, SqlCompare op, const SqlExpr *a, const SqlExpr *b)
{
    return NODE(arena, &COMPARE_FORMS[op], a, b);
}

const SqlExpr *expr_in(Arena *arena, const SqlExpr *a, const SqlExpr *const *items, size_t count)
{
    if (count == 0)
        return expr_false(arena);
    const SqlExpr **parts = arena_array(arena, const SqlExpr *, count + 1);
    parts[0] = a;
    memcpy(parts + 1, items, count * sizeof *items);
    return node_new(arena, &IN_FORM, parts, count + 1);
}

const SqlExpr *expr_like(Arena *arena, const SqlExpr *a, const char *pattern_text)
{
    return NODE(arena, &LIKE_FORM, a, expr_value(arena, v_text(pattern_text)));
}

const SqlExpr *expr_is_null(Arena *arena, const SqlExpr *a)
{
    return NODE(arena, &IS_NULL_FORM, a);
}

const SqlExpr *expr_not(Arena *arena, const SqlExpr *a)
{
    return NODE(arena, &NOT_FORM, a);
}

const SqlExpr *expr_and(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return count == 0 ? expr_true(arena) : node_new(arena, &AND_FORM, items, count);
}

const SqlExpr *expr_or(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return count == 0 ? expr_false(arena) : node_new(arena, &OR_FORM, items, count);
}

const SqlExpr *expr_if(Arena *arena, const SqlExpr *condition, const SqlExpr *yes,
                       const SqlExpr *otherwise)
{
    return NODE(arena, &IF_FORM, condition, yes, otherwise);
}

/* The server's LEAST wants two; one item is itself under each of the three. */
static const SqlExpr *of_many(Arena *arena, const ExprForm *form, const SqlExpr *const *items,
                              size_t count)
{
    assert(count > 0);
    return count == 1 ? items[0] : node_new(arena, form, items, count);
}

const SqlExpr *expr_coalesce(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return of_many(arena, &COALESCE_FORM, items, count);
}

const SqlExpr *expr_least(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return of_many(arena, &LEAST_FORM, items, count);
}

const SqlExpr *expr_greatest(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return of_many(arena, &GREATEST_FORM, items, count);
}

const SqlExpr *expr_add(Arena *arena, const SqlExpr *a, const SqlExpr *b)
{
    return NODE(arena, &ADD_FORM, a, b);
}

const SqlExpr *expr_sub(Arena *arena, const SqlExpr *a, const SqlExpr *b)
{
    return NODE(arena, &SUB_FORM, a, b);
}

const SqlExpr *expr_add_months(Arena *arena, const SqlExpr *date, const SqlExpr *months)
{
    return NODE(arena, &ADD_MONTHS_FORM, date, months);
}

const SqlExpr *expr_birthday(Arena *arena, const SqlExpr *birth, const SqlExpr *years)
{
    const SqlExpr *day = NODE(arena, &ADD_YEARS_FORM, birth, years);
    return NODE(arena, &ADD_DAYS_FORM, day, NODE(arena, &LEAP_DAY_MOVED_FORM, birth, day));
}

const SqlExpr *expr_whole_months(Arena *arena, const SqlExpr *from, const SqlExpr *to)
{
    const SqlExpr *months = NODE(arena, &MONTHS_BETWEEN_FORM, from, to);
    const SqlExpr *reached = expr_add_months(arena, from, months);
    const SqlExpr *whole = expr_sub(arena, months, expr_compare(arena, SQL_LT, to, reached));
    return NODE(arena, &WHOLE_MONTHS_FORM, from, to, whole);
}

const SqlExpr *expr_year(Arena *arena, const SqlExpr *date)
{
    return NODE(arena, &YEAR_FORM, date);
}

const SqlExpr *expr_year_end(Arena *arena, const SqlExpr *date)
{
    return NODE(arena, &YEAR_END_FORM, date);
}

const SqlExpr *expr_add_days(Arena *arena, const SqlExpr *date, const SqlExpr *days)
{
    return NODE(arena, &ADD_DAYS_FORM, date, days);
}

const SqlExpr *expr_count_if(Arena *arena, const SqlExpr *condition)
{
    return NODE(arena, &COUNT_IF_FORM, condition);
}

const SqlExpr *expr_list(Arena *arena, const SqlExpr *const *items, size_t count)
{
    return count == 0 ? node_new(arena, &NO_LIST_FORM, NULL, 0)
                      : node_new(arena, &LIST_FORM, items, count);
}
