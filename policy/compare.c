#include "base/figures.h"
#include "base/json.h"
#include "base/render.h"
#include "people/scope.h"
#include "policy/comparison.h"
#include "policy/parse.h"
#include "policy/publish.h"
#include "policy/term.h"
#include "policy/verbs.h"

#include <assert.h>

/* All parameters moved to what they are on a day: the policy as it stood then, whatever changed
 * since. */
static void set_back(Arena *arena, const Policy **policy, Date day)
{
    Err err;
    const Policy *then = policy_at(*policy, day);
    const char **settings = arena_array(arena, const char *, then->parameter_count + 1);
    for (size_t i = 0; i < then->parameter_count; i++)
        settings[i] = arena_printf(arena, "%s=%s", then->parameters[i].name,
                                   parameter_value(arena, &then->parameters[i]));
    ErrCode code = policy_set(arena, *policy, settings, then->parameter_count, policy, &err);
    assert(code == OK); /* it was read with these values */
}

static ErrCode read_sides(Context *context, const Arguments *arguments, Comparison *comparison,
                          Err *err)
{
    static const char *const DAYS[SIDES] = {"a-rules-of", "b-rules-of"};
    Arena *arena = context->arena;
    const char *const *settings;
    size_t set = option_values(arguments, "set", &settings);
    for (size_t side = 0; side < SIDES; side++) {
        const Policy **policy = &comparison->policies[side];
        Date day = option_date(arguments, DAYS[side], DATE_NONE);
        TRY(policy_load(arena, argument_at(arguments, side), policy, err));
        if (day != DATE_NONE)
            set_back(arena, policy, day);
        if (set && side == 1)
            TRY(policy_set(arena, *policy, settings, set, policy, err));
        *policy = policy_at(*policy, context->as_of);
    }
    return OK;
}

/* Who is named one by one is not kept from being counted. */
static ErrCode check_list(const Arguments *arguments, Err *err)
{
    if (option_flag(arguments, "list") && option_flag(arguments, "suppress"))
        return err_set(err, ERR_USAGE,
                       _("--list tells what --suppress withholds: give one of them"));
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Comparison comparison = {
        .db = context->db, .arena = context->arena, .as_of = context->as_of, .lang = context->lang};
    json_t *result, *list;
    TRY(check_list(arguments, err));
    TRY(read_sides(context, arguments, &comparison, err));
    const WhereTerms *terms = policy_terms(context->arena, comparison.policies[0], context->as_of);
    TRY(scope_where(context, option_text(arguments, "where"), terms, &comparison.where, err));
    TRY(comparison_count(&comparison, &result, err));
    if (option_flag(arguments, "list")) {
        ErrCode code = comparison_list(&comparison, &list, err);
        if (code != OK) {
            json_decref(result);
            return code;
        }
        json_object_set_new(result, "list", list);
    }
    *ret_result = result;
    return publish(context, arguments, &PUBLISH_COMPARISON, ret_result, err);
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
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

/* "name: 1,234" for each member of an object. */
static void add_counts(Arena *arena, const json_t *counts, json_t *rows)
{
    const char *name;
    json_t *value;
    JSON_MEMBERS (counts, name, value) {
        json_t *row = json_object();
        json_object_set_new(row, "what", json_string(name));
        json_object_set_new(row, "people", cell(arena, value));
        json_array_append_new(rows, row);
    }
}

static void show_moved(Arena *arena, const json_t *moved, const char *title, const char *by_clause)
{
    const Column ROUTES[] = {{"what", N_("route")}, {"people", N_("people")}, {0}};
    const Column CLAUSES[] = {{"what", by_clause}, {"people", N_("people")}, {0}};
    json_t *routes = json_array(), *clauses = json_array(), *none = json_object(),
           *zero = json_integer(0);
    add_counts(arena, json_object_get(moved, "routes"), routes);
    add_counts(arena, json_object_get(moved, "clauses"), clauses);
    if (!json_equal(json_object_get(moved, "no_route"), zero))
        json_object_set(none, _("no such route there"), json_object_get(moved, "no_route"));
    add_counts(arena, none, clauses);
    heading(arena_printf(arena, "%s: %s", title,
                         figure_text(arena, figure_of(json_object_get(moved, "people")))));
    render_table(stdout, ROUTES, routes);
    if (json_array_size(clauses)) {
        putchar('\n');
        render_table(stdout, CLAUSES, clauses);
    }
    json_decref(routes);
    json_decref(clauses);
    json_decref(none);
    json_decref(zero);
}

static void show_list(const json_t *result)
{
    static const Column COLUMNS[] = {
        {"person", N_("person")},      {"name", N_("name")},
        {"employer_town", N_("town")}, {"skill_level", N_("skill level")},
        {"change", N_("change")},      {"route", N_("route")},
        {"clause", N_("stopped by")},  {0}};
    const json_t *list = json_object_get(result, "list");
    if (!list)
        return;
    size_t moved = (size_t)(number_of(json_object_get(result, "gained"), "people") +
                            number_of(json_object_get(result, "lost"), "people"));
    heading(_("Who gains and who loses"));
    render_table(stdout, COLUMNS, list);
    if (json_array_size(list) < moved)
        printf(_("These are the first %zu of %zu\n"), json_array_size(list), moved);
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
    show_moved(arena, json_object_get(result, "gained"), _("Gained: reached under B alone"),
               N_("clause of A that stops them"));
    show_moved(arena, json_object_get(result, "lost"), _("Lost: reached under A alone"),
               N_("clause of B that stops them"));
    show_list(result);
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
    {"a-rules-of", OPTION_DATE, "DATE", N_("A with its parameters as they are on that day"),
     .many = false},
    {"b-rules-of", OPTION_DATE, "DATE", N_("B with its parameters as they are on that day"),
     .many = false},
    {"list", OPTION_FLAG, NULL, N_("also list who gains and who loses, names masked"),
     .role = ROLE_SURVEY},
    WHERE_OPTION,
    PUBLISH_OPTIONS,
    {0},
};

const Command POLICY_COMPARE = {
    .words = "policy compare",
    .summary = N_("count who gains and who loses between two policies"),
    .details = N_("'cross' counts people by their verdict under A, and within it under B. 'gained' "
                  "are those who are eligible or likely eligible under B alone, by their first "
                  "route there; 'lost' those under A alone, by their first route there. Each of "
                  "them is also counted once by the clause of the other policy that stops them: "
                  "the first that fails of its gate, else the first of the route of the same id "
                  "that does not hold; 'no_route' are those for whom it has no such route."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANALYST,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
