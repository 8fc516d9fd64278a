/* people/where.h: the small expression language over the fact vocabulary, the same everywhere.
 * Shape:  employer_town in (长安镇, 虎门镇) and skill_level <= 2 and not wants_settlement = no;
 *         also `known(fact)`, `conflict = yes` (the answers disagree on
 *         something), parentheses, or, not, = != < <= > >=, `contains` for texts. Values
 *         are words of either language, codes, numbers, dates; 'quoted' where they hold a word
 *         of the language. `town` is short for employer_town. A comparison with an unknown fact
 *         is unknown.
 *         A floor above may add terms: words for what it derives from a person's facts.
 * Units:  at most WHERE_BYTES of text, WHERE_DEPTH parentheses.
 * Owns:   a Where lives in the arena.
 * Errors: ERR_USAGE with the place in the text (characters from 1) and the nearest known fact or
 *         word. SEALED facts are refused.
 * Source: DESIGN 4 "--where". */
#ifndef PEOPLE_WHERE_H
#define PEOPLE_WHERE_H

#include "base/kleene.h"
#include "people/fact.h"
#include "sql/expr.h"

enum { WHERE_BYTES = 2000, WHERE_DEPTH = 50 };

typedef struct Where Where;

typedef struct WhereTerm {
    const char *name;         /* "eligible_on" */
    FactKind kind;            /* KIND_DATE or KIND_CODE */
    const char *const *words; /* KIND_CODE: of the codes 1, 2, …; ends with NULL */
} WhereTerm;

/* One comparison of a term with a number. */
typedef struct WhereAsk {
    size_t term;
    SqlCompare op;
    int64_t number;
    const char *alias; /* of table person */
} WhereAsk;

typedef struct WhereTerms WhereTerms;
struct WhereTerms {
    const WhereTerm *terms;
    size_t count;
    uint32_t facts; /* bit FACT_x: what they are derived from */
    const void *state;
    FactValue (*value)(const WhereTerms *terms, size_t term, const Facts *facts);
    /* The same in SQL, unknown where the term has no value. */
    const SqlExpr *(*compare)(const WhereTerms *terms, Arena *arena, const WhereAsk *ask);
    const SqlExpr *(*known)(const WhereTerms *terms, Arena *arena, const WhereAsk *ask);
};

/* text NULL or "" = everyone (*ret_where is then NULL, which the others accept as "true"). */
ErrCode where_parse(Arena *arena, const char *text, const Where **ret_where, Err *err) MUST_CHECK;
/* The same with terms (NULL = none), which the Where borrows. */
ErrCode where_parse_with(Arena *arena, const char *text, const WhereTerms *terms,
                         const Where **ret_where, Err *err) MUST_CHECK;
/* Over the columns of table person under an alias: "p". */
const SqlExpr *where_expr(Arena *arena, const Where *where, const char *alias);
Kleene where_holds(const Where *where, const Facts *facts);
/* Bit FACT_x for each fact that it looks at. */
uint32_t where_facts(const Where *where);

#endif
