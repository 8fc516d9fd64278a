/* people/refold.h: writes persons anew from their answers.
 * Shape:  refold_base reads the answers of persons of the base back and replaces the persons in bulk;
 *         refold_new writes new persons straight from answers that are still in memory.
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

/* answers: sorted by .person; all answers of persons that are not in the base yet. */
ErrCode refold_new(Db *db, const Sealer *sealer, const Record **answers, size_t count,
                   AnswerCounts *counts, Err *err) MUST_CHECK;

#endif
