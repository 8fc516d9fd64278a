#include "policy/comparison.h"

#include "base/text.h"
#include "policy/stop.h"

/* Columns of compare_count. */
enum { AT_A, AT_ROUTE_A, AT_B, AT_ROUTE_B, AT_STOP, AT_PEOPLE };
/* Columns of compare_list. */
enum { AT_PERSON, AT_NAME, AT_TOWN, AT_LEVEL, AT_IS_LOST, AT_ROUTE, AT_LIST_STOP };

typedef struct Counts {
    int64_t cross[VERDICT_COUNT + 1][VERDICT_COUNT + 1]; /* by verdict under A, under B */
    int64_t routes[SIDES][ROUTES_AT_MOST];               /* of the reached, by first route */
    int64_t moved[SIDES][ROUTES_AT_MOST];         /* reached here alone, by first route here … */
    int64_t stops[SIDES][CONDITIONS_AT_MOST + 1]; /* … and by what stops them on the other side */
} Counts;

static bool is_reached(int64_t verdict)
{
    return verdict == VERDICT_ELIGIBLE || verdict == VERDICT_LIKELY;
}

static void add_people(Counts *counts, const Rows *rows)
{
    const int64_t verdicts[SIDES] = {rows_int(rows, AT_A), rows_int(rows, AT_B)};
    const int64_t routes[SIDES] = {rows_int(rows, AT_ROUTE_A), rows_int(rows, AT_ROUTE_B)};
    int64_t people = rows_int(rows, AT_PEOPLE);
    counts->cross[verdicts[0]][verdicts[1]] += people;
    for (size_t side = 0; side < SIDES; side++) {
        if (!is_reached(verdicts[side]))
            continue;
        counts->routes[side][routes[side]] += people;
        if (is_reached(verdicts[1 - side]))
            continue;
        counts->moved[side][routes[side]] += people;
        counts->stops[side][rows_int(rows, AT_STOP)] += people;
    }
}

/* The route of the same id; route_count = there is none. */
static size_t same_route(const Policy *policy, const char *id)
{
    size_t route = 0;
    while (route < policy->route_count && !text_equal(policy->routes[route].id, id))
        route++;
    return route;
}

/* What stops on the other side those whom a side reaches, by their first route here. */
static const SqlExpr *stop_of(const Compiler *here, const Compiler *there)
{
    const SqlExpr *stop = expr_unknown(here->arena);
    for (size_t i = here->policy->route_count; i-- > 0;) {
        const Route *route = &here->policy->routes[i];
        stop = expr_if(here->arena, compile_now(here, &route->rule),
                       stop_expr(there, same_route(there->policy, route->id)), stop);
    }
    return stop;
}

/* The expressions of a question over both sides. */
typedef struct Sides {
    const SqlExpr *reached[SIDES], *stop, *is_lost, *is_moved;
} Sides;

static Sides sides_of(const Comparison *comparison)
{
    Arena *arena = comparison->arena;
    Compiler compilers[SIDES];
    Sides sides;
    for (size_t side = 0; side < SIDES; side++) {
        compilers[side] = (Compiler){.arena = arena,
                                     .policy = comparison->policies[side],
                                     .alias = "p",
                                     .as_of = comparison->as_of};
        sides.reached[side] = reached_expr(&compilers[side]);
    }
    const SqlExpr *not_b = expr_not(arena, sides.reached[1]);
    const SqlExpr *lost[] = {sides.reached[0], not_b};
    sides.is_lost = expr_and(arena, lost, SIDES);
    const SqlExpr *gained[] = {expr_not(arena, sides.reached[0]), sides.reached[1]};
    const SqlExpr *is_gained = expr_and(arena, gained, SIDES);
    const SqlExpr *moved[] = {sides.is_lost, is_gained};
    sides.is_moved = expr_or(arena, moved, SIDES);
    sides.stop = expr_if(
        arena, sides.is_lost, stop_of(&compilers[0], &compilers[1]),
        expr_if(arena, is_gained, stop_of(&compilers[1], &compilers[0]), expr_unknown(arena)));
    return sides;
}

static ErrCode count(const Comparison *comparison, Counts *counts, Err *err)
{
    Arena *arena = comparison->arena;
    const Policy *a = comparison->policies[0], *b = comparison->policies[1];
    const Hole holes[] = {
        {"a", policy_verdict_expr(arena, a, comparison->as_of, "p")},
        {"route_a", policy_route_expr(arena, a, comparison->as_of, "p")},
        {"b", policy_verdict_expr(arena, b, comparison->as_of, "p")},
        {"route_b", policy_route_expr(arena, b, comparison->as_of, "p")},
        {"stop", sides_of(comparison).stop},
        {"where", where_expr(arena, comparison->where, "p")},
    };
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(comparison->db, QUERY_POLICY_COMPARE_COUNT, NO_PARAMS, holes,
                        sizeof holes / sizeof *holes, &rows, err));
    while (rows_next(rows))
        add_people(counts, rows);
    return OK;
}

/* {route: people}, and all of them in *ret_sum. */
static json_t *routes_json(const Policy *policy, const int64_t *people, int64_t *ret_sum)
{
    json_t *routes = json_object();
    *ret_sum = 0;
    for (size_t i = 0; i < policy->route_count; i++) {
        json_object_set_new(routes, policy->routes[i].id, json_integer(people[i]));
        *ret_sum += people[i];
    }
    return routes;
}

static json_t *side_json(const Comparison *comparison, const Counts *counts, size_t side)
{
    const Policy *policy = comparison->policies[side];
    json_t *json = json_object(), *verdicts = json_object();
    int64_t reached;
    for (int mine = VERDICT_ELIGIBLE; mine <= VERDICT_COUNT; mine++) {
        int64_t people = 0;
        for (int other = VERDICT_ELIGIBLE; other <= VERDICT_COUNT; other++)
            people += side == 0 ? counts->cross[mine][other] : counts->cross[other][mine];
        json_object_set_new(verdicts, verdict_name((Verdict)mine), json_integer(people));
    }
    json_object_set_new(json, "policy", json_string(policy->id));
    json_object_set_new(json, "sha256", json_string(policy->sha256));
    json_object_set_new(json, "verdicts", verdicts);
    json_object_set_new(json, "routes", routes_json(policy, counts->routes[side], &reached));
    json_object_set_new(json, "reached", json_integer(reached));
    return json;
}

/* {verdict under A: {verdict under B: people}}. */
static json_t *cross_json(const Counts *counts)
{
    json_t *cross = json_object();
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        json_t *row = json_object();
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
            json_object_set_new(row, verdict_name((Verdict)b), json_integer(counts->cross[a][b]));
        json_object_set_new(cross, verdict_name((Verdict)a), row);
    }
    return cross;
}

/* {clause of the other policy: people}. */
static json_t *stops_json(const Policy *other, const int64_t *stops)
{
    json_t *clauses = json_object();
    for (size_t i = 0; i < other->condition_count; i++) {
        if (stops[i])
            json_object_set_new(clauses, other->conditions[i]->clause, json_integer(stops[i]));
    }
    return clauses;
}

/* Who is reached on one side alone: {people, routes, clauses, no_route}. */
static json_t *moved_json(const Comparison *comparison, const Counts *counts, size_t side)
{
    int64_t people;
    const Policy *here = comparison->policies[side], *other = comparison->policies[1 - side];
    json_t *moved = json_object(), *routes = routes_json(here, counts->moved[side], &people);
    json_object_set_new(moved, "people", json_integer(people));
    json_object_set_new(moved, "routes", routes);
    json_object_set_new(moved, "clauses", stops_json(other, counts->stops[side]));
    json_object_set_new(moved, "no_route", json_integer(counts->stops[side][STOP_NO_ROUTE]));
    return moved;
}

static int64_t people_of(const Counts *counts)
{
    int64_t people = 0;
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
            people += counts->cross[a][b];
    }
    return people;
}

static json_t *comparison_json(const Comparison *comparison, const Counts *counts)
{
    char as_of[11];
    json_t *result = json_object();
    json_object_set_new(result, "as_of", json_string(date_format(comparison->as_of, as_of)));
    json_object_set_new(result, "people", json_integer(people_of(counts)));
    json_object_set_new(result, "a", side_json(comparison, counts, 0));
    json_object_set_new(result, "b", side_json(comparison, counts, 1));
    json_object_set_new(result, "cross", cross_json(counts));
    json_object_set_new(result, "gained", moved_json(comparison, counts, 1));
    json_object_set_new(result, "lost", moved_json(comparison, counts, 0));
    return result;
}

ErrCode comparison_count(const Comparison *comparison, json_t **ret_result, Err *err)
{
    Counts *counts = arena_alloc(comparison->arena, sizeof *counts);
    TRY(count(comparison, counts, err));
    *ret_result = comparison_json(comparison, counts);
    return OK;
}

/* "李**". */
static json_t *masked_name(Arena *arena, const Rows *rows)
{
    if (rows_null(rows, AT_NAME))
        return json_null();
    const char *name = rows_text(rows, AT_NAME), *at = name, *end = name + strlen(name);
    if (at < end)
        (void)text_next(&at, end);
    return json_string(arena_printf(arena, "%.*s**", (int)(at - name), name));
}

static json_t *code_json(const Comparison *comparison, FactId fact, const Rows *rows,
                         unsigned column)
{
    if (rows_null(rows, column))
        return json_null();
    const FactValue value = {.known = true, .number = rows_int(rows, column)};
    return json_string(fact_show(comparison->arena, fact, value, comparison->lang));
}

static json_t *person_json(const Comparison *comparison, const Rows *rows)
{
    bool lost = rows_int(rows, AT_IS_LOST) != 0;
    const Policy *here = comparison->policies[lost ? 0 : 1],
                 *other = comparison->policies[lost ? 1 : 0];
    int64_t stop = rows_int(rows, AT_LIST_STOP);
    json_t *line = json_object();
    json_object_set_new(line, "person", json_integer(rows_int(rows, AT_PERSON)));
    json_object_set_new(line, "name", masked_name(comparison->arena, rows));
    json_object_set_new(line, "employer_town",
                        code_json(comparison, FACT_EMPLOYER_TOWN, rows, AT_TOWN));
    json_object_set_new(line, "skill_level",
                        code_json(comparison, FACT_SKILL_LEVEL, rows, AT_LEVEL));
    json_object_set_new(line, "change", json_string(lost ? "lost" : "gained"));
    json_object_set_new(line, "route", json_string(here->routes[rows_int(rows, AT_ROUTE)].id));
    json_object_set_new(line, "clause",
                        stop == STOP_NO_ROUTE ? json_null()
                                              : json_string(other->conditions[stop]->clause));
    return line;
}

ErrCode comparison_list(const Comparison *comparison, json_t **ret_list, Err *err)
{
    Arena *arena = comparison->arena;
    const Sides sides = sides_of(comparison);
    const SqlExpr *filter[] = {where_expr(arena, comparison->where, "p"), sides.is_moved};
    const SqlExpr *routes[SIDES];
    for (size_t side = 0; side < SIDES; side++)
        routes[side] = policy_route_expr(arena, comparison->policies[side], comparison->as_of, "p");
    const Hole holes[] = {
        {"is_lost", sides.is_lost},
        {"route", expr_if(arena, sides.is_lost, routes[0], routes[1])},
        {"stop", sides.stop},
        {"where", expr_and(arena, filter, sizeof filter / sizeof *filter)},
    };
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(comparison->db, QUERY_POLICY_COMPARE_LIST, NO_PARAMS, holes,
                        sizeof holes / sizeof *holes, &rows, err));
    json_t *list = json_array();
    while (rows_next(rows))
        json_array_append_new(list, person_json(comparison, rows));
    *ret_list = list;
    return OK;
}
