#include "policy/outcome.h"

/* Values to try, in no order. */
typedef struct Trials {
    Arena *arena;
    FactValue *values;
    size_t count, capacity;
} Trials;

enum { FIRST_CAPACITY = 64, LONG_AGO_DAYS = 40000 };

static void try_value(Trials *trials, FactValue value)
{
    if (trials->count == trials->capacity) {
        size_t capacity = trials->capacity ? trials->capacity * 2 : FIRST_CAPACITY;
        FactValue *values = arena_array(trials->arena, FactValue, capacity);
        for (size_t i = 0; i < trials->count; i++)
            values[i] = trials->values[i];
        trials->values = values;
        trials->capacity = capacity;
    }
    trials->values[trials->count++] = value;
}

/* A bound lies on or next to a number: numbers on both sides of it. */
static void try_around(Trials *trials, int64_t number)
{
    enum { REACH = 3 };
    for (int64_t near = number - REACH; near <= number + REACH; near++)
        try_value(trials, (FactValue){.known = true, .number = near});
}

/* Days of a fact on both sides of those that a condition turns on `day`. */
static void try_days(Trials *trials, const Rule *rule, Date day)
{
    int year = date_civil(day).year;
    switch (rule->op) {
    case RULE_AGE_FROM:
    case RULE_AGE_BELOW:
        try_around(trials, date_add_months(day, -12 * (int)rule->bound));
        break;
    case RULE_SINCE:
        try_around(trials, date_add_months(day, -(int)rule->bound));
        break;
    case RULE_WITHIN:
        try_around(trials, day);
        try_around(trials, date_of(year, 1, 1));
        try_around(trials, date_of(year - 1, 1, 1));
        try_around(trials, date_add_months(day, -24));
        break;
    case RULE_AT_LEAST:
    case RULE_AT_MOST:
    case RULE_GROWN_TO:
        try_around(trials, rule->bound);
        break;
    case RULE_IN:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
    default:
        break;
    }
}

static void try_listed(Trials *trials, const FactInfo *info, const FactValue *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (info->kind == KIND_TEXT)
            try_value(trials, values[i]);
        else
            try_around(trials, values[i].number);
    }
}

/* The values of flags and codes are few; of others those around the bounds stand for all. */
static void try_all(Trials *trials, const Policy *policy, FactId fact, Date day)
{
    const FactInfo *info = fact_info(fact);
    try_value(trials, (FactValue){.known = false});
    for (int64_t flag = 0; flag <= 1 && info->kind == KIND_FLAG; flag++)
        try_value(trials, (FactValue){.known = true, .number = flag});
    for (size_t i = 0; info->kind == KIND_CODE && i < word_count(info->vocabulary); i++)
        try_value(trials, (FactValue){.known = true, .number = word_code_at(info->vocabulary, i)});
    if (info->kind == KIND_FLAG || info->kind == KIND_CODE)
        return;
    try_value(trials, (FactValue){.known = true, .number = 0, .text = "\x7f"});
    for (size_t i = 0; i < policy->condition_count; i++) {
        const Rule *rule = policy->conditions[i];
        if (rule->fact != fact)
            continue;
        try_days(trials, rule, day);
        try_listed(trials, info, rule->values, rule->value_count);
        try_listed(trials, info, rule->review, rule->review_count);
    }
}

static bool is_possible(const FactInfo *info, FactValue value)
{
    if (!value.known || info->kind == KIND_TEXT)
        return true;
    if (info->kind == KIND_DATE)
        return value.number >= DATE_MIN && value.number <= DATE_MAX;
    return value.number >= 0;
}

static void keep(Outcomes *outcomes, const Standings *way)
{
    for (size_t i = 0; i < outcomes->count; i++) {
        if (memcmp(&outcomes->ways[i], way, sizeof *way) == 0)
            return;
    }
    outcomes->ways[outcomes->count++] = *way;
}

static void stand(const Policy *policy, const Facts *facts, const Outcomes *of, uint64_t conditions,
                  Date day, Standings *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < policy->condition_count; i++) {
        if (policy->conditions[i]->fact == of->fact && conditions >> i & 1)
            ret->of[i] = condition_standing(policy->conditions[i], facts, day);
    }
}

Outcomes outcomes_of(Arena *arena, const Policy *policy, FactId fact, uint64_t conditions, Date day)
{
    Trials trials = {.arena = arena};
    Facts facts = {.pension_on = DATE_NONE};
    try_all(&trials, policy, fact, day);
    /* What grows may have been asked today or long ago. */
    const Date asked[] = {day, day - LONG_AGO_DAYS};
    Outcomes outcomes = {.fact = fact, .ways = arena_array(arena, Standings, 2 * trials.count)};
    for (size_t i = 0; i < trials.count; i++) {
        if (!is_possible(fact_info(fact), trials.values[i]))
            continue;
        for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
            Standings way;
            facts.values[fact] = trials.values[i];
            facts.pension_on = asked[k];
            stand(policy, &facts, &outcomes, conditions, day, &way);
            keep(&outcomes, &way);
        }
    }
    return outcomes;
}
