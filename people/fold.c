#include "people/fold.h"

#include "people/identity.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* -1, 0, 1: newer and then more credible answers come first. */
static int rank_compare(const Record *a, const Record *b)
{
    if (a->surveyed_on != b->surveyed_on)
        return a->surveyed_on > b->surveyed_on ? -1 : 1;
    return (b->credibility > a->credibility) - (b->credibility < a->credibility);
}

static int pointer_compare(const void *a, const void *b)
{
    return rank_compare(*(const Record *const *)a, *(const Record *const *)b);
}

/* Pension months said on different days are one growing number; with them goes their day. */
static int value_compare(FactId fact, const Record *a, const Record *b)
{
    int order = record_compare(fact, a, b);
    if (order == 0 && fact == FACT_PENSION_MONTHS)
        return (a->pension_on > b->pension_on) - (a->pension_on < b->pension_on);
    return order;
}

/* The answer that a fact is taken from, in answers sorted by rank. */
static const Record *choose(FactId fact, const Record *const *answers, size_t count)
{
    const Record *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (best && rank_compare(best, answers[i]) != 0)
            break;
        if (record_knows(answers[i], fact) && (!best || value_compare(fact, answers[i], best) > 0))
            best = answers[i];
    }
    return best;
}

static bool disagree(FactId fact, const Record *const *answers, size_t count)
{
    const Record *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!record_knows(answers[i], fact))
            continue;
        bool comparable =
            fact != FACT_PENSION_MONTHS || (first && first->surveyed_on == answers[i]->surveyed_on);
        if (first && comparable && record_compare(fact, first, answers[i]) != 0)
            return true;
        if (!first || !comparable)
            first = answers[i];
    }
    return false;
}

void fold_answers(Arena *arena, const Record **answers, size_t count, Fold *ret_fold)
{
    assert(count > 0);
    if (count > 1)
        qsort(answers, count, sizeof *answers, pointer_compare);
    Facts *facts = arena_alloc(arena, sizeof *facts);
    facts->pension_on = DATE_NONE;
    *ret_fold = (Fold){.person = {.facts = facts, .pension_on = DATE_NONE}};
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        const Record *source = choose(fact, answers, count);
        if (!source)
            continue;
        ret_fold->source[fact] = source;
        facts->values[fact] = source->facts->values[fact];
        if (count > 1 && disagree(fact, answers, count))
            ret_fold->conflicts |= UINT32_C(1) << fact;
    }
    Record *person = &ret_fold->person;
    if (ret_fold->source[FACT_ID_NUMBER])
        person->id_number = ret_fold->source[FACT_ID_NUMBER]->id_number;
    if (ret_fold->source[FACT_PHONE])
        person->phone = ret_fold->source[FACT_PHONE]->phone;
    if (ret_fold->source[FACT_PENSION_MONTHS])
        person->pension_on = ret_fold->source[FACT_PENSION_MONTHS]->pension_on;
    facts->pension_on = person->pension_on;
}

ErrCode fold_link(Fold *fold, const Record *const *answers, size_t count, const Sealer *sealer,
                  Arena *arena, Err *err)
{
    Record *person = &fold->person;
    person->name_phone_hash = NULL;
    const char *name = person->facts->values[FACT_NAME].text;
    if (!record_knows(person, FACT_NAME) || !record_knows(person, FACT_PHONE))
        return OK;
    for (size_t i = 0; i < count && !person->name_phone_hash; i++)
        if (answers[i]->name_phone_hash &&
            hash_compare(answers[i]->phone.hash, person->phone.hash) == 0 &&
            strcmp(answers[i]->facts->values[FACT_NAME].text, name) == 0)
            person->name_phone_hash = answers[i]->name_phone_hash;
    if (person->name_phone_hash)
        return OK;
    char *digits;
    TRY(unseal(sealer, arena, person->phone.bytes, person->phone.length, &digits, err));
    uint8_t *hash = arena_alloc(arena, SEAL_HASH_BYTES);
    identity_name_phone_hash(sealer, arena, name, digits, hash);
    person->name_phone_hash = hash;
    return OK;
}

static bool fact_agrees(FactId fact, const Record *a, const Record *b)
{
    return record_knows(a, fact) == record_knows(b, fact) &&
           (!record_knows(a, fact) || record_compare(fact, a, b) == 0);
}

bool fold_same_but_pension(const Record *a, const Record *b)
{
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact != FACT_PENSION_MONTHS && !fact_agrees(fact, a, b))
            return false;
    return true;
}

bool fold_same(const Record *a, const Record *b)
{
    return a->pension_on == b->pension_on && fact_agrees(FACT_PENSION_MONTHS, a, b) &&
           fold_same_but_pension(a, b);
}
