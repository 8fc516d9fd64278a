/* audit/checks.h: what must always be true of the tables of this room.
 * Shape:  AUDIT_CHECKS ends with NULL.
 * Source: sql/check.h; audit/check.h. */
#ifndef AUDIT_CHECKS_H
#define AUDIT_CHECKS_H

#include "sql/check.h"

extern const Check *const AUDIT_CHECKS[];

#endif
