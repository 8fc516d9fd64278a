/* Who loses the chance soon, for analysts. */
#include "base/arena.h"
#include "base/json.h"
#include "policy/suppress.h"
#include "policy/suppress_json.h"

/* Figures of `count` parts that add up to a sum that is said; hide is told each that must go. */
typedef struct Parts {
    int64_t *values;
    bool *small, *withheld;
    size_t count;
} Parts;

static Parts parts_new(Arena *arena, size_t count)
{
    return (Parts){.values = arena_array(arena, int64_t, count + 1),
                   .small = arena_array(arena, bool, count + 1),
                   .withheld = arena_array(arena, bool, count + 1)};
}

static void parts_add(Parts *parts, int64_t people)
{
    parts->values[parts->count] = people;
    parts->small[parts->count++] = is_small(people);
}

static size_t suppress_totals(Arena *arena, json_t *routes)
{
    const char *route;
    json_t *people;
    size_t hidden = 0, at = 0;
    Parts parts = parts_new(arena, json_object_size(routes));
    JSON_MEMBERS (routes, route, people)
        parts_add(&parts, json_integer_value(people));
    withhold_parts(parts.values, parts.small, parts.count, parts.withheld);
    JSON_MEMBERS (routes, route, people) {
        hidden += parts.withheld[at++] ? figure_hide(routes, route) : 0;
    }
    return hidden;
}

/* Months or towns: each as a part of the losing; their routes are all said, or none. */
static size_t suppress_rows(Arena *arena, json_t *rows, bool totals_said)
{
    size_t index, hidden = 0;
    json_t *row;
    Parts parts = parts_new(arena, json_array_size(rows));
    bool routes = totals_said && !figures_small(rows);
    JSON_ITEMS (rows, index, row)
        parts_add(&parts, figure_number(row, "people"));
    withhold_parts(parts.values, parts.small, parts.count, parts.withheld);
    JSON_ITEMS (rows, index, row) {
        hidden += parts.withheld[index] ? figure_hide(row, "people") : 0;
        hidden += routes ? 0 : figures_hide(figure_child(row, "routes"));
    }
    return hidden;
}

/* Those whom the policy's end stops are some of the losing, and of those of its month. */
static size_t suppress_end(json_t *result)
{
    int64_t people = figure_number(result, "by_end");
    size_t index;
    const json_t *month;
    bool hide = is_small(people) || is_small(figure_number(result, "losing") - people);
    JSON_ITEMS (figure_child(result, "months"), index, month) {
        const json_t *all = figure_child(month, "people");
        hide = hide || json_kind(all) != JSON_INTEGER || is_small(json_integer_value(all) - people);
    }
    return hide ? figure_hide(result, "by_end") : 0;
}

static size_t suppress_everything(json_t *result, bool reached)
{
    static const char *const LISTS[] = {"months", "towns"};
    size_t index, hidden = figures_hide(figure_child(result, "routes"));
    json_t *row;
    hidden += figure_hide(result, "losing") + figure_hide(result, "by_end");
    hidden += reached ? 0 : figure_hide(result, "reached");
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        JSON_ITEMS (figure_child(result, LISTS[i]), index, row) {
            hidden += figure_hide(row, "people") + figures_hide(figure_child(row, "routes"));
        }
    return hidden;
}

void suppress_window(json_t *result)
{
    AUTO_ARENA arena = arena_new(0);
    int64_t reached = figure_number(result, "reached"), losing = figure_number(result, "losing");
    size_t hidden = 0;
    if (is_small(losing) || is_small(reached - losing)) {
        hidden = suppress_everything(result, !is_small(reached));
    } else {
        hidden = suppress_totals(arena, figure_child(result, "routes"));
        bool said = hidden == 0;
        hidden += suppress_rows(arena, figure_child(result, "months"), said);
        hidden += suppress_rows(arena, figure_child(result, "towns"), said);
        hidden += suppress_end(result);
    }
    figures_mark(result, hidden);
}
