/* people/relink.h: whose answers must be looked at again after some have left or changed hands.
 * Shape:  a Relink gathers persons and keys; relink_run links the answers without ID number of all
 *         of them by the law anew and folds every person it touched.
 * Owns:   a Relink lives in its arena; ceilings are the arena's.
 * Errors: ERR_SEAL, ERR_DB…. Inside db_transact, after answers_lock.
 * Source: people/link.h; sql/queries/people/answer.sql, decision.sql. */
#ifndef PEOPLE_RELINK_H
#define PEOPLE_RELINK_H

#include "people/answer.h"

typedef struct Relink {
    Arena *arena;
    const uint8_t **keys; /* name_phone_hash; others are looked for in vain, which does no harm */
    size_t key_count, key_room;
    int64_t *persons;
    size_t person_count, person_room;
} Relink;

void relink_add_key(Relink *relink, const uint8_t *key);
void relink_add_person(Relink *relink, int64_t person); /* only to be folded */

/* A person and the names with phones of its answers as they are now. */
ErrCode relink_person(Db *db, Relink *relink, int64_t person, Err *err) MUST_CHECK;
/* The persons that a batch's answers belong to, and the names with phones of these answers. */
ErrCode relink_batch(Db *db, Relink *relink, int64_t batch, Err *err) MUST_CHECK;

ErrCode relink_run(Db *db, const Sealer *sealer, Relink *relink, AnswerCounts *ret_counts,
                   Err *err) MUST_CHECK;

#endif
