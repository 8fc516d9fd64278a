/* outreach/checks.h: what must always be true of the tables of this room.
 * Shape:  OUTREACH_CHECKS ends with NULL.
 * Source: sql/check.h; sql/queries/outreach/check.sql. */
#ifndef OUTREACH_CHECKS_H
#define OUTREACH_CHECKS_H

#include "sql/check.h"

extern const Check *const OUTREACH_CHECKS[];

#endif
