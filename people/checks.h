/* people/checks.h: what must always be true of the tables of this room.
 * Shape:  PEOPLE_CHECKS ends with NULL.
 * Source: sql/check.h; sql/queries/people/check.sql. */
#ifndef PEOPLE_CHECKS_H
#define PEOPLE_CHECKS_H

#include "sql/check.h"

extern const Check *const PEOPLE_CHECKS[];

#endif
