/* From a claim to what the gateway said. */
#include "base/lang.h"
#include "outreach/dispatcher_state.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHECK_MS = 250, /* a claim that has waited so long is asked about again before it is given */
    GIVEN_MS = 250, /* and then goes out within so long, or comes back */
    WAIT_MS = 50,
    GIVE_MAX = 64,
};

/* The last look before sending: opt-outs, pauses and lost leases since the claim. */
static ErrCode batch_check(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    int64_t now_ms = boottime_ms();
    if (now_ms > batch->sure_until_ms) {
        dispatcher_release_batch(dispatcher, batch, "the lease ran out");
        return OK;
    }
    if (now_ms - batch->checked_ms < CHECK_MS)
        return OK;
    bool *allowed = arena_array(batch->arena, bool, batch->count);
    TRY(claim_check(dispatcher->settings->db, &dispatcher->terms, batch, allowed, err));
    size_t kept = batch->given;
    for (size_t at = batch->given; at < batch->count; at++) {
        if (allowed[at])
            batch->claims[kept++] = batch->claims[at];
        else
            dispatcher_release_claim(dispatcher, &batch->claims[at],
                                     "withheld just before sending");
    }
    batch->count = kept;
    return OK;
}

/* Mostly dispatcher_record has done so on its way. */
static ErrCode batch_begin(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    Begin begin;
    if (claim_begun(batch) > 0 || !claim_begin_plan(&dispatcher->terms, batch, &begin))
        return OK;
    ErrCode code = claim_begin_write(dispatcher->settings->db, &dispatcher->terms, &begin, err);
    if (code == ERR_DB_UNSURE ||
        code == ERR_DB_CONFLICT) /* written or not, nothing has begun yet */
        return OK;
    TRY(code);
    dispatcher_began(dispatcher, &begin);
    return OK;
}

static GatewayMessage message_of(const Claim *claim)
{
    return (GatewayMessage){
        .text = claim->text, .reference = claim->reference, .wording = claim->wording};
}

static int by_content(const void *left, const void *right, void *gateway)
{
    const GatewayMessage one = message_of(left), other = message_of(right);
    return gateway_batch_order(gateway, &one, &other);
}

/* How many of the next claims go in one request. What was refused together with others goes alone.
 */
static size_t group_of(const Gateway *gateway, const Claim *claims, size_t count)
{
    size_t most = gateway->ask.batch.limit < count ? gateway->ask.batch.limit : count, group = 1;
    const GatewayMessage first = message_of(claims);
    while (group < most && claims->attempts == 1 && claims[group].attempts == 1) {
        const GatewayMessage next = message_of(&claims[group]);
        if (!gateway_batch_fits(gateway, &first, &next))
            break;
        group++;
    }
    return group;
}

/* Gives the next claims of a batch, at most `count`, which may begin, to the courier, in at most
 * `room` errands. Returns the number of errands. */
static size_t batch_give(Dispatcher *dispatcher, ClaimBatch *batch, size_t count, size_t room)
{
    int64_t until_ms = batch->checked_ms + CHECK_MS + GIVEN_MS;
    if (until_ms > batch->sure_until_ms)
        until_ms = batch->sure_until_ms;
    Gateway *gateway = &dispatcher->gateway;
    Claim *claims = &batch->claims[batch->given];
    if (gateway->ask.batch.same_text || gateway->ask.batch.same_wording)
        qsort_r(claims, count, sizeof *claims, by_content, gateway);
    size_t given = 0, all = 0;
    while (given < count && all < room) {
        Errand errands[GIVE_MAX];
        size_t made = 0;
        for (; made < GIVE_MAX && given < count && all < room; made++, all++) {
            errands[made] = (Errand){.claims = &claims[given], .until_ms = until_ms};
            claims[given].group = group_of(gateway, &claims[given], count - given);
            given += claims[given].group;
        }
        courier_give(dispatcher->courier, errands, made);
    }
    batch->given += given;
    pace_return(&dispatcher->pace, count - given);
    return all;
}

ErrCode dispatcher_send(Dispatcher *dispatcher, Err *err)
{
    if (dispatcher_ready(dispatcher) > 0 && !window_open(&dispatcher->window, moment_now()))
        dispatcher_release(dispatcher, "the sending window closed");
    size_t room = dispatcher->refused ? 0 : courier_room(dispatcher->courier);
    size_t together = dispatcher->gateway.ask.batch.limit;
    for (ClaimBatch *batch = dispatcher->batches; batch && room > 0; batch = batch->next) {
        if (batch->given == batch->count)
            continue;
        TRY(batch_check(dispatcher, batch, err));
        TRY(batch_begin(dispatcher, batch, err));
        size_t wanted = claim_begun(batch), most = together > 0 ? room * together : room;
        if (wanted > most)
            wanted = most;
        size_t allowed = pace_allow(&dispatcher->pace, monotonic_us(), wanted);
        room -= batch_give(dispatcher, batch, allowed, room);
        if (allowed < wanted)
            break;
    }
    return OK;
}

/* Of two messages of one request the one that says more about the gateway: "too fast", then that it
 * works. */
static const Returned *more_telling(const Returned *known, const Returned *next)
{
    static const int TELLS[OUTCOME_COUNT] = {
        [OUTCOME_THROTTLED] = 2, [OUTCOME_ACCEPTED] = 1, [OUTCOME_REJECTED] = 1};
    return known && TELLS[known->outcome.kind] >= TELLS[next->outcome.kind] ? known : next;
}

/* What a request taught about the gateway. */
static void pace_learn(Dispatcher *dispatcher, const Returned *returned)
{
    int64_t now_us = monotonic_us();
    const Outcome *outcome = &returned->outcome;
    if (returned->answered)
        dispatcher->answered_ms = boottime_ms();
    switch (outcome->kind) {
    case OUTCOME_ACCEPTED:
    case OUTCOME_REJECTED:
        pace_succeeded(&dispatcher->pace, now_us);
        break;
    case OUTCOME_PAUSED:
        break;
    case OUTCOME_THROTTLED:
        pace_throttled(&dispatcher->pace, now_us, outcome->retry_after_ms);
        break;
    case OUTCOME_NOT_SENT:
    case OUTCOME_UNCERTAIN:
    case OUTCOME_COUNT:
        pace_failed(&dispatcher->pace, now_us);
        break;
    }
}

ErrCode dispatcher_collect(Dispatcher *dispatcher, Err *err)
{
    const Returned *returned;
    size_t count;
    ErrCode code = courier_take(dispatcher->courier, &returned, &count, err);
    const Returned *lesson = NULL; /* of one request */
    for (size_t at = 0; at < count; at++) {
        const Returned *one = &returned[at];
        if (one->begun)
            lesson = more_telling(lesson, one);
        if (lesson && one->last) {
            pace_learn(dispatcher, lesson);
            lesson = NULL;
        }
        dispatcher->sent += one->begun && one->outcome.kind == OUTCOME_ACCEPTED;
        dispatcher->refused |= one->outcome.kind == OUTCOME_PAUSED;
        dispatcher_attempt(dispatcher, one->claim, &one->outcome, !one->begun);
    }
    if (dispatcher->refused)
        dispatcher_release(dispatcher, "the gateway refuses the account");
    return code;
}

void dispatcher_rest(Dispatcher *dispatcher)
{
    bool idle = courier_busy(dispatcher->courier) == 0;
    int64_t pace_ms = (pace_wait_us(&dispatcher->pace, monotonic_us()) + 999) / 1000;
    bool ready = dispatcher_ready(dispatcher) > 0;
    CourierWait wait = {.enough = dispatcher_record_due(dispatcher),
                        .hungry = ready && pace_ms == 0,
                        .timeout_ms =
                            ready && pace_ms > 0 && pace_ms < WAIT_MS ? (int)pace_ms : WAIT_MS};
    if (idle && dispatcher->attempt_count > 0)
        return;
    courier_wait(dispatcher->courier, &wait);
}
