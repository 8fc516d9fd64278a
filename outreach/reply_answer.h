/* outreach/reply_answer.h: intentions said by SMS, as answers of the information base.
 * Shape:  a batch per campaign, day and reader, form "reply", credibility 7; each answer names its
 *         person by ID number, or by name and phone, and says one fact: wants_settlement.
 * Owns:   the list lives in the arena.
 * Errors: ERR_DB…; must be inside db_transact.
 * Source: sql/queries/outreach/reply.sql; people/answer.h. */
#ifndef OUTREACH_REPLY_ANSWER_H
#define OUTREACH_REPLY_ANSWER_H

#include "base/seal.h"
#include "sql/db.h"

typedef struct Intention {
    int64_t campaign;
    const char *campaign_name;
    int64_t person;
    Date day;
    int value;           /* code of wants_settlement */
    const char *read_by; /* who read it out of a reply; NULL = the table did */
} Intention;

typedef struct IntentionList {
    Intention *items;
    size_t count, capacity;
} IntentionList;

void intention_add(IntentionList *list, Arena *arena, Intention intention);

/* Brings all of them in, in the order in which they were said. A person who is no longer in the
 * base is left out. */
ErrCode intentions_take(Db *db, const Sealer *sealer, Arena *arena, IntentionList *list,
                        Err *err) MUST_CHECK;

#endif
