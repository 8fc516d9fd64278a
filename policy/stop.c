#include "policy/stop.h"

#define PAIR(a, b) (const SqlExpr *const[]){(a), (b)}, 2

/* What is wanted of a tree: that it is true, or false; at least, or not the contrary. */
typedef struct Wanted {
    bool truth;
    bool or_unknown;
} Wanted;

static const SqlExpr *is_as_wanted(const Compiler *compiler, const Rule *rule, Wanted wanted)
{
    Arena *arena = compiler->arena;
    const SqlExpr *truth = compile_now(compiler, rule);
    if (!wanted.truth)
        truth = expr_not(arena, truth);
    return wanted.or_unknown ? expr_coalesce(arena, PAIR(truth, expr_true(arena))) : truth;
}

/* NULL where a tree is as wanted, else the place of the first condition that keeps it from it. A
 * group that needs all of its items is kept by any; one that needs some is kept by its first. */
static const SqlExpr *keeper(const Compiler *compiler, const Rule *rule, Wanted wanted)
{
    Arena *arena = compiler->arena;
    if (!rule_is_group(rule))
        return expr_if(arena, is_as_wanted(compiler, rule, wanted), expr_unknown(arena),
                       expr_value(arena, v_int((int64_t)rule->place)));
    if (rule->op == RULE_NOT)
        return keeper(compiler, rule->items, (Wanted){!wanted.truth, wanted.or_unknown});
    const SqlExpr **items = arena_array(arena, const SqlExpr *, rule->item_count + 1);
    for (size_t i = 0; i < rule->item_count; i++)
        items[i] = keeper(compiler, &rule->items[i], wanted);
    if ((rule->op == RULE_ALL) == wanted.truth)
        return rule->item_count ? expr_coalesce(arena, items, rule->item_count)
                                : expr_unknown(arena);
    return expr_if(arena, is_as_wanted(compiler, rule, wanted), expr_unknown(arena), items[0]);
}

const SqlExpr *reached_expr(const Compiler *compiler)
{
    Arena *arena = compiler->arena;
    const Policy *policy = compiler->policy;
    const SqlExpr **routes = arena_array(arena, const SqlExpr *, policy->route_count);
    for (size_t i = 0; i < policy->route_count; i++)
        routes[i] = compile_now(compiler, &policy->routes[i].rule);
    const SqlExpr *any = expr_or(arena, routes, policy->route_count);
    return expr_if(arena, expr_not(arena, compile_now(compiler, &policy->gate)), expr_false(arena),
                   expr_coalesce(arena, PAIR(any, expr_false(arena))));
}

const SqlExpr *stop_expr(const Compiler *compiler, size_t route)
{
    static const Wanted HOLDS = {.truth = true}, NOT_FAILS = {.truth = true, .or_unknown = true};
    Arena *arena = compiler->arena;
    const Policy *policy = compiler->policy;
    const SqlExpr *gate = keeper(compiler, &policy->gate, NOT_FAILS);
    const SqlExpr *own = route < policy->route_count
                             ? keeper(compiler, &policy->routes[route].rule, HOLDS)
                             : expr_value(arena, v_int(STOP_NO_ROUTE));
    return expr_coalesce(arena, PAIR(gate, own));
}
