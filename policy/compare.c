#include "base/figures.h"
#include "base/render.h"
#include "people/where.h"
#include "policy/publish.h"
#include "policy/rule.h"
#include "policy/verbs.h"
#include "sql/db.h"

/* Columns of compare_count. */
enum { AT_A, AT_ROUTE_A, AT_B, AT_ROUTE_B, AT_PEOPLE };
enum { SIDES = 2 };

/* The two policies, and what people have under each. */
typedef struct Comparison {
    const Policy *policies[SIDES];
    const Where *where;
    int64_t cross[VERDICT_COUNT + 1][VERDICT_COUNT + 1]; /* by verdict under A, under B */
    int64_t routes[SIDES][ROUTES_AT_MOST];               /* of the reached, by first route */
    int64_t moved[SIDES][ROUTES_AT_MOST]; /* reached here alone, by first route here */
} Comparison;

static bool is_reached(int64_t verdict)
{
    return verdict == VERDICT_ELIGIBLE || verdict == VERDICT_LIKELY;
}

static void add_people(Comparison *comparison, const Rows *rows)
{
    const int64_t verdicts[SIDES] = {rows_int(rows, AT_A), rows_int(rows, AT_B)};
    const int64_t routes[SIDES] = {rows_int(rows, AT_ROUTE_A), rows_int(rows, AT_ROUTE_B)};
    int64_t people = rows_int(rows, AT_PEOPLE);
    comparison->cross[verdicts[0]][verdicts[1]] += people;
    for (size_t side = 0; side < SIDES; side++) {
        if (!is_reached(verdicts[side]))
            continue;
        comparison->routes[side][routes[side]] += people;
        if (!is_reached(verdicts[1 - side]))
            comparison->moved[side][routes[side]] += people;
    }
}

static ErrCode count(Context *context, Comparison *comparison, Err *err)
{
    Arena *arena = context->arena;
    const Policy *a = comparison->policies[0], *b = comparison->policies[1];
    const Hole holes[] = {
        {"a", policy_verdict_expr(arena, a, context->as_of, "p")},
        {"route_a", policy_route_expr(arena, a, context->as_of, "p")},
        {"b", policy_verdict_expr(arena, b, context->as_of, "p")},
        {"route_b", policy_route_expr(arena, b, context->as_of, "p")},
        {"where", where_expr(arena, comparison->where, "p")},
    };
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(context->db, QUERY_POLICY_COMPARE_COUNT, NO_PARAMS, holes,
                        sizeof holes / sizeof *holes, &rows, err));
    while (rows_next(rows))
        add_people(comparison, rows);
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

static json_t *side_json(const Comparison *comparison, size_t side)
{
    const Policy *policy = comparison->policies[side];
    json_t *json = json_object(), *verdicts = json_object();
    int64_t reached;
    for (int mine = VERDICT_ELIGIBLE; mine <= VERDICT_COUNT; mine++) {
        int64_t people = 0;
        for (int other = VERDICT_ELIGIBLE; other <= VERDICT_COUNT; other++)
            people += side == 0 ? comparison->cross[mine][other] : comparison->cross[other][mine];
        json_object_set_new(verdicts, verdict_name((Verdict)mine), json_integer(people));
    }
    json_object_set_new(json, "policy", json_string(policy->id));
    json_object_set_new(json, "sha256", json_string(policy->sha256));
    json_object_set_new(json, "verdicts", verdicts);
    json_object_set_new(json, "routes", routes_json(policy, comparison->routes[side], &reached));
    json_object_set_new(json, "reached", json_integer(reached));
    return json;
}

/* {verdict under A: {verdict under B: people}}. */
static json_t *cross_json(const Comparison *comparison)
{
    json_t *cross = json_object();
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        json_t *row = json_object();
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
            json_object_set_new(row, verdict_name((Verdict)b),
                                json_integer(comparison->cross[a][b]));
        json_object_set_new(cross, verdict_name((Verdict)a), row);
    }
    return cross;
}

/* Who is reached on one side alone: {people, routes}. */
static json_t *moved_json(const Comparison *comparison, size_t side)
{
    int64_t people;
    json_t *moved = json_object();
    json_t *routes = routes_json(comparison->policies[side], comparison->moved[side], &people);
    json_object_set_new(moved, "people", json_integer(people));
    json_object_set_new(moved, "routes", routes);
    return moved;
}

static int64_t people_of(const Comparison *comparison)
{
    int64_t people = 0;
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
            people += comparison->cross[a][b];
    }
    return people;
}

static json_t *comparison_json(const Context *context, const Comparison *comparison)
{
    char as_of[11];
    json_t *result = json_object();
    json_object_set_new(result, "as_of", json_string(date_format(context->as_of, as_of)));
    json_object_set_new(result, "people", json_integer(people_of(comparison)));
    json_object_set_new(result, "a", side_json(comparison, 0));
    json_object_set_new(result, "b", side_json(comparison, 1));
    json_object_set_new(result, "cross", cross_json(comparison));
    json_object_set_new(result, "gained", moved_json(comparison, 1));
    json_object_set_new(result, "lost", moved_json(comparison, 0));
    return result;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Arena *arena = context->arena;
    Comparison *comparison = arena_alloc(arena, sizeof *comparison);
    const char *const *settings;
    size_t set = option_values(arguments, "set", &settings);
    for (size_t side = 0; side < SIDES; side++)
        TRY(policy_load(arena, argument_at(arguments, side), &comparison->policies[side], err));
    const Policy **b = &comparison->policies[1];
    if (set)
        TRY(policy_set(arena, *b, settings, set, b, err));
    TRY(where_parse(arena, option_text(arguments, "where"), &comparison->where, err));
    TRY(count(context, comparison, err));
    *ret_result = comparison_json(context, comparison);
    return publish(context, arguments, &PUBLISH_COMPARISON, ret_result, err);
}

static void heading(const char *text)
{
    printf("\n%s%s%s\n", render_style(stdout, STYLE_BOLD), text, render_plain(stdout));
}

static json_t *cell(Arena *arena, const json_t *people)
{
    return json_string(figure_text(arena, figure_of(people)));
}

/* A row for each verdict under A, a column for each under B. */
static void show_cross(Arena *arena, const json_t *result)
{
    static const Column COLUMNS[] = {{"a", N_("under A, below; under B, across")},
                                     {"eligible", N_("eligible")},
                                     {"likely", N_("likely eligible")},
                                     {"possible", N_("possibly eligible")},
                                     {"later", N_("eligible later")},
                                     {"ineligible", N_("not eligible")},
                                     {"all", N_("all under A")},
                                     {0}};
    const json_t *cross = json_object_get(result, "cross");
    json_t *rows = json_array(), *last = json_object();
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        const char *name = verdict_name((Verdict)a);
        const json_t *counts = json_object_get(cross, name);
        json_t *row = json_object();
        json_object_set_new(row, "a", json_string(verdict_label((Verdict)a)));
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++) {
            const char *under_b = verdict_name((Verdict)b);
            json_object_set_new(row, under_b, cell(arena, json_object_get(counts, under_b)));
        }
        const json_t *side_a = json_object_get(json_object_get(result, "a"), "verdicts");
        const json_t *side_b = json_object_get(json_object_get(result, "b"), "verdicts");
        json_object_set_new(row, "all", cell(arena, json_object_get(side_a, name)));
        json_object_set_new(last, name, cell(arena, json_object_get(side_b, name)));
        json_array_append_new(rows, row);
    }
    json_object_set_new(last, "a", json_string(_("all under B")));
    json_object_set_new(last, "all", cell(arena, json_object_get(result, "people")));
    json_array_append_new(rows, last);
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
}

static void show_moved(Arena *arena, const json_t *moved, const char *title)
{
    static const Column COLUMNS[] = {{"route", N_("route")}, {"people", N_("people")}, {0}};
    const char *route;
    json_t *value, *rows = json_array();
    json_object_foreach(json_object_get((json_t *)(uintptr_t)moved, "routes"), route, value)
    {
        json_t *row = json_object();
        json_object_set_new(row, "route", json_string(route));
        json_object_set_new(row, "people", cell(arena, value));
        json_array_append_new(rows, row);
    }
    heading(arena_printf(arena, "%s: %s", title,
                         figure_text(arena, figure_of(json_object_get(moved, "people")))));
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
}

static const char *policy_of(const json_t *result, const char *side)
{
    return json_string_value(json_object_get(json_object_get(result, side), "policy"));
}

static void show(const Context *context, const json_t *result)
{
    Arena *arena = context->arena;
    if (publish_chart(context, &PUBLISH_COMPARISON, result))
        return;
    printf(_("A %s, B %s on %s: %s people\n"), policy_of(result, "a"), policy_of(result, "b"),
           json_string_value(json_object_get(result, "as_of")),
           figure_text(arena, figure_of(json_object_get(result, "people"))));
    show_cross(arena, result);
    show_moved(arena, json_object_get(result, "gained"), _("Gained: reached under B alone"));
    show_moved(arena, json_object_get(result, "lost"), _("Lost: reached under A alone"));
    if (publish_note(result))
        printf("\n%s\n", publish_note(result));
}

static const Positional POSITIONALS[] = {
    {"A", N_("policy, or its file"), .optional = false},
    {"B", N_("policy, or its file, that is compared with it"), .optional = false},
    {0},
};

static const Option OPTIONS[] = {
    {"set", OPTION_TEXT, "PARAM=VALUE", N_("move a parameter of B, for example age_max=50"),
     .many = true},
    {"where", OPTION_TEXT, "EXPR",
     N_("only people for whom this holds, for example 'town = 长安镇'"), .many = false},
    PUBLISH_OPTIONS,
    {0},
};

const Command POLICY_COMPARE = {
    .words = "policy compare",
    .summary = N_("count who gains and who loses between two policies"),
    .details = N_("'cross' counts people by their verdict under A, and within it under B. 'gained' "
                  "are those who are eligible or likely eligible under B alone, by their first "
                  "route there; 'lost' those under A alone, by their first route there."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANALYST,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
