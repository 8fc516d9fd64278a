/* people/link.h: which person an answer belongs to.
 * Shape:  the ID number decides. An answer without one belongs to the person whose ID'd answers
 *         have its name and phone, if there is exactly one such person; else to the person without
 *         ID number of that name and phone. Where a decision of table decision names the ID number,
 *         or the name and phone of answers without one, that decision comes first. Law: the
 *         partition of all answers into persons follows from the answers and the decisions alone,
 *         never from the order in which they came; so a call may move answers that are in the base
 *         already. Person numbers are stable: a person that gains its ID number keeps its number; one
 *         that stands alone again has the number it had before; who loses the last answer with an ID
 *         number leaves its number to whose it was of what is left, else to one that had none.
 * Owns:   results live in the arena given.
 * Errors: ERR_DB….
 * Source: DESIGN "Linking"; sql/queries/people/link.sql. */
#ifndef PEOPLE_LINK_H
#define PEOPLE_LINK_H

#include "people/record.h"

/* The answers in the base without ID number and with this name and phone change hands. */
typedef struct LinkMove {
    const uint8_t *name_phone_hash;
    int64_t from, to;
} LinkMove;

/* Who has an ID number. */
typedef struct LinkHolder {
    const uint8_t *id_hash;
    int64_t person;
} LinkHolder;

typedef struct LinkPlan {
    /* To be set before link_take: persons who are about to be written, by hash. */
    const LinkHolder *awaited;
    size_t awaited_count;
    /* All of this call's, by hash. */
    const LinkHolder *holders;
    size_t holder_count;
    /* Persons that are new and have one answer, a new one; last < first = none. Other new persons
     * have greater numbers. */
    int64_t first_single, last_single;
    const LinkMove *moves;
    size_t move_count;
    /* Names with phones that come to somebody with an ID number, moved or not. */
    const LinkMove *led;
    size_t led_count;
} LinkPlan;

/* Sets .person of each new answer (which are not in the base yet) and says what must move. */
ErrCode link_take(Db *db, Arena *arena, Record *records, size_t count, LinkPlan *plan,
                  Err *err) MUST_CHECK;

/* After answers with these names and phones have left the base: says what must move. */
ErrCode link_leave(Db *db, Arena *arena, const uint8_t *const *name_phone_hashes, size_t count,
                   LinkPlan *ret_plan, Err *err) MUST_CHECK;

/* Carries the moves out on table answer, and remembers whose numbers they had. */
ErrCode link_move(Db *db, const LinkPlan *plan, Err *err) MUST_CHECK;
/* Whether link_move would lead answers of other batches to other persons. */
ErrCode link_moves_others(Db *db, const LinkPlan *plan, int64_t batch, bool *ret_moves,
                          Err *err) MUST_CHECK;

/* Takes so many new person numbers, of which *ret_first is the first; while people are locked. None is
 * given twice. */
ErrCode link_numbers(Db *db, size_t count, int64_t *ret_first, Err *err) MUST_CHECK;

#endif
