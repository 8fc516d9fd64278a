/* survey/checks.h: what must always be true of the tables of this room.
 * Shape:  SURVEY_CHECKS ends with NULL.
 * Source: sql/check.h; sql/queries/survey/check.sql. */
#ifndef SURVEY_CHECKS_H
#define SURVEY_CHECKS_H

#include "sql/check.h"

extern const Check *const SURVEY_CHECKS[];

#endif
