#include "policy/compile.h"

#include <assert.h>

#define PAIR(a, b) (const SqlExpr *const[]){(a), (b)}, 2

static const SqlExpr *number(const Compiler *compiler, int64_t value)
{
    return expr_value(compiler->arena, v_int(value));
}

static const SqlExpr *date(const Compiler *compiler, Date value)
{
    return expr_value(compiler->arena, v_date(value));
}

const SqlExpr *compile_fact(const Compiler *compiler, const Rule *condition)
{
    return expr_column(compiler->arena, compiler->alias, fact_info(condition->fact)->name);
}

static const SqlExpr *is_one_of(const Compiler *compiler, const Rule *rule, const FactValue *values,
                                size_t count)
{
    bool text = fact_info(rule->fact)->kind == KIND_TEXT;
    const SqlExpr **items = arena_array(compiler->arena, const SqlExpr *, count);
    for (size_t i = 0; i < count; i++)
        items[i] = text ? expr_value(compiler->arena, v_text(values[i].text))
                        : number(compiler, values[i].number);
    return expr_in(compiler->arena, compile_fact(compiler, rule), items, count);
}

const SqlExpr *compile_constant(const Compiler *compiler, const Rule *condition)
{
    Arena *arena = compiler->arena;
    if (condition->op == RULE_IN) {
        const SqlExpr *in =
            is_one_of(compiler, condition, condition->values, condition->value_count);
        if (condition->review_count == 0)
            return in;
        const SqlExpr *review =
            is_one_of(compiler, condition, condition->review, condition->review_count);
        return expr_or(arena, PAIR(in, expr_and(arena, PAIR(review, expr_unknown(arena)))));
    }
    bool is_date = fact_info(condition->fact)->kind == KIND_DATE;
    const SqlExpr *bound =
        is_date ? date(compiler, (Date)condition->bound) : number(compiler, condition->bound);
    return expr_compare(arena, condition->op == RULE_AT_LEAST ? SQL_GE : SQL_LE,
                        compile_fact(compiler, condition), bound);
}

const SqlExpr *compile_grown_day(const Compiler *compiler, const Rule *condition)
{
    const SqlExpr *lacking = expr_sub(compiler->arena, number(compiler, condition->bound),
                                      compile_fact(compiler, condition));
    return expr_add_months(compiler->arena,
                           expr_column(compiler->arena, compiler->alias, "pension_on"), lacking);
}

static const SqlExpr *grown_enough(const Compiler *compiler, const Rule *rule)
{
    return expr_compare(compiler->arena, SQL_GE, compile_fact(compiler, rule),
                        number(compiler, rule->bound));
}

/* Enough when it was asked; else unknown once it may have grown enough, and false before. */
static const SqlExpr *grown_now(const Compiler *compiler, const Rule *rule)
{
    Arena *arena = compiler->arena;
    const SqlExpr *maybe = expr_compare(arena, SQL_LE, compile_grown_day(compiler, rule),
                                        date(compiler, compiler->as_of));
    return expr_or(arena, PAIR(grown_enough(compiler, rule),
                               expr_and(arena, PAIR(maybe, expr_unknown(arena)))));
}

/* The first day of the fact whose turning day is `limit` or later: what turns on a constant day is
 * a plain comparison of the column. Turning days never go back, so halving finds it. */
static Date first_turning(const Rule *rule, Date limit)
{
    Date low = DATE_MIN, high = DATE_MAX;
    while (low < high) {
        Date middle = low + (high - low) / 2, turning;
        if (rule_turning_day(rule, middle, &turning) && turning < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const SqlExpr *day_now(const Compiler *compiler, const Rule *rule)
{
    Arena *arena = compiler->arena;
    const SqlExpr *fact = compile_fact(compiler, rule);
    if (rule->op == RULE_WITHIN) {
        const SqlExpr *first = date(compiler, first_turning(rule, compiler->as_of));
        return expr_and(arena,
                        PAIR(expr_compare(arena, SQL_GE, fact, first),
                             expr_compare(arena, SQL_LE, fact, date(compiler, compiler->as_of))));
    }
    const SqlExpr *first = date(compiler, first_turning(rule, compiler->as_of + 1));
    return expr_compare(arena, rule->op == RULE_AGE_BELOW ? SQL_GE : SQL_LT, fact, first);
}

const SqlExpr *compile_now(const Compiler *compiler, const Rule *rule)
{
    Arena *arena = compiler->arena;
    if (!rule_is_group(rule)) {
        if (rule->op == RULE_GROWN_TO)
            return grown_now(compiler, rule);
        return rule->op < RULE_GROWN_TO ? compile_constant(compiler, rule)
                                        : day_now(compiler, rule);
    }
    if (rule->op == RULE_NOT)
        return expr_not(arena, compile_now(compiler, rule->items));
    const SqlExpr **items = arena_array(arena, const SqlExpr *, rule->item_count + 1);
    for (size_t i = 0; i < rule->item_count; i++)
        items[i] = compile_now(compiler, &rule->items[i]);
    return rule->op == RULE_ALL ? expr_and(arena, items, rule->item_count)
                                : expr_or(arena, items, rule->item_count);
}

/* False and unknown of a condition that does not hold. */
static const SqlExpr *standing_otherwise(const Compiler *compiler, const Rule *rule, int64_t weight)
{
    Arena *arena = compiler->arena;
    const SqlExpr *no = number(compiler, 0), *ask = number(compiler, weight * STANDS_ASK);
    if (rule->op == RULE_GROWN_TO) {
        const SqlExpr *not_yet = expr_compare(arena, SQL_GT, compile_grown_day(compiler, rule),
                                              date(compiler, compiler->as_of));
        return expr_if(arena, not_yet, no, ask); /* unknown: since when, or how many */
    }
    if (rule->review_count) {
        const SqlExpr *review = is_one_of(compiler, rule, rule->review, rule->review_count);
        no = expr_if(arena, review, number(compiler, weight * STANDS_REVIEW), no);
    }
    return expr_if(arena, expr_is_null(arena, compile_fact(compiler, rule)), ask, no);
}

const SqlExpr *compile_standing(const Compiler *compiler, const Rule *rule, int64_t weight)
{
    const SqlExpr *holds = rule->op == RULE_GROWN_TO ? grown_enough(compiler, rule)
                           : rule->op == RULE_IN
                               ? is_one_of(compiler, rule, rule->values, rule->value_count)
                               : compile_now(compiler, rule);
    return expr_if(compiler->arena, holds, number(compiler, weight * STANDS_TRUE),
                   standing_otherwise(compiler, rule, weight));
}

/* Any route, in the order of the policy. */
static const SqlExpr *any_route(const Compiler *compiler)
{
    const Policy *policy = compiler->policy;
    const SqlExpr **routes = arena_array(compiler->arena, const SqlExpr *, policy->route_count);
    for (size_t i = 0; i < policy->route_count; i++)
        routes[i] = compile_now(compiler, &policy->routes[i].rule);
    return expr_or(compiler->arena, routes, policy->route_count);
}

const SqlExpr *policy_verdict_expr(Arena *arena, const Policy *policy, Date as_of,
                                   const char *alias)
{
    const Compiler compiler = {
        .arena = arena, .policy = policy_at(policy, as_of), .alias = alias, .as_of = as_of};
    const SqlExpr *gate = compile_now(&compiler, &policy->gate), *route = any_route(&compiler);
    const SqlExpr *no = number(&compiler, VERDICT_INELIGIBLE);
    const SqlExpr *open = expr_if(arena, gate, number(&compiler, VERDICT_ELIGIBLE),
                                  number(&compiler, VERDICT_LIKELY));
    const SqlExpr *shut =
        expr_if(arena, compile_later(&compiler), number(&compiler, VERDICT_LATER), no);
    const SqlExpr *undecided =
        expr_if(arena, expr_is_null(arena, route), number(&compiler, VERDICT_POSSIBLE), shut);
    return expr_if(arena, expr_not(arena, gate), no, expr_if(arena, route, open, undecided));
}

const SqlExpr *policy_route_expr(Arena *arena, const Policy *policy, Date as_of, const char *alias)
{
    policy = policy_at(policy, as_of);
    const Compiler compiler = {.arena = arena, .policy = policy, .alias = alias, .as_of = as_of};
    const SqlExpr *route = expr_unknown(arena);
    for (size_t i = policy->route_count; i-- > 0;) {
        route = expr_if(arena, compile_now(&compiler, &policy->routes[i].rule),
                        number(&compiler, (int64_t)i), route);
    }
    return route;
}
