/* A frontier or a forecast as one table along its axis. */
#include "base/json.h"
#include "base/text.h"
#include "policy/policy.h"
#include "policy/publish.h"
#include "policy/suppress.h"

#include <inttypes.h>

typedef struct Axis {
    const char *key, *title, *change_closed; /* change_closed NULL = none */
} Axis;

static json_t *child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

/* The eligible and the likely are drawn: what is reached. */
static void declare(Bulletin *bulletin, FigureTable *table, const Axis *axis, const json_t *first)
{
    const char *route;
    json_t *value;
    figures_label(bulletin, table, axis->title);
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        figures_series(bulletin, table, verdict_label((Verdict)i), i <= VERDICT_LIKELY);
    figures_series(bulletin, table, _("reached"), false);
    figures_series(bulletin, table, _("change"), false);
    if (axis->change_closed)
        figures_series(bulletin, table, axis->change_closed, false);
    JSON_MEMBERS (child(first, "routes"), route, value) {
        figures_series(bulletin, table, route, false);
    }
}

static void add_row(Bulletin *bulletin, FigureTable *table, const Axis *axis, const json_t *row)
{
    Figure figures[FIGURE_SERIES];
    size_t count = 0;
    const char *route;
    json_t *value, *place = child(row, axis->key);
    const char *label =
        json_kind(place) == JSON_STRING
            ? json_string_value(place)
            : arena_printf(bulletin->arena, "%" PRId64, (int64_t)json_integer_value(place));
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        figures[count++] = figure_of(child(row, verdict_name((Verdict)i)));
    figures[count++] = figure_of(child(row, "reached"));
    figures[count++] = figure_of(child(row, "change"));
    if (axis->change_closed)
        figures[count++] = figure_of(child(row, "change_closed"));
    JSON_MEMBERS (child(row, "routes"), route, value) {
        figures[count++] = figure_of(value);
    }
    figures_row(bulletin, table, &label, figures);
}

static Bulletin *course_bulletin(const Context *context, const Axis *axis, const char *title,
                                 const json_t *rows)
{
    size_t index;
    const json_t *row;
    Bulletin *bulletin = bulletin_new(context->arena, title, publish_note(rows));
    FigureTable *table = bulletin_table(bulletin, _("Eligible and likely"), FIGURES_COURSE);
    declare(bulletin, table, axis, json_array_get(rows, 0));
    JSON_ITEMS (rows, index, row)
        add_row(bulletin, table, axis, row);
    return bulletin;
}

static Bulletin *frontier_bulletin(const Context *context, const json_t *rows)
{
    const char *parameter = json_string_value(child(json_array_get(rows, 0), "parameter"));
    const Axis axis = {.key = "value", .title = parameter};
    const char *title = arena_printf(context->arena, _("How the counts move along %s"), parameter);
    return course_bulletin(context, &axis, title, rows);
}

static Bulletin *forecast_bulletin(const Context *context, const json_t *rows)
{
    const Axis axis = {.key = "as_of", .title = _("day"), .change_closed = _("closed, change")};
    return course_bulletin(context, &axis, _("How the counts move as time goes by"), rows);
}

const Publication PUBLISH_FRONTIER = {.suppress = suppress_course, .bulletin = frontier_bulletin};
const Publication PUBLISH_FORECAST = {.suppress = suppress_course, .bulletin = forecast_bulletin};
