#include "policy/outlook.h"

#include <assert.h>

Date window_end(Window window, Date day)
{
    switch (window) {
    case WINDOW_SAME_YEAR:
        return date_of(date_civil(day).year, 12, 31);
    case WINDOW_NEXT_JUNE:
        return date_of(date_civil(day).year + 1, 6, 30);
    case WINDOW_TWO_YEARS:
    default:
        break;
    }
    return date_add_months(day, 24);
}

/* Days so late that a window, a birthday or a month after them has no date are as good as unknown:
 * SQL says NULL. */
static bool has_years_after(Date day, int64_t years)
{
    return date_civil(day).year + years <= 9999;
}

static bool is_one_of(FactId fact, FactValue value, const FactValue *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fact_same(fact, value, values[i]))
            return true;
    }
    return false;
}

static Kleene value_is_in(const Rule *rule, FactValue value)
{
    if (is_one_of(rule->fact, value, rule->values, rule->value_count))
        return KLEENE_TRUE;
    return is_one_of(rule->fact, value, rule->review, rule->review_count) ? KLEENE_UNKNOWN
                                                                          : KLEENE_FALSE;
}

static bool span_always_or_never(bool truth, Span *ret_span)
{
    *ret_span = truth ? SPAN_ALWAYS : SPAN_NEVER;
    return true;
}

/* From the first day on which the months said at the survey, with one more each month since, reach
 * the bound. */
static bool grown_span(const Rule *rule, const Facts *facts, int64_t months, Span *ret_span)
{
    if (months >= rule->bound)
        return span_always_or_never(true, ret_span);
    int64_t lacking = rule->bound - months;
    if (facts->pension_on == DATE_NONE || !has_years_after(facts->pension_on, lacking / 12 + 1))
        return false;
    *ret_span = (Span){date_add_months(facts->pension_on, (int)lacking), DATE_MAX};
    return true;
}

bool rule_turning_day(const Rule *condition, Date day, Date *ret_day)
{
    int bound = (int)condition->bound;
    bool months = condition->op == RULE_SINCE, within = condition->op == RULE_WITHIN;
    if (!has_years_after(day, months ? bound / 12 + 1 : within ? 3 : bound))
        return false;
    *ret_day = months   ? date_add_months(day, bound)
               : within ? window_end(condition->window, day)
                        : date_birthday(day, bound);
    return true;
}

/* Conditions on a date fact, as the days on which they hold. */
static bool day_span(const Rule *rule, Date day, Span *ret_span)
{
    Date turning;
    if (!rule_turning_day(rule, day, &turning))
        return false;
    if (rule->op == RULE_WITHIN)
        *ret_span = (Span){day, turning};
    else if (rule->op == RULE_AGE_BELOW)
        *ret_span = (Span){DATE_MIN, turning - 1};
    else
        *ret_span = (Span){turning, DATE_MAX};
    return true;
}

bool rule_span(const Rule *condition, const Facts *facts, Span *ret_span)
{
    FactValue value = facts->values[condition->fact];
    if (!value.known)
        return false;
    switch (condition->op) {
    case RULE_IN: {
        Kleene in = value_is_in(condition, value);
        if (in == KLEENE_UNKNOWN)
            return false;
        return span_always_or_never(in == KLEENE_TRUE, ret_span);
    }
    case RULE_AT_LEAST:
        return span_always_or_never(value.number >= condition->bound, ret_span);
    case RULE_AT_MOST:
        return span_always_or_never(value.number <= condition->bound, ret_span);
    case RULE_GROWN_TO:
        return grown_span(condition, facts, value.number, ret_span);
    case RULE_AGE_FROM:
    case RULE_AGE_BELOW:
    case RULE_SINCE:
    case RULE_WITHIN:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
    default:
        break;
    }
    assert(!rule_is_group(condition));
    return day_span(condition, (Date)value.number, ret_span);
}

/* What is so today; a fact that grows may have reached the bound by now, or may not. */
Standing condition_standing(const Rule *condition, const Facts *facts, Date as_of)
{
    Span span;
    if (!rule_span(condition, facts, &span))
        return condition->op == RULE_IN && facts->values[condition->fact].known ? STANDS_REVIEW
                                                                                : STANDS_ASK;
    if (as_of < span.from || as_of > span.until)
        return STANDS_FALSE;
    return condition->op == RULE_GROWN_TO && span.from != DATE_MIN ? STANDS_ASK : STANDS_TRUE;
}

void standings_read(const Policy *policy, const Facts *facts, Date as_of, Standings *ret)
{
    for (size_t i = 0; i < policy->condition_count; i++)
        ret->of[i] = condition_standing(policy->conditions[i], facts, as_of);
}

Kleene rule_truth(const Rule *rule, const Standings *standings)
{
    static const Kleene TRUTH[] = {[STANDS_FALSE] = KLEENE_FALSE,
                                   [STANDS_ASK] = KLEENE_UNKNOWN,
                                   [STANDS_TRUE] = KLEENE_TRUE,
                                   [STANDS_REVIEW] = KLEENE_UNKNOWN};
    if (!rule_is_group(rule))
        return TRUTH[standings->of[rule->place]];
    if (rule->op == RULE_NOT)
        return kleene_not(rule_truth(rule->items, standings));
    Kleene result = rule->op == RULE_ALL ? KLEENE_TRUE : KLEENE_FALSE;
    for (size_t i = 0; i < rule->item_count; i++) {
        Kleene item = rule_truth(&rule->items[i], standings);
        result = rule->op == RULE_ALL ? kleene_and(result, item) : kleene_or(result, item);
    }
    return result;
}

uint32_t rule_waits(const Rule *rule, const Standings *standings, Standing wanted)
{
    if (!rule_is_group(rule))
        return standings->of[rule->place] == wanted ? UINT32_C(1) << rule->fact : 0;
    uint32_t facts = 0;
    if (rule_truth(rule, standings) == KLEENE_UNKNOWN) {
        for (size_t i = 0; i < rule->item_count; i++)
            facts |= rule_waits(&rule->items[i], standings, wanted);
    }
    return facts;
}

void rule_outlook(const Rule *rule, const Facts *facts, Outlook *ret)
{
    if (!rule_is_group(rule)) {
        Span span;
        bool known = rule_span(rule, facts, &span);
        spans_of(known ? span : SPAN_NEVER, &ret->holds);
        spans_of(known ? span : SPAN_ALWAYS, &ret->possible);
        return;
    }
    Outlook item;
    if (rule->op == RULE_NOT) {
        rule_outlook(rule->items, facts, &item);
        spans_complement(&item.possible, &ret->holds);
        spans_complement(&item.holds, &ret->possible);
        return;
    }
    spans_of(rule->op == RULE_ALL ? SPAN_ALWAYS : SPAN_NEVER, &ret->holds);
    ret->possible = ret->holds;
    for (size_t i = 0; i < rule->item_count; i++) {
        rule_outlook(&rule->items[i], facts, &item);
        if (rule->op == RULE_ALL) {
            spans_intersect(&ret->holds, &item.holds);
            spans_intersect(&ret->possible, &item.possible);
        } else {
            spans_unite(&ret->holds, &item.holds);
            spans_unite(&ret->possible, &item.possible);
        }
    }
}
