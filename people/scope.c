#include "people/scope.h"

#include "people/where_node.h"

#include <inttypes.h>

static const FactId TOWNS[] = {FACT_EMPLOYER_TOWN, FACT_HOME_TOWN};
enum { TOWN_FACTS = sizeof TOWNS / sizeof *TOWNS };

static const Where *where_node(Arena *arena, Where node)
{
    return arena_memdup(arena, &node, sizeof node);
}

static const Where *where_joined(Arena *arena, WhereKind kind, const Where *a, const Where *b)
{
    const Where *const both[] = {a, b};
    return where_node(
        arena,
        (Where){.kind = kind, .parts = arena_memdup(arena, both, sizeof both), .part_count = 2});
}

/* known(fact) and fact in (towns): true or false, never unknown. */
static const Where *where_in_towns(const Context *context, FactId fact)
{
    Arena *arena = context->arena;
    size_t count = context->acting.town_count;
    FactValue *values = arena_array(arena, FactValue, count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = (FactValue){.known = true, .number = context->acting.towns[i]};
    const Where *known = where_node(arena, (Where){.kind = WHERE_KNOWN, .fact = fact});
    const Where *in = where_node(
        arena, (Where){.kind = WHERE_IN, .fact = fact, .values = values, .value_count = count});
    return where_joined(arena, WHERE_AND, known, in);
}

/* NULL = everyone. Whoever asks has kept to it. */
static const Where *scope_of(Context *context)
{
    context->acting.has_kept_to_towns = true;
    if (!context->acting.towns)
        return NULL;
    const Where *any = where_in_towns(context, TOWNS[0]);
    for (size_t i = 1; i < TOWN_FACTS; i++)
        any = where_joined(context->arena, WHERE_OR, any, where_in_towns(context, TOWNS[i]));
    return any;
}

/* The first fact in it that tells of one person, FACT_NONE for none. What is derived from such facts
 * (a verdict) many people share. */
static FactId where_personal(const Where *where)
{
    if (!where || where->kind == WHERE_CONFLICT || (where->part_count == 0 && where->terms))
        return FACT_NONE;
    if (where->part_count == 0)
        return fact_info(where->fact)->sight == SIGHT_OPEN ? FACT_NONE : where->fact;
    FactId found = FACT_NONE;
    for (size_t i = 0; i < where->part_count && found == FACT_NONE; i++)
        found = where_personal(where->parts[i]);
    return found;
}

static ErrCode check_figures(const Context *context, const Where *where, Err *err)
{
    FactId fact = context->acting.figures_only ? where_personal(where) : FACT_NONE;
    if (fact == FACT_NONE)
        return OK;
    err_set(err, ERR_REFUSED, _("an analyst may not ask by '%s': it tells of one person"),
            fact_info(fact)->name);
    return err_hint(err, _("ask by facts that many people share"));
}

ErrCode scope_where(Context *context, const char *text, const WhereTerms *terms,
                    const Where **ret_where, Err *err)
{
    const Where *where = NULL, *scope = scope_of(context);
    TRY(where_parse_with(context->arena, text, terms, &where, err));
    TRY(check_figures(context, where, err));
    *ret_where = scope && where ? where_joined(context->arena, WHERE_AND, scope, where)
                 : scope        ? scope
                                : where;
    return OK;
}

bool scope_holds(Context *context, const Facts *facts)
{
    return where_holds(scope_of(context), facts) == KLEENE_TRUE;
}

ErrCode scope_person(Context *context, int64_t person, const Facts *facts, Err *err)
{
    if (scope_holds(context, facts))
        return OK;
    err_set(err, ERR_NOT_FOUND, _("there is no person %" PRId64), person);
    return err_hint(err, _("find people with: %s"), "talent people find");
}
