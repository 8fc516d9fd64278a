/* outreach/reply.h: what people answer, understood by a table and never by guessing.
 * Shape:  an opt-out takes effect at once for every campaign; an intention becomes an answer in
 *         the information base, with its own batch (form "reply", one per campaign and day);
 *         everything else waits for a person.
 * Owns:   borrows the gateways.
 * Errors: ERR_DB…; ERR_SEAL.
 * Source: outreach/replies.def; sql/queries/outreach/reply.sql; DOMAIN checklist 57. */
#ifndef OUTREACH_REPLY_H
#define OUTREACH_REPLY_H

#include "outreach/receipt.h"
#include "outreach/reply_words.h"

typedef struct ReplyCounts {
    int64_t replies, optouts, intentions, others;
} ReplyCounts;

/* Takes in every new reply; adds to *counts. */
ErrCode replies_match(Db *db, const Sealer *sealer, const GatewaySet *gateways, ReplyCounts *counts,
                      Err *err) MUST_CHECK;

#endif
