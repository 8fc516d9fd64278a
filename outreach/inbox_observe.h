/* outreach/inbox_observe.h: what was taken in since the last call, as events.
 * Shape:  the two counts are what was said so far, of the caller.
 * Errors: none. */
#ifndef OUTREACH_INBOX_OBSERVE_H
#define OUTREACH_INBOX_OBSERVE_H

#include "outreach/inbox.h"

void inbox_observe(const Inbox *inbox, ReceiptCounts *receipts, ReplyCounts *replies);

#endif
