/* audit/deed.h: what the audit says of a command: its options without what may name a person, whom
 * and what it is about, and what came of it in numbers.
 * Shape:  texts; subject and counts are JSON objects.
 * Owns:   everything lives in the arena.
 * Source: base/command.h: the declaration says which arguments name people; DESIGN 4: the keys
 *         `person`, `batch`, `campaign` of results. */
#ifndef AUDIT_DEED_H
#define AUDIT_DEED_H

#include "base/command.h"

enum { DEED_BYTES = 8000, DEED_PERSONS = 500, DEED_WHY_BYTES = 390 };

/* Whether a command is one that leaves lines: it changes, sends, exports or unmasks. */
bool deed_is_audited(const Arguments *arguments);

/* "F.xlsx --form enterprise". Expressions and what names people become "…", numbers that may be ID
 * numbers or phones are masked. */
const char *deed_options(Arena *arena, const Arguments *arguments);
/* Of --why; "" when there is none. */
const char *deed_why(Arena *arena, const Arguments *arguments);

/* {"person": [7]}: of the arguments, and of the result when it is not NULL. */
const char *deed_subject(Arena *arena, const Arguments *arguments, const json_t *result);
/* {"rows": 12, "accepted": 11}; "" of NULL. */
const char *deed_counts(Arena *arena, const json_t *result);

#endif
