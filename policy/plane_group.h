/* policy/plane_group.h: people by groups and classes, from their planes.
 * Shape:  a class of 1 to CLASS_COUNT - 1 is a verdict or CLASS_UNKNOWN; people of class 0 are not
 *         counted. The digits of the class and of the grouping facts become one number a person,
 *         and a count for each number.
 * Owns:   lives in the arena.
 * Errors: plane_groups_new gives NULL for a fact that is not laid out in planes. */
#ifndef POLICY_PLANE_GROUP_H
#define POLICY_PLANE_GROUP_H

#include "policy/funnel.h"
#include "policy/plane_scan.h"

enum { CLASS_UNKNOWN = VERDICT_COUNT + 1, CLASS_COUNT = 8, CLASS_DIGITS = 3 };

typedef struct PlaneGroups PlaneGroups;

PlaneGroups *plane_groups_new(Arena *arena, const PlaneLayout *layout, const Sizing *sizing);
/* digits: of the classes of a chunk's people. */
void plane_groups_add(PlaneGroups *groups, const Scan *scan, const Bits digits[CLASS_DIGITS]);
void plane_groups_join(PlaneGroups *groups, const PlaneGroups *others);
void plane_groups_end(PlaneGroups *groups, Funnel *funnel);
void plane_groups_free(PlaneGroups *groups); /* takes NULL */

#endif
