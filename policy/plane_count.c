#include "policy/plane_count.h"

#include "policy/funnel.h"
#include "policy/plane_group.h"
#include "policy/plane_later.h"

#include <pthread.h>
#include <unistd.h>

enum { THREADS_AT_MOST = 8, BLOCKS_A_THREAD = 4 };

/* What is asked, as trees of tests. */
typedef struct Question {
    const Sizing *sizing;
    const Policy *policy;
    PlaneProgram *program;
    PlaneNode where, gate, routes[ROUTES_AT_MOST];
    size_t tests[CONDITIONS_AT_MOST]; /* of conditions, by place */
    QuestionFacts facts;              /* none unless the order to ask in is wanted */
    PlaneLater later;
} Question;

/* One thread's share of the blocks, and what it counted. */
typedef struct Counter {
    const Question *question;
    Planes *planes;
    size_t first, last; /* blocks of both sets, one after the other; last is not of it */
    Scan *scan;
    PlaneGroups *groups; /* NULL = not asked */
    Tally tally;
    int64_t *held, *open; /* by test: true; not false */
    int64_t counted;
    Bits *missing, *review; /* by fact, of a chunk */
    uint32_t missing_facts, review_facts;
} Counter;

/* How the people of a chunk stand: masks of those who are counted. */
typedef struct ChunkVerdicts {
    Bits counted, where_unknown;
    Bits classes[VERDICT_COUNT + 1];
} ChunkVerdicts;

static void count_where(Counter *counter, const Bits *alive, ChunkVerdicts *chunk)
{
    Tally *tally = &counter->tally;
    int64_t people = bits_count(alive);
    chunk->counted = *alive;
    bits_fill(&chunk->where_unknown, false);
    if (counter->question->sizing->where) {
        Truth where;
        scan_node(counter->scan, &counter->question->where, &where);
        bits_and(&chunk->counted, &where.t);
        chunk->where_unknown = *alive;
        bits_and(&chunk->where_unknown, &where.n);
        bits_and_not(&chunk->where_unknown, &where.t);
    }
    int64_t holds = bits_count(&chunk->counted), unknown = bits_count(&chunk->where_unknown);
    tally->where[KLEENE_TRUE] += holds;
    tally->where[KLEENE_UNKNOWN] += unknown;
    tally->where[KLEENE_FALSE] += people - holds - unknown;
    counter->counted += holds;
}

static void count_truth(const Truth *truth, const Bits *counted, int64_t *truths)
{
    int64_t holds = bits_count_and(&truth->t, counted), open = bits_count_and(&truth->n, counted);
    truths[KLEENE_TRUE] += holds;
    truths[KLEENE_UNKNOWN] += open - holds;
}

static void count_conditions(Counter *counter, const Bits *counted)
{
    const Question *question = counter->question;
    uint32_t done[TESTS_AT_MOST / 32] = {0};
    for (size_t i = 0; i < question->policy->condition_count; i++) {
        size_t test = question->tests[i];
        if (done[test / 32] >> test % 32 & 1)
            continue;
        done[test / 32] |= UINT32_C(1) << test % 32;
        const Truth *truth = scan_test(counter->scan, test);
        counter->held[test] += bits_count_and(&truth->t, counted);
        counter->open[test] += bits_count_and(&truth->n, counted);
    }
}

/* Of the people of `mask`, for whom a tree is unknown. */
FOR_WIDE_WORDS static void read_unknown(const Truth *truth, const Bits *mask, Bits *restrict ret)
{
    BITS_EACH(i) ret->words[i] = truth->n.words[i] & ~truth->t.words[i] & mask->words[i];
}

/* The condition is unknown: its fact is, or what is known of it must be decided on. */
static void add_wait(Counter *counter, const Rule *rule, size_t test, const Bits *unknown)
{
    Bits ask = *unknown;
    if (rule->op == RULE_IN && rule->review_count) {
        const PlaneTest *of = &counter->question->program->tests[test];
        const Bits *known = scan_known(counter->scan, of->column);
        Bits decide = *unknown;
        bits_and_not(&ask, known);
        bits_and(&decide, known);
        bits_or(&counter->review[rule->fact], &decide);
        counter->review_facts |= UINT32_C(1) << rule->fact;
    }
    bits_or(&counter->missing[rule->fact], &ask);
    counter->missing_facts |= UINT32_C(1) << rule->fact;
}

/* Facts that an unknown tree waits for, of the people of `mask`. */
static void add_waits(Counter *counter, const Rule *rule, const PlaneNode *node, const Bits *mask)
{
    Bits unknown;
    if (node->kind == NODE_TEST) {
        read_unknown(scan_test(counter->scan, node->test), mask, &unknown);
        if (bits_any(&unknown))
            add_wait(counter, rule, node->test, &unknown);
        return;
    }
    Truth truth;
    scan_node(counter->scan, node, &truth);
    read_unknown(&truth, mask, &unknown);
    if (!bits_any(&unknown))
        return;
    for (size_t i = 0; i < rule->item_count; i++)
        add_waits(counter, &rule->items[i], &node->items[i], &unknown);
}

static void count_facts(Bits *bits, uint32_t facts, int64_t *counts)
{
    for (; facts; facts &= facts - 1) {
        int fact = __builtin_ctz(facts);
        counts[fact] += bits_count(&bits[fact]);
        bits_fill(&bits[fact], false);
    }
}

/* Of people who wait for the facts of `set` among the first `place`: which of the others too. */
static void count_sets(Counter *counter, const Bits *people, size_t place, size_t set)
{
    const QuestionFacts *facts = &counter->question->facts;
    if (!bits_any(people))
        return;
    if (place == facts->count) {
        counter->tally.waits[set] += bits_count(people);
        return;
    }
    const Bits *waiting = &counter->missing[facts->facts[place]];
    Bits with = *people, without = *people;
    bits_and(&with, waiting);
    bits_and_not(&without, waiting);
    count_sets(counter, &with, place + 1, set | (size_t)1 << place);
    count_sets(counter, &without, place + 1, set);
}

/* The people for whom staff need not decide on anything, by the set of facts they wait for. */
static void count_undecided(Counter *counter, const Bits *possible)
{
    Bits people = *possible;
    for (uint32_t facts = counter->review_facts; facts; facts &= facts - 1)
        bits_and_not(&people, &counter->review[__builtin_ctz(facts)]);
    count_sets(counter, &people, 0, 0);
}

static void count_waits(Counter *counter, const Bits *possible)
{
    const Question *question = counter->question;
    if (!bits_any(possible))
        return;
    for (size_t i = 0; i < question->policy->route_count; i++)
        add_waits(counter, &question->policy->routes[i].rule, &question->routes[i], possible);
    if (question->facts.count)
        count_undecided(counter, possible);
    count_facts(counter->missing, counter->missing_facts, counter->tally.missing);
    count_facts(counter->review, counter->review_facts, counter->tally.review);
    counter->missing_facts = counter->review_facts = 0;
}

/* The verdicts without the outlook; `ineligible` holds who may still be later. */
FOR_WIDE_WORDS static void read_classes(const Truth *gate, const Truth *any, ChunkVerdicts *chunk)
{
    BITS_EACH(i)
    {
        uint64_t counted = chunk->counted.words[i];
        uint64_t open = counted & any->t.words[i] & gate->n.words[i];
        chunk->classes[VERDICT_ELIGIBLE].words[i] = open & gate->t.words[i];
        chunk->classes[VERDICT_LIKELY].words[i] = open & ~gate->t.words[i];
        chunk->classes[VERDICT_POSSIBLE].words[i] =
            counted & gate->n.words[i] & any->n.words[i] & ~any->t.words[i];
        chunk->classes[VERDICT_LATER].words[i] = counted & gate->n.words[i] & ~any->n.words[i];
    }
}

static void count_routes(Counter *counter, ChunkVerdicts *chunk, Truth *ret_any)
{
    const Question *question = counter->question;
    Truth gate;
    scan_node(counter->scan, &question->gate, &gate);
    count_truth(&gate, &chunk->counted, counter->tally.gate);
    Bits free_people = chunk->counted; /* whom no route before took; the gate does not fail */
    bits_and(&free_people, &gate.n);
    truth_fill(ret_any, false);
    for (size_t i = 0; i < question->policy->route_count; i++) {
        Truth route;
        scan_node(counter->scan, &question->routes[i], &route);
        count_truth(&route, &chunk->counted, counter->tally.routes[i]);
        counter->tally.first_route[i] += bits_count_and(&free_people, &route.t);
        bits_and_not(&free_people, &route.t);
        truth_or(ret_any, &route);
    }
    read_classes(&gate, ret_any, chunk);
}

static void count_classes(Counter *counter, ChunkVerdicts *chunk)
{
    Bits digits[CLASS_DIGITS], rest = chunk->counted;
    for (int i = VERDICT_ELIGIBLE; i < VERDICT_INELIGIBLE; i++) {
        counter->tally.verdicts[i] += bits_count(&chunk->classes[i]);
        bits_and_not(&rest, &chunk->classes[i]);
    }
    counter->tally.verdicts[VERDICT_INELIGIBLE] += bits_count(&rest);
    if (!counter->groups)
        return;
    chunk->classes[VERDICT_INELIGIBLE] = rest;
    for (int k = 0; k < CLASS_DIGITS; k++) {
        digits[k] = chunk->where_unknown;
        if (!(CLASS_UNKNOWN >> k & 1))
            bits_fill(&digits[k], false);
        for (int i = VERDICT_ELIGIBLE; i <= VERDICT_INELIGIBLE; i++) {
            if (i >> k & 1)
                bits_or(&digits[k], &chunk->classes[i]);
        }
    }
    plane_groups_add(counter->groups, counter->scan, digits);
}

static void count_chunk(Counter *counter)
{
    ChunkVerdicts chunk;
    Truth any;
    const Bits *alive = scan_plane(counter->scan, 0);
    if (!bits_any(alive))
        return;
    count_where(counter, alive, &chunk);
    if (!bits_any(&chunk.counted) && !(counter->groups && bits_any(&chunk.where_unknown)))
        return;
    count_routes(counter, &chunk, &any);
    count_conditions(counter, &chunk.counted);
    count_waits(counter, &chunk.classes[VERDICT_POSSIBLE]);
    plane_later_find(&counter->question->later, counter->scan, &chunk.classes[VERDICT_LATER]);
    count_classes(counter, &chunk);
}

static void *count_share(void *state)
{
    Counter *counter = state;
    for (size_t i = counter->first; i < counter->last; i++) {
        size_t before = counter->planes->sets[0]->block_count;
        PlaneSet *set = counter->planes->sets[i >= before];
        for (size_t chunk = 0; chunk < BLOCK_CHUNKS && !set->damaged; chunk++) {
            scan_at(counter->scan, set, i >= before ? i - before : i, chunk);
            count_chunk(counter);
        }
    }
    return NULL;
}

static bool question_make(Arena *arena, const PlaneLayout *layout, const Sizing *sizing,
                          Question *ret)
{
    const Policy *policy = policy_at(sizing->policy, sizing->as_of);
    const PlaneWhen today = {.reading = READ_TODAY, .day = sizing->as_of};
    PlaneProgram *program = plane_program_new(arena, layout);
    *ret = (Question){.sizing = sizing, .policy = policy, .program = program};
    if (!plane_policy_fits(program, policy) ||
        (sizing->where && !plane_where_fits(program, sizing->where)))
        return false;
    if (sizing->where)
        ret->where = plane_where(program, sizing->where);
    ret->gate = plane_rule(program, &policy->gate, today);
    for (size_t i = 0; i < policy->route_count; i++)
        ret->routes[i] = plane_rule(program, &policy->routes[i].rule, today);
    for (size_t i = 0; i < policy->condition_count; i++)
        ret->tests[i] = plane_rule(program, policy->conditions[i], today).test;
    if (sizing->questions)
        question_facts(policy, &ret->facts);
    plane_later_make(program, policy, sizing->as_of, &ret->later);
    return !program->full;
}

static bool counter_make(Arena *arena, const Question *question, Planes *planes, Counter *ret)
{
    size_t tests = question->program->test_count;
    *ret = (Counter){.question = question, .planes = planes};
    ret->scan = scan_new(arena, question->program);
    ret->held = arena_array(arena, int64_t, tests + 1);
    ret->open = arena_array(arena, int64_t, tests + 1);
    ret->missing = arena_array(arena, Bits, FACT_COUNT);
    ret->review = arena_array(arena, Bits, FACT_COUNT);
    if (question->sizing->by_count)
        ret->groups = plane_groups_new(arena, question->program->layout, question->sizing);
    return ret->groups || question->sizing->by_count == 0;
}

static void fill_false(int64_t *truths, int64_t counted)
{
    truths[KLEENE_FALSE] = counted - truths[KLEENE_TRUE] - truths[KLEENE_UNKNOWN];
}

/* What was counted by test goes to the conditions; what is neither true nor unknown is false. */
static void tally_end(const Question *question, const Counter *counter, Tally *tally)
{
    fill_false(tally->gate, counter->counted);
    for (size_t i = 0; i < question->policy->route_count; i++)
        fill_false(tally->routes[i], counter->counted);
    for (size_t i = 0; i < question->policy->condition_count; i++) {
        size_t test = question->tests[i];
        tally->conditions[i][KLEENE_TRUE] = counter->held[test];
        tally->conditions[i][KLEENE_UNKNOWN] = counter->open[test] - counter->held[test];
        fill_false(tally->conditions[i], counter->counted);
    }
}

static void counter_join(Counter *counter, const Counter *other)
{
    int64_t *sum = (int64_t *)&counter->tally;
    const int64_t *part = (const int64_t *)&other->tally;
    _Static_assert(sizeof(Tally) % sizeof(int64_t) == 0, "a tally is counts");
    for (size_t i = 0; i < sizeof(Tally) / sizeof *sum; i++)
        sum[i] += part[i];
    for (size_t i = 0; i < counter->question->program->test_count; i++) {
        counter->held[i] += other->held[i];
        counter->open[i] += other->open[i];
    }
    counter->counted += other->counted;
    if (counter->groups)
        plane_groups_join(counter->groups, other->groups);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Of processors whose number is not known there are enough. */
static size_t thread_count(size_t blocks)
{
    size_t processors = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    return least(least(processors, THREADS_AT_MOST), blocks / BLOCKS_A_THREAD + 1);
}

/* Every thread has its share of the blocks; the first is this one, which does also the share of one
 * that could not be started. */
static void count_all(Counter *counters, size_t threads, size_t blocks)
{
    pthread_t ids[THREADS_AT_MOST];
    bool started[THREADS_AT_MOST] = {false};
    for (size_t i = 0; i < threads; i++) {
        counters[i].first = blocks * i / threads;
        counters[i].last = blocks * (i + 1) / threads;
        if (i > 0)
            started[i] = pthread_create(&ids[i], NULL, count_share, &counters[i]) == 0;
    }
    for (size_t i = 0; i < threads; i++) {
        if (!started[i])
            count_share(&counters[i]);
    }
    for (size_t i = 1; i < threads; i++) {
        if (started[i])
            pthread_join(ids[i], NULL);
        counter_join(&counters[0], &counters[i]);
    }
}

void plane_count(Planes *planes, Arena *arena, const Sizing *sizing, json_t **ret_result)
{
    Question question;
    Counter *counters = arena_array(arena, Counter, THREADS_AT_MOST);
    size_t blocks = planes->sets[0]->block_count, threads;
    *ret_result = NULL;
    if (planes->sets[1])
        blocks += planes->sets[1]->block_count;
    threads = thread_count(blocks);
    bool fits = question_make(arena, &planes->sets[0]->layout, sizing, &question);
    for (size_t i = 0; i < threads && fits; i++)
        fits = counter_make(arena, &question, planes, &counters[i]);
    if (fits) {
        count_all(counters, threads, blocks);
        fits = !planes_damaged(planes);
    }
    if (fits) {
        Funnel *funnel = funnel_new(arena, sizing);
        *funnel_tally(funnel) = counters[0].tally;
        tally_end(&question, &counters[0], funnel_tally(funnel));
        if (counters[0].groups)
            plane_groups_end(counters[0].groups, funnel);
        *ret_result = funnel_json(funnel);
    }
    for (size_t i = 0; i < threads; i++)
        plane_groups_free(counters[i].groups);
}
