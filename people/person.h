/* people/person.h: one person of the information base, read whole.
 * Shape:  Person = id + Facts + which facts its answers disagree on.
 * Owns:   texts live in the arena given; ID number and phone come out in the clear: show them
 *         through fact_show.
 * Errors: ERR_NOT_FOUND, ERR_SEAL, ERR_DB.
 * Source: sql/queries/people/person.sql. */
#ifndef PEOPLE_PERSON_H
#define PEOPLE_PERSON_H

#include "base/seal.h"
#include "people/fact.h"
#include "sql/db.h"

typedef struct Person {
    int64_t id;
    Facts facts;
    uint32_t conflicts; /* bit FACT_x: answers disagree */
    int answers;
} Person;

ErrCode person_load(Db *db, const Sealer *sealer, Arena *arena, int64_t id, Person *ret_person,
                    Err *err) MUST_CHECK;

/* The select list of every query that returns whole persons must be exactly the columns of
 * PERSON_COLUMNS, in order: id, conflicts, answers, pension_on, then each fact of people/facts.def.
 * Reads the current row from column `first` on. */
enum { PERSON_COLUMNS = 4 + FACT_COUNT };
ErrCode person_read(const Rows *rows, unsigned first, const Sealer *sealer, Arena *arena,
                    Person *ret_person, Err *err) MUST_CHECK;

#endif
