#include "policy/rounding.h"

#include "base/json.h"
#include "base/text.h"
#include "policy/suppress_json.h"

int64_t rounded(int64_t people)
{
    int64_t half = people < 0 ? -(SMALL_FIGURE / 2) : SMALL_FIGURE / 2;
    return (people + half) / SMALL_FIGURE * SMALL_FIGURE;
}

/* Numbers that count nobody: where a row stands, how long a window is, codes of what is counted by. */
static bool is_figure(const char *key)
{
    return !text_equal(key, "value") && !text_equal(key, "window") && !text_ends(key, "_code");
}

static void round_below(json_t *value)
{
    const char *key;
    json_t *item;
    size_t index;
    JSON_ITEMS (value, index, item)
        round_below(item);
    JSON_MEMBERS (value, key, item) {
        if (json_kind(item) == JSON_INTEGER && is_figure(key))
            json_object_set_new(value, key, json_integer(rounded(json_integer_value(item))));
        else if (!text_equal(key, "suppressed"))
            round_below(item);
    }
}

/* Every number of a difference anew: after - before, member by member. A difference that is said is
 * one of two figures that are said. */
static void subtract_again(json_t *difference, const json_t *after, const json_t *before)
{
    const char *key;
    json_t *item;
    size_t index;
    JSON_ITEMS (difference, index, item)
        subtract_again(item, json_array_get(after, index), json_array_get(before, index));
    JSON_MEMBERS (difference, key, item) {
        if (json_kind(item) == JSON_INTEGER && is_figure(key))
            json_object_set_new(
                difference, key,
                json_integer(figure_number(after, key) - figure_number(before, key)));
        else
            subtract_again(item, figure_child(after, key), figure_child(before, key));
    }
}

/* A change of a row that is said is one against a row before it that is said. */
static void change_again(json_t *row, const json_t *before)
{
    static const char *const CHANGES[][2] = {{"change", "reached"},
                                             {"change_closed", "ineligible"}};
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        const char *change = CHANGES[i][0], *of = CHANGES[i][1];
        if (json_kind(figure_child(row, change)) == JSON_INTEGER)
            json_object_set_new(row, change,
                                json_integer(figure_number(row, of) - figure_number(before, of)));
    }
}

void round_figures(json_t *result)
{
    json_t *row, *before = NULL;
    size_t index;
    round_below(result);
    subtract_again(figure_child(result, "difference"), result, figure_child(result, "before"));
    JSON_ITEMS (result, index, row) {
        change_again(row, before ? before : row);
        json_object_set_new(row, "rounded_to", json_integer(SMALL_FIGURE));
        before = row;
    }
    if (json_kind(result) == JSON_OBJECT)
        json_object_set_new(result, "rounded_to", json_integer(SMALL_FIGURE));
}
