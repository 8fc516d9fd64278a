/* policy/verbs.h: the commands of this room: talent policy ….
 * Source: DESIGN 4. */
#ifndef POLICY_VERBS_H
#define POLICY_VERBS_H

#include "base/command.h"

extern const Command POLICY_LIST;
extern const Command POLICY_SHOW;
extern const Command POLICY_TEST;
extern const Command POLICY_CHECK;
extern const Command POLICY_SIZE;
extern const Command POLICY_FRONTIER;
extern const Command POLICY_FORECAST;
extern const Command POLICY_COMPARE;
extern const Command POLICY_EXPLAIN;
extern const Command POLICY_ASK;

extern const Command *const POLICY_VERBS[]; /* ends with NULL */

#endif
