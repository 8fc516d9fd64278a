#include "policy/compile.h"

/* How `later` is found without looking at every day: a route that does not hold today can begin to
 * hold only on a day on which one of its conditions turns true (or, under "not", false), or on
 * which the gate turns. Each such day is an expression over the person's own facts; the person
 * becomes eligible later where, on one of them after today, the route holds and the gate does not
 * fail. */

#define PAIR(a, b) (const SqlExpr *const[]){(a), (b)}, 2

typedef struct Days {
    const SqlExpr *days[2 * CONDITIONS_AT_MOST];
    size_t count;
} Days;

static const SqlExpr *number(const Compiler *compiler, int64_t value)
{
    return expr_value(compiler->arena, v_int(value));
}

static const SqlExpr *birthday(const Compiler *compiler, const Rule *rule)
{
    return expr_birthday(compiler->arena, compile_fact(compiler, rule),
                         number(compiler, rule->bound));
}

static const SqlExpr *months_after(const Compiler *compiler, const Rule *rule)
{
    return expr_add_months(compiler->arena, compile_fact(compiler, rule),
                           number(compiler, rule->bound));
}

static const SqlExpr *last_day(const Compiler *compiler, const Rule *rule)
{
    const SqlExpr *day = compile_fact(compiler, rule);
    if (rule->window == WINDOW_TWO_YEARS)
        return expr_add_months(compiler->arena, day, number(compiler, 24));
    const SqlExpr *year_end = expr_year_end(compiler->arena, day);
    if (rule->window == WINDOW_SAME_YEAR)
        return year_end;
    return expr_add_months(compiler->arena, year_end, number(compiler, 6));
}

/* The day on which a condition turns true, or false when it stands under "not"; NULL = it does not
 * turn that way. */
static const SqlExpr *turning_day(const Compiler *compiler, const Rule *rule, bool to_true)
{
    switch (rule->op) {
    case RULE_GROWN_TO:
        return to_true ? compile_grown_day(compiler, rule) : NULL;
    case RULE_AGE_FROM:
        return to_true ? birthday(compiler, rule) : NULL;
    case RULE_SINCE:
        return to_true ? months_after(compiler, rule) : NULL;
    case RULE_AGE_BELOW:
        return to_true ? NULL : birthday(compiler, rule);
    case RULE_WITHIN:
        return to_true
                   ? compile_fact(compiler, rule)
                   : expr_add_days(compiler->arena, last_day(compiler, rule), number(compiler, 1));
    case RULE_IN:
    case RULE_AT_LEAST:
    case RULE_AT_MOST:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
        break;
    }
    return NULL;
}

static void add_days(const Compiler *compiler, const Rule *rule, bool to_true, Days *days)
{
    if (!rule_is_group(rule)) {
        const SqlExpr *day = turning_day(compiler, rule, to_true);
        if (day)
            days->days[days->count++] = day;
        return;
    }
    for (size_t i = 0; i < rule->item_count; i++)
        add_days(compiler, &rule->items[i], rule->op == RULE_NOT ? !to_true : to_true, days);
}

static const SqlExpr *condition_on(const Compiler *compiler, const Rule *rule, const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    const SqlExpr *fact = compile_fact(compiler, rule);
    switch (rule->op) {
    case RULE_GROWN_TO:
        return expr_or(arena,
                       PAIR(expr_compare(arena, SQL_GE, fact, number(compiler, rule->bound)),
                            expr_compare(arena, SQL_LE, compile_grown_day(compiler, rule), day)));
    case RULE_AGE_FROM:
        return expr_compare(arena, SQL_LE, birthday(compiler, rule), day);
    case RULE_AGE_BELOW:
        return expr_compare(arena, SQL_GT, birthday(compiler, rule), day);
    case RULE_SINCE:
        return expr_compare(arena, SQL_LE, months_after(compiler, rule), day);
    case RULE_WITHIN:
        return expr_and(arena, PAIR(expr_compare(arena, SQL_LE, fact, day),
                                    expr_compare(arena, SQL_GE, last_day(compiler, rule), day)));
    case RULE_IN:
    case RULE_AT_LEAST:
    case RULE_AT_MOST:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
        break;
    }
    return compile_constant(compiler, rule);
}

const SqlExpr *compile_on(const Compiler *compiler, const Rule *rule, const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    if (!rule_is_group(rule))
        return condition_on(compiler, rule, day);
    if (rule->op == RULE_NOT)
        return expr_not(arena, compile_on(compiler, rule->items, day));
    const SqlExpr **items = arena_array(arena, const SqlExpr *, rule->item_count + 1);
    for (size_t i = 0; i < rule->item_count; i++)
        items[i] = compile_on(compiler, &rule->items[i], day);
    return rule->op == RULE_ALL ? expr_and(arena, items, rule->item_count)
                                : expr_or(arena, items, rule->item_count);
}

static bool turns(const Rule *rule)
{
    bool any = !rule_is_group(rule) && rule->op >= RULE_GROWN_TO;
    for (size_t i = 0; i < rule->item_count && !any; i++)
        any = turns(&rule->items[i]);
    return any;
}

/* The door stands open on a day that comes: the route holds, the gate does not fail, the policy has
 * not ended. */
static const SqlExpr *open_on(const Compiler *compiler, const Rule *route, const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    const Policy *policy = compiler->policy;
    const SqlExpr *parts[4];
    size_t count = 0;
    parts[count++] = expr_compare(arena, SQL_GT, day, expr_value(arena, v_date(compiler->as_of)));
    if (policy->until != DATE_NONE)
        parts[count++] = expr_compare(arena, SQL_LE, day, expr_value(arena, v_date(policy->until)));
    parts[count++] = compile_on(compiler, route, day);
    if (turns(&policy->gate))
        parts[count++] =
            expr_coalesce(arena, PAIR(compile_on(compiler, &policy->gate, day), expr_true(arena)));
    return expr_and(arena, parts, count);
}

const SqlExpr *compile_later(const Compiler *compiler)
{
    const Policy *policy = compiler->policy;
    const SqlExpr **openings =
        arena_array(compiler->arena, const SqlExpr *, policy->route_count * 2 * CONDITIONS_AT_MOST);
    size_t count = 0;
    for (size_t i = 0; i < policy->route_count; i++) {
        const Rule *route = &policy->routes[i].rule;
        Days days = {.count = 0};
        add_days(compiler, route, true, &days);
        add_days(compiler, &policy->gate, true, &days);
        for (size_t k = 0; k < days.count; k++)
            openings[count++] = open_on(compiler, route, days.days[k]);
    }
    return expr_or(compiler->arena, openings, count);
}
