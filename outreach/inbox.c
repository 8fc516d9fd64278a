#include "outreach/inbox.h"

enum { WORK_MS = 100, AGAIN_S = 10 };

ErrCode inbox_work(Inbox *inbox, Err *err)
{
    Moment now = moment_now();
    if (now >= inbox->worked_ms && now - inbox->worked_ms < WORK_MS)
        return OK;
    if (now < inbox->again_ms || now - inbox->again_ms >= AGAIN_S * 1000) {
        TRY(receipts_again(inbox->db, AGAIN_S, err));
        inbox->again_ms = now;
    }
    TRY(receipts_match(inbox->db, inbox->sealer, inbox->gateways, &inbox->receipts, err));
    TRY(replies_match(inbox->db, inbox->sealer, inbox->gateways, &inbox->replies, err));
    inbox->worked_ms = moment_now();
    return OK;
}
