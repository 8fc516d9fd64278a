/* people/correction.h: what staff say of a person against the questionnaires.
 * Shape:  a correction is one answer in a batch of its own (form "correction", source "staff"), so
 *         it shows in people show and is taken back with survey undo. Where it changes what the
 *         person is linked by, a decision ties the new key to the person, and goes with the batch.
 * Owns:   texts are borrowed until the call returns.
 * Errors: ERR_NOT_FOUND; ERR_REFUSED when the new ID number, or name and phone, are another
 *         person's or a forgotten one's; ERR_INPUT from correction_read; ERR_DB….
 * Source: DESIGN "Person = fold(answers)"; sql/queries/people/correction.sql. */
#ifndef PEOPLE_CORRECTION_H
#define PEOPLE_CORRECTION_H

#include "people/decision.h"

enum { CORRECTION_CREDIBILITY = 9 };

typedef struct Correction {
    int64_t person;
    Facts facts; /* what is said; at least one fact is known */
    Date on;
    Decider decider;
} Correction;

/* Reads a value as a person types it and puts it among the facts; an ID number says birth date and
 * sex too, unless they are said already. Secret values are not repeated in errors. */
ErrCode correction_read(Arena *arena, FactId fact, const char *text, Correction *correction,
                        Err *err) MUST_CHECK;

/* Inside db_transact, after answers_lock. */
ErrCode correction_take(Db *db, const Sealer *sealer, const Correction *correction,
                        int64_t *ret_batch, AnswerCounts *ret_counts, Err *err) MUST_CHECK;

#endif
