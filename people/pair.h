/* people/pair.h: people who may be one person, found without comparing everybody with everybody.
 * Shape:  each rule puts people who share a key into a block and compares within blocks; a block
 *         that would give more than BLOCK_PAIRS pairs says nothing about anybody and is passed
 * over. Two people with different ID numbers are a pair only by name and phone. Pairs that were
 *         parted are left out.
 * Units:  about 500 bytes a person while it searches; time grows as n log n.
 * Owns:   pairs live in the arena.
 * Errors: ERR_DB….
 * Source: DESIGN 5 "Linking"; sql/queries/people/pair.sql. */
#ifndef PEOPLE_PAIR_H
#define PEOPLE_PAIR_H

#include "people/fact.h"
#include "sql/db.h"

enum { BLOCK_PAIRS = 1000 };

/* Why two people are a pair; the first is strong, all others are weak. */
typedef enum PairRule {
    PAIR_NAME_PHONE,    /* one name, one phone */
    PAIR_NAME_BIRTH,    /* one name, one birth date */
    PAIR_NAME_EMPLOYER, /* one name, one employer; birth dates do not differ */
    PAIR_NEAR_NAME,     /* names a character apart, one birth date, one employer */
    PAIR_ALIKE_NAME,    /* names that sound or look alike, one birth date */
    PAIR_PHONE,         /* one phone, two names */
    PAIR_RULE_COUNT
} PairRule;

const char *pair_rule_word(PairRule rule); /* "name_phone": in JSON */

typedef struct Pair {
    int64_t a, b;   /* a < b */
    unsigned rules; /* bit PAIR_x */
} Pair;

typedef struct PairList {
    Pair *pairs; /* strongest first */
    size_t count;
    int64_t crowded; /* blocks that were passed over */
} PairList;

ErrCode pairs_find(Db *db, Arena *arena, PairList *ret_list, Err *err) MUST_CHECK;

#endif
