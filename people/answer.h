/* people/answer.h: the one way in which answers enter and leave the information base.
 * Shape:  an Answer is one accepted line; answers_take links each to a person and folds the
 *         persons it touches.
 * Units:  credibility 1..9, higher is believed; sheet and line from 1.
 * Owns:   nothing; texts are borrowed until the call returns.
 * Errors: ERR_DB…; ERR_LIMIT when `normalised` is too long. Must be called inside db_transact,
 *         whose first statement was answers_lock (it bumps base_state.people_version).
 * Source: DESIGN "Person = fold(answers)", "Linking"; sql/queries/people/answer.sql. */
#ifndef PEOPLE_ANSWER_H
#define PEOPLE_ANSWER_H

#include "base/seal.h"
#include "people/fact.h"
#include "sql/db.h"

/* What a sealed `normalised` can hold. */
enum { ANSWER_NORMALISED_BYTES = 4000 - SEAL_OVERHEAD_BYTES };

typedef struct Record Record; /* people/record.h */
typedef struct Intake Intake; /* people/intake.h */

typedef struct Answer {
    unsigned sheet, line;
    Facts facts;            /* an ID number, or a name and a phone, must be known (asserted) */
    const char *normalised; /* JSON {fact: raw cell} of cells not taken letter by letter; NULL =
                             * none; at most ANSWER_NORMALISED_BYTES */
    const Record *sealed;   /* what answer_seal made of the facts; NULL = answers_take does it */
} Answer;

/* Seals and hashes ahead what answers_take would otherwise: a thread that has no database may do
 * it. surveyed_on as in the AnswerBatch. The result lives in the arena. */
void answer_seal(const Sealer *sealer, Arena *arena, Answer *answer, Date surveyed_on);

typedef struct AnswerBatch {
    int64_t batch; /* row of table batch, already inserted */
    Date surveyed_on;
    int credibility;
    const Answer *answers;
    size_t count;
    Intake *intake; /* writes the answers beside the people; NULL = in the same transaction */
} AnswerBatch;

/* What became of the persons that the answers touched; changed = any fact differs. */
typedef struct AnswerCounts {
    int64_t people_new, people_changed, people_unchanged;
    int64_t moved;       /* names with phones whose earlier answers changed hands */
    int64_t people_gone; /* left without an answer, or joined with another person */
} AnswerCounts;

/* Serialises everything that folds people: bumps people_version; the row lock lasts to the
 * transaction's end. */
ErrCode answers_lock(Db *db, Err *err) MUST_CHECK;
/* The same for a transaction whose answers are written by another: intake_begin comes after it. */
ErrCode answers_lock_beside(Db *db, Err *err) MUST_CHECK;

/* Adds the answers of one batch; with an intake, its counts are those of the call before, and
 * intake_end gives the last. ret_persons (may be NULL) gets the person id of each answer, in
 * order. */
ErrCode answers_take(Db *db, const Sealer *sealer, const AnswerBatch *batch,
                     AnswerCounts *ret_counts, int64_t *ret_persons, Err *err) MUST_CHECK;

/* Removes all answers of a batch; persons left without an answer vanish, the others are folded
 * anew. */
ErrCode answers_withdraw(Db *db, const Sealer *sealer, int64_t batch, AnswerCounts *ret_counts,
                         Err *err) MUST_CHECK;

#endif
