/* people/where_node.h: what a parsed --where is made of; for where.c and where_parse.c.
 * Shape:  a tree of AND, OR, NOT over comparisons of one fact with values.
 * Owns:   nodes live in the arena of where_parse. */
#ifndef PEOPLE_WHERE_NODE_H
#define PEOPLE_WHERE_NODE_H

#include "people/where.h"

typedef enum WhereKind {
    WHERE_AND,      /* all of parts */
    WHERE_OR,       /* any of parts */
    WHERE_NOT,      /* parts[0] */
    WHERE_KNOWN,    /* fact has a value; never unknown itself */
    WHERE_COMPARE,  /* fact op values[0] */
    WHERE_IN,       /* fact is one of values */
    WHERE_CONTAINS, /* the text of fact holds values[0].text */
    WHERE_CONFLICT, /* the person's answers disagree on something; never unknown */
} WhereKind;

struct Where {
    WhereKind kind;
    const Where *const *parts;
    size_t part_count;
    FactId fact;
    const WhereTerms *terms; /* NULL = it is about the fact */
    size_t term;
    SqlCompare op;
    const FactValue *values;
    size_t value_count;
};

#endif
