/* policy/contrast.h: two sizes of the same people, side by side.
 * Shape:  contrast_add gives the result after a change `before` and `difference`, each {verdicts,
 *         routes}, and `groups` when people were grouped; a difference is after - before.
 * Units:  people.
 * Errors: none; both results answer the same question but for the policy's parameters.
 * Source: policy/funnel.h makes the results. */
#ifndef POLICY_CONTRAST_H
#define POLICY_CONTRAST_H

#include "base/command.h"

void contrast_add(json_t *after, const json_t *before);
/* Before, after and difference as tables. */
void contrast_show(const Context *context, const json_t *result);

#endif
