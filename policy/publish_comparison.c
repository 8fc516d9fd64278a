/* Two policies as tables: verdicts side by side, who moves where, gained and lost by route. */
#include "base/json.h"
#include "policy/policy.h"
#include "policy/publish.h"
#include "policy/suppress.h"

static json_t *child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

static const char *policy_of(const json_t *result, const char *side)
{
    return json_string_value(child(child(result, side), "policy"));
}

static void add_sides(Bulletin *bulletin, const json_t *result)
{
    FigureTable *table = bulletin_table(bulletin, _("Verdicts"), FIGURES_PARTS);
    figures_label(bulletin, table, _("policy"));
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        figures_series(bulletin, table, verdict_label((Verdict)i), true);
    static const char *const SIDES[] = {"a", "b"};
    for (size_t side = 0; side < sizeof SIDES / sizeof *SIDES; side++) {
        Figure figures[VERDICT_COUNT];
        const char *label = arena_printf(bulletin->arena, "%s %s", side ? "B" : "A",
                                         policy_of(result, SIDES[side]));
        for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
            figures[i - 1] = figure_of(
                child(child(child(result, SIDES[side]), "verdicts"), verdict_name((Verdict)i)));
        figures_row(bulletin, table, &label, figures);
    }
}

static void add_cross(Bulletin *bulletin, const json_t *result)
{
    FigureTable *table =
        bulletin_table(bulletin, _("Under A, below; under B, across"), FIGURES_PARTS);
    figures_label(bulletin, table, "A");
    for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
        figures_series(bulletin, table, verdict_label((Verdict)b), true);
    for (int a = VERDICT_ELIGIBLE; a <= VERDICT_COUNT; a++) {
        Figure figures[VERDICT_COUNT];
        const char *label = verdict_label((Verdict)a);
        const json_t *row = child(child(result, "cross"), verdict_name((Verdict)a));
        for (int b = VERDICT_ELIGIBLE; b <= VERDICT_COUNT; b++)
            figures[b - 1] = figure_of(child(row, verdict_name((Verdict)b)));
        figures_row(bulletin, table, &label, figures);
    }
}

static void add_moved(Bulletin *bulletin, const json_t *moved, const char *title)
{
    const char *route;
    json_t *value;
    FigureTable *table = bulletin_table(bulletin, title, FIGURES_PARTS);
    figures_label(bulletin, table, _("route"));
    figures_series(bulletin, table, _("people"), true);
    JSON_MEMBERS (child(moved, "routes"), route, value) {
        const Figure people = figure_of(value);
        figures_row(bulletin, table, &route, &people);
    }
}

/* The same people by the clause of the other policy that stops them. */
static void add_stops(Bulletin *bulletin, const json_t *moved, const char *title)
{
    const char *clause, *none = _("no such route there");
    json_t *value;
    const Figure no_route = figure_of(child(moved, "no_route"));
    FigureTable *table = bulletin_table(bulletin, title, FIGURES_PARTS);
    figures_label(bulletin, table, title);
    figures_series(bulletin, table, _("people"), true);
    JSON_MEMBERS (child(moved, "clauses"), clause, value) {
        const Figure people = figure_of(value);
        figures_row(bulletin, table, &clause, &people);
    }
    if (no_route.number || !no_route.known)
        figures_row(bulletin, table, &none, &no_route);
}

static Bulletin *comparison_bulletin(const Context *context, const json_t *result)
{
    Arena *arena = context->arena;
    const char *title =
        arena_printf(arena, _("A %s, B %s on %s: %s people"), policy_of(result, "a"),
                     policy_of(result, "b"), json_string_value(child(result, "as_of")),
                     figure_text(arena, figure_of(child(result, "people"))));
    Bulletin *bulletin = bulletin_new(arena, title, publish_note(result));
    add_sides(bulletin, result);
    add_cross(bulletin, result);
    add_moved(bulletin, child(result, "gained"), _("Gained: reached under B alone"));
    add_stops(bulletin, child(result, "gained"), _("clause of A that stops them"));
    add_moved(bulletin, child(result, "lost"), _("Lost: reached under A alone"));
    add_stops(bulletin, child(result, "lost"), _("clause of B that stops them"));
    return bulletin;
}

const Publication PUBLISH_COMPARISON = {.suppress = suppress_comparison,
                                        .bulletin = comparison_bulletin};
