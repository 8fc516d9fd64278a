/* outreach/dispatcher_state.h: what the parts of the dispatcher share; for dispatcher*.c only. */
#ifndef OUTREACH_DISPATCHER_STATE_H
#define OUTREACH_DISPATCHER_STATE_H

#include "base/progress.h"
#include "outreach/claimer.h"
#include "outreach/courier.h"
#include "outreach/dispatcher.h"
#include "outreach/inbox.h"
#include "outreach/journal.h"
#include "outreach/metrics.h"
#include "outreach/pace.h"
#include "outreach/receiver.h"
#include "outreach/watch.h"
#include "outreach/window.h"

enum { BATCH_MIN = 8, BATCH_MAX = 1024, STRIDE_MAX = 256, SEEN_MAX = 256 };

/* A campaign that this run touched, and how its messages stood when it was first seen. */
typedef struct SeenCampaign {
    int64_t id;
    int64_t before[STATE_COUNT];
} SeenCampaign;

/* A campaign's template as it was when it was planned; claims refer to it while they last. */
typedef struct KnownTemplate {
    struct KnownTemplate *next;
    int64_t campaign;
    Template template;
} KnownTemplate;

/* What was said of the run so far, in events and in the live figures. */
typedef struct Observed {
    int64_t said_ms, looked_ms;
    int64_t claimed, sent, suppressed, swept, expired, outcomes[OUTCOME_COUNT];
    ReceiptCounts receipts;
    ReplyCounts replies;
    bool begun, breaker_open, window_open;
    WatchPace pace;
    int64_t running[SEEN_MAX]; /* campaigns, when last looked at */
    size_t running_count;
} Observed;

typedef struct Dispatcher {
    const DispatchSettings *settings;
    Arena *arena; /* of the whole run */
    const char *epoch;
    Gateway gateway;
    GatewaySet gateways;
    Window window;
    ClaimTerms terms;
    Receiver *receiver; /* NULL = somebody else has the port, or no receipts are wanted */
    Inbox inbox;        /* works at the end; until then its thread does */
    InboxThread *matching;
    Courier *courier;
    Claimer *claimer;
    size_t limit_least, limit_most; /* of terms.limit, which follows the gateway's speed */
    Pace pace;
    Journal journal;
    KnownTemplate *templates; /* of campaigns that were claimed from; the latest first */
    ClaimBatch *batches;      /* the oldest first */
    Attempt *attempts;        /* finished and not recorded yet */
    size_t attempt_count, attempt_capacity;
    int64_t attempt_since_ms; /* the oldest of them */
    int64_t claimed_ms;       /* the last claim; the next one only later when it found nothing */
    bool nothing_due;
    bool refused; /* the gateway refuses the account: nothing more until that is recorded */
    int64_t swept_ms;
    int64_t sampled_ms;  /* when samples were last looked for that have been sent */
    int64_t answered_ms; /* the gateway's last answer of any kind */
    struct Asker *asker; /* NULL = no pass is under way */
    int64_t ask_ms;      /* the next pass begins then */
    AttemptCounts counts;
    int64_t claimed, sent, suppressed, swept, expired;
    Observed observed;
    DispatchLive live;
    Metrics *metrics; /* NULL = nobody can ask */
    SeenCampaign seen[SEEN_MAX];
    size_t seen_count;
    Progress progress;
} Dispatcher;

int64_t monotonic_us(void);

/* Takes in what was claimed, and has more claimed when there is room and something may be due. */
ErrCode dispatcher_claim(Dispatcher *dispatcher, Err *err) MUST_CHECK;
/* Takes in what was claimed. */
ErrCode dispatcher_claimed(Dispatcher *dispatcher, Err *err) MUST_CHECK;
/* Notes what an attempt came to; released: it was our own decision that it was none. */
void dispatcher_attempt(Dispatcher *dispatcher, Claim *claim, const Outcome *outcome,
                        bool released);
/* Gives back, as certainly not sent, a claim; or all of a batch that have not gone to the wire. */
void dispatcher_release_claim(Dispatcher *dispatcher, Claim *claim, const char *why);
void dispatcher_release_batch(Dispatcher *dispatcher, ClaimBatch *batch, const char *why);
/* What was written about the beginning of claims is committed. */
void dispatcher_began(Dispatcher *dispatcher, const Begin *begin);
/* Gives as many requests to the courier as connections, pace and window allow. */
ErrCode dispatcher_send(Dispatcher *dispatcher, Err *err) MUST_CHECK;
/* Takes what came back. */
ErrCode dispatcher_collect(Dispatcher *dispatcher, Err *err) MUST_CHECK;
/* Waits until there is something to do, at most some tens of milliseconds. */
void dispatcher_rest(Dispatcher *dispatcher);
/* Records what is finished: when enough of it is there, or it has waited, or all when `all`. */
ErrCode dispatcher_record(Dispatcher *dispatcher, bool all, Err *err) MUST_CHECK;
/* How many more attempts make it worth a commit; 0 = there are enough. */
size_t dispatcher_record_due(const Dispatcher *dispatcher);
/* Gives back, as certainly not sent, every claim that has not gone to the wire. */
void dispatcher_release(Dispatcher *dispatcher, const char *why);
/* What is still on the wire after the last wait may have been sent. */
void dispatcher_abandon(Dispatcher *dispatcher);
/* Claims in hand that have not gone to the wire. */
size_t dispatcher_ready(const Dispatcher *dispatcher);

/* Asks the gateway about messages that stay uncertain, a little at each call. */
ErrCode dispatcher_ask(Dispatcher *dispatcher, Err *err) MUST_CHECK;

/* Says what has happened since the last call: live figures always, events when they are on, at most
 * some a second unless `all`. */
ErrCode dispatcher_observe(Dispatcher *dispatcher, bool all, Err *err) MUST_CHECK;

/* Notes how a campaign stands before this run's part in it. */
ErrCode dispatcher_see(Dispatcher *dispatcher, int64_t campaign, Err *err) MUST_CHECK;
/* Queued, claimed, sent and uncertain messages of the running campaigns. */
ErrCode dispatcher_open(Dispatcher *dispatcher, int64_t ret_open[STATE_COUNT], Err *err) MUST_CHECK;
ErrCode dispatcher_report(Dispatcher *dispatcher, DispatchReport *ret_report, Err *err) MUST_CHECK;

#endif
