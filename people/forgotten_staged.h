/* people/forgotten_staged.h: the rows of files that wait for review and name a person who is being
 * forgotten.
 * Shape:  such a row is emptied and keeps its place, so that the batch can say that it was there;
 *         which row names the person: people/forgotten_row.h.
 * Owns:   nothing.
 * Errors: ERR_SEAL, ERR_DB….
 * Source: sql/queries/people/forgotten.sql; sql/schema/0010_staged.sql. */
#ifndef PEOPLE_FORGOTTEN_STAGED_H
#define PEOPLE_FORGOTTEN_STAGED_H

#include "people/forgotten_row.h"

ErrCode staged_forget(Db *db, const Sealer *sealer, const NamedList *list, int64_t *ret_count,
                      Err *err) MUST_CHECK;

#endif
