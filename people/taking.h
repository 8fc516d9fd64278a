/* people/taking.h: one call of answers_take, as answer.c and intake.c share it.
 * Shape:  linked answers on their way into table answer, and from there into their persons.
 * Owns:   everything lives in the call's arena.
 * Errors: ERR_DB….
 * Source: people/answer.h. */
#ifndef PEOPLE_TAKING_H
#define PEOPLE_TAKING_H

#include "people/link.h"
#include "people/refold.h"

typedef struct Taking {
    Db *db;
    const Sealer *sealer;
    Arena *arena;
    const AnswerBatch *batch;
    Record *records; /* of its answers, in their order */
    LinkPlan plan;
    size_t *order; /* places of the answers as their table has them */
} Taking;

/* Person ids. */
typedef struct IdList {
    int64_t *ids;
    size_t count;
} IdList;

/* Writes the new answers, and nothing else. */
ErrCode taking_write(const Taking *taking, Db *db, Err *err) MUST_CHECK;
/* Where the answers of new persons of one answer stand: somewhere among all of the call. */
Singles taking_singles(const Taking *taking);
/* All other persons whom the call touches, ascending, each once. */
IdList taking_folded(const Taking *taking);

/* people/intake.c: the same with an intake. */
void intake_await(const Intake *intake, LinkPlan *plan);
ErrCode intake_take(Intake *intake, const Taking *taking, AnswerCounts *counts,
                    Err *err) MUST_CHECK;

#endif
