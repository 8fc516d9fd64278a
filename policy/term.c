#include "policy/term.h"

#include "policy/compile.h"

#include <assert.h>

#define PAIR(a, b) (const SqlExpr *const[]){(a), (b)}, 2

static FactValue day_value(Date day)
{
    return (FactValue){.known = day != DATE_NONE, .number = day};
}

FactValue term_value(const Judgement *judgement, Term term)
{
    switch (term) {
    case TERM_VERDICT:
        return (FactValue){.known = true, .number = judgement->verdict};
    case TERM_ROUTE:
        return (FactValue){.known = judgement->route >= 0, .number = judgement->route + 1};
    case TERM_ELIGIBLE_ON:
        return day_value(judgement->eligible_on);
    case TERM_ELIGIBLE_UNTIL:
    default:
        break;
    }
    return day_value(judgement->eligible_until);
}

bool term_compare(SqlCompare op, int64_t a, int64_t b)
{
    switch (op) {
    case SQL_EQ:
        return a == b;
    case SQL_NE:
        return a != b;
    case SQL_LT:
        return a < b;
    case SQL_LE:
        return a <= b;
    case SQL_GT:
        return a > b;
    case SQL_GE:
    default:
        break;
    }
    return a >= b;
}

static FactValue judged_value(const WhereTerms *terms, size_t term, const Facts *facts)
{
    const TermState *state = terms->state;
    Judgement judgement;
    policy_judge(state->policy, facts, state->as_of, &judgement);
    return term_value(&judgement, (Term)term);
}

static Compiler compiler_of(const WhereTerms *terms, Arena *arena, const WhereAsk *ask)
{
    const TermState *state = terms->state;
    return (Compiler){
        .arena = arena, .policy = state->policy, .alias = ask->alias, .as_of = state->as_of};
}

/* The day is no later than `last`, given that there is such a day. */
static const SqlExpr *by_day(const Compiler *compiler, Term term, int64_t last)
{
    Date day = last < DATE_MIN ? DATE_MIN : (Date)last;
    const SqlExpr *opens = term == TERM_ELIGIBLE_ON ? compile_opens_by(compiler, day)
                                                    : compile_shuts_by(compiler, day);
    return expr_coalesce(compiler->arena, PAIR(opens, expr_false(compiler->arena)));
}

static const SqlExpr *compare_day(const Compiler *compiler, const WhereAsk *ask)
{
    Arena *arena = compiler->arena;
    const SqlExpr *by = by_day(compiler, (Term)ask->term, ask->number),
                  *before = by_day(compiler, (Term)ask->term, ask->number - 1);
    const SqlExpr *on = expr_and(arena, PAIR(by, expr_not(arena, before)));
    switch (ask->op) {
    case SQL_EQ:
        return on;
    case SQL_NE:
        return expr_not(arena, on);
    case SQL_LT:
        return before;
    case SQL_LE:
        return by;
    case SQL_GT:
        return expr_not(arena, by);
    case SQL_GE:
    default:
        break;
    }
    return expr_not(arena, before);
}

static const SqlExpr *verdict_is(const Compiler *compiler, const Verdict *verdicts, size_t count)
{
    Arena *arena = compiler->arena;
    const SqlExpr *items[VERDICT_COUNT];
    assert(count <= VERDICT_COUNT);
    for (size_t i = 0; i < count; i++)
        items[i] = expr_value(arena, v_int(verdicts[i]));
    return expr_in(arena,
                   policy_verdict_expr(arena, compiler->policy, compiler->as_of, compiler->alias),
                   items, count);
}

/* Who has the day: the later have a first one; these and who is reached have a last one if the door
 * shuts some day. */
static const SqlExpr *known_day(const Compiler *compiler, Term term)
{
    static const Verdict LATER[] = {VERDICT_LATER},
                         OPEN[] = {VERDICT_ELIGIBLE, VERDICT_LIKELY, VERDICT_LATER};
    if (term == TERM_ELIGIBLE_ON)
        return verdict_is(compiler, LATER, 1);
    return expr_and(compiler->arena,
                    PAIR(verdict_is(compiler, OPEN, 3), by_day(compiler, term, DATE_MAX)));
}

static const SqlExpr *number_expr(const Compiler *compiler, Term term)
{
    Arena *arena = compiler->arena;
    if (term == TERM_VERDICT)
        return policy_verdict_expr(arena, compiler->policy, compiler->as_of, compiler->alias);
    return expr_add(arena,
                    policy_route_expr(arena, compiler->policy, compiler->as_of, compiler->alias),
                    expr_value(arena, v_int(1)));
}

static const SqlExpr *compare_expr(const WhereTerms *terms, Arena *arena, const WhereAsk *ask)
{
    const Compiler compiler = compiler_of(terms, arena, ask);
    Term term = (Term)ask->term;
    if (term == TERM_VERDICT || term == TERM_ROUTE)
        return expr_compare(arena, ask->op, number_expr(&compiler, term),
                            expr_value(arena, v_int(ask->number)));
    return expr_if(arena, known_day(&compiler, term), compare_day(&compiler, ask),
                   expr_unknown(arena));
}

static const SqlExpr *known_expr(const WhereTerms *terms, Arena *arena, const WhereAsk *ask)
{
    const Compiler compiler = compiler_of(terms, arena, ask);
    Term term = (Term)ask->term;
    if (term == TERM_VERDICT)
        return expr_true(arena);
    if (term == TERM_ROUTE)
        return expr_not(arena, expr_is_null(arena, number_expr(&compiler, term)));
    return known_day(&compiler, term);
}

static uint32_t facts_of(const Policy *policy)
{
    uint32_t facts = 0;
    for (const Policy *era = policy; era; era = era->next) {
        for (size_t i = 0; i < era->condition_count; i++)
            facts |= UINT32_C(1) << era->conditions[i]->fact;
    }
    return facts;
}

const WhereTerms *policy_terms(Arena *arena, const Policy *policy, Date as_of)
{
    TermState *state = arena_alloc(arena, sizeof *state);
    WhereTerms *terms = arena_alloc(arena, sizeof *terms);
    WhereTerm *words = arena_array(arena, WhereTerm, TERM_COUNT);
    const char **verdicts = arena_array(arena, const char *, VERDICT_COUNT + 1);
    const char **routes = arena_array(arena, const char *, policy->route_count + 1);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        verdicts[i - 1] = verdict_name((Verdict)i);
    for (size_t i = 0; i < policy->route_count; i++)
        routes[i] = policy->routes[i].id;
    *state = (TermState){.policy = policy_at(policy, as_of), .as_of = as_of};
    words[TERM_VERDICT] = (WhereTerm){"verdict", KIND_CODE, verdicts};
    words[TERM_ROUTE] = (WhereTerm){"route", KIND_CODE, routes};
    words[TERM_ELIGIBLE_ON] = (WhereTerm){"eligible_on", KIND_DATE, NULL};
    words[TERM_ELIGIBLE_UNTIL] = (WhereTerm){"eligible_until", KIND_DATE, NULL};
    *terms = (WhereTerms){.terms = words,
                          .count = TERM_COUNT,
                          .facts = facts_of(state->policy),
                          .state = state,
                          .value = judged_value,
                          .compare = compare_expr,
                          .known = known_expr};
    return terms;
}
