#include "policy/inspect.h"
#include "policy/outcome.h"

#include "base/lang.h"

enum { DAYS = 3, YEARS_AHEAD = 10, WAYS_AT_MOST = 4000000 };

/* What may be said of a condition or a route until some way of standing shows otherwise. */
typedef struct Suspicions {
    uint64_t never_holds, always_holds, decides_nothing; /* bits: places of conditions */
    uint32_t unmet;                                      /* bits: routes */
    uint32_t untried;                                    /* bits: routes; ROUTES_AT_MOST = gate */
} Suspicions;

/* The gate and one route (-1 = the gate alone), while all ways of their facts are gone through. */
typedef struct Search {
    const Policy *policy;
    int route;
    const Outcomes *facts;
    size_t fact_count;
    Standings now;
    Suspicions *suspicions;
    Standing neutral[CONDITIONS_AT_MOST]; /* how a condition stands that is struck out */
} Search;

static bool belongs(const Policy *policy, size_t place, int route)
{
    return policy->condition_route[place] < 0 || policy->condition_route[place] == route;
}

static void set_neutral(const Rule *rule, bool truth, Standing *neutral)
{
    if (!rule_is_group(rule))
        neutral[rule->place] = truth ? STANDS_TRUE : STANDS_FALSE;
    for (size_t i = 0; i < rule->item_count; i++)
        set_neutral(&rule->items[i], rule->op == RULE_NOT ? !truth : rule->op == RULE_ALL, neutral);
}

static Kleene truth_now(const Search *search)
{
    Kleene gate = rule_truth(&search->policy->gate, &search->now);
    if (search->route < 0)
        return gate;
    return kleene_and(gate, rule_truth(&search->policy->routes[search->route].rule, &search->now));
}

/* Strikes out one condition after the other: one that makes a difference decides something. */
static void look(Search *search)
{
    const Policy *policy = search->policy;
    Kleene truth = truth_now(search);
    if (search->route >= 0 && truth != KLEENE_FALSE &&
        rule_truth(&policy->routes[search->route].rule, &search->now) == KLEENE_TRUE)
        search->suspicions->unmet &= ~(UINT32_C(1) << search->route);
    for (size_t i = 0; i < policy->condition_count; i++) {
        if (policy->condition_route[i] != search->route ||
            !(search->suspicions->decides_nothing >> i & 1))
            continue;
        Standing stood = search->now.of[i];
        search->now.of[i] = search->neutral[i];
        if (truth_now(search) != truth)
            search->suspicions->decides_nothing &= ~(UINT64_C(1) << i);
        search->now.of[i] = stood;
    }
}

static void go_through(Search *search, size_t fact)
{
    if (fact == search->fact_count) {
        look(search);
        return;
    }
    const Outcomes *outcomes = &search->facts[fact];
    for (size_t way = 0; way < outcomes->count; way++) {
        for (size_t i = 0; i < search->policy->condition_count; i++) {
            if (search->policy->conditions[i]->fact == outcomes->fact)
                search->now.of[i] = outcomes->ways[way].of[i];
        }
        go_through(search, fact + 1);
    }
}

/* All ways of the facts of the gate and a route on a day. */
static void search_route(Arena *arena, const Policy *policy, int route, Date day,
                         Suspicions *suspicions)
{
    Search search = {.policy = policy, .route = route, .suspicions = suspicions};
    Outcomes *facts = arena_array(arena, Outcomes, FACT_COUNT);
    uint64_t conditions = 0;
    uint32_t asked = 0;
    size_t ways = 1;
    for (size_t i = 0; i < policy->condition_count; i++) {
        if (!belongs(policy, i, route))
            continue;
        conditions |= UINT64_C(1) << i;
        asked |= UINT32_C(1) << policy->conditions[i]->fact;
    }
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        if (!(asked >> fact & 1))
            continue;
        facts[search.fact_count] = outcomes_of(arena, policy, (FactId)fact, conditions, day);
        ways *= facts[search.fact_count++].count;
        if (ways > WAYS_AT_MOST) {
            suspicions->untried |= UINT32_C(1) << (route < 0 ? ROUTES_AT_MOST : route);
            return;
        }
    }
    search.facts = facts;
    set_neutral(route < 0 ? &policy->gate : &policy->routes[route].rule, true, search.neutral);
    go_through(&search, 0);
}

/* How a condition can stand at all, whatever the others do. */
static void look_alone(Arena *arena, const Policy *policy, size_t place, Date day,
                       Suspicions *suspicions)
{
    const Outcomes outcomes =
        outcomes_of(arena, policy, policy->conditions[place]->fact, UINT64_C(1) << place, day);
    const uint64_t bit = UINT64_C(1) << place;
    for (size_t way = 0; way < outcomes.count; way++) {
        Standing stands = outcomes.ways[way].of[place];
        if (stands == STANDS_TRUE || stands == STANDS_REVIEW)
            suspicions->never_holds &= ~bit;
        if (stands == STANDS_FALSE || stands == STANDS_REVIEW)
            suspicions->always_holds &= ~bit;
    }
}

static void look_on(const Policy *era, Date day, Suspicions *suspicions)
{
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < era->condition_count; i++)
        look_alone(arena, era, i, day, suspicions);
    for (int route = -1; route < (int)era->route_count; route++)
        search_route(arena, era, route, day, suspicions);
}

/* Days of the era on which the policy is in force; 0 = none. */
static size_t choose_days(const Policy *era, Date *days)
{
    Date first = era->era_from > era->from ? era->era_from : era->from;
    if (first < OUTCOME_DAY_FIRST)
        first = OUTCOME_DAY_FIRST;
    if (first > OUTCOME_DAY_LAST)
        return 0;
    Date last = date_add_months(first, 12 * YEARS_AHEAD);
    if (era->era_until < last)
        last = era->era_until;
    if (era->until != DATE_NONE && era->until < last)
        last = era->until;
    days[0] = first;
    days[1] = first + (last - first) / 2;
    days[2] = last;
    return first <= last ? DAYS : 0;
}

static void report_conditions(const Policy *era, const Suspicions *suspicions, json_t *findings)
{
    for (size_t i = 0; i < era->condition_count; i++) {
        const char *clause = era->conditions[i]->clause;
        int route = era->condition_route[i];
        bool untried = suspicions->untried >> (route < 0 ? ROUTES_AT_MOST : route) & 1;
        if (suspicions->never_holds >> i & 1)
            finding_add(findings, "never_holds", clause, era, _("clause '%s' can never hold"),
                        clause);
        else if (suspicions->always_holds >> i & 1)
            finding_add(findings, "always_holds", clause, era,
                        _("clause '%s' holds whatever the fact is"), clause);
        else if (!untried && (suspicions->decides_nothing >> i & 1))
            finding_add(findings, "decides_nothing", clause, era,
                        _("clause '%s' decides nothing beside the others"), clause);
    }
}

static void report_routes(const Policy *era, const Suspicions *suspicions, json_t *findings)
{
    if (suspicions->untried >> ROUTES_AT_MOST & 1)
        finding_add(findings, "untried", "gate", era,
                    _("the gate has more cases than can be tried"));
    for (size_t i = 0; i < era->route_count; i++) {
        if (suspicions->untried >> i & 1)
            finding_add(findings, "untried", era->routes[i].id, era,
                        _("route '%s' has more cases than can be tried"), era->routes[i].id);
        else if (suspicions->unmet >> i & 1)
            finding_add(findings, "unmet", era->routes[i].id, era,
                        _("route '%s' can be met by nobody"), era->routes[i].id);
    }
}

void inspect_rules(const Policy *era, json_t *findings)
{
    Date days[DAYS];
    Suspicions suspicions = {.never_holds = UINT64_MAX,
                             .always_holds = UINT64_MAX,
                             .decides_nothing = UINT64_MAX,
                             .unmet = UINT32_MAX};
    size_t count = choose_days(era, days);
    for (size_t i = 0; i < count; i++)
        look_on(era, days[i], &suspicions);
    if (count == 0)
        return;
    report_conditions(era, &suspicions, findings);
    report_routes(era, &suspicions, findings);
}
