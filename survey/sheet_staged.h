/* survey/sheet_staged.h: the rows of a batch that waits for review, read again as if from its file.
 * Shape:  a Sheet over table staged_row; rows that were erased with a forgotten person are passed
 *         over. It has a connection of its own, so that a thread may read while another writes.
 * Units:  a page of 500 rows in memory.
 * Owns:   returns owned; sheet_close.
 * Errors: of sheet_next: ERR_SEAL, ERR_DB….
 * Source: sql/queries/survey/staged.sql. */
#ifndef SURVEY_SHEET_STAGED_H
#define SURVEY_SHEET_STAGED_H

#include "survey/stage.h"

ErrCode sheet_staged_open(Db *db, const Sealer *sealer, const Staged *staged, Sheet **ret_sheet,
                          Err *err) MUST_CHECK;

#endif
