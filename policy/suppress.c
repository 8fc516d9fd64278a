#include "policy/suppress.h"

#include "base/arena.h"
#include "base/json.h"
#include "policy/policy.h"
#include "policy/suppress_json.h"

#include <assert.h>

enum { VERSIONS = 2, TRUTHS = 3 };
static const char *const TRUTH_KEYS[TRUTHS] = {"true", "false", "unknown"};

/* {true, false, unknown}, whose sum is said. */
static size_t suppress_truths(json_t *truths)
{
    int64_t values[TRUTHS];
    bool small[TRUTHS], withheld[TRUTHS];
    size_t hidden = 0;
    for (size_t i = 0; i < TRUTHS; i++) {
        values[i] = figure_number(truths, TRUTH_KEYS[i]);
        small[i] = is_small(values[i]);
    }
    withhold_parts(values, small, TRUTHS, withheld);
    for (size_t i = 0; i < TRUTHS; i++)
        hidden += withheld[i] ? figure_hide(truths, TRUTH_KEYS[i]) : 0;
    return hidden;
}

/* The result's tables by version: groups (rows) and verdicts (columns), sums behind and below. */
typedef struct Tables {
    json_t *result;
    size_t versions, rows, width; /* width: verdicts and the sum */
    json_t *verdicts[VERSIONS], *groups[VERSIONS];
    int64_t *values;
    bool *small, *moved, *withheld;
} Tables;

static json_t *verdicts_at(const Tables *tables, size_t version, size_t row)
{
    return row == tables->rows
               ? tables->verdicts[version]
               : figure_child(json_array_get(tables->groups[version], row), "verdicts");
}

static int64_t table_value(const Tables *tables, size_t version, size_t row, size_t column)
{
    if (column < VERDICT_COUNT)
        return figure_number(verdicts_at(tables, version, row),
                             verdict_name((Verdict)(column + 1)));
    if (row == tables->rows)
        return figure_number(figure_child(tables->result, "where"), "true");
    return figure_number(json_array_get(tables->groups[version], row), "people");
}

static void read_tables(Arena *arena, json_t *result, Tables *tables)
{
    json_t *before = figure_child(result, "before");
    *tables =
        (Tables){.result = result,
                 .versions = before ? 2 : 1,
                 .rows = json_array_size(figure_child(result, "groups")),
                 .width = VERDICT_COUNT + 1,
                 .verdicts = {figure_child(result, "verdicts"), figure_child(before, "verdicts")},
                 .groups = {figure_child(result, "groups"), figure_child(before, "groups")}};
    size_t cells = (tables->rows + 1) * tables->width;
    tables->values = arena_array(arena, int64_t, cells);
    tables->small = arena_array(arena, bool, cells);
    tables->moved = arena_array(arena, bool, cells);
    tables->withheld = arena_array(arena, bool, cells);
    for (size_t at = 0; at < cells; at++) {
        size_t row = at / tables->width, column = at % tables->width;
        int64_t after = table_value(tables, 0, row, column);
        int64_t other = tables->versions > 1 ? table_value(tables, 1, row, column) : after;
        tables->values[at] = after < other ? after : other;
        tables->small[at] = is_small(after) || is_small(other);
        tables->moved[at] = is_small(after - other);
    }
}

static size_t hide_in_tables(const Tables *tables)
{
    json_t *difference = figure_child(tables->result, "difference");
    json_t *changes = figure_child(difference, "groups");
    size_t hidden = 0;
    for (size_t at = 0; at < (tables->rows + 1) * tables->width; at++) {
        size_t row = at / tables->width, column = at % tables->width;
        if (!tables->withheld[at])
            continue;
        if (column == VERDICT_COUNT) {
            assert(row < tables->rows); /* the sum of all is said */
            for (size_t i = 0; i < tables->versions; i++)
                hidden += figure_hide(json_array_get(tables->groups[i], row), "people");
            continue;
        }
        const char *name = verdict_name((Verdict)(column + 1));
        for (size_t i = 0; i < tables->versions; i++)
            hidden += figure_hide(verdicts_at(tables, i, row), name);
        hidden += figure_hide(row == tables->rows
                                  ? figure_child(difference, "verdicts")
                                  : figure_child(json_array_get(changes, row), "verdicts"),
                              name);
    }
    return hidden;
}

/* Those for whom --where is not known, group by group, of a sum that is said or withheld. */
static size_t suppress_unknown(Arena *arena, const Tables *tables)
{
    int64_t *values = arena_array(arena, int64_t, tables->rows + 1);
    bool *small = arena_array(arena, bool, tables->rows + 1);
    bool *withheld = arena_array(arena, bool, tables->rows + 1);
    bool all =
        json_kind(figure_child(figure_child(tables->result, "where"), "unknown")) != JSON_INTEGER;
    size_t hidden = 0;
    for (size_t row = 0; row < tables->rows; row++) {
        values[row] = figure_number(json_array_get(tables->groups[0], row), "where_unknown");
        small[row] = is_small(values[row]);
    }
    withhold_parts(values, small, tables->rows, withheld);
    for (size_t row = 0; row < tables->rows; row++) {
        for (size_t i = 0; i < tables->versions && (all || withheld[row]); i++)
            hidden += figure_hide(json_array_get(tables->groups[i], row), "where_unknown");
    }
    return hidden;
}

/* Routes add up to the eligible and the likely: all are said, or none. */
static size_t suppress_routes(json_t *result)
{
    json_t *routes = figure_child(result, "routes"),
           *before = figure_child(figure_child(result, "before"), "routes");
    const json_t *verdicts = figure_child(result, "verdicts");
    if (json_kind(figure_child(verdicts, "eligible")) == JSON_INTEGER &&
        json_kind(figure_child(verdicts, "likely")) == JSON_INTEGER && !figures_small(routes) &&
        !figures_small(before) && !figures_moved(routes, before))
        return 0;
    return figures_hide(routes) + figures_hide(before) +
           figures_hide(figure_child(figure_child(result, "difference"), "routes"));
}

/* {fact: people} out of the possibly eligible, and the others of these. */
static size_t suppress_waiting(json_t *counts, const json_t *possible)
{
    const char *key;
    json_t *value;
    size_t hidden = 0;
    JSON_MEMBERS (counts, key, value) {
        int64_t people = json_integer_value(value);
        if (json_kind(possible) != JSON_INTEGER || is_small(people) ||
            is_small(json_integer_value(possible) - people))
            hidden += figure_hide(counts, key);
    }
    return hidden;
}

/* The order may be said; its counts are all said, or none. */
static size_t suppress_questions(json_t *questions, json_t *missing, bool possible)
{
    const char *key;
    json_t *value;
    JSON_MEMBERS (missing, key, value)
        possible = possible && json_kind(value) == JSON_INTEGER;
    return possible && !figures_small(questions) ? 0 : figures_hide(questions);
}

static size_t suppress_below(Arena *arena, json_t *result)
{
    Tables tables;
    read_tables(arena, result, &tables);
    const Crossing crossing = {.rows = tables.rows,
                               .columns = VERDICT_COUNT,
                               .values = tables.values,
                               .small = tables.small,
                               .moved = tables.moved,
                               .withheld = tables.withheld};
    withhold_crossing(&crossing);
    size_t hidden = hide_in_tables(&tables) + suppress_unknown(arena, &tables);
    hidden += suppress_routes(result);
    const char *key;
    json_t *value;
    JSON_MEMBERS (figure_child(result, "clauses"), key, value)
        hidden += suppress_truths(value);
    const json_t *possible = figure_child(figure_child(result, "verdicts"), "possible");
    hidden += suppress_waiting(figure_child(result, "missing"), possible) +
              suppress_waiting(figure_child(result, "review"), possible);
    return hidden + suppress_questions(figure_child(result, "questions"),
                                       figure_child(result, "missing"),
                                       json_kind(possible) == JSON_INTEGER);
}

/* The groups keep what they are counted by. */
static size_t suppress_groups(json_t *groups)
{
    size_t index, hidden = 0;
    json_t *group;
    JSON_ITEMS (groups, index, group) {
        hidden += figure_hide(group, "people") + figure_hide(group, "where_unknown") +
                  figures_hide(figure_child(group, "verdicts"));
    }
    return hidden;
}

static size_t suppress_everything(json_t *result)
{
    static const char *const KEYS[] = {"verdicts", "routes", "clauses",
                                       "missing",  "review", "questions"};
    size_t hidden = 0;
    json_t *parts[] = {result, figure_child(result, "before"), figure_child(result, "difference")};
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
            hidden += figures_hide(figure_child(parts[part], KEYS[i]));
        hidden += suppress_groups(figure_child(parts[part], "groups"));
    }
    return hidden;
}

void suppress_size(json_t *result)
{
    AUTO_ARENA arena = arena_new(0);
    json_t *where = figure_child(result, "where");
    bool few = is_small(figure_number(result, "people"));
    size_t hidden =
        few ? figure_hide(result, "people") + figures_hide(where) : suppress_truths(where);
    hidden += json_kind(figure_child(where, "true")) == JSON_INTEGER ? suppress_below(arena, result)
                                                                     : suppress_everything(result);
    figures_mark(result, hidden);
}
