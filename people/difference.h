/* people/difference.h: what a running transaction changes of people, fact by fact.
 * Shape:  the persons that the book of changes (people/change.h) names under the transaction's
 *         version, as they were before it and as they are in it. Who is new changes nothing.
 * Units:  people, each counted once. people = filled + replaced + those whose pension months grew.
 * Owns:   the examples live in the arena given; values of sealed facts come masked.
 * Errors: ERR_SEAL, ERR_DB….
 * Source: sql/queries/people/difference.sql; DESIGN "Person = fold(answers)". */
#ifndef PEOPLE_DIFFERENCE_H
#define PEOPLE_DIFFERENCE_H

#include "base/seal.h"
#include "people/fact.h"
#include "sql/db.h"

enum { DIFFERENCE_EXAMPLES = 3 };

typedef struct DifferenceExample {
    int64_t person;
    const char *before, *after; /* as fact_show writes them; NULL = not known */
} DifferenceExample;

typedef struct FactDifference {
    int64_t people;    /* have another value, or one at all */
    int64_t filled;    /* had none before */
    int64_t replaced;  /* had another one, which is lost from sight */
    int64_t conflicts; /* of whom answers disagree that did not before */
    DifferenceExample examples[DIFFERENCE_EXAMPLES]; /* of replaced values first come */
    size_t example_count;
} FactDifference;

typedef struct Difference {
    int64_t changed;   /* any fact */
    int64_t replaced;  /* a known value of any fact */
    int64_t joined;    /* who were found to be somebody else and gave up their number */
    int64_t conflicts; /* of any fact */
    FactDifference facts[FACT_COUNT];
} Difference;

/* Inside db_transact, after answers_lock: nobody else folds people meanwhile, so a second
 * connection still sees them as they were. */
ErrCode difference_read(Db *db, const Sealer *sealer, Arena *arena, Lang lang,
                        Difference *ret_difference, Err *err) MUST_CHECK;

#endif
