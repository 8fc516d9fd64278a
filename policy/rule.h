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
    ERAS_AT_MOST = 16,       /* between the days on which parameters change */
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

/* What a parameter is from a day on. */
typedef struct DatedValue {
    Date from;
    int64_t number;   /* PARAMETER_NUMBER; PARAMETER_FLAG: 0 or 1 */
    const char *word; /* PARAMETER_WORD */
    const char *why;
} DatedValue;

typedef struct Parameter {
    const char *name, *zh, *en;
    ParameterKind kind;
    int64_t min, max;           /* PARAMETER_NUMBER */
    const char *const *choices; /* PARAMETER_WORD: NULL-terminated */
    const DatedValue *values;   /* the earliest first, which counts before its day too */
    size_t value_count;
    size_t chosen; /* of values: the one that holds in the policy's era */
    Date since;    /* of the chosen one, as are these: … */
    int64_t number;
    const char *word, *why;
    bool used;  /* some condition reads it */
    bool moved; /* by --set: one value for all days */
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

/* How sure it is that the file says what the notice says. */
typedef enum Certainty {
    CERTAINTY_OFFICIAL, /* read in an official text */
    CERTAINTY_COPY,     /* seen only in a third party's copy */
    CERTAINTY_EXCERPT,  /* parts of it, or a summary, were seen */
    CERTAINTY_ASSUMED,  /* made up, to ask what would be */
} Certainty;

struct Policy {
    Arena *arena;
    Date era_from, era_until; /* the days on which its parameters have these values */
    const Policy *next;       /* the same policy after era_until; NULL = there is no change */
    const char *id, *title_zh, *title_en;
    const char *number, *issued_by, *url;
    Certainty certainty;
    const char *caution;         /* what is not sure about the source; NULL = nothing */
    Date issued_on, from, until; /* DATE_NONE: not known; open */
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
    uint32_t facts_named; /* bit FACT_x: of all conditions, those too that "when" switches off */
    const Note *notes;
    size_t note_count;
    Proof proofs[FACT_COUNT];
};

/* The policy as it stands on a day: the era of the chain that begins with `policy`, or its first
 * one. */
static inline const Policy *policy_at(const Policy *policy, Date day)
{
    while (policy->next && day > policy->era_until)
        policy = policy->next;
    return policy;
}

const char *certainty_name(Certainty certainty);  /* "official": in JSON */
const char *certainty_label(Certainty certainty); /* translated */

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
