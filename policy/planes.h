/* policy/planes.h: the people of the base as bit planes, as they are now.
 * Shape:  HOME/planes/people holds everyone as of some version of the base; HOME/planes/changes
 *         the people changed since, who stand in the first no more. What is missing, damaged or of
 *         another base is built anew; what is stale is patched from the changed people; when these
 *         are many, both become one file again. A file that cannot be written is done without.
 * Owns:   planes_close.
 * Errors: ERR_DB…. *ret_planes is NULL when someone's facts have no codes: then ask the base.
 * Source: PERFORMANCE "Sizing"; sql/queries/policy/plane.sql; people/change.h. */
#ifndef POLICY_PLANES_H
#define POLICY_PLANES_H

#include "policy/plane_file.h"
#include "sql/db.h"

typedef struct Planes {
    PlaneMark mark;
    PlaneSet *sets[2]; /* everyone; those changed since, NULL = none */
} Planes;

/* home: the folder in which the planes lie. */
ErrCode planes_open(Db *db, Arena *arena, const char *home, Planes **ret_planes,
                    Err *err) MUST_CHECK;
void planes_close(Planes *planes); /* takes NULL */
/* Some plane that was counted is not what was written: close, forget the files, open again. */
bool planes_damaged(const Planes *planes);
void planes_forget(const char *home, Arena *arena);

#endif
