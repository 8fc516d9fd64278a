#include "policy/plane_term.h"

#include "people/where_node.h"

bool plane_terms_fit(const PlaneProgram *program, const WhereTerms *terms)
{
    const TermState *state = terms->state;
    return plane_policy_fits(program, state->policy);
}

void plane_terms_make(PlaneProgram *program, const WhereTerms *terms)
{
    const TermState *state = terms->state;
    const PlaneWhen today = {.reading = READ_TODAY, .day = state->as_of};
    if (program->terms)
        return;
    PlaneTerms *made = arena_alloc(program->arena, sizeof *made);
    made->state = state;
    made->gate = plane_rule(program, &state->policy->gate, today);
    for (size_t i = 0; i < state->policy->route_count; i++)
        made->routes[i] = plane_rule(program, &state->policy->routes[i].rule, today);
    plane_later_make(program, state->policy, state->as_of, &made->later);
    program->terms = made;
}

FOR_WIDE_WORDS static void read_verdicts(const Truth *gate, const Truth *any, Bits *verdicts)
{
    BITS_EACH(i)
    {
        uint64_t open = gate->n.words[i], holds = any->t.words[i], may = any->n.words[i];
        verdicts[VERDICT_ELIGIBLE].words[i] = holds & gate->t.words[i];
        verdicts[VERDICT_LIKELY].words[i] = holds & open & ~gate->t.words[i];
        verdicts[VERDICT_POSSIBLE].words[i] = open & may & ~holds;
        verdicts[VERDICT_LATER].words[i] = open & ~may;
        verdicts[VERDICT_INELIGIBLE].words[i] = ~(open & may);
    }
}

/* Verdicts and routes of the chunk; those who may still be later are asked for it. */
static void read_values(Scan *scan, TermValues *values)
{
    const PlaneTerms *terms = scan->program->terms;
    Truth gate, any, route;
    Bits taken;
    scan_node(scan, &terms->gate, &gate);
    truth_fill(&any, false);
    bits_fill(&taken, false);
    for (size_t i = 0; i < terms->state->policy->route_count; i++) {
        scan_node(scan, &terms->routes[i], &route);
        values->routes[i] = route.t;
        bits_and_not(&values->routes[i], &taken);
        bits_or(&taken, &route.t);
        truth_or(&any, &route);
    }
    read_verdicts(&gate, &any, values->verdicts);
    plane_later_find(&terms->later, scan, &values->verdicts[VERDICT_LATER]);
    bits_and_not(&values->verdicts[VERDICT_INELIGIBLE], &values->verdicts[VERDICT_LATER]);
    values->number = scan->number;
}

/* Judges those who have days; nobody else has any. */
static void read_days(Scan *scan, TermValues *values)
{
    const PlaneTerms *terms = scan->program->terms;
    const Bits *verdicts = values->verdicts;
    for (size_t i = 0; i < BITS_PEOPLE; i++)
        values->on[i] = values->until[i] = DATE_NONE;
    for (size_t word = 0; word < BITS_WORDS; word++) {
        uint64_t bits = verdicts[VERDICT_ELIGIBLE].words[word] |
                        verdicts[VERDICT_LIKELY].words[word] | verdicts[VERDICT_LATER].words[word];
        for (; bits; bits &= bits - 1) {
            size_t person = word * 64 + (size_t)__builtin_ctzll(bits);
            Judgement judged;
            plane_later_judge(&terms->later, scan, person, &values->facts, &judged);
            values->on[person] = judged.eligible_on;
            values->until[person] = judged.eligible_until;
        }
    }
    values->days_number = scan->number;
}

/* Whether a value of the term is one that is asked for. */
static bool is_asked(const Where *where, int64_t value)
{
    if (where->kind == WHERE_KNOWN)
        return true;
    SqlCompare op = where->kind == WHERE_COMPARE ? where->op : SQL_EQ;
    bool asked = false;
    for (size_t i = 0; i < where->value_count; i++)
        asked |= term_compare(op, value, where->values[i].number);
    return asked;
}

static void read_classes(const Where *where, const Bits *classes, size_t count, int64_t first,
                         Truth *ret)
{
    Bits known;
    bits_fill(&ret->t, false);
    bits_fill(&known, false);
    for (size_t i = 0; i < count; i++) {
        bits_or(&known, &classes[i]);
        if (is_asked(where, (int64_t)i + first))
            bits_or(&ret->t, &classes[i]);
    }
    ret->n = known;
    bits_not(&ret->n);
    bits_or(&ret->n, &ret->t);
}

static void read_dated(const Where *where, const Date *days, Truth *ret)
{
    for (size_t word = 0; word < BITS_WORDS; word++) {
        uint64_t asked = 0, unknown = 0;
        for (size_t i = 0; i < 64; i++) {
            Date day = days[word * 64 + i];
            unknown |= (uint64_t)(day == DATE_NONE) << i;
            asked |= (uint64_t)(day != DATE_NONE && is_asked(where, day)) << i;
        }
        ret->t.words[word] = asked;
        ret->n.words[word] = asked | unknown;
    }
}

void plane_term_read(Scan *scan, const Where *where, Truth *ret)
{
    TermValues *values = scan->terms;
    Term term = (Term)where->term;
    if (values->number != scan->number)
        read_values(scan, values);
    if (term >= TERM_ELIGIBLE_ON && values->days_number != scan->number)
        read_days(scan, values);
    if (term == TERM_VERDICT)
        read_classes(where, values->verdicts + VERDICT_ELIGIBLE, VERDICT_COUNT, VERDICT_ELIGIBLE,
                     ret);
    else if (term == TERM_ROUTE)
        read_classes(where, values->routes, scan->program->terms->state->policy->route_count, 1,
                     ret);
    else
        read_dated(where, term == TERM_ELIGIBLE_ON ? values->on : values->until, ret);
    if (where->kind == WHERE_KNOWN)
        ret->n = ret->t;
}
