/* policy/plane_count.h: the funnel counted on planes: what sizing_count says, sooner.
 * Owns:   the result is owned by the caller.
 * Errors: none; *ret_result is NULL when the question is about a fact that is not laid out (a
 *         text), or a plane is not what was written (planes_damaged): then ask the base.
 * Source: policy/funnel.h; test_plane_count.c compares it with the base. */
#ifndef POLICY_PLANE_COUNT_H
#define POLICY_PLANE_COUNT_H

#include "policy/planes.h"
#include "policy/sizing.h"

void plane_count(Planes *planes, Arena *arena, const Sizing *sizing, json_t **ret_result);

/* The way of `policy size`: planes of the base if the question allows, kept in a home; else the
 * base. */
ErrCode plane_sizing(Db *db, Arena *arena, const char *home, const Sizing *sizing,
                     json_t **ret_result, Err *err) MUST_CHECK;

#endif
