/* A size as tables: verdicts, routes, clauses, what is missing, groups. */
#include "base/json.h"
#include "base/text.h"
#include "policy/publish.h"
#include "policy/sizing.h"
#include "policy/suppress.h"

enum { TRUTHS = 3 };

static json_t *child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

/* With moved parameters: before and difference beside each number. */
static void declare_people(Bulletin *bulletin, FigureTable *table, const json_t *result)
{
    figures_series(bulletin, table, _("people"), true);
    if (child(result, "before")) {
        figures_series(bulletin, table, _("before"), false);
        figures_series(bulletin, table, _("difference"), false);
    }
}

static void add_people(Bulletin *bulletin, FigureTable *table, const char *label,
                       const Figure figures[TRUTHS])
{
    figures_row(bulletin, table, &label, figures);
}

/* The verdicts or the routes, before and after. */
static void add_contrast(Bulletin *bulletin, const json_t *result, const char *part,
                         const char *title)
{
    const char *key;
    json_t *value;
    FigureTable *table = bulletin_table(bulletin, title, FIGURES_PARTS);
    bool verdicts = text_equal(part, "verdicts");
    figures_label(bulletin, table, verdicts ? _("verdict") : _("route"));
    declare_people(bulletin, table, result);
    JSON_MEMBERS (child(result, part), key, value) {
        const Figure figures[TRUTHS] = {
            figure_of(value), figure_of(child(child(child(result, "before"), part), key)),
            figure_of(child(child(child(result, "difference"), part), key))};
        add_people(bulletin, table, verdicts ? verdict_label_of(key) : key, figures);
    }
}

static void add_clauses(Bulletin *bulletin, const json_t *result)
{
    const char *key;
    json_t *value;
    FigureTable *table = bulletin_table(bulletin, _("By clause"), FIGURES_PARTS);
    figures_label(bulletin, table, _("clause"));
    figures_series(bulletin, table, _("met"), true);
    figures_series(bulletin, table, _("not known"), true);
    figures_series(bulletin, table, _("not met"), true);
    JSON_MEMBERS (child(result, "clauses"), key, value) {
        const Figure figures[TRUTHS] = {figure_of(child(value, "true")),
                                        figure_of(child(value, "unknown")),
                                        figure_of(child(value, "false"))};
        figures_row(bulletin, table, &key, figures);
    }
}

static void add_waiting(Bulletin *bulletin, const Context *context, json_t *counts,
                        const char *title)
{
    const char *key;
    json_t *value;
    if (json_object_size(counts) == 0)
        return;
    FigureTable *table = bulletin_table(bulletin, title, FIGURES_PARTS);
    figures_label(bulletin, table, _("fact"));
    figures_series(bulletin, table, _("people"), true);
    JSON_MEMBERS (counts, key, value) {
        const char *label = fact_label(fact_find(key), context->lang);
        const Figure people = figure_of(value);
        figures_row(bulletin, table, &label, &people);
    }
}

/* The facts that a group is counted by, as keys. */
static size_t group_keys(const json_t *group, const char *keys[GROUPINGS_AT_MOST])
{
    size_t count = 0;
    const char *key;
    json_t *value;
    JSON_MEMBERS (group, key, value) {
        if (fact_find(key) != FACT_NONE || text_equal(key, "age"))
            keys[count++] = key;
    }
    return count;
}

/* Everyone in a group first, then its verdicts as the parts of its bar. */
static void add_groups(Bulletin *bulletin, const Context *context, const json_t *groups)
{
    const char *keys[GROUPINGS_AT_MOST], *labels[GROUPINGS_AT_MOST];
    size_t count = group_keys(json_array_get(groups, 0), keys), index;
    const json_t *group;
    FigureTable *table = bulletin_table(bulletin, _("By group"), FIGURES_PARTS);
    for (size_t i = 0; i < count; i++) {
        FactId fact = fact_find(keys[i]);
        figures_label(bulletin, table,
                      fact == FACT_NONE ? _("age") : fact_label(fact, context->lang));
    }
    figures_series(bulletin, table, _("people"), false);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        figures_series(bulletin, table, verdict_label((Verdict)i), true);
    JSON_ITEMS (groups, index, group) {
        Figure figures[VERDICT_COUNT + 1] = {figure_of(child(group, "people"))};
        for (size_t i = 0; i < count; i++) {
            const char *text = json_string_value(child(group, keys[i]));
            labels[i] = text ? text : _("not known");
        }
        for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
            figures[i] = figure_of(child(child(group, "verdicts"), verdict_name((Verdict)i)));
        figures_row(bulletin, table, labels, figures);
    }
}

static Bulletin *size_bulletin(const Context *context, const json_t *result)
{
    Arena *arena = context->arena;
    const char *title =
        arena_printf(arena, _("%s on %s: %s people"), json_string_value(child(result, "policy")),
                     json_string_value(child(result, "as_of")),
                     figure_text(arena, figure_of(child(result, "people"))));
    size_t index;
    const json_t *setting;
    JSON_ITEMS (child(result, "set"), index, setting)
        title = arena_printf(arena, "%s · %s", title, json_string_value(setting));
    Bulletin *bulletin = bulletin_new(arena, title, publish_note(result));
    add_contrast(bulletin, result, "verdicts", _("Verdicts"));
    add_contrast(bulletin, result, "routes", _("Eligible and likely, by route"));
    add_clauses(bulletin, result);
    add_waiting(bulletin, context, child(result, "missing"),
                _("What the possibly eligible have not been asked"));
    add_waiting(bulletin, context, child(result, "review"),
                _("What staff must decide for the possibly eligible"));
    if (json_array_size(child(result, "groups")))
        add_groups(bulletin, context, child(result, "groups"));
    return bulletin;
}

const Publication PUBLISH_SIZE = {.suppress = suppress_size, .bulletin = size_bulletin};
