/* tests/outreach/life_draw.h: what happens next in a life, by chance: anything that can.
 * Owns:   the Life's own chance: the same seed is the same life. */
#ifndef TESTS_OUTREACH_LIFE_DRAW_H
#define TESTS_OUTREACH_LIFE_DRAW_H

#include "outreach/life.h"

/* An honest gateway now and then says that it did not take what it took, or the other way round. */
static inline OutcomeKind life_answer(Life *life, bool taken)
{
    static const OutcomeKind TAKEN[] = {OUTCOME_ACCEPTED, OUTCOME_ACCEPTED, OUTCOME_UNCERTAIN},
                             NOT_TAKEN[] = {OUTCOME_REJECTED, OUTCOME_THROTTLED, OUTCOME_PAUSED,
                                            OUTCOME_NOT_SENT, OUTCOME_UNCERTAIN};
    if (life_below(life, 12) == 0)
        return (OutcomeKind)life_below(life, OUTCOME_COUNT);
    return taken ? TAKEN[life_below(life, 3)] : NOT_TAKEN[life_below(life, 5)];
}

static inline bool life_worn(const Life *life)
{
    bool worn = life->lease_count == LIFE_LEASES;
    for (int at = 0; at < life->campaign_count; at++)
        for (int n = 0; n < life->message_count; n++)
            worn = worn || life->campaigns[at].messages[n].fence == LIFE_ATTEMPTS;
    return worn;
}

/* What happens next. False when chance named something that cannot happen now. */
static inline bool life_draw(Life *life, LifeEvent *ret)
{
    /* how often each kind is proposed */
    static const unsigned char OFTEN[LIFE_EVENT_KINDS] = {12, 8, 14, 14, 14, 14, 2, 3, 4,
                                                          8,  1, 1,  1,  4,  1,  1, 2, 1};
    unsigned draw = life_below(life, 105), kind = 0;
    while (draw >= OFTEN[kind])
        draw -= OFTEN[kind++];
    LifeEvent event = {.kind = (LifeEventKind)kind,
                       .campaign = (int)life_below(life, (unsigned)life->campaign_count),
                       .message = (int)life_below(life, (unsigned)life->message_count),
                       .worker = (int)life_below(life, LIFE_WORKERS)};
    LifeMessage *message = &life->campaigns[event.campaign].messages[event.message];
    CampaignState state = life->campaigns[event.campaign].state;
    /* mostly the last attempt */
    event.attempt = message->fence - 1;
    if (message->fence > 1 && life_below(life, 4) == 0)
        event.attempt = (int)life_below(life, (unsigned)message->fence);
    LifeAttempt *attempt = event.attempt < 0 ? NULL : &message->attempts[event.attempt];
    event.taken = life_below(life, 4) > 0;
    event.answer = attempt ? life_answer(life, attempt->taken) : OUTCOME_UNCERTAIN;
    event.status = (ReceiptStatus)life_below(life, RECEIPT_STATUSES);
    *ret = event;
    switch (event.kind) {
    case LIFE_MARK:
    case LIFE_ASK:
        return attempt && !attempt->begun && !attempt->answered;
    case LIFE_BEGIN:
        return attempt && attempt->asked && !attempt->begun && !attempt->answered &&
               life_number(life, event.campaign, event.message) <=
                   life->leases[attempt->lease].begun;
    case LIFE_ANSWER:
        return attempt && attempt->begun && !attempt->answered;
    case LIFE_RECORD:
    case LIFE_RECORD_LATE:
        return attempt && attempt->answered;
    case LIFE_LAPSE:
        return attempt && !life->leases[attempt->lease].over;
    case LIFE_RECEIPT:
        return attempt && attempt->taken;
    case LIFE_PAUSE:
        return state == CAMPAIGN_RUNNING;
    case LIFE_RESUME:
        return state == CAMPAIGN_PAUSED;
    case LIFE_CANCEL:
        return state != CAMPAIGN_CANCELLED && life_below(life, 4) == 0;
    case LIFE_EXPIRE:
        return message->state == STATE_SENT;
    case LIFE_CLAIM: /* its attempts must have their places */
        return !life_worn(life);
    case LIFE_SWEEP:
    case LIFE_STRANGER:
    case LIFE_OPT_OUT:
    case LIFE_SETTLE_SENT:
    case LIFE_SETTLE_NOT_SENT:
    case LIFE_EVENT_KINDS:
        break;
    }
    return true;
}

#endif
