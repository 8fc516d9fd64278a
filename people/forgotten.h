/* people/forgotten.h: people who asked to be forgotten, and what is left of them: keyed hashes.
 * Shape:  person_forget erases a person and sets its tombstones; forgotten_match finds answers that
 *         a tombstone keeps out: by ID number; by name and phone, where the answer or the forgotten
 *         person has no ID number.
 * Owns:   nothing beyond the call.
 * Errors: ERR_NOT_FOUND; ERR_REFUSED while a message to the person is on its way; ERR_SEAL,
 *         ERR_DB….
 * Source: DESIGN "Personal data"; sql/schema/0004_decisions.sql; sql/queries/people/forgotten.sql. */
#ifndef PEOPLE_FORGOTTEN_H
#define PEOPLE_FORGOTTEN_H

#include "people/decision.h"

typedef struct Erased {
    int64_t answers;
    int64_t quarantined; /* rows of the quarantine that named the person */
    int64_t staged;      /* rows of files that wait for review */
    int64_t messages;    /* that waited, and are not sent */
} Erased;

/* Inside db_transact, after answers_lock. The delivery log of what was sent stays: providers and
 * senders of SMS must be able to show it (DOMAIN "Law 2015"). */
ErrCode person_forget(Db *db, const Sealer *sealer, int64_t person, const Decider *decider,
                      Erased *ret_erased, Err *err) MUST_CHECK;

/* ret_forgotten has a place for each answer. */
ErrCode forgotten_match(Db *db, const Sealer *sealer, const Answer *answers, size_t count,
                        bool *ret_forgotten, Err *err) MUST_CHECK;

#endif
