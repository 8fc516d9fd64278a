#include "policy/contrast.h"

#include "base/figures.h"
#include "base/json.h"
#include "base/render.h"
#include "base/text.h"
#include "policy/sizing.h"

static json_t *items_of(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* {key: after - before}. */
static json_t *subtract(json_t *after, const json_t *before)
{
    const char *key;
    json_t *value, *difference = json_object();
    JSON_MEMBERS (after, key, value)
        json_object_set_new(difference, key,
                            json_integer(json_integer_value(value) - number_of(before, key)));
    return difference;
}

/* A group without its people: the values that it is counted by. */
static json_t *group_facts(const json_t *group)
{
    json_t *facts = json_copy((json_t *)(uintptr_t)group);
    json_object_del(facts, "people");
    json_object_del(facts, "where_unknown");
    json_object_del(facts, "verdicts");
    return facts;
}

/* Moving a parameter moves nobody from one group to another, so both lists have the same groups in
 * the same order. */
static json_t *subtract_groups(const json_t *after, const json_t *before)
{
    size_t index;
    const json_t *group;
    json_t *groups = json_array();
    JSON_ITEMS (after, index, group) {
        json_t *difference = group_facts(group);
        const json_t *other = json_array_get(before, index);
        json_object_set_new(
            difference, "verdicts",
            subtract(items_of(group, "verdicts"), json_object_get(other, "verdicts")));
        json_array_append_new(groups, difference);
    }
    return groups;
}

void contrast_add(json_t *after, const json_t *before)
{
    static const char *const KEYS[] = {"verdicts", "routes"};
    json_t *was = json_object(), *difference = json_object();
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        json_object_set(was, KEYS[i], items_of(before, KEYS[i]));
        json_object_set_new(difference, KEYS[i],
                            subtract(items_of(after, KEYS[i]), items_of(before, KEYS[i])));
    }
    if (json_array_size(items_of(after, "groups"))) {
        const json_t *groups = items_of(before, "groups");
        json_object_set(was, "groups", items_of(before, "groups"));
        json_object_set_new(difference, "groups",
                            subtract_groups(items_of(after, "groups"), groups));
    }
    json_object_set_new(after, "before", was);
    json_object_set_new(after, "difference", difference);
}

static void heading(const char *text)
{
    printf("\n%s%s%s\n", render_style(stdout, STYLE_BOLD), text, render_plain(stdout));
}

static json_t *signed_number(Arena *arena, const json_t *change)
{
    return json_string(figure_change(arena, figure_of(change)));
}

static json_t *plain_number(Arena *arena, const json_t *people)
{
    return json_string(figure_text(arena, figure_of(people)));
}

/* One row a verdict or a route. */
static void add_rows(json_t *rows, const Context *context, const json_t *result, const char *key)
{
    Arena *arena = context->arena;
    const json_t *before = json_object_get(json_object_get(result, "before"), key);
    const json_t *difference = json_object_get(json_object_get(result, "difference"), key);
    const char *name;
    json_t *value;
    JSON_MEMBERS (items_of(result, key), name, value) {
        json_t *row = json_object();
        bool verdicts = text_equal(key, "verdicts");
        json_object_set_new(row, "what", json_string(verdicts ? verdict_label_of(name) : name));
        json_object_set_new(row, "before", plain_number(arena, json_object_get(before, name)));
        json_object_set_new(row, "after", plain_number(arena, value));
        json_object_set_new(row, "difference",
                            signed_number(arena, json_object_get(difference, name)));
        json_array_append_new(rows, row);
    }
}

static bool nothing_moved(json_t *verdicts)
{
    const char *key;
    json_t *value;
    JSON_MEMBERS (verdicts, key, value) {
        if (json_integer_value(value) != 0 || json_kind(value) == JSON_NULL)
            return false;
    }
    return true;
}

/* A group's facts in words, and its differences with their signs. */
static json_t *group_row(Arena *arena, const json_t *group)
{
    const char *key;
    json_t *value, *row = group_facts(group), *verdicts = json_object();
    JSON_MEMBERS (items_of(group, "verdicts"), key, value)
        json_object_set_new(verdicts, key, signed_number(arena, value));
    JSON_MEMBERS (group, key, value) {
        if (json_kind(value) == JSON_NULL)
            json_object_set_new(row, key, json_string(_("not known")));
    }
    json_object_set_new(row, "verdicts", verdicts);
    return row;
}

/* The groups in which somebody's verdict is another one now. */
static void show_groups(const Context *context, const json_t *groups)
{
    static const Column VERDICTS[] = {{"verdicts.eligible", N_("eligible")},
                                      {"verdicts.likely", N_("likely eligible")},
                                      {"verdicts.possible", N_("possibly eligible")},
                                      {"verdicts.later", N_("eligible later")},
                                      {"verdicts.ineligible", N_("not eligible")}};
    Column columns[GROUPINGS_AT_MOST + sizeof VERDICTS / sizeof *VERDICTS + 1] = {0};
    size_t count = 0, index;
    const char *key;
    json_t *value, *rows = json_array();
    const json_t *group;
    JSON_MEMBERS (json_array_get(groups, 0), key, value) {
        FactId fact = fact_find(key);
        if (fact != FACT_NONE)
            columns[count++] = (Column){key, fact_label(fact, context->lang)};
        else if (text_equal(key, "age"))
            columns[count++] = (Column){key, N_("age")};
    }
    memcpy(columns + count, VERDICTS, sizeof VERDICTS);
    JSON_ITEMS (groups, index, group) {
        if (!nothing_moved(items_of(group, "verdicts")))
            json_array_append_new(rows, group_row(context->arena, group));
    }
    heading(_("Difference by group"));
    if (json_array_size(rows))
        render_table(stdout, columns, rows);
    else
        puts(_("no group differs"));
    json_decref(rows);
}

void contrast_show(const Context *context, const json_t *result)
{
    static const Column COLUMNS[] = {{"what", N_("verdict, then route")},
                                     {"before", N_("before")},
                                     {"after", N_("after")},
                                     {"difference", N_("difference")},
                                     {0}};
    const json_t *groups = json_object_get(json_object_get(result, "difference"), "groups");
    json_t *rows = json_array();
    add_rows(rows, context, result, "verdicts");
    add_rows(rows, context, result, "routes");
    heading(_("What the moved parameters change"));
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
    if (groups)
        show_groups(context, groups);
}
