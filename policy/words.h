/* policy/words.h: rules in words of the current language.
 * Owns:   results live in the arena. */
#ifndef POLICY_WORDS_H
#define POLICY_WORDS_H

#include "policy/rule.h"

/* A condition ("skill level: technician, senior
 * technician"), and a tree as its clauses ("二(二) 等级 and (…)"). Live in arena. */
const char *condition_words(Arena *arena, const Rule *condition, Lang lang);
const char *rule_words(Arena *arena, const Rule *rule);

#endif
