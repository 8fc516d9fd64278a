#include "policy/plane_later.h"

static PlaneNode any_route(PlaneProgram *program, const Policy *policy, PlaneWhen when)
{
    PlaneNode *routes = arena_array(program->arena, PlaneNode, policy->route_count + 1);
    for (size_t i = 0; i < policy->route_count; i++)
        routes[i] = plane_rule(program, &policy->routes[i].rule, when);
    return (PlaneNode){.kind = NODE_ANY, .items = routes, .item_count = policy->route_count};
}

/* Who may be on some day to come, by the rules of any era to come. */
static PlaneNode may_ever(PlaneProgram *program, const Policy *policy, Date as_of)
{
    const PlaneWhen when = {.reading = READ_MAY_BE_TRUE, .day = as_of};
    PlaneNode *eras = arena_array(program->arena, PlaneNode, ERAS_AT_MOST);
    size_t count = 0;
    for (const Policy *era = policy; era; era = era->next)
        eras[count++] = any_route(program, era, when);
    return (PlaneNode){.kind = NODE_ANY, .items = eras, .item_count = count};
}

/* Days on which many doors open: after the contributions that lack, at a year's end, tomorrow, and
 * when a parameter changes. */
static size_t probe_days(const Policy *policy, Date as_of, Date *days)
{
    static const int MONTHS[] = {24, 12, 6, 3, 1, 48, 120, 240};
    Date last = policy->until == DATE_NONE ? DATE_MAX : policy->until;
    size_t count = 0;
    int year = date_civil(as_of).year;
    if (as_of >= last || year > 9900)
        return 0;
    Date wanted[PROBES_AT_MOST] = {0};
    size_t wanted_count = 0;
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        wanted[wanted_count++] = date_add_months(as_of, MONTHS[i]);
        if (i == 0)
            wanted[wanted_count++] = date_of(year, 12, 31);
        if (i == 1)
            wanted[wanted_count++] = date_of(year + 1, 12, 31);
    }
    wanted[wanted_count++] = as_of + 1;
    for (const Policy *era = policy->next; era; era = era->next)
        wanted[wanted_count++] = era->era_from;
    for (size_t i = 0; i < wanted_count; i++) {
        Date day = wanted[i] > last ? last : wanted[i];
        if (day > as_of && (count == 0 || days[count - 1] != day))
            days[count++] = day;
    }
    return count;
}

void plane_later_make(PlaneProgram *program, const Policy *policy, Date as_of, PlaneLater *ret)
{
    Date days[PROBES_AT_MOST];
    *ret = (PlaneLater){.policy = policy, .as_of = as_of};
    ret->may = may_ever(program, policy, as_of);
    ret->probe_count = probe_days(policy, as_of, days);
    for (size_t i = 0; i < ret->probe_count; i++) {
        const PlaneWhen when = {.reading = READ_ON_DAY, .day = days[i]};
        const Policy *era = policy_at(policy, days[i]);
        ret->any[i] = any_route(program, era, when);
        ret->gate[i] = plane_rule(program, &era->gate, when);
    }
    for (const Policy *era = policy; era; era = era->next) {
        for (size_t i = 0; i < era->condition_count; i++)
            ret->facts |= UINT32_C(1) << era->conditions[i]->fact;
    }
}

static void facts_read(const PlaneLater *later, const Scan *scan, uint64_t slot, Facts *ret)
{
    const PlaneLayout *layout = &scan->set->layout;
    for (size_t i = 0; i < layout->count; i++) {
        const PlaneColumn *column = &layout->columns[i];
        bool on = column->fact == FACT_PENSION_ON;
        if (!on && !(later->facts >> column->fact & 1))
            continue;
        for (unsigned plane = 0; plane < column->width; plane++)
            (void)scan_plane(scan, column->first + plane);
        uint32_t code = slot_code(scan->set, slot, column);
        int64_t value = code ? plane_value(column, code) : 0;
        if (on)
            ret->pension_on = code ? (Date)value : DATE_NONE;
        else
            ret->values[column->fact] = (FactValue){.known = code != 0, .number = value};
    }
}

void plane_later_judge(const PlaneLater *later, const Scan *scan, size_t person, Facts *facts,
                       Judgement *ret)
{
    uint64_t first = (uint64_t)scan->block * BLOCK_PEOPLE + scan->chunk * BITS_PEOPLE;
    facts_read(later, scan, first + person, facts);
    policy_judge(later->policy, facts, later->as_of, ret);
}

/* Judges those of `rest` one by one, adds the later ones to `found`. */
static void judge_rest(const PlaneLater *later, const Scan *scan, const Bits *rest, Bits *found)
{
    Facts facts;
    memset(&facts, 0, sizeof facts);
    facts.pension_on = DATE_NONE;
    for (size_t word = 0; word < BITS_WORDS; word++) {
        for (uint64_t bits = rest->words[word]; bits; bits &= bits - 1) {
            int bit = __builtin_ctzll(bits);
            Judgement judged;
            plane_later_judge(later, scan, word * 64 + (size_t)bit, &facts, &judged);
            if (judged.verdict == VERDICT_LATER)
                found->words[word] |= UINT64_C(1) << bit;
        }
    }
}

void plane_later_find(const PlaneLater *later, Scan *scan, Bits *candidates)
{
    Truth may;
    Bits found;
    bits_fill(&found, false);
    if (bits_any(candidates)) {
        scan_node(scan, &later->may, &may);
        bits_and(candidates, &may.t);
    }
    for (size_t i = 0; i < later->probe_count && bits_any(candidates); i++) {
        Truth any, gate;
        scan_node(scan, &later->any[i], &any);
        scan_node(scan, &later->gate[i], &gate);
        bits_and(&any.t, &gate.n);
        bits_and(&any.t, candidates);
        bits_or(&found, &any.t);
        bits_and_not(candidates, &any.t);
    }
    if (bits_any(candidates))
        judge_rest(later, scan, candidates, &found);
    *candidates = found;
}
