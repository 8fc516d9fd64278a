#include "policy/funnel.h"

#include "base/text.h"

struct Funnel {
    Arena *arena;
    const Sizing *sizing;
    const Policy *policy; /* as it stands on the day */
    Tally tally;
    QuestionFacts questions; /* none unless the sizing wants them */
    FactValue facts[GROUPINGS_AT_MOST];
    bool in_group; /* some kind of the facts above was added */
    int64_t group[VERDICT_COUNT + 1], group_unknown;
    json_t *groups;
};

Funnel *funnel_new(Arena *arena, const Sizing *sizing)
{
    Funnel *funnel = arena_alloc(arena, sizeof *funnel);
    funnel->arena = arena;
    funnel->sizing = sizing;
    funnel->policy = policy_at(sizing->policy, sizing->as_of);
    funnel->groups = json_array();
    if (sizing->questions)
        question_facts(funnel->policy, &funnel->questions);
    return funnel;
}

static json_t *verdicts_json(const int64_t *people)
{
    json_t *verdicts = json_object();
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        json_object_set_new(verdicts, verdict_name((Verdict)i), json_integer(people[i]));
    return verdicts;
}

static json_t *group_json(const Funnel *funnel, int64_t people)
{
    const Sizing *sizing = funnel->sizing;
    json_t *group = json_object();
    for (size_t i = 0; i < sizing->by_count; i++) {
        const Grouping *by = &sizing->by[i];
        const char *shown = grouping_show(funnel->arena, by, funnel->facts[i], sizing->lang);
        json_object_set_new(group, by->name, shown ? json_string(shown) : json_null());
        if (shown && fact_info(by->fact)->kind == KIND_CODE)
            json_object_set_new(group, arena_printf(funnel->arena, "%s_code", by->name),
                                json_integer(funnel->facts[i].number));
    }
    json_object_set_new(group, "people", json_integer(people));
    if (sizing->where)
        json_object_set_new(group, "where_unknown", json_integer(funnel->group_unknown));
    json_object_set_new(group, "verdicts", verdicts_json(funnel->group));
    return group;
}

/* Writes the group that has been added up, unless --where leaves nobody in it, and begins an empty
 * one. */
static void end_group(Funnel *funnel)
{
    int64_t people = 0;
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        people += funnel->group[i];
    if (people || funnel->group_unknown)
        json_array_append_new(funnel->groups, group_json(funnel, people));
    memset(funnel->group, 0, sizeof funnel->group);
    funnel->group_unknown = 0;
}

Tally *funnel_tally(Funnel *funnel)
{
    return &funnel->tally;
}

void funnel_add_group(Funnel *funnel, const FactValue *facts, const int64_t *verdicts,
                      int64_t where_unknown)
{
    memcpy(funnel->facts, facts, sizeof funnel->facts);
    memcpy(funnel->group, verdicts, sizeof funnel->group);
    funnel->group_unknown = where_unknown;
    end_group(funnel);
}

static bool same_value(FactValue a, FactValue b)
{
    return a.known == b.known && a.number == b.number && text_equal(a.text, b.text);
}

static void enter_group(Funnel *funnel, const Kind *kind)
{
    bool same = funnel->in_group;
    for (size_t i = 0; i < funnel->sizing->by_count; i++)
        same = same && same_value(kind->facts[i], funnel->facts[i]);
    if (same)
        return;
    if (funnel->in_group)
        end_group(funnel);
    memcpy(funnel->facts, kind->facts, sizeof funnel->facts);
    funnel->in_group = true;
}

static void add_facts(int64_t *counts, uint32_t facts, int64_t people)
{
    for (int fact = 0; fact < FACT_COUNT; fact++)
        counts[fact] += facts >> fact & 1 ? people : 0;
}

static void add_waits(Funnel *funnel, const Kind *kind)
{
    const Policy *policy = funnel->policy;
    uint32_t ask = verdict_waits(policy, &kind->standings, STANDS_ASK);
    uint32_t review = verdict_waits(policy, &kind->standings, STANDS_REVIEW);
    add_facts(funnel->tally.missing, ask, kind->people);
    add_facts(funnel->tally.review, review, kind->people);
    if (!review)
        funnel->tally.waits[question_set(&funnel->questions, ask)] += kind->people;
}

/* Everything that is said of those for whom --where holds. */
static void add_counted(Funnel *funnel, const Kind *kind)
{
    const Policy *policy = funnel->policy;
    const Standings *standings = &kind->standings;
    Kleene gate = rule_truth(&policy->gate, standings), any = KLEENE_FALSE;
    size_t first = ROUTES_AT_MOST;
    for (size_t i = policy->route_count; i-- > 0;) {
        Kleene route = rule_truth(&policy->routes[i].rule, standings);
        funnel->tally.routes[i][route] += kind->people;
        any = kleene_or(any, route);
        first = route == KLEENE_TRUE ? i : first;
    }
    for (size_t i = 0; i < policy->condition_count; i++)
        funnel->tally.conditions[i][rule_truth(policy->conditions[i], standings)] += kind->people;
    funnel->tally.gate[gate] += kind->people;
    Verdict verdict = verdict_now(gate, any);
    if (verdict == VERDICT_INELIGIBLE && kind->later && gate != KLEENE_FALSE)
        verdict = VERDICT_LATER;
    funnel->tally.verdicts[verdict] += kind->people;
    funnel->group[verdict] += kind->people;
    if (verdict == VERDICT_ELIGIBLE || verdict == VERDICT_LIKELY)
        funnel->tally.first_route[first] += kind->people;
    if (verdict == VERDICT_POSSIBLE)
        add_waits(funnel, kind);
}

void funnel_add(Funnel *funnel, const Kind *kind)
{
    funnel->tally.where[kind->where] += kind->people;
    if (funnel->sizing->by_count)
        enter_group(funnel, kind);
    if (kind->where == KLEENE_UNKNOWN)
        funnel->group_unknown += kind->people;
    if (kind->where == KLEENE_TRUE)
        add_counted(funnel, kind);
}

static json_t *truths_json(const int64_t *people)
{
    json_t *truths = json_object();
    json_object_set_new(truths, "true", json_integer(people[KLEENE_TRUE]));
    json_object_set_new(truths, "false", json_integer(people[KLEENE_FALSE]));
    json_object_set_new(truths, "unknown", json_integer(people[KLEENE_UNKNOWN]));
    return truths;
}

/* The gate and its conditions, then each route and its conditions. */
static json_t *clauses_json(const Funnel *funnel)
{
    const Policy *policy = funnel->policy;
    json_t *clauses = json_object();
    int before = -1;
    if (policy->gate_clause)
        json_object_set_new(clauses, policy->gate_clause, truths_json(funnel->tally.gate));
    for (size_t i = 0; i < policy->condition_count; i++) {
        int route = policy->condition_route[i];
        if (route != before)
            json_object_set_new(clauses, policy->routes[route].clause,
                                truths_json(funnel->tally.routes[route]));
        before = route;
        json_object_set_new(clauses, policy->conditions[i]->clause,
                            truths_json(funnel->tally.conditions[i]));
    }
    return clauses;
}

/* Facts by how many wait for them, most first; equals in the order of the vocabulary. */
static json_t *facts_json(const int64_t *people)
{
    json_t *facts = json_object();
    bool done[FACT_COUNT] = {false};
    for (;;) {
        int most = FACT_NONE;
        for (int i = 0; i < FACT_COUNT; i++) {
            if (!done[i] && people[i] && (most == FACT_NONE || people[i] > people[most]))
                most = i;
        }
        if (most == FACT_NONE)
            return facts;
        done[most] = true;
        json_object_set_new(facts, fact_info((FactId)most)->name, json_integer(people[most]));
    }
}

json_t *funnel_json(Funnel *funnel)
{
    const Policy *policy = funnel->policy;
    char as_of[11];
    json_t *result = json_object(), *routes = json_object();
    if (funnel->in_group)
        end_group(funnel);
    for (size_t i = 0; i < policy->route_count; i++)
        json_object_set_new(routes, policy->routes[i].id,
                            json_integer(funnel->tally.first_route[i]));
    json_object_set_new(result, "policy", json_string(policy->id));
    json_object_set_new(result, "as_of", json_string(date_format(funnel->sizing->as_of, as_of)));
    json_object_set_new(result, "in_force",
                        json_boolean(policy_in_force(policy, funnel->sizing->as_of)));
    json_object_set_new(result, "people",
                        json_integer(funnel->tally.where[KLEENE_TRUE] +
                                     funnel->tally.where[KLEENE_FALSE] +
                                     funnel->tally.where[KLEENE_UNKNOWN]));
    json_object_set_new(result, "where", truths_json(funnel->tally.where));
    json_object_set_new(result, "verdicts", verdicts_json(funnel->tally.verdicts));
    json_object_set_new(result, "routes", routes);
    json_object_set_new(result, "clauses", clauses_json(funnel));
    json_object_set_new(result, "missing", facts_json(funnel->tally.missing));
    json_object_set_new(result, "review", facts_json(funnel->tally.review));
    if (funnel->questions.count)
        json_object_set_new(
            result, "questions",
            questions_json(&funnel->questions, funnel->tally.waits, funnel->tally.missing));
    json_object_set_new(result, "groups", funnel->groups);
    return result;
}
