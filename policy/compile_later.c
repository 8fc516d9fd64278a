#include "policy/compile.h"

/* How `later` is found without looking at every day: a route that does not hold today can begin to
 * hold only on a day on which one of its conditions turns true (or, under "not", false), or on
 * which the gate turns, or on which a parameter changes. Each such day is an expression over the person's own facts; the person
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
    default:
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
    default:
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

/* The days of an era that come after as_of, until `last` and before the policy ends. */
static Span days_to_come(const Compiler *compiler, const Policy *era, Date last)
{
    Span days = {compiler->as_of + 1, era->era_until < last ? era->era_until : last};
    if (era->era_from > days.from)
        days.from = era->era_from;
    if (era->until != DATE_NONE && era->until < days.until)
        days.until = era->until;
    return days;
}

/* The door stands open on a day, by the rules of an era: the route holds, the gate does not fail. */
static const SqlExpr *open_on(const Compiler *compiler, const Policy *era, size_t route,
                              const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    const SqlExpr *holds = compile_on(compiler, &era->routes[route].rule, day);
    if (!turns(&era->gate))
        return holds;
    const SqlExpr *gate =
        expr_coalesce(arena, PAIR(compile_on(compiler, &era->gate, day), expr_true(arena)));
    return expr_and(arena, PAIR(holds, gate));
}

static const SqlExpr *day_within(const Compiler *compiler, const SqlExpr *day, Span days)
{
    Arena *arena = compiler->arena;
    const SqlExpr *from = expr_compare(arena, SQL_GE, day, expr_value(arena, v_date(days.from)));
    if (days.until == DATE_MAX)
        return from;
    return expr_and(
        arena, PAIR(from, expr_compare(arena, SQL_LE, day, expr_value(arena, v_date(days.until)))));
}

/* A route can open in an era on the days on which something turns, and where the rules change, on
 * the era's first. */
static const SqlExpr *opens_in(const Compiler *compiler, const Policy *era, size_t route, Span span)
{
    Arena *arena = compiler->arena;
    Days days = {.count = 0};
    const SqlExpr *openings[2 * CONDITIONS_AT_MOST + 1];
    size_t count = 0;
    add_days(compiler, &era->routes[route].rule, true, &days);
    add_days(compiler, &era->gate, true, &days);
    for (; count < days.count; count++)
        openings[count] = expr_and(arena, PAIR(day_within(compiler, days.days[count], span),
                                               open_on(compiler, era, route, days.days[count])));
    if (era->era_from == span.from)
        openings[count++] = open_on(compiler, era, route, expr_value(arena, v_date(era->era_from)));
    return expr_or(arena, openings, count);
}

const SqlExpr *compile_opens_by(const Compiler *compiler, Date last)
{
    const Policy *policy = compiler->policy;
    const SqlExpr **openings =
        arena_array(compiler->arena, const SqlExpr *, policy->route_count *ERAS_AT_MOST);
    size_t count = 0;
    for (const Policy *era = policy; era; era = era->next) {
        const Span days = days_to_come(compiler, era, last);
        for (size_t i = 0; i < era->route_count && days.from <= days.until; i++)
            openings[count++] = opens_in(compiler, era, i, days);
    }
    return expr_or(compiler->arena, openings, count);
}

const SqlExpr *compile_later(const Compiler *compiler)
{
    return compile_opens_by(compiler, DATE_MAX);
}

/* By some route, by the rules of the day; never unknown. */
static const SqlExpr *open_at_all(const Compiler *compiler, const Policy *era, const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    const SqlExpr **routes = arena_array(arena, const SqlExpr *, era->route_count);
    for (size_t i = 0; i < era->route_count; i++)
        routes[i] = open_on(compiler, era, i, day);
    return expr_coalesce(arena, PAIR(expr_or(arena, routes, era->route_count), expr_false(arena)));
}

/* The door is open on the day before and shut on the day. */
static const SqlExpr *shuts_on(const Compiler *compiler, const Policy *era, const SqlExpr *day)
{
    Arena *arena = compiler->arena;
    const SqlExpr *before = expr_add_days(arena, day, expr_value(arena, v_int(-1)));
    return expr_and(arena, PAIR(open_at_all(compiler, era, before),
                                expr_not(arena, open_at_all(compiler, era, day))));
}

/* A door can shut in an era on the days on which something turns the other way, all but its first
 * day, … */
static const SqlExpr *shuts_within(const Compiler *compiler, const Policy *era, Span span)
{
    Arena *arena = compiler->arena;
    Days days = {.count = 0};
    add_days(compiler, &era->gate, false, &days);
    for (size_t i = 0; i < era->route_count; i++)
        add_days(compiler, &era->routes[i].rule, false, &days);
    for (size_t i = 0; i < days.count; i++)
        days.days[i] = expr_and(arena, PAIR(day_within(compiler, days.days[i], span),
                                            shuts_on(compiler, era, days.days[i])));
    return expr_or(arena, days.days, days.count);
}

/* … on that day, if the rules before held it open, and after the policy's last day. */
static const SqlExpr *shuts_after(const Compiler *compiler, const Policy *era, Date last)
{
    Arena *arena = compiler->arena;
    const Policy *next = era->until != DATE_NONE && era->until <= last ? NULL : era->next;
    const SqlExpr *open = open_at_all(compiler, era, expr_value(arena, v_date(last)));
    if (!next)
        return open;
    return expr_and(arena,
                    PAIR(open, expr_not(arena, open_at_all(compiler, next,
                                                           expr_value(arena, v_date(last + 1))))));
}

const SqlExpr *compile_shuts_by(const Compiler *compiler, Date last)
{
    Arena *arena = compiler->arena;
    const SqlExpr *closings[2 * ERAS_AT_MOST];
    size_t count = 0;
    for (const Policy *era = compiler->policy; era; era = era->next) {
        Date first = era->era_from > compiler->as_of ? era->era_from : compiler->as_of,
             end = era->era_until;
        if (era->until != DATE_NONE && era->until < end)
            end = era->until;
        if (first > end || first > last)
            continue;
        const Span turned = {first + 1, last < end ? last + 1 : end};
        if (turned.from <= turned.until)
            closings[count++] = shuts_within(compiler, era, turned);
        if (end <= last && end != DATE_MAX)
            closings[count++] = shuts_after(compiler, era, end);
    }
    return expr_or(arena, closings, count);
}
