/* policy/questions.h: which facts to ask the undecided, and in which order.
 * Shape:  each possibly eligible person waits for a set of facts; once all of them are answered the
 *         verdict is decided, whatever the answers, unless staff must decide on something too. The
 *         order is greedy: each next fact is the one that settles most together with those before
 *         it.
 * Units:  people; a set is a number whose bit i stands for the i-th fact of the routes.
 * Owns:   nothing.
 * Errors: none. A policy whose routes ask more than QUESTION_FACTS facts has no order.
 * Source: DESIGN 6 "the next questionnaire's first question". */
#ifndef POLICY_QUESTIONS_H
#define POLICY_QUESTIONS_H

#include "policy/rule.h"

#include <jansson.h>

enum { QUESTION_FACTS = 10, QUESTION_SETS = 1 << QUESTION_FACTS };

typedef struct QuestionFacts {
    FactId facts[QUESTION_FACTS]; /* in the order of the vocabulary */
    size_t count;                 /* 0 = too many */
} QuestionFacts;

void question_facts(const Policy *policy, QuestionFacts *ret);
/* The set of the facts of a mask with bits FACT_x. */
size_t question_set(const QuestionFacts *facts, uint32_t mask);

/* [{fact, waiting, alone, settled, undecided}]: `sets` counts by set those for whom no staff need
 * decide, `waiting` everyone who waits, by fact. The result is owned by the caller. */
json_t *questions_json(const QuestionFacts *facts, const int64_t *sets, const int64_t *waiting);

#endif
