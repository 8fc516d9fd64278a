#include "policy/words.h"

#include <inttypes.h>

static const char *value_list(Arena *arena, const Rule *rule, const FactValue *values, size_t count,
                              Lang lang)
{
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = arena_printf(arena, "%s%s%s", list,
                            i == 0            ? ""
                            : lang == LANG_ZH ? "、"
                                              : ", ",
                            fact_show(arena, rule->fact, values[i], lang));
    return list;
}

static const char *in_words(Arena *arena, const Rule *rule, const char *label, Lang lang)
{
    const char *values = value_list(arena, rule, rule->values, rule->value_count, lang);
    if (rule->value_count == 0)
        return arena_printf(arena, _("%s: %s, and then staff decide"), label,
                            value_list(arena, rule, rule->review, rule->review_count, lang));
    if (rule->review_count == 0)
        return arena_printf(arena, _("%s: %s"), label, values);
    return arena_printf(arena, _("%s: %s (%s: staff decide)"), label, values,
                        value_list(arena, rule, rule->review, rule->review_count, lang));
}

static const char *age_words(Arena *arena, const Rule *rule)
{
    if (rule->op == RULE_AGE_FROM)
        return arena_printf(arena, _("aged %" PRId64 " or over"), rule->bound);
    if (!rule->includes_year)
        return arena_printf(arena, _("not yet %" PRId64 " years old"), rule->bound);
    return arena_printf(
        arena, _("aged %" PRId64 " or under, until the day before the %" PRId64 "th birthday"),
        rule->bound - 1, rule->bound);
}

static const char *window_words(Arena *arena, Window window, const char *label)
{
    switch (window) {
    case WINDOW_SAME_YEAR:
        return arena_printf(arena, _("%s: from that day to 31 December of its year"), label);
    case WINDOW_NEXT_JUNE:
        return arena_printf(arena, _("%s: from that day to 30 June of the next year"), label);
    case WINDOW_TWO_YEARS:
    default:
        break;
    }
    return arena_printf(arena, _("%s: from that day for two years"), label);
}

const char *condition_words(Arena *arena, const Rule *condition, Lang lang)
{
    const char *label = fact_label(condition->fact, lang);
    const FactValue bound = {.known = true, .number = condition->bound};
    switch (condition->op) {
    case RULE_IN:
        return in_words(arena, condition, label, lang);
    case RULE_AT_LEAST:
        return arena_printf(arena, _("%s: at least %s"), label,
                            fact_show(arena, condition->fact, bound, lang));
    case RULE_AT_MOST:
        return arena_printf(arena, _("%s: at most %s"), label,
                            fact_show(arena, condition->fact, bound, lang));
    case RULE_GROWN_TO:
        return arena_printf(arena, _("%s: at least %" PRId64 ", those since the survey included"),
                            label, condition->bound);
    case RULE_AGE_FROM:
    case RULE_AGE_BELOW:
        return age_words(arena, condition);
    case RULE_SINCE:
        return arena_printf(arena, _("%s: at least %" PRId64 " months ago"), label,
                            condition->bound);
    case RULE_WITHIN:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
    default:
        break;
    }
    return window_words(arena, condition->window, label);
}

const char *rule_words(Arena *arena, const Rule *rule)
{
    if (!rule_is_group(rule))
        return rule->clause;
    const char *words = "", *joint = rule->op == RULE_ANY ? _(" or ") : _(" and ");
    for (size_t i = 0; i < rule->item_count; i++) {
        const Rule *item = &rule->items[i];
        bool bracket = item->op == RULE_ALL || item->op == RULE_ANY;
        words = arena_printf(arena, "%s%s%s%s%s", words, i ? joint : "", bracket ? "(" : "",
                             rule_words(arena, item), bracket ? ")" : "");
    }
    return rule->op == RULE_NOT ? arena_printf(arena, _("not (%s)"), words) : words;
}
