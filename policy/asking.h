/* policy/asking.h: whom a follow-up questionnaire asks: the people who wait for one of its facts.
 * Shape:  people whose verdict is among those wanted, for whom --where holds, and whose verdict
 *         waits for an answer to one of the facts; one AskRow each, with a key that binds person
 *         and facts.
 * Owns:   rows live in the arena of the context.
 * Errors: ERR_USAGE for a fact that cannot be asked; ERR_SEAL, ERR_DB….
 * Source: sql/queries/policy/ask.sql; people/ask_book.h. */
#ifndef POLICY_ASKING_H
#define POLICY_ASKING_H

#include "base/command.h"
#include "people/ask_book.h"
#include "people/where.h"
#include "policy/rule.h"

typedef struct Asking {
    const Policy *policy; /* as it stands on the day */
    const Where *where;   /* NULL = everyone */
    bool verdicts[VERDICT_COUNT + 1];
    FactId facts[FACT_COUNT];
    size_t fact_count;
    uint32_t mask; /* of facts */
} Asking;

/* "skill_level,pension_months", and "possible,likely". */
ErrCode asking_facts(Arena *arena, const char *names, Asking *asking, Err *err) MUST_CHECK;
ErrCode asking_verdicts(Arena *arena, const char *names, Asking *asking, Err *err) MUST_CHECK;

/* The people, in the order of their numbers. */
ErrCode asking_rows(Context *context, const Asking *asking, AskRow **ret_rows, size_t *ret_count,
                    Err *err) MUST_CHECK;

#endif
