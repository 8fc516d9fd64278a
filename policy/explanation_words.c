/* What the judge says of one person, in sentences. */
#include "base/json.h"
#include "base/text.h"
#include "policy/explanation.h"

static const char *comma(Lang lang)
{
    return lang == LANG_ZH ? "、" : ", ";
}

/* Labels of facts, or clauses as they are: "技能等级、证书类别". */
static const char *listed(Arena *arena, const json_t *names, Lang lang)
{
    const char *list = "";
    size_t index;
    const json_t *name;
    JSON_ITEMS (names, index, name) {
        FactId fact = fact_find(json_string_value(name));
        list = arena_printf(arena, "%s%s%s", list, index ? comma(lang) : "",
                            fact == FACT_NONE ? json_string_value(name) : fact_label(fact, lang));
    }
    return list;
}

/* The clauses that fail: those of the gate if it does, else the routes, none of which holds. */
static const char *failing(Arena *arena, const json_t *result, Lang lang)
{
    const char *list = "";
    size_t index, count = 0;
    const json_t *item;
    bool gate = text_equal(json_text(result, "gate"), "false");
    JSON_ITEMS (json_object_get(result, gate ? "clauses" : "routes"), index, item) {
        if (!text_equal(json_text(item, "result"), "false") ||
            (gate && json_kind(json_object_get(item, "route")) == JSON_STRING))
            continue;
        list = arena_printf(arena, "%s%s%s", list, count++ ? comma(lang) : "",
                            json_text(item, "clause"));
    }
    return list;
}

/* The sentence of the route that holds, as the policy has it. */
static const char *route_text(const json_t *result, Lang lang)
{
    size_t index;
    const json_t *route;
    const char *text = "";
    JSON_ITEMS (json_object_get(result, "routes"), index, route) {
        if (text_equal(json_text(route, "id"), json_text(result, "route")))
            text = json_text(route, lang == LANG_ZH ? "text" : "en");
    }
    return text;
}

static const char *open_questions(Arena *arena, const json_t *result, Lang lang)
{
    const json_t *missing = json_object_get(result, "missing");
    const json_t *review = json_object_get(result, "review");
    const char *text = "";
    if (json_array_size(missing))
        text = arena_printf(arena, _(" Still to be asked: %s."), listed(arena, missing, lang));
    if (json_array_size(review))
        text = arena_printf(arena, _("%s For staff to decide: %s."), text,
                            listed(arena, review, lang));
    return text;
}

const char *explanation_summary(Arena *arena, const json_t *result, Lang lang)
{
    Verdict verdict = VERDICT_INELIGIBLE;
    verdict_find(json_text(result, "verdict"), &verdict);
    const char *open = open_questions(arena, result, lang);
    switch (verdict) {
    case VERDICT_ELIGIBLE:
        return arena_printf(arena, _("Meets the conditions: %s."), route_text(result, lang));
    case VERDICT_LIKELY:
        return arena_printf(arena,
                            _("Meets the condition of a route: %s. What all must meet is "
                              "not proved yet.%s"),
                            route_text(result, lang), open);
    case VERDICT_POSSIBLE:
        return arena_printf(arena, _("May meet the conditions; what is known does not decide.%s"),
                            open);
    case VERDICT_LATER:
        return arena_printf(
            arena, _("Does not meet the conditions yet, but will on %s if contributions go on.%s"),
            json_text(result, "eligible_on"), open);
    case VERDICT_INELIGIBLE:
    default:
        break;
    }
    return arena_printf(arena, _("Does not meet the conditions: %s."),
                        failing(arena, result, lang));
}
