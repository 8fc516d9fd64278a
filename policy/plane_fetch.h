/* policy/plane_fetch.h: many persons read by several connections at once.
 * Shape:  one connection alone waits for the server's disk page by page, because changed persons
 *         lie far apart. Each connection reads its part in a snapshot of its own; they are one
 *         snapshot if each finds the version that the running transaction has.
 * Owns:   nothing.
 * Errors: none: plane_fetch is false when that was not so, when somebody does not fit, or when
 *         there are too few persons for it to be worth while: then read them in the transaction.
 * Source: sql/queries/policy/plane.sql. */
#ifndef POLICY_PLANE_FETCH_H
#define POLICY_PLANE_FETCH_H

#include "policy/plane_set.h"
#include "sql/db.h"

typedef struct PlaneFetch {
    Db *db; /* whose base it is */
    const PlaneLayout *layout;
    int64_t version;
    const int64_t *ids; /* ascending */
    size_t count;
} PlaneFetch;

/* rows: one for each id; who is not there is `gone`. */
bool plane_fetch(const PlaneFetch *fetch, PlaneRow *rows);

/* A row `id, PLANE` as codes; false when some value has no code. */
bool plane_row_read(const PlaneLayout *layout, const Rows *row, PlaneRow *ret_row);

#endif
