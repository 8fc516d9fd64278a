/* policy/course.h: how sizes move along a parameter or along time.
 * Shape:  a course is a row for each size: {KEY, eligible, likely, possible, later, ineligible,
 *         reached, change, routes}; reached = eligible + likely, change = reached against the row
 *         before (0 in the first).
 * Units:  people.
 * Source: policy/funnel.h makes the sizes. */
#ifndef POLICY_COURSE_H
#define POLICY_COURSE_H

#include "base/command.h"

/* A row of one size; `before` is the row before, or NULL. What the row is of is put in by the
 * caller, who owns it. */
json_t *course_row(const json_t *size, const json_t *before);

/* What a course is shown with: its own columns, and after them the counts and bars of reached. */
void course_show(const Context *context, const Column *own, const json_t *rows);

#endif
