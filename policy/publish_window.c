/* Who loses the chance soon as two tables: by month, by town. */
#include "base/json.h"
#include "policy/publish.h"
#include "policy/suppress.h"
#include "policy/window.h"

static json_t *child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

/* One label, the people, and of these each route's. */
typedef struct Listed {
    const char *list, *key, *title;
    FigureShape shape;
} Listed;

static void add_rows(Bulletin *bulletin, const json_t *result, const Listed *listed)
{
    const char *route;
    json_t *people;
    size_t index;
    const json_t *row;
    FigureTable *table = bulletin_table(bulletin, listed->title, listed->shape);
    figures_label(bulletin, table, listed->title);
    figures_series(bulletin, table, _("people"), true);
    JSON_MEMBERS (child(result, "routes"), route, people) {
        figures_series(bulletin, table, route, false);
    }
    JSON_ITEMS (child(result, listed->list), index, row) {
        Figure figures[FIGURE_SERIES] = {figure_of(child(row, "people"))};
        size_t count = 1;
        const char *text = json_string_value(child(row, listed->key));
        const char *label = text ? text : _("not known");
        JSON_MEMBERS (child(row, "routes"), route, people) {
            figures[count++] = figure_of(people);
        }
        figures_row(bulletin, table, &label, figures);
    }
}

static Bulletin *window_bulletin(const Context *context, const json_t *result)
{
    const Listed months = {"months", "until", _("last day until"), FIGURES_PARTS};
    const Listed towns = {"towns", "employer_town", _("town"), FIGURES_PARTS};
    Bulletin *bulletin =
        bulletin_new(context->arena, window_title(context, result), publish_note(result));
    add_rows(bulletin, result, &months);
    add_rows(bulletin, result, &towns);
    return bulletin;
}

const Publication PUBLISH_WINDOW = {.suppress = suppress_window, .bulletin = window_bulletin};
