/* policy/plane_base.h: from the base to planes.
 * Shape:  everyone, or the changed people, are read in the running transaction and put into a set.
 * Errors: ERR_DB…, ERR_INTERRUPTED. *ret_fits is false when someone's facts have no codes in the
 *         layout; what was made until then is of no use.
 * Source: sql/queries/policy/plane.sql. */
#ifndef POLICY_PLANE_BASE_H
#define POLICY_PLANE_BASE_H

#include "people/change.h"
#include "policy/plane_set.h"

/* Everyone. Returns owned; NULL when they do not fit. */
ErrCode plane_base_build(Db *db, const PlaneLayout *widest, PlaneSet **ret_set,
                         Err *err) MUST_CHECK;

/* Puts the people of the ranges into `changes`, also those who are there no more, as far as
 * `everyone` or `changes` have them. */
typedef struct PlanePatch {
    const PlaneSet *everyone;
    PlaneSet *changes;
    const PersonRange *ranges;
    size_t count;
    int64_t version; /* of the running transaction */
} PlanePatch;
ErrCode plane_base_patch(Db *db, const PlanePatch *patch, bool *ret_fits, Err *err) MUST_CHECK;

#endif
