/* policy/plane_sizing.h: sizes by the quickest way there is: on planes if the question allows and
 *         the files are sound, else in the base.
 * Owns:   results are owned by the caller.
 * Errors: ERR_DB….
 * Source: policy/plane_count.h, policy/sizing.h. */
#ifndef POLICY_PLANE_SIZING_H
#define POLICY_PLANE_SIZING_H

#include "policy/sizing.h"

/* The way of `policy size`: planes of the base if the question allows, kept in a home; else the
 * base. */
ErrCode plane_sizing(Db *db, Arena *arena, const char *home, const Sizing *sizing,
                     json_t **ret_result, Err *err) MUST_CHECK;

/* Several questions about the same people. */
typedef struct Sizings {
    Arena *arena;
    const Sizing *items;
    size_t count;
} Sizings;

/* Answers all of them into results[count], on planes opened once; home NULL = in the base itself.
 * The results are owned by the caller, and all NULL after an error. */
ErrCode plane_sizings(Db *db, const char *home, const Sizings *sizings, json_t **results,
                      Err *err) MUST_CHECK;

#endif
