/* people/intake.h: the answers of a large file on a connection of their own, so that the server
 * writes them beside everything else of the file.
 * Shape:  `db` has the transaction of the import (table batch, person, quarantine); it reads what
 *         `writer`, whose transaction lies within, has not committed. While the writer takes the
 *         answers of one call, db writes the persons of the call before. The writer commits first.
 *         A batch that was committed by the writer alone is taken back by the next intake_lock.
 *         Until then nothing leads to its answers: they belong to persons who are not there.
 * Owns:   intake_begin returns owned.
 * Errors: ERR_DB….
 * Source: sql/schema/0008_intake.sql; sql/queries/people/intake.sql. */
#ifndef PEOPLE_INTAKE_H
#define PEOPLE_INTAKE_H

#include "people/answer.h"

/* A second connection for answers; *ret_writer is NULL when this server cannot do it. Returns
 * owned. Not inside a transaction. */
ErrCode intake_writer(Db *db, Db **ret_writer, Err *err) MUST_CHECK;

/* Nobody else writes answers until the end of db's transaction, and none are left without their
 * batch. After base_state was locked. */
ErrCode intake_lock(Db *db, Err *err) MUST_CHECK;

/* In the transactions of both: intake_lock on the writer's side, and what it is about to write is
 * noted as this batch's. Fails when db does not see what the writer does. */
ErrCode intake_begin(Db *db, Db *writer, int64_t batch, Intake **ret_intake, Err *err) MUST_CHECK;
/* Writes the persons of the last answers_take; adds to *counts. */
ErrCode intake_end(Intake *intake, Db *db, const Sealer *sealer, AnswerCounts *counts,
                   Err *err) MUST_CHECK;
void intake_free(Intake *intake);

/* After a refusal of intake_take: the file leads answers of other files to other people, which
 * could not be taken back without its batch. It must go in on one connection. */
bool intake_alone(const Intake *intake); /* takes NULL */

#endif
