/* tests/outreach/life.h: what can happen to messages, and what must be true of them then: the
 * reference that the table of moves and the base are held against.
 * Shape:  a Life is some campaigns with some messages each, and every attempt that was made to send
 *         them: what really happened to it, and what anyone was told about it. life_draw
 *         (life_draw.h) invents what happens next, life_apply says what that must come to,
 *         life_wrong whether a state is true. No rule here is taken from the code under test.
 * Owns:   plain values; the same seed is the same life.
 * Source: DESIGN 7 "Message", "Dispatch"; DOMAIN checklist 32-35, 48, 53-56. */
#ifndef TESTS_OUTREACH_LIFE_H
#define TESTS_OUTREACH_LIFE_H

#include "outreach/campaign.h"
#include "outreach/gateway.h"
#include "outreach/outbox.h"
#include "support/home.h"

#include <string.h>

enum {
    LIFE_CAMPAIGNS = 3,
    LIFE_MESSAGES = 8,
    LIFE_ATTEMPTS = 8,
    LIFE_WORKERS = 3,
    LIFE_LEASES = 80
};

/* What anyone was told of an attempt, as bits; it may be told more than once. */
enum {
    TOLD_ACCEPTED = 1,     /* the gateway's answer, recorded */
    TOLD_REFUSED = 2,      /* … for good */
    TOLD_NOT_TAKEN = 4,    /* … not now; or we know that nothing left */
    TOLD_NOTHING = 8,      /* … lost */
    TOLD_SENT = 16,        /* a receipt */
    TOLD_DELIVERED = 32,   /* a receipt */
    TOLD_UNDELIVERED = 64, /* a receipt */
    STAFF_SENT = 128,
    STAFF_NOT_SENT = 256,
    LEASE_LOST = 512, /* nobody came back from it in time */
    NOT_BEGUN = 1024, /* the same, but it had not been let begin */
};

/* What a worker claimed at once. */
typedef struct LifeLease {
    bool over;
    int begun; /* messages up to this number may begin */
} LifeLease;

typedef struct LifeAttempt {
    int worker, lease;
    bool asked; /* its worker was told that it may go out now */
    bool begun; /* the request is on the wire */
    bool taken; /* the gateway has it: a copy reaches the phone */
    bool answered;
    OutcomeKind answer;
    unsigned told;
} LifeAttempt;

typedef struct LifeMessage {
    MessageState state;
    int fence;                           /* claims so far */
    LifeAttempt attempts[LIFE_ATTEMPTS]; /* the current one is number fence - 1 */
    bool opted_out;
    int copies;  /* on the phone */
    int granted; /* copies beyond the first that somebody answers for */
    int moves;
} LifeMessage;

typedef struct LifeCampaign {
    CampaignState state;
    LifeMessage messages[LIFE_MESSAGES];
} LifeCampaign;

typedef struct Life {
    uint64_t chance;
    int campaign_count, message_count; /* of each campaign */
    LifeCampaign campaigns[LIFE_CAMPAIGNS];
    LifeLease leases[LIFE_LEASES];
    int lease_count;
    /* Called for every move, before it is made; may be NULL. */
    void (*moves)(struct Life *life, const LifeMessage *message, MessageState to,
                  const char *cause);
} Life;

typedef enum LifeEventKind {
    LIFE_CLAIM, /* all that is due, by a worker */
    LIFE_MARK,  /* this and those before it of its lease may begin */
    LIFE_ASK,   /* whether the attempt may go out now */
    LIFE_BEGIN, /* its request */
    LIFE_ANSWER,
    LIFE_RECORD,      /* the answer; it may be done twice */
    LIFE_RECORD_LATE, /* the same from the journal */
    LIFE_LAPSE,       /* of the message's lease */
    LIFE_SWEEP,
    LIFE_RECEIPT,
    LIFE_STRANGER, /* a receipt for nobody */
    LIFE_OPT_OUT,
    LIFE_PAUSE,
    LIFE_RESUME,
    LIFE_CANCEL,
    LIFE_SETTLE_SENT, /* a person's word, about all that is uncertain in a campaign */
    LIFE_SETTLE_NOT_SENT,
    LIFE_EXPIRE, /* no receipt came in all the time there was */
    LIFE_EVENT_KINDS
} LifeEventKind;

typedef struct LifeEvent {
    LifeEventKind kind;
    int campaign, message, attempt, worker;
    bool taken; /* LIFE_BEGIN */
    OutcomeKind answer;
    ReceiptStatus status;
} LifeEvent;

static inline unsigned life_below(Life *life, unsigned below)
{
    uint64_t z = (life->chance += 0x9e3779b97f4a7c15u); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)(((z ^ (z >> 31)) >> 32) * below >> 32);
}

static inline void life_begin(Life *life, uint64_t seed, int campaigns, int messages)
{
    memset(life, 0, sizeof *life);
    life->chance = seed * 0x2545f4914f6cdd1du + 1;
    life->campaign_count = campaigns;
    life->message_count = messages;
    for (int at = 0; at < campaigns; at++)
        life->campaigns[at].state = CAMPAIGN_RUNNING;
}

/* Messages are numbered as in the base, where order is by number. */
static inline int life_number(const Life *life, int campaign, int message)
{
    return campaign * life->message_count + message + 1;
}

static inline void life_move(Life *life, LifeMessage *message, MessageState to, const char *cause)
{
    if (life->moves)
        life->moves(life, message, to, cause);
    message->state = to;
    message->moves++;
}

/* All that is due, in the order of their numbers, under one lease; as many of them may begin at once
 * as the worker's number says. */
static inline void life_claim(Life *life, int worker)
{
    int claimed = 0, lease = life->lease_count;
    for (int at = 0; at < life->campaign_count; at++) {
        for (int n = 0; n < life->message_count; n++) {
            LifeMessage *message = &life->campaigns[at].messages[n];
            if (life->campaigns[at].state != CAMPAIGN_RUNNING || message->state != STATE_QUEUED)
                continue;
            if (message->opted_out) {
                life_move(life, message, STATE_SUPPRESSED, "claim");
                continue;
            }
            message->attempts[message->fence++] = (LifeAttempt){.worker = worker, .lease = lease};
            life_move(life, message, STATE_CLAIMED, "claim");
            if (++claimed <= worker)
                life->leases[lease].begun = life_number(life, at, n);
        }
    }
    life->lease_count += claimed > 0;
}

/* A message of a cancelled campaign does not wait for anything. */
static inline void life_queue(Life *life, LifeCampaign *campaign, LifeMessage *message,
                              const char *cause)
{
    life_move(life, message, STATE_QUEUED, cause);
    if (campaign->state == CAMPAIGN_CANCELLED)
        life_move(life, message, STATE_CANCELLED, "cancel");
}

static inline void life_record(Life *life, const LifeEvent *event)
{
    LifeCampaign *campaign = &life->campaigns[event->campaign];
    LifeMessage *message = &campaign->messages[event->message];
    LifeAttempt *attempt = &message->attempts[event->attempt];
    bool current = event->attempt == message->fence - 1;
    if (attempt->answer == OUTCOME_PAUSED && campaign->state == CAMPAIGN_RUNNING)
        campaign->state = CAMPAIGN_PAUSED;
    if (current && message->state == STATE_UNCERTAIN && event->kind == LIFE_RECORD_LATE &&
        attempt->answer == OUTCOME_ACCEPTED) {
        attempt->told |= TOLD_ACCEPTED;
        life_move(life, message, STATE_SENT, "answer");
    }
    if (!current || message->state != STATE_CLAIMED)
        return;
    switch (attempt->answer) {
    case OUTCOME_ACCEPTED:
        attempt->told |= TOLD_ACCEPTED;
        life_move(life, message, STATE_SENT, "answer");
        break;
    case OUTCOME_REJECTED:
        attempt->told |= TOLD_REFUSED;
        life_move(life, message, STATE_REJECTED, "answer");
        break;
    case OUTCOME_UNCERTAIN:
        attempt->told |= TOLD_NOTHING;
        life_move(life, message, STATE_UNCERTAIN, "answer");
        break;
    case OUTCOME_THROTTLED:
    case OUTCOME_PAUSED:
    case OUTCOME_NOT_SENT:
        attempt->told |= TOLD_NOT_TAKEN;
        message->granted += attempt->taken; /* it said that it was not */
        life_queue(life, campaign, message, "answer");
        break;
    case OUTCOME_COUNT:
        break;
    }
}

/* How much is known: a receipt only ever adds to it. */
static inline int life_rank(MessageState state)
{
    return state == STATE_CLAIMED || state == STATE_UNCERTAIN ? 1 : state == STATE_SENT ? 2 : 3;
}

static inline void life_receipt(Life *life, const LifeEvent *event)
{
    LifeMessage *message = &life->campaigns[event->campaign].messages[event->message];
    static const MessageState SAID[RECEIPT_STATUSES] = {
        [RECEIPT_DELIVERED] = STATE_DELIVERED,
        [RECEIPT_UNDELIVERED] = STATE_UNDELIVERED,
        [RECEIPT_SENT] = STATE_SENT,
        [RECEIPT_IGNORED] = STATE_CLAIMED,
    };
    static const unsigned TOLD[RECEIPT_STATUSES] = {
        [RECEIPT_DELIVERED] = TOLD_DELIVERED,
        [RECEIPT_UNDELIVERED] = TOLD_UNDELIVERED,
        [RECEIPT_SENT] = TOLD_SENT,
    };
    if (event->attempt != message->fence - 1) /* no longer the attempt that its reference names */
        return;
    message->attempts[event->attempt].told |= TOLD[event->status];
    if (message->state == STATE_QUEUED) { /* it was taken after all: it must not go out again */
        if (event->status == RECEIPT_DELIVERED || event->status == RECEIPT_SENT)
            life_move(life, message, STATE_SUPPRESSED, "receipt");
    } else if (life_rank(SAID[event->status]) > life_rank(message->state)) {
        life_move(life, message, SAID[event->status], "receipt");
    }
}

/* What concerns one message of those that an event is about. */
static inline void life_touch(Life *life, const LifeEvent *event, LifeCampaign *campaign,
                              int number)
{
    LifeMessage *message = &campaign->messages[(number - 1) % life->message_count];
    bool named = campaign == &life->campaigns[event->campaign];
    LifeAttempt *last = message->fence ? &message->attempts[message->fence - 1] : NULL;
    if (event->kind == LIFE_SWEEP && message->state == STATE_CLAIMED &&
        life->leases[last->lease].over) {
        bool begun = number <= life->leases[last->lease].begun;
        last->told |= begun ? LEASE_LOST : NOT_BEGUN;
        if (begun)
            life_move(life, message, STATE_UNCERTAIN, "lease");
        else
            life_queue(life, campaign, message, "lease");
    }
    if (event->kind == LIFE_CANCEL && named && message->state == STATE_QUEUED)
        life_move(life, message, STATE_CANCELLED, "cancel");
    if (!named || message->state != STATE_UNCERTAIN)
        return;
    if (event->kind == LIFE_SETTLE_SENT) {
        last->told |= STAFF_SENT;
        life_move(life, message, STATE_SENT, "staff");
    } else if (event->kind == LIFE_SETTLE_NOT_SENT) {
        last->told |= STAFF_NOT_SENT;
        message->granted++;
        life_queue(life, campaign, message, "staff");
    }
}

/* Whether an attempt may go out now. */
static inline bool life_may_go(const Life *life, int campaign, int message, int attempt)
{
    const LifeCampaign *home = &life->campaigns[campaign];
    const LifeMessage *asked = &home->messages[message];
    return home->state == CAMPAIGN_RUNNING && asked->state == STATE_CLAIMED &&
           asked->fence == attempt + 1 && !life->leases[asked->attempts[attempt].lease].over &&
           !asked->opted_out;
}

static inline void life_apply(Life *life, const LifeEvent *event)
{
    LifeCampaign *campaign = &life->campaigns[event->campaign];
    LifeMessage *message = &campaign->messages[event->message];
    LifeAttempt *attempt = event->attempt < 0 ? NULL : &message->attempts[event->attempt];
    int number = life_number(life, event->campaign, event->message);
    switch (event->kind) {
    case LIFE_CLAIM:
        life_claim(life, event->worker);
        break;
    case LIFE_MARK:
        if (!life->leases[attempt->lease].over && life->leases[attempt->lease].begun < number)
            life->leases[attempt->lease].begun = number;
        break;
    case LIFE_ASK: /* who may not send it gives it back */
        attempt->asked = life_may_go(life, event->campaign, event->message, event->attempt);
        attempt->answered = !attempt->asked;
        attempt->answer = OUTCOME_NOT_SENT;
        break;
    case LIFE_BEGIN:
        attempt->begun = true;
        attempt->taken = event->taken;
        message->copies += event->taken;
        break;
    case LIFE_ANSWER:
        attempt->answered = true;
        attempt->answer = event->answer;
        break;
    case LIFE_RECORD:
    case LIFE_RECORD_LATE:
        life_record(life, event);
        break;
    case LIFE_LAPSE:
        life->leases[attempt->lease].over = true;
        break;
    case LIFE_RECEIPT:
        life_receipt(life, event);
        break;
    case LIFE_OPT_OUT:
        message->opted_out = true;
        if (message->state == STATE_QUEUED)
            life_move(life, message, STATE_SUPPRESSED, "optout");
        break;
    case LIFE_EXPIRE:
        life_move(life, message, STATE_EXPIRED, "expiry");
        break;
    case LIFE_PAUSE:
        campaign->state = CAMPAIGN_PAUSED;
        break;
    case LIFE_RESUME:
        campaign->state = CAMPAIGN_RUNNING;
        break;
    case LIFE_CANCEL:
        campaign->state = CAMPAIGN_CANCELLED;
        break;
    case LIFE_SWEEP:
    case LIFE_STRANGER:
    case LIFE_SETTLE_SENT:
    case LIFE_SETTLE_NOT_SENT:
    case LIFE_EVENT_KINDS:
        break;
    }
    for (int at = 0; at < life->campaign_count; at++)
        for (int n = 0; n < life->message_count; n++)
            life_touch(life, event, &life->campaigns[at], life_number(life, at, n));
}

/* What is wrong with a message; NULL = nothing. Every state needs its evidence. */
static inline const char *life_wrong(const LifeCampaign *campaign, const LifeMessage *message)
{
    const LifeAttempt *last = message->fence ? &message->attempts[message->fence - 1] : NULL;
    const unsigned told = last ? last->told : 0, received = TOLD_DELIVERED | TOLD_UNDELIVERED;
    const unsigned unsent = TOLD_NOT_TAKEN | STAFF_NOT_SENT | NOT_BEGUN;
    for (int at = 0; at < message->fence; at++) {
        const LifeAttempt *attempt = &message->attempts[at];
        if (at < message->fence - 1 && !(attempt->told & unsent))
            return "claimed again though an attempt before may have sent it";
        if (attempt->begun && (attempt->told & NOT_BEGUN || !attempt->asked))
            return "on the wire without having been let";
    }
    if (message->copies > 1 + message->granted)
        return "on the phone more often than anybody answers for";
    switch (message->state) {
    case STATE_QUEUED:
        return campaign->state == CAMPAIGN_CANCELLED ? "waits in a cancelled campaign"
               : last && !(told & unsent)            ? "waits though it may have been sent"
                                                     : NULL;
    case STATE_CLAIMED:
        return !last  ? "claimed without a claim"
               : told ? "still claimed though more is known"
                      : NULL;
    case STATE_SENT:
        return told & (TOLD_ACCEPTED | TOLD_SENT | STAFF_SENT) && !(told & received)
                   ? NULL
                   : "sent without proof, or more is known";
    case STATE_EXPIRED:
        return told & (TOLD_ACCEPTED | TOLD_SENT | STAFF_SENT) ? NULL : "expired without proof";
    case STATE_DELIVERED:
        return told & TOLD_DELIVERED ? NULL : "delivered without a receipt";
    case STATE_UNDELIVERED:
        return told & TOLD_UNDELIVERED ? NULL : "undelivered without a receipt";
    case STATE_REJECTED:
        return told & TOLD_REFUSED ? NULL : "rejected without an answer";
    case STATE_UNCERTAIN:
        return told & (TOLD_NOTHING | LEASE_LOST) &&
                       !(told & (TOLD_ACCEPTED | TOLD_REFUSED | TOLD_SENT | received))
                   ? NULL
                   : "uncertain though something is known";
    case STATE_CANCELLED:
        return campaign->state != CAMPAIGN_CANCELLED ? "cancelled in a living campaign" : NULL;
    case STATE_SUPPRESSED:
        return message->opted_out || told & (TOLD_SENT | TOLD_DELIVERED)
                   ? NULL
                   : "suppressed without a reason";
    case STATE_COUNT:
        break;
    }
    return "in no state";
}

#endif
