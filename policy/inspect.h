/* policy/inspect.h: what is wrong with a policy though it can be read: clauses that decide nothing,
 *         routes that nobody can meet, values that never count, facts that no form asks for, papers that
 *         are asked for nothing or are wanting.
 * Shape:  findings are an array of {what, name, from, text}: the kind of fault, the clause, route,
 *         parameter or fact it is of, the first day of the rules it is in (null = all), and a
 *         sentence. The rules of each era are tried on its first, middle and last day with every
 *         way in which the facts can stand, unknown ones too; what is reported is so on all of them.
 * Owns:   the result is owned by the caller.
 * Errors: ERR_IO, ERR_CONFIG for a form that cannot be read.
 * Source: DESIGN 6; survey/forms/<id>.json say what is asked. */
#ifndef POLICY_INSPECT_H
#define POLICY_INSPECT_H

#include "policy/rule.h"

#include <jansson.h>

ErrCode policy_inspect(Arena *arena, const Policy *policy, json_t **ret_findings,
                       Err *err) MUST_CHECK;

/* Parts: the clauses and routes of one era, appended to the findings. */
void inspect_rules(const Policy *era, json_t *findings);
/* Appends a finding unless there is one of the same kind and name; era NULL = of all. */
void finding_add(json_t *findings, const char *what, const char *name, const Policy *era,
                 const char *format, ...) PRINTF_LIKE(5, 6);

#endif
