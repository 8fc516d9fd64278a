/* policy/suppress.h: results for analysts: figures under 5 and what they could be computed from
 *         become null.
 * Shape:  a result of size gets `suppressed` {under, figures}; a row of a course or a result of
 *         compare that lost figures too. What was a number and is null is withheld.
 * Units:  people.
 * Errors: none.
 * Source: DESIGN 9; policy/withhold.h keeps the tables. Each result is kept as one whole, what
 *         --set prints before, after and as difference included; that two results asked one after
 *         the other tell nothing small is what policy/rounding.h is for. */
#ifndef POLICY_SUPPRESS_H
#define POLICY_SUPPRESS_H

#include <jansson.h>

void suppress_size(json_t *result);
void suppress_course(json_t *rows);
void suppress_window(json_t *result);
void suppress_comparison(json_t *result);

#endif
