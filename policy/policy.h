/* policy/policy.h: the published conditions as data.
 * Shape:  gate (all of it) and routes (any of them) of conditions over facts; parameters named and dated.
 * Owns:   a Policy lives in the arena.
 * Errors: ERR_CONFIG with file and JSON path; ERR_NOT_FOUND for an unknown id, ERR_USAGE for an unknown parameter.
 * Source: policy/<id>.json; DESIGN 6. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/kleene.h"
#include "people/fact.h"
#include "sql/expr.h"

typedef struct Policy Policy;

typedef enum Verdict { /* in the order of certainty; the numbers are what verdict_expr yields */
                       VERDICT_ELIGIBLE = 1,
                       VERDICT_LIKELY,
                       VERDICT_POSSIBLE,
                       VERDICT_LATER,
                       VERDICT_INELIGIBLE,
                       VERDICT_COUNT = 5
} Verdict;

const char *verdict_name(Verdict verdict); /* "eligible": in JSON and --verdict */
const char *
verdict_label(Verdict verdict); /* translated: 符合, 拟符合, 可能符合, 将来符合, 不符合 */
const char *verdict_label_of(const char *name); /* of the verdict of that name */
bool verdict_find(const char *name, Verdict *ret);

/* id NULL = the only policy whose source is official: "dongguan-2012-140". */
ErrCode policy_load(Arena *arena, const char *id, const Policy **ret_policy, Err *err) MUST_CHECK;
const char *policy_id(const Policy *policy);
const char *policy_title(const Policy *policy);
const char *policy_sha256(const Policy *policy); /* of the file, with moved parameters */
/* A copy with parameters moved: settings are "age_max=50". */
ErrCode policy_set(Arena *arena, const Policy *policy, const char *const *settings, size_t count,
                   const Policy **ret_policy, Err *err) MUST_CHECK;

size_t policy_route_count(const Policy *policy);
const char *policy_route_id(const Policy *policy, size_t route);   /* "technician" */
const char *policy_route_text(const Policy *policy, size_t route); /* its sentence, Chinese */
const char *policy_route_reason(const Policy *policy,
                                size_t route); /* short: "技师、高级技师职业资格", for SMS */

/* What the judge says of one person. */
typedef struct Judgement {
    Verdict verdict;
    Kleene gate;
    Kleene routes[16]; /* by route */
    int route;         /* the first true one; -1 = none */
    Date eligible_on;  /* VERDICT_LATER: the first day on which it becomes true; else DATE_NONE */
    Date
        eligible_until; /* last day before another limit closes the door; DATE_NONE = no such day */
    bool boundary;      /* between the birthday of the last allowed year of age and the next */
} Judgement;

void policy_judge(const Policy *policy, const Facts *facts, Date as_of, Judgement *ret);

/* The same in SQL over table person under an alias: the verdict's number; the first true route's index from 0, NULL = none. */
const SqlExpr *policy_verdict_expr(Arena *arena, const Policy *policy, Date as_of,
                                   const char *alias);
const SqlExpr *policy_route_expr(Arena *arena, const Policy *policy, Date as_of, const char *alias);

#endif
