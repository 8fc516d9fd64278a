/* From a claim to a recorded outcome. */
#include "base/lang.h"
#include "outreach/dispatcher_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CHECK_MS = 500, /* a claim that has waited so long is asked about again before it goes out */
    IDLE_CLAIM_MS = 200, /* after a claim that found nothing */
    RECORD_COUNT = 256,
    RECORD_MS = 50,
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

size_t dispatcher_ready(const Dispatcher *dispatcher)
{
    size_t ready = 0;
    for (const ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        ready += batch->count - batch->given;
    return ready;
}

static void attempt_add(Dispatcher *dispatcher, Claim *claim, const Outcome *outcome, bool released)
{
    if (dispatcher->attempt_count == dispatcher->attempt_capacity) {
        size_t capacity = dispatcher->attempt_capacity ? dispatcher->attempt_capacity * 2 : 1024;
        Attempt *attempts = realloc(dispatcher->attempts, capacity * sizeof *attempts);
        if (!attempts)
            abort();
        dispatcher->attempts = attempts;
        dispatcher->attempt_capacity = capacity;
    }
    if (dispatcher->attempt_count == 0)
        dispatcher->attempt_since_ms = boottime_ms();
    dispatcher->attempts[dispatcher->attempt_count++] =
        (Attempt){.message = claim->message,
                  .campaign = claim->campaign,
                  .fence = claim->fence,
                  .attempts = claim->attempts,
                  .wait_ms = attempt_wait_ms(outcome, claim->attempts, released),
                  .outcome = *outcome};
    claim->finished = true;
    claim->batch->open--;
}

static void claim_release(Dispatcher *dispatcher, Claim *claim, const char *why)
{
    Outcome outcome = {.kind = OUTCOME_NOT_SENT};
    snprintf(outcome.note, sizeof outcome.note, "%s", why);
    attempt_add(dispatcher, claim, &outcome, true);
}

static void batch_release(Dispatcher *dispatcher, ClaimBatch *batch, const char *why)
{
    while (batch->given < batch->count)
        claim_release(dispatcher, &batch->claims[batch->given++], why);
}

void dispatcher_release(Dispatcher *dispatcher, const char *why)
{
    for (ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        batch_release(dispatcher, batch, why);
}

void dispatcher_abandon(Dispatcher *dispatcher)
{
    Outcome outcome = {.kind = OUTCOME_UNCERTAIN, .note = "stopped while waiting for the answer"};
    for (ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        for (size_t at = 0; at < batch->given; at++)
            if (!batch->claims[at].finished)
                attempt_add(dispatcher, &batch->claims[at], &outcome, false);
}

static void batches_tidy(Dispatcher *dispatcher)
{
    for (ClaimBatch **link = &dispatcher->batches; *link;) {
        ClaimBatch *batch = *link;
        if (batch->open > 0) {
            link = &batch->next;
            continue;
        }
        *link = batch->next;
        claim_free(batch);
    }
}

ErrCode dispatcher_claim(Dispatcher *dispatcher, Err *err)
{
    int64_t now_ms = boottime_ms();
    batches_tidy(dispatcher);
    if (dispatcher->refused || !window_open(&dispatcher->window, moment_now()) ||
        (dispatcher->nothing_due && now_ms - dispatcher->claimed_ms < IDLE_CLAIM_MS) ||
        dispatcher_ready(dispatcher) > dispatcher->terms.limit / 2 ||
        pace_wait_us(&dispatcher->pace, monotonic_us()) > 1000000)
        return OK;
    ClaimBatch *batch = NULL;
    TRY(claim_take(dispatcher->settings->db, dispatcher->settings->sealer, &dispatcher->terms,
                   &batch, &dispatcher->suppressed, err));
    dispatcher->claimed_ms = now_ms;
    dispatcher->nothing_due = batch == NULL;
    ClaimBatch **link = &dispatcher->batches;
    while (*link)
        link = &(*link)->next;
    *link = batch;
    for (size_t at = 0; batch && at < batch->count; at++)
        if (at == 0 || batch->claims[at].campaign != batch->claims[at - 1].campaign)
            TRY(dispatcher_see(dispatcher, batch->claims[at].campaign, err));
    return OK;
}

/* The last look before sending: opt-outs, pauses and lost leases since the claim. */
static ErrCode batch_check(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    int64_t now_ms = boottime_ms();
    if (now_ms > batch->sure_until_ms) {
        batch_release(dispatcher, batch, "the lease ran out");
        return OK;
    }
    if (now_ms - batch->checked_ms < CHECK_MS)
        return OK;
    bool allowed[BATCH_MAX];
    TRY(claim_check(dispatcher->settings->db, &dispatcher->terms, batch, allowed, err));
    size_t kept = batch->given;
    for (size_t at = batch->given; at < batch->count; at++) {
        if (allowed[at])
            batch->claims[kept++] = batch->claims[at];
        else
            claim_release(dispatcher, &batch->claims[at], "withheld just before sending");
    }
    batch->count = kept;
    return OK;
}

/* The template as it was when the campaign was planned. */
static ErrCode template_at_hand(Dispatcher *dispatcher, int64_t campaign, Err *err)
{
    AUTO_ROWS rows = NULL;
    if (dispatcher->template_of == campaign)
        return OK;
    dispatcher->template_of = 0;
    arena_reset(dispatcher->template_arena);
    TRY(db_query(dispatcher->settings->db, QUERY_OUTREACH_DISPATCH_TEMPLATE,
                 PARAMS(v_int(campaign)), &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, _("campaign %lld is gone"), (long long)campaign);
    const char *source = rows_text(rows, 1);
    TRY(template_parse(dispatcher->template_arena, rows_text(rows, 0), source, strlen(source),
                       &dispatcher->template, err));
    dispatcher->template_of = campaign;
    return OK;
}

static ErrCode claim_ask(Dispatcher *dispatcher, Claim *claim, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Wording wording;
    GatewayMessage message = {
        .to = claim->phone, .text = claim->text, .reference = claim->reference};
    if (dispatcher->gateway.ask.filed_texts) {
        TRY(template_at_hand(dispatcher, claim->campaign, err));
        if (wording_read(arena, &dispatcher->template, claim->gaps, &wording))
            message.wording = &wording;
    }
    return wire_start(dispatcher->wire, &message, claim, err);
}

/* The campaign cannot go out through this gateway; its people are none the worse for it. */
static void claim_stop(Dispatcher *dispatcher, Claim *claim, const Err *why)
{
    Outcome outcome = {.kind = OUTCOME_PAUSED,
                       .code = "template",
                       .fix = arena_printf(dispatcher->arena, "%s: %s", why->text, why->hint)};
    attempt_add(dispatcher, claim, &outcome, false);
    dispatcher->refused = true;
}

static ErrCode claim_send(Dispatcher *dispatcher, Claim *claim, Err *err)
{
    ErrCode code = claim_ask(dispatcher, claim, err);
    if (code == ERR_CONFIG)
        claim_stop(dispatcher, claim, err);
    if (code == ERR_CONFIG)
        return OK;
    if (code != ERR_INPUT && code != ERR_LIMIT)
        return code;
    Outcome outcome = {
        .kind = OUTCOME_REJECTED, .code = "unsendable", .note = "cannot be written as a request"};
    attempt_add(dispatcher, claim, &outcome, false);
    return OK;
}

ErrCode dispatcher_send(Dispatcher *dispatcher, Err *err)
{
    if (dispatcher_ready(dispatcher) > 0 && !window_open(&dispatcher->window, moment_now()))
        dispatcher_release(dispatcher, "the sending window closed");
    for (ClaimBatch *batch = dispatcher->batches; batch && wire_free(dispatcher->wire) > 0;
         batch = batch->next) {
        if (batch->given == batch->count)
            continue;
        TRY(batch_check(dispatcher, batch, err));
        size_t wanted = batch->count - batch->given, free_slots = wire_free(dispatcher->wire);
        if (wanted > free_slots)
            wanted = free_slots;
        size_t allowed = pace_allow(&dispatcher->pace, monotonic_us(), wanted);
        for (size_t at = 0; at < allowed && !dispatcher->refused; at++)
            TRY(claim_send(dispatcher, &batch->claims[batch->given++], err));
        if (allowed < wanted || dispatcher->refused)
            break;
    }
    return OK;
}

static void pace_learn(Dispatcher *dispatcher, const Exchange *exchange, const Outcome *outcome)
{
    int64_t now_us = monotonic_us();
    if (!exchange->failure)
        dispatcher->answered_ms = boottime_ms();
    switch (outcome->kind) {
    case OUTCOME_ACCEPTED:
        dispatcher->sent++;
        pace_succeeded(&dispatcher->pace, now_us);
        break;
    case OUTCOME_REJECTED:
        pace_succeeded(&dispatcher->pace, now_us);
        break;
    case OUTCOME_PAUSED:
        dispatcher->refused = true;
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

void dispatcher_collect(Dispatcher *dispatcher)
{
    void *tag;
    Exchange exchange;
    while (wire_finished(dispatcher->wire, &tag, &exchange)) {
        Outcome outcome;
        exchange.to = ((const Claim *)tag)->phone;
        outcome_judge(&dispatcher->gateway, &exchange, &outcome);
        pace_learn(dispatcher, &exchange, &outcome);
        attempt_add(dispatcher, tag, &outcome, false);
    }
    if (dispatcher->refused)
        dispatcher_release(dispatcher, "the gateway refuses the account");
}

ErrCode dispatcher_record(Dispatcher *dispatcher, bool all, Err *err)
{
    size_t count = dispatcher->attempt_count;
    bool due = all || dispatcher->refused || count >= RECORD_COUNT ||
               wire_busy(dispatcher->wire) == 0 ||
               boottime_ms() - dispatcher->attempt_since_ms >= RECORD_MS;
    bool idle = wire_busy(dispatcher->wire) == 0;
    if (count == 0 || !due) {
        dispatcher->refused = dispatcher->refused && (count > 0 || !idle);
        return OK;
    }
    TRY(attempts_record(dispatcher->settings->db, dispatcher->attempts, count, false,
                        &dispatcher->counts, err));
    dispatcher->attempt_count = 0;
    dispatcher->refused = dispatcher->refused && !idle; /* the campaigns concerned are paused now */
    progress_at(&dispatcher->progress, dispatcher->progress.done + (int64_t)count);
    return OK;
}
