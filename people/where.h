/* people/where.h: the small expression language over the fact vocabulary, the same everywhere.
 * Shape:  employer_town in (长安镇, 虎门镇) and skill_level <= 2 and not wants_settlement = no;
 *         also `known(fact)`, `conflict = yes` (the answers disagree on
 *         something), parentheses, or, not, = != < <= > >=, `contains` for texts. Values
 *         are words of either language, codes, numbers, dates; 'quoted' where they hold a word
 *         of the language. `town` is short for employer_town. A comparison with an unknown fact
 *         is unknown.
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

/* text NULL or "" = everyone (*ret_where is then NULL, which the others accept as "true"). */
ErrCode where_parse(Arena *arena, const char *text, const Where **ret_where, Err *err) MUST_CHECK;
/* Over the columns of table person under an alias: "p". */
const SqlExpr *where_expr(Arena *arena, const Where *where, const char *alias);
Kleene where_holds(const Where *where, const Facts *facts);
/* Bit FACT_x for each fact that it looks at. */
uint32_t where_facts(const Where *where);

#endif
