#include "policy/outlook.h"

/* Days on which some route holds and the gate does not fail. A policy that has ended opens no door
 * any more. */
static void open_days(const Policy *policy, const Facts *facts, SpanSet *ret)
{
    Outlook outlook;
    spans_of(SPAN_NEVER, ret);
    for (size_t i = 0; i < policy->route_count; i++) {
        rule_outlook(&policy->routes[i].rule, facts, &outlook);
        spans_unite(ret, &outlook.holds);
    }
    rule_outlook(&policy->gate, facts, &outlook);
    spans_intersect(ret, &outlook.possible);
    if (policy->until != DATE_NONE) {
        SpanSet force;
        spans_of((Span){DATE_MIN, policy->until}, &force);
        spans_intersect(ret, &force);
    }
}

/* In the year of age that "at most" includes by law, where an officer may read the notice
 * otherwise. */
static bool in_boundary_year(const Rule *rule, const Facts *facts, Date as_of)
{
    if (!rule_is_group(rule)) {
        Span span;
        FactValue birth = facts->values[rule->fact];
        return rule->op == RULE_AGE_BELOW && rule->includes_year && rule_span(rule, facts, &span) &&
               as_of <= span.until &&
               as_of >= date_birthday((Date)birth.number, (int)rule->bound - 1);
    }
    for (size_t i = 0; i < rule->item_count; i++) {
        if (in_boundary_year(&rule->items[i], facts, as_of))
            return true;
    }
    return false;
}

Verdict verdict_now(Kleene gate, Kleene any_route)
{
    if (gate == KLEENE_FALSE || any_route == KLEENE_FALSE)
        return VERDICT_INELIGIBLE;
    if (any_route == KLEENE_UNKNOWN)
        return VERDICT_POSSIBLE;
    return gate == KLEENE_TRUE ? VERDICT_ELIGIBLE : VERDICT_LIKELY;
}

/* The first days without a gap on which the door is open, from as_of on; the rules of one era after
 * the other say so. */
static bool first_opening(const Policy *policy, const Facts *facts, Date as_of, Span *ret_span)
{
    bool found = false;
    for (const Policy *era = policy; era; era = era->next) {
        Date first = era->era_from > as_of ? era->era_from : as_of;
        SpanSet days;
        Span span;
        open_days(era, facts, &days);
        bool opens = spans_from(&days, first, &span) && span.from <= era->era_until;
        if (found && (!opens || span.from > first))
            return true;
        if (!opens)
            continue;
        if (!found)
            ret_span->from = span.from > first ? span.from : first;
        found = true;
        ret_span->until = span.until < era->era_until ? span.until : era->era_until;
        if (span.until < era->era_until)
            return true;
    }
    return found;
}

/* Opens and closes the door: `later`, and the last day. */
static void judge_time(const Policy *policy, const Facts *facts, Date as_of, Judgement *judgement)
{
    Span span;
    bool open = judgement->verdict == VERDICT_ELIGIBLE || judgement->verdict == VERDICT_LIKELY;
    if (!first_opening(policy, facts, as_of, &span))
        return;
    if (!open) {
        judgement->verdict = VERDICT_LATER;
        judgement->eligible_on = span.from;
    }
    judgement->eligible_until = span.until == DATE_MAX ? DATE_NONE : span.until;
}

void policy_judge(const Policy *policy, const Facts *facts, Date as_of, Judgement *ret)
{
    Judgement judgement = {.route = -1, .eligible_on = DATE_NONE, .eligible_until = DATE_NONE};
    Kleene any = KLEENE_FALSE;
    Standings standings;
    policy = policy_at(policy, as_of);
    standings_read(policy, facts, as_of, &standings);
    judgement.gate = rule_truth(&policy->gate, &standings);
    if (judgement.gate != KLEENE_FALSE)
        judgement.boundary = in_boundary_year(&policy->gate, facts, as_of);
    for (size_t i = 0; i < policy->route_count; i++) {
        Kleene route = rule_truth(&policy->routes[i].rule, &standings);
        judgement.routes[i] = route;
        any = kleene_or(any, route);
        if (route == KLEENE_TRUE && judgement.route < 0)
            judgement.route = (int)i;
        if (route != KLEENE_FALSE)
            judgement.boundary |= in_boundary_year(&policy->routes[i].rule, facts, as_of);
    }
    judgement.verdict = verdict_now(judgement.gate, any);
    if (judgement.gate != KLEENE_FALSE && any != KLEENE_UNKNOWN)
        judge_time(policy, facts, as_of, &judgement);
    *ret = judgement;
}

uint32_t verdict_waits(const Policy *policy, const Standings *standings, Standing wanted)
{
    Kleene gate = rule_truth(&policy->gate, standings), any = KLEENE_FALSE;
    uint32_t facts = 0;
    for (size_t i = 0; i < policy->route_count; i++) {
        any = kleene_or(any, rule_truth(&policy->routes[i].rule, standings));
        facts |= rule_waits(&policy->routes[i].rule, standings, wanted);
    }
    if (gate == KLEENE_FALSE || any == KLEENE_FALSE)
        return 0;
    return any == KLEENE_TRUE ? rule_waits(&policy->gate, standings, wanted) : facts;
}
