/* policy/window.h: who loses the chance within some days: reached today, but with a last day that
 *         lies in the window, by route, month and town, so that outreach can come before.
 * Shape:  {policy, as_of, window, until, reached, losing, by_end, routes, months, towns}: reached
 *         counts who is eligible or likely today, losing those of them whose last day is until or
 *         earlier, by_end those of these whose last day is the policy's. months: [{from, until,
 *         people, routes}], towns: [{employer_town, employer_town_code, people, routes}], by first
 *         route; losing = Σ routes = Σ months = Σ towns.
 * Units:  days, both ends included.
 * Owns:   the result is the caller's.
 * Errors: ERR_USAGE where the window runs past the year 9999; ERR_DB….
 * Source: policy/term.h; policy/plane_sizing.h counts. */
#ifndef POLICY_WINDOW_H
#define POLICY_WINDOW_H

#include "base/command.h"
#include "policy/sizing.h"

enum { WINDOW_AT_MOST = 1100 }; /* days */

/* today: the policy, --where and the day. */
ErrCode window_count(Context *context, const Sizing *today, int64_t days, json_t **ret_result,
                     Err *err) MUST_CHECK;
/* "…: of 1,234 who are reached on …, 56 lose the chance by …"; lives in the context's arena. */
const char *window_title(const Context *context, const json_t *result);
void window_show(const Context *context, const json_t *result);

#endif
