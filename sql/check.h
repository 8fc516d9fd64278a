/* sql/check.h: what must always be true of a base, each as one check that `db verify` runs.
 * Shape:  a Check is a constant in its room's checks.c; it is a statement (looked, wrong, first) or a
 *         function.
 * Owns:   plain values.
 * Errors: what is wrong in the base is a result, no error; ERR_DB when it cannot be looked at.
 * Source: sql/verify.c. */
#ifndef SQL_CHECK_H
#define SQL_CHECK_H

#include "base/command.h"
#include "sql/db.h"

typedef struct CheckResult {
    int64_t looked; /* at how many things */
    int64_t wrong;
    char first[120]; /* which one first, by table and number; "" = none. Never a value. */
} CheckResult;

typedef struct CheckTerms {
    bool all; /* everything, not a sample */
} CheckTerms;

struct Check {
    const char *name;  /* "batch_lines": in JSON */
    const char *title; /* N_("…"): what is true when nothing is wrong */
    const char *fix;   /* N_("…"): what to do otherwise */
    QueryId query;     /* when run is NULL: one row: looked, wrong, first */
    ErrCode (*run)(Context *context, const CheckTerms *terms, CheckResult *ret_result, Err *err);
};

/* Notes one thing that is wrong. */
void check_wrong(CheckResult *result, const char *format, ...) PRINTF_LIKE(2, 3);

/* Of this room; ends with NULL. */
extern const Check *const SQL_CHECKS[];

#endif
