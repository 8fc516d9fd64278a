/* people/refold.h: writes persons anew from their answers.
 * Shape:  reads the answers of persons back and replaces the persons in bulk; a new person of one
 *         answer is copied from it in the base.
 * Owns:   nothing beyond the call.
 * Errors: ERR_SEAL, ERR_DB….
 * Source: DESIGN "Person = fold(answers)"; sql/queries/people/person.sql, answer.sql. */
#ifndef PEOPLE_REFOLD_H
#define PEOPLE_REFOLD_H

#include "people/answer.h"
#include "people/record.h"

/* ids: ascending, without doubles. A person without answers vanishes; one without a row is new.
 * Adds to *counts. */
ErrCode refold_base(Db *db, const Sealer *sealer, const int64_t *ids, size_t count,
                    AnswerCounts *counts, Err *err) MUST_CHECK;

/* Folds persons without writing, and gives the numbers of those whose row is not what comes of it;
 * wrong has count places. */
ErrCode refold_check(Db *db, const Sealer *sealer, const int64_t *ids, size_t count, int64_t *wrong,
                     size_t *ret_wrong, Err *err) MUST_CHECK;

/* Persons first..last, who are new and have one answer each, all of them on these lines of these
 * sheets of one batch. */
typedef struct Singles {
    int64_t first, last;
    int64_t batch;
    unsigned first_sheet, last_sheet, first_line, last_line;
} Singles;

/* Writes them; last < first = none. Adds to *counts. */
ErrCode refold_singles(Db *db, const Singles *singles, AnswerCounts *counts, Err *err) MUST_CHECK;

#endif
