/* policy/checks.h: what must always be true of the tables of this room.
 * Shape:  POLICY_CHECKS ends with NULL.
 * Source: sql/check.h; policy/plane_sizing.h. */
#ifndef POLICY_CHECKS_H
#define POLICY_CHECKS_H

#include "sql/check.h"

extern const Check *const POLICY_CHECKS[];

#endif
