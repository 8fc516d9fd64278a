/* people/decision.h: what people decided about who is who, remembered by stable keys.
 * Shape:  a key is an ID number's hash, or that of a name with a phone where there is no ID number.
 *         A merge makes the persons of two keys one; a part says that they are two. Merges in force
 *         are a forest over the keys; all keys of a tree belong to one person number, also while
 *         none of its answers is in the base. Law: decisions outlive undo and new imports; the
 *         newer of two that contradict each other holds; a merge and its part are the identity,
 *         person numbers included.
 * Owns:   nothing; results live in the Relink's arena.
 * Errors: ERR_NOT_FOUND, ERR_REFUSED, ERR_DB…. Inside db_transact, after answers_lock.
 * Source: DESIGN "Linking"; sql/schema/0004_decisions.sql; sql/queries/people/decision.sql. */
#ifndef PEOPLE_DECISION_H
#define PEOPLE_DECISION_H

#include "people/relink.h"

enum { DECISION_WHY_CHARACTERS = 200 };

/* Whose word it is. */
typedef struct Decider {
    const char *why;  /* at most DECISION_WHY_CHARACTERS */
    const char *user; /* who is acting */
} Decider;

/* b becomes part of a: a keeps its number, b's number is free until they are parted. */
ErrCode decision_merge(Db *db, Relink *relink, int64_t a, int64_t b, const Decider *decider,
                       Err *err) MUST_CHECK;

/* a and b are two. One of the numbers may be that of a person who was merged into the other:
 * *ret_split is then true, and both are persons again. */
ErrCode decision_part(Db *db, Relink *relink, int64_t a, int64_t b, const Decider *decider,
                      bool *ret_split, Err *err) MUST_CHECK;

/* A correction of this batch gives the person a second key, under which nobody else is known. */
ErrCode decision_rename(Db *db, Relink *relink, int64_t person, const uint8_t *new_key,
                        int64_t batch, const Decider *decider, Err *err) MUST_CHECK;

/* The corrections of a batch leave the base: so do the keys that they brought. */
ErrCode decisions_leave(Db *db, Relink *relink, int64_t batch, Err *err) MUST_CHECK;

/* Forgets every decision about a person. */
ErrCode decisions_forget(Db *db, Relink *relink, int64_t person, Err *err) MUST_CHECK;

/* Whether somebody decided that the two are two. */
ErrCode decision_parted(Db *db, int64_t a, int64_t b, bool *ret_parted, Err *err) MUST_CHECK;

#endif
