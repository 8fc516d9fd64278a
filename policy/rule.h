/* policy/rule.h: the one rule tree behind a policy, and its readers: the judge (one person,
 *         explained) and the SQL compiler (all people, where they lie).
 * Shape:  a Rule is a group of rules (all, any, not) or a condition on one fact. Over time, a
 *         condition on a known fact is true on one Span of days and false outside it; a condition
 *         on an unknown fact is unknown on every day.
 * Units:  bound: completed years of age, whole months, a count, a code or a day number, as the
 *         operator says.
 * Owns:   trees live in the arena of their Policy and are never changed.
 * Errors: only parsing fails: ERR_CONFIG at the JSON path.
 * Source: DESIGN 6; 民法典 1259 (以下, 届满 include the number). */
#ifndef POLICY_RULE_H
#define POLICY_RULE_H

#include "base/node.h"
#include "policy/policy.h"
#include "policy/span.h"

enum {
    ROUTES_AT_MOST = 16,     /* Judgement.routes */
    CONDITIONS_AT_MOST = 64, /* per policy */
    DEPTH_AT_MOST = 8,       /* groups within groups */
    AGE_AT_MOST = 150,       /* years */
    MONTHS_AT_MOST = 1200,
};

typedef enum RuleOp {
    RULE_ALL,       /* of items */
    RULE_ANY,       /* of items */
    RULE_NOT,       /* of the one item */
    RULE_IN,        /* the fact is one of values; one of review leaves it to a person: unknown */
    RULE_AT_LEAST,  /* fact >= bound */
    RULE_AT_MOST,   /* fact <= bound */
    RULE_GROWN_TO,  /* pension_months >= bound, though asked a while ago: it can only have grown */
    RULE_AGE_FROM,  /* from the bound-th birthday on */
    RULE_AGE_BELOW, /* until the day before the bound-th birthday */
    RULE_SINCE,     /* from the day that lies bound months after the fact's day */
    RULE_WITHIN,    /* from the fact's day to the end of its window */
} RuleOp;

typedef enum Window {
    WINDOW_SAME_YEAR, /* to 31 December of that year */
    WINDOW_NEXT_JUNE, /* to 30 June of the next year */
    WINDOW_TWO_YEARS, /* to the same day 24 months on (民法典 202) */
} Window;

typedef struct Rule Rule;
struct Rule {
    RuleOp op;
    const char *clause; /* of a condition: its citation … */
    const char *text;   /* … its sentence, word for word … */
    const char *en;     /* … and in English */
    const Rule *items;  /* of a group */
    size_t item_count;
    FactId fact;             /* of a condition */
    const FactValue *values; /* RULE_IN */
    size_t value_count;
    const FactValue *review; /* RULE_IN */
    size_t review_count;
    int64_t bound;
    bool includes_year; /* RULE_AGE_BELOW: written as "at most bound - 1", that year included */
    Window window;
    const char *parameter; /* that gave the bound or the window, NULL = written in place */
    size_t place;          /* of a condition: its index in Policy.conditions */
};

typedef struct Route {
    const char *id, *clause, *text, *en, *reason;
    Rule rule;
} Route;

typedef enum ParameterKind { PARAMETER_NUMBER, PARAMETER_FLAG, PARAMETER_WORD } ParameterKind;

typedef struct Parameter {
    const char *name, *zh, *en, *why;
    ParameterKind kind;
    Date since;
    int64_t min, max, number;   /* PARAMETER_NUMBER; PARAMETER_FLAG: number is 0 or 1 */
    const char *const *choices; /* PARAMETER_WORD: NULL-terminated */
    const char *word;
    bool used;  /* some condition reads it */
    bool moved; /* by --set */
} Parameter;

typedef struct Note {
    const char *clause, *text, *en;
} Note;

/* What shows at the counter that a fact is so; NULL = nothing is said. */
typedef struct Proof {
    const char *zh, *en;
} Proof;

/* The bytes of a policy file; they must outlive the Policy. */
typedef struct PolicyFile {
    const char *name; /* in messages */
    const char *bytes;
    size_t length;
} PolicyFile;

struct Policy {
    Arena *arena;
    const char *id, *title_zh, *title_en;
    const char *number, *issued_by, *url;
    Date issued_on, from, until; /* until DATE_NONE = open */
    PolicyFile file;
    char sha256[65];
    Parameter *parameters;
    size_t parameter_count;
    const char *gate_clause, *gate_text, *gate_en;
    Rule gate;
    Route *routes;
    size_t route_count;
    const char *const *settings; /* "age_max=50": what was moved, first to last */
    size_t setting_count;
    const Rule *conditions[CONDITIONS_AT_MOST]; /* gate's first, then route by route */
    int condition_route[CONDITIONS_AT_MOST];    /* -1 = gate */
    size_t condition_count;
    const Note *notes;
    size_t note_count;
    Proof proofs[FACT_COUNT];
};

/* True while the policy is in force. */
static inline bool policy_in_force(const Policy *policy, Date day)
{
    return day >= policy->from && (policy->until == DATE_NONE || day <= policy->until);
}

static inline bool rule_is_group(const Rule *rule)
{
    return rule->op <= RULE_NOT;
}

#endif
