/* Courses and comparisons for analysts. */
#include "base/json.h"
#include "policy/policy.h"
#include "policy/suppress.h"
#include "policy/suppress_json.h"

enum { SIDES = 2 };

/* Columns of a course that are small in some row, and their company, are withheld in every row. */
static void choose_columns(const json_t *rows, bool withheld[VERDICT_COUNT])
{
    int64_t values[VERDICT_COUNT];
    bool small[VERDICT_COUNT] = {false};
    size_t index;
    const json_t *row;
    JSON_ITEMS (rows, index, row) {
        for (size_t i = 0; i < VERDICT_COUNT; i++) {
            int64_t people = figure_number(row, verdict_name((Verdict)(i + 1)));
            values[i] = index && values[i] < people ? values[i] : people;
            small[i] = small[i] || is_small(people);
        }
    }
    withhold_parts(values, small, VERDICT_COUNT, withheld);
}

/* Whether all that is said of two rows is the same or differs by enough people. */
static bool far_apart(const json_t *row, const json_t *said, const bool withheld[VERDICT_COUNT],
                      bool routes)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        const char *name = verdict_name((Verdict)(i + 1));
        if (!withheld[i] && is_small(figure_number(row, name) - figure_number(said, name)))
            return false;
    }
    return !is_small(figure_number(row, "reached") - figure_number(said, "reached")) &&
           (!routes || !figures_moved(figure_child(row, "routes"), figure_child(said, "routes")));
}

/* What a row says beside its counts: where it stands on the axis. */
static bool is_place(const char *key)
{
    return strcmp(key, "value") == 0 || strcmp(key, "as_of") == 0;
}

static size_t hide_row(json_t *row)
{
    const char *key;
    json_t *value;
    size_t hidden = 0;
    JSON_MEMBERS (row, key, value) {
        if (!is_place(key))
            hidden +=
                json_kind(value) == JSON_INTEGER ? figure_hide(row, key) : figures_hide(value);
    }
    return hidden;
}

/* What a said row must not say: withheld columns, what they could be computed from, and changes
 * against a row that is not said. */
static size_t hide_in_row(json_t *row, const bool withheld[VERDICT_COUNT], bool routes, bool after)
{
    size_t hidden = 0;
    bool eligible = withheld[VERDICT_ELIGIBLE - 1], likely = withheld[VERDICT_LIKELY - 1];
    bool reached = !eligible && !likely;
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        hidden += withheld[i] ? figure_hide(row, verdict_name((Verdict)(i + 1))) : 0;
    hidden += reached ? 0 : figure_hide(row, "reached");
    hidden += reached && after ? 0 : figure_hide(row, "change");
    hidden += !withheld[VERDICT_INELIGIBLE - 1] && after ? 0 : figure_hide(row, "change_closed");
    hidden += reached && routes ? 0 : figures_hide(figure_child(row, "routes"));
    return hidden;
}

void suppress_course(json_t *rows)
{
    bool withheld[VERDICT_COUNT], routes = true, after = true;
    json_t *row, *said = NULL;
    size_t index;
    choose_columns(rows, withheld);
    JSON_ITEMS (rows, index, row)
        routes = routes && !figures_small(figure_child(row, "routes"));
    JSON_ITEMS (rows, index, row) {
        bool say = !said || far_apart(row, said, withheld, routes);
        json_t *whole = json_deep_copy(row);
        size_t hidden = say ? hide_in_row(row, withheld, routes, after) : hide_row(row);
        figures_mark(row, hidden);
        if (say) {
            json_decref(said);
            said = json_incref(whole);
        }
        after = say;
        json_decref(whole);
    }
    json_decref(said);
}

/* The two sides are a size before and after a change, without groups. */
static size_t suppress_sides(json_t *result)
{
    json_t *verdicts[SIDES] = {figure_child(figure_child(result, "a"), "verdicts"),
                               figure_child(figure_child(result, "b"), "verdicts")};
    int64_t values[VERDICT_COUNT];
    bool small[VERDICT_COUNT], withheld[VERDICT_COUNT];
    size_t hidden = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        const char *name = verdict_name((Verdict)(i + 1));
        int64_t a = figure_number(verdicts[0], name), b = figure_number(verdicts[1], name);
        values[i] = a < b ? a : b;
        small[i] = is_small(a) || is_small(b) || is_small(a - b);
    }
    withhold_parts(values, small, VERDICT_COUNT, withheld);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        for (size_t side = 0; side < SIDES && withheld[i]; side++)
            hidden += figure_hide(verdicts[side], verdict_name((Verdict)(i + 1)));
    }
    return hidden;
}

/* Reached and the routes of both sides, which must not tell what the verdicts do not. */
static size_t suppress_reached(json_t *result, bool sides_said)
{
    json_t *a = figure_child(result, "a"), *b = figure_child(result, "b");
    size_t hidden = 0;
    bool reached =
        sides_said && !is_small(figure_number(a, "reached") - figure_number(b, "reached"));
    bool routes = reached && !figures_small(figure_child(a, "routes")) &&
                  !figures_small(figure_child(b, "routes")) &&
                  !figures_moved(figure_child(a, "routes"), figure_child(b, "routes"));
    if (!reached)
        hidden += figure_hide(a, "reached") + figure_hide(b, "reached");
    if (!routes)
        hidden += figures_hide(figure_child(a, "routes")) + figures_hide(figure_child(b, "routes"));
    return hidden;
}

void suppress_comparison(json_t *result)
{
    static const char *const MOVES[] = {"cross", "gained", "lost"};
    bool small = is_small(figure_number(result, "people"));
    size_t hidden = 0;
    for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++)
        small = small || figures_small(figure_child(result, MOVES[i]));
    if (is_small(figure_number(result, "people"))) {
        hidden += figure_hide(result, "people") + figures_hide(figure_child(result, "a")) +
                  figures_hide(figure_child(result, "b"));
    } else {
        hidden += suppress_sides(result);
        hidden += suppress_reached(result, hidden == 0);
    }
    for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES && (small || hidden); i++)
        hidden += figures_hide(figure_child(result, MOVES[i]));
    figures_mark(result, hidden);
}
