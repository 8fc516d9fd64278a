/* policy/sizing.h: how many people, by which clause, and what would settle the undecided: exact,
 *         in one scan.
 * Shape:  a question (policy, day, --where, up to GROUPINGS_AT_MOST facts to count by) becomes the
 *         funnel's JSON.
 * Units:  people.
 * Owns:   the result is owned by the caller.
 * Errors: ERR_USAGE for a fact that may not be counted by; ERR_DB.
 * Source: sql/queries/policy/size.sql; DESIGN 4 "policy size". */
#ifndef POLICY_SIZING_H
#define POLICY_SIZING_H

#include "people/where.h"
#include "policy/compile.h"
#include "sql/db.h"

enum { GROUPINGS_AT_MOST = 4 };

typedef struct Grouping {
    const char *name; /* key in the result */
    FactId fact;      /* birth_date for "age" */
    bool age;         /* bands of completed years */
} Grouping;

typedef struct Sizing {
    const Policy *policy;
    Date as_of;
    const Where *where; /* NULL = everyone */
    Grouping by[GROUPINGS_AT_MOST];
    size_t by_count;
    bool questions; /* the facts to ask, in their best order: `questions` */
    Lang lang;
} Sizing;

/* "employer_town,skill_level" into by: facts that anyone may see, and "age". */
ErrCode groupings_parse(Arena *arena, const char *names, Sizing *sizing, Err *err) MUST_CHECK;

/* The expression that people are grouped by, its value for one person (who must know the fact), and
 * a value of it as people read it (NULL = unknown). */
const SqlExpr *grouping_expr(const Compiler *compiler, const Grouping *grouping);
FactValue grouping_value(const Grouping *grouping, FactValue fact, Date as_of);
const char *grouping_show(Arena *arena, const Grouping *grouping, FactValue value, Lang lang);

/* {policy, as_of, people, where, verdicts, routes, clauses, missing, review, groups}; verdicts and
 * all that follows are of the people for whom --where is true, and `where` says how many it leaves
 * out or cannot decide. */
ErrCode sizing_count(Db *db, Arena *arena, const Sizing *sizing, json_t **ret_result,
                     Err *err) MUST_CHECK;

#endif
