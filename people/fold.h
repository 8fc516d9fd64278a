/* people/fold.h: Person = fold(answers).
 * Shape:  per fact the first known value in the order: survey date, newest first; credibility,
 *         highest first; then the greatest value, which is arbitrary, but the same for every
 *         order of the answers. pension_on comes with the pension months.
 * Law:    any order of the answers, and any parts in which they came, give the same fold.
 * Owns:   the result points into the records and lives in the arena.
 * Errors: none but ERR_SEAL of fold_link.
 * Source: DESIGN "Person = fold(answers)". */
#ifndef PEOPLE_FOLD_H
#define PEOPLE_FOLD_H

#include "people/record.h"

typedef struct Fold {
    Record person; /* without surveyed_on and credibility; name_phone_hash NULL: see fold_link */
    uint32_t conflicts; /* bit FACT_x: known values differ; of pension months, which grow, only
                         * those that were said on one day */
    const Record *source[FACT_COUNT]; /* the answer that a fact was taken from; NULL = not known */
} Fold;

/* count >= 1. Sorts the list of pointers, newest first. */
void fold_answers(Arena *arena, const Record **answers, size_t count, Fold *ret_fold);

/* Sets the person's name_phone_hash: an answer's, where one gave both, else made from the two.
 * Errors: ERR_SEAL. */
ErrCode fold_link(Fold *fold, const Record *const *answers, size_t count, const Sealer *sealer,
                  Arena *arena, Err *err) MUST_CHECK;

/* Two persons hold the same facts (and the same pension_on). */
bool fold_same(const Record *a, const Record *b);
/* They do, but for the pension months and their day. */
bool fold_same_but_pension(const Record *a, const Record *b);

#endif
