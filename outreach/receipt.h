/* outreach/receipt.h: what gateways report, matched to the messages it is about.
 * Shape:  stored raw first (receiver.c), matched here in batches; a receipt may come before its
 *         send is recorded, twice, out of order, or for nobody we know: nothing is dropped, and
 *         a final state never changes.
 * Owns:   borrows the gateways.
 * Errors: ERR_DB…; ERR_SEAL.
 * Source: sql/queries/outreach/receipt.sql; outreach/transitions.def; DOMAIN checklist 53–56. */
#ifndef OUTREACH_RECEIPT_H
#define OUTREACH_RECEIPT_H

#include "base/seal.h"
#include "outreach/gateway.h"
#include "outreach/outbox.h"

typedef struct ReceiptCounts {
    int64_t receipts; /* looked at */
    int64_t items;
    int64_t delivered, undelivered; /* messages that became so */
    int64_t unmatched; /* items that fit no message; their receipt is tried again later */
} ReceiptCounts;

/* What a reported status does to a message in a state; false = nothing. */
bool receipt_move(MessageState from, ReceiptStatus status, MessageState *ret_to);

/* Matches everything that is new; adds to *counts. */
ErrCode receipts_match(Db *db, const Sealer *sealer, const GatewaySet *gateways,
                       ReceiptCounts *counts, Err *err) MUST_CHECK;

/* Puts what fitted nothing back among the new, when it was last tried so many seconds ago. */
ErrCode receipts_again(Db *db, int seconds, Err *err) MUST_CHECK;

#endif
