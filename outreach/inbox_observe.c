#include "outreach/inbox_observe.h"

#include "outreach/event.h"

void inbox_observe(const Inbox *inbox, ReceiptCounts *receipts, ReplyCounts *replies)
{
    const ReceiptCounts *got = &inbox->receipts;
    const ReplyCounts *said = &inbox->replies;
    if (got->receipts > receipts->receipts)
        event_say("receipts",
                  json_pack("{sI, sI, sI, sI}", "looked_at",
                            (json_int_t)(got->receipts - receipts->receipts), "delivered",
                            (json_int_t)(got->delivered - receipts->delivered), "undelivered",
                            (json_int_t)(got->undelivered - receipts->undelivered), "unmatched",
                            (json_int_t)(got->unmatched - receipts->unmatched)));
    if (said->replies > replies->replies)
        event_say("replies", json_pack("{sI, sI, sI, sI}", "stored",
                                       (json_int_t)(said->replies - replies->replies), "optouts",
                                       (json_int_t)(said->optouts - replies->optouts), "intentions",
                                       (json_int_t)(said->intentions - replies->intentions),
                                       "others", (json_int_t)(said->others - replies->others)));
    *receipts = *got;
    *replies = *said;
}
