#include "people/where_node.h"

#include "people/record.h"

#include <assert.h>
#include <string.h>

static const SqlExpr *value_expr(Arena *arena, FactId fact, FactValue value)
{
    return expr_value(arena, record_value(fact, value));
}

static const SqlExpr *in_expr(Arena *arena, const Where *where, const SqlExpr *column)
{
    const SqlExpr **items = arena_array(arena, const SqlExpr *, where->value_count);
    for (size_t i = 0; i < where->value_count; i++)
        items[i] = value_expr(arena, where->fact, where->values[i]);
    return expr_in(arena, column, items, where->value_count);
}

static const SqlExpr *term_expr(Arena *arena, const Where *where, const char *alias)
{
    WhereAsk ask = {.term = where->term, .op = where->op, .alias = alias};
    if (where->kind == WHERE_KNOWN)
        return where->terms->known(where->terms, arena, &ask);
    const SqlExpr **any = arena_array(arena, const SqlExpr *, where->value_count);
    for (size_t i = 0; i < where->value_count; i++) {
        ask.number = where->values[i].number;
        any[i] = where->terms->compare(where->terms, arena, &ask);
    }
    return expr_or(arena, any, where->value_count);
}

static const SqlExpr *fact_expr(Arena *arena, const Where *where, const char *alias)
{
    if (where->kind == WHERE_CONFLICT)
        return expr_compare(arena, SQL_NE, expr_column(arena, alias, "conflicts"),
                            expr_value(arena, v_int(0)));
    if (where->terms)
        return term_expr(arena, where, alias);
    const SqlExpr *column = expr_column(arena, alias, fact_info(where->fact)->name);
    switch (where->kind) {
    case WHERE_KNOWN:
        return expr_not(arena, expr_is_null(arena, column));
    case WHERE_COMPARE:
        return expr_compare(arena, where->op, column,
                            value_expr(arena, where->fact, where->values[0]));
    case WHERE_CONTAINS:
        return expr_like(arena, column, where->values[0].text);
    case WHERE_IN:
    case WHERE_CONFLICT:
    case WHERE_AND:
    case WHERE_OR:
    case WHERE_NOT:
        break;
    }
    return in_expr(arena, where, column);
}

const SqlExpr *where_expr(Arena *arena, const Where *where, const char *alias)
{
    if (!where)
        return expr_true(arena);
    if (where->part_count == 0)
        return fact_expr(arena, where, alias);
    const SqlExpr **parts = arena_array(arena, const SqlExpr *, where->part_count);
    for (size_t i = 0; i < where->part_count; i++)
        parts[i] = where_expr(arena, where->parts[i], alias);
    if (where->kind == WHERE_NOT)
        return expr_not(arena, parts[0]);
    return where->kind == WHERE_AND ? expr_and(arena, parts, where->part_count)
                                    : expr_or(arena, parts, where->part_count);
}

static FactValue subject_value(const Where *where, const Facts *facts)
{
    return where->terms ? where->terms->value(where->terms, where->term, facts)
                        : facts->values[where->fact];
}

/* < 0, 0, > 0. Texts are compared byte by byte, as the base's collation does. */
static int value_compare(const Where *where, FactValue a, FactValue b)
{
    if (!where->terms && fact_info(where->fact)->kind == KIND_TEXT)
        return strcmp(a.text, b.text);
    return (a.number > b.number) - (a.number < b.number);
}

static bool compare_holds(SqlCompare op, int order)
{
    switch (op) {
    case SQL_EQ:
        return order == 0;
    case SQL_NE:
        return order != 0;
    case SQL_LT:
        return order < 0;
    case SQL_LE:
        return order <= 0;
    case SQL_GT:
        return order > 0;
    case SQL_GE:
        break;
    }
    return order >= 0;
}

static Kleene fact_holds(const Where *where, const Facts *facts)
{
    if (where->kind == WHERE_CONFLICT)
        return kleene_of(facts->conflicts != 0);
    FactValue value = subject_value(where, facts);
    if (where->kind == WHERE_KNOWN)
        return kleene_of(value.known);
    if (!value.known)
        return KLEENE_UNKNOWN;
    if (where->kind == WHERE_CONTAINS)
        return kleene_of(strstr(value.text, where->values[0].text) != NULL);
    if (where->kind == WHERE_COMPARE)
        return kleene_of(compare_holds(where->op, value_compare(where, value, where->values[0])));
    for (size_t i = 0; i < where->value_count; i++)
        if (value_compare(where, value, where->values[i]) == 0)
            return KLEENE_TRUE;
    return KLEENE_FALSE;
}

Kleene where_holds(const Where *where, const Facts *facts)
{
    if (!where)
        return KLEENE_TRUE;
    if (where->part_count == 0)
        return fact_holds(where, facts);
    Kleene result = where_holds(where->parts[0], facts);
    if (where->kind == WHERE_NOT)
        return kleene_not(result);
    for (size_t i = 1; i < where->part_count; i++) {
        Kleene part = where_holds(where->parts[i], facts);
        result = where->kind == WHERE_AND ? kleene_and(result, part) : kleene_or(result, part);
    }
    return result;
}

uint32_t where_facts(const Where *where)
{
    if (!where)
        return 0;
    if (where->kind == WHERE_CONFLICT)
        return 0;
    if (where->part_count == 0)
        return where->terms ? where->terms->facts : UINT32_C(1) << where->fact;
    uint32_t facts = 0;
    for (size_t i = 0; i < where->part_count; i++)
        facts |= where_facts(where->parts[i]);
    return facts;
}
