/* outreach/inbox.h: receipts and replies taken in together: what `receive` does all day and
 * `dispatch` beside its work.
 * Shape:  call inbox_work as often as you like; it works when it is time to.
 * Units:  Moment = milliseconds UTC.
 * Owns:   borrows all it is given.
 * Errors: ERR_DB…; ERR_SEAL. */
#ifndef OUTREACH_INBOX_H
#define OUTREACH_INBOX_H

#include "outreach/reply.h"

typedef struct Inbox {
    Db *db;
    const Sealer *sealer;
    const GatewaySet *gateways;
    ReceiptCounts receipts;
    ReplyCounts replies;
    Moment worked_ms, again_ms;
} Inbox;

ErrCode inbox_work(Inbox *inbox, Err *err) MUST_CHECK;

/* The same by a thread of its own, over a connection of its own to inbox's base. */
typedef struct InboxThread InboxThread;
ErrCode inbox_start(const Inbox *inbox, InboxThread **ret_thread, Err *err) MUST_CHECK;
/* Gives what it has counted so far; why it has ended by itself, or OK while it works. */
ErrCode inbox_check(InboxThread *thread, Inbox *ret_inbox, Err *err) MUST_CHECK;
/* Ends it and gives what it counted. Takes NULL. */
void inbox_stop(InboxThread *thread, Inbox *ret_inbox);

#endif
