/* policy/suppress_json.h: numbers of a JSON result that are taken out of it.
 * Shape:  what was a number becomes null; counts say how many did.
 * Owns:   nothing.
 * Errors: none.
 * Source: policy/suppress.h. */
#ifndef POLICY_SUPPRESS_JSON_H
#define POLICY_SUPPRESS_JSON_H

#include "policy/withhold.h"

#include <jansson.h>

/* A member to be changed, of an object that is otherwise only read; NULL = none. */
json_t *figure_child(const json_t *object, const char *key);
int64_t figure_number(const json_t *object, const char *key); /* 0 = none */

/* Makes one number null, every number below an object or an array. */
size_t figure_hide(json_t *object, const char *key);
size_t figures_hide(json_t *value);

bool figures_small(const json_t *value); /* some number in it is small */
/* Two objects give one key numbers that differ by a small one. */
bool figures_moved(json_t *a, const json_t *b);

/* `suppressed` {under, figures} into a result that lost figures. */
void figures_mark(json_t *result, size_t hidden);

#endif
