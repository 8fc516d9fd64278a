#include "policy/questions.h"

void question_facts(const Policy *policy, QuestionFacts *ret)
{
    uint32_t mask = 0;
    *ret = (QuestionFacts){.count = 0};
    for (size_t i = 0; i < policy->condition_count; i++) {
        if (policy->condition_route[i] >= 0)
            mask |= UINT32_C(1) << policy->conditions[i]->fact;
    }
    if (__builtin_popcount(mask) > QUESTION_FACTS)
        return;
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        if (mask >> fact & 1)
            ret->facts[ret->count++] = (FactId)fact;
    }
}

size_t question_set(const QuestionFacts *facts, uint32_t mask)
{
    size_t set = 0;
    for (size_t i = 0; i < facts->count; i++)
        set |= (size_t)(mask >> facts->facts[i] & 1) << i;
    return set;
}

/* How many wait for facts of `asked` only; of nothing, nobody. */
static int64_t settled_by(const QuestionFacts *facts, const int64_t *sets, size_t asked)
{
    int64_t people = 0;
    for (size_t set = 1; set < (size_t)1 << facts->count; set++)
        people += set & ~asked ? 0 : sets[set];
    return people;
}

/* How many of those that `asked` does not settle wait for a fact. */
static int64_t waiting_still(const QuestionFacts *facts, const int64_t *sets, size_t asked,
                             size_t fact)
{
    int64_t people = 0;
    for (size_t set = 1; set < (size_t)1 << facts->count; set++)
        people += (set >> fact & 1) && (set & ~asked) ? sets[set] : 0;
    return people;
}

/* The fact that settles most; of equals the one most wait for, then the first of the vocabulary.
 * facts->count = nobody waits any more. */
static size_t next_fact(const QuestionFacts *facts, const int64_t *sets, size_t asked)
{
    size_t best = facts->count;
    int64_t best_settled = 0, best_waiting = 0;
    for (size_t i = 0; i < facts->count; i++) {
        int64_t waiting = waiting_still(facts, sets, asked, i);
        if (asked >> i & 1 || waiting == 0)
            continue;
        int64_t settled = settled_by(facts, sets, asked | (size_t)1 << i);
        bool better = settled > best_settled || (settled == best_settled && waiting > best_waiting);
        if (best == facts->count || better) {
            best = i;
            best_settled = settled;
            best_waiting = waiting;
        }
    }
    return best;
}

json_t *questions_json(const QuestionFacts *facts, const int64_t *sets, const int64_t *waiting)
{
    json_t *questions = json_array();
    size_t all = ((size_t)1 << facts->count) - 1, asked = 0, next;
    int64_t everyone = settled_by(facts, sets, all), before = 0;
    while ((next = next_fact(facts, sets, asked)) < facts->count) {
        asked |= (size_t)1 << next;
        int64_t settled = settled_by(facts, sets, asked);
        json_t *line = json_object();
        FactId fact = facts->facts[next];
        json_object_set_new(line, "fact", json_string(fact_info(fact)->name));
        json_object_set_new(line, "waiting", json_integer(waiting[fact]));
        json_object_set_new(line, "alone", json_integer(sets[(size_t)1 << next]));
        json_object_set_new(line, "settled", json_integer(settled - before));
        json_object_set_new(line, "undecided", json_integer(everyone - settled));
        json_array_append_new(questions, line);
        before = settled;
    }
    return questions;
}
