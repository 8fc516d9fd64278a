#include "policy/course.h"

#include "base/figures.h"
#include "base/json.h"
#include "base/render.h"
#include "policy/policy.h"

enum { BAR_COLUMNS = 24, COLUMNS_AT_MOST = 16 };

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

json_t *course_row(const json_t *size, const json_t *before)
{
    json_t *row = json_object();
    const json_t *verdicts = json_object_get(size, "verdicts");
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        const char *name = verdict_name((Verdict)i);
        json_object_set_new(row, name, json_integer(number_of(verdicts, name)));
    }
    int64_t reached = number_of(row, "eligible") + number_of(row, "likely");
    json_object_set_new(row, "reached", json_integer(reached));
    json_object_set_new(row, "change",
                        json_integer(before ? reached - number_of(before, "reached") : 0));
    json_object_set(row, "routes", json_object_get((json_t *)(uintptr_t)size, "routes"));
    return row;
}

static int64_t most_reached(const json_t *rows)
{
    int64_t most = 0;
    size_t index;
    const json_t *row;
    JSON_ITEMS (rows, index, row) {
        int64_t reached = number_of(row, "reached");
        most = reached > most ? reached : most;
    }
    return most;
}

/* A row as people read it: counts with commas, changes with their sign, a bar. */
static json_t *readable(Arena *arena, const json_t *row, int64_t most)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)row);
    static const char *const CHANGES[] = {"change", "change_closed"};
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        const char *name = verdict_name((Verdict)i);
        const Figure people = figure_of(json_object_get(row, name));
        json_object_set_new(copy, name, json_string(figure_text(arena, people)));
    }
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        const Figure change = figure_of(json_object_get(row, CHANGES[i]));
        json_object_set_new(copy, CHANGES[i], json_string(figure_change(arena, change)));
    }
    const Figure reached = figure_of(json_object_get(row, "reached"));
    json_object_set_new(copy, "reached", json_string(figure_text(arena, reached)));
    json_object_set_new(copy, "bar",
                        json_string(render_bar(arena, reached.number, most, BAR_COLUMNS)));
    return copy;
}

void course_show(const Context *context, const Column *own, const json_t *rows)
{
    static const Column COUNTS[] = {
        {"eligible", N_("eligible")},          {"likely", N_("likely eligible")},
        {"possible", N_("possibly eligible")}, {"later", N_("eligible later")},
        {"ineligible", N_("not eligible")},    {"reached", N_("reached")},
        {"bar", N_("eligible and likely")},    {0}};
    Column columns[COLUMNS_AT_MOST + sizeof COUNTS / sizeof *COUNTS] = {0};
    size_t count = 0, index;
    const json_t *row;
    json_t *shown = json_array();
    int64_t most = most_reached(rows);
    for (; own[count].key; count++)
        columns[count] = own[count];
    memcpy(columns + count, COUNTS, sizeof COUNTS);
    JSON_ITEMS (rows, index, row)
        json_array_append_new(shown, readable(context->arena, row, most));
    render_table(stdout, columns, shown);
    json_decref(shown);
}
