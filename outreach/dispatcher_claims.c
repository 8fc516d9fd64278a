/* The claims in hand: asked for, given back, finished. */
#include "base/lang.h"
#include "outreach/dispatcher_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    IDLE_CLAIM_MS = 200, /* after a claim that found nothing */
    QUICK_MS = 300,      /* a claim that is used up sooner was small */
    SLOW_MS = 1500,
};

int64_t monotonic_us(void)
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

void dispatcher_attempt(Dispatcher *dispatcher, Claim *claim, const Outcome *outcome, bool released)
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

void dispatcher_release_claim(Dispatcher *dispatcher, Claim *claim, const char *why)
{
    Outcome outcome = {.kind = OUTCOME_NOT_SENT};
    snprintf(outcome.note, sizeof outcome.note, "%s", why);
    dispatcher_attempt(dispatcher, claim, &outcome, true);
}

void dispatcher_release_batch(Dispatcher *dispatcher, ClaimBatch *batch, const char *why)
{
    while (batch->given < batch->count)
        dispatcher_release_claim(dispatcher, &batch->claims[batch->given++], why);
}

void dispatcher_release(Dispatcher *dispatcher, const char *why)
{
    for (ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        dispatcher_release_batch(dispatcher, batch, why);
}

void dispatcher_abandon(Dispatcher *dispatcher)
{
    Outcome outcome = {.kind = OUTCOME_UNCERTAIN, .note = "stopped while waiting for the answer"};
    for (ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        for (size_t at = 0; at < batch->given; at++)
            if (!batch->claims[at].finished)
                dispatcher_attempt(dispatcher, &batch->claims[at], &outcome, false);
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

/* The template of a campaign as it was when it was planned. */
static ErrCode template_known(Dispatcher *dispatcher, int64_t campaign, const Template **ret,
                              Err *err)
{
    for (KnownTemplate *known = dispatcher->templates; known; known = known->next) {
        *ret = &known->template;
        if (known->campaign == campaign)
            return OK;
    }
    AUTO_ROWS rows = NULL;
    Arena *arena = dispatcher->arena;
    TRY(db_query(dispatcher->settings->db, QUERY_OUTREACH_DISPATCH_TEMPLATE,
                 PARAMS(v_int(campaign)), &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, _("campaign %lld is gone"), (long long)campaign);
    KnownTemplate *known = arena_alloc(arena, sizeof *known);
    const char *name = arena_strdup(arena, rows_text(rows, 0)),
               *source = arena_strdup(arena, rows_text(rows, 1));
    TRY(template_parse(arena, name, source, strlen(source), &known->template, err));
    known->campaign = campaign;
    known->next = dispatcher->templates;
    dispatcher->templates = known;
    *ret = &known->template;
    return OK;
}

/* Gateways that keep the texts are told what fills the gaps. */
static ErrCode batch_word(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    for (size_t at = 0; at < batch->count && dispatcher->gateway.ask.filed_texts; at++) {
        Claim *claim = &batch->claims[at];
        const Template *template;
        Wording *wording = arena_alloc(batch->arena, sizeof *wording);
        TRY(template_known(dispatcher, claim->campaign, &template, err));
        if (wording_read(batch->arena, template, claim->gaps, wording))
            claim->wording = wording;
    }
    return OK;
}

/* What no longer goes out is given back at once. */
static ErrCode batch_add(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    ClaimBatch **link = &dispatcher->batches;
    while (*link)
        link = &(*link)->next;
    *link = batch;
    dispatcher->claimed += (int64_t)batch->count;
    for (size_t at = 0; at < batch->count; at++)
        if (at == 0 || batch->claims[at].campaign != batch->claims[at - 1].campaign)
            TRY(dispatcher_see(dispatcher, batch->claims[at].campaign, err));
    if (dispatcher->refused)
        dispatcher_release_batch(dispatcher, batch, "the gateway refuses the account");
    return batch_word(dispatcher, batch, err);
}

ErrCode dispatcher_claimed(Dispatcher *dispatcher, Err *err)
{
    Claimed claimed;
    TRY(claimer_take(dispatcher->claimer, &claimed, err));
    if (!claimed.done)
        return OK;
    dispatcher->suppressed += claimed.suppressed;
    dispatcher->nothing_due = claimed.batch == NULL;
    return claimed.batch ? batch_add(dispatcher, claimed.batch, err) : OK;
}

/* As much as goes out in about half a second, so that no lease runs out at a slow gateway. */
static void size_adapt(Dispatcher *dispatcher, int64_t now_ms)
{
    int64_t took_ms = now_ms - dispatcher->claimed_ms;
    size_t size = dispatcher->terms.limit;
    if (dispatcher->nothing_due)
        return;
    size = took_ms < QUICK_MS ? size * 2 : took_ms > SLOW_MS ? size / 2 : size;
    if (size > dispatcher->limit_most)
        size = dispatcher->limit_most;
    if (size < dispatcher->limit_least)
        size = dispatcher->limit_least;
    dispatcher->terms.limit = size;
}

ErrCode dispatcher_claim(Dispatcher *dispatcher, Err *err)
{
    int64_t now_ms = boottime_ms();
    batches_tidy(dispatcher);
    TRY(dispatcher_claimed(dispatcher, err));
    if (dispatcher->refused || claimer_busy(dispatcher->claimer) ||
        !window_open(&dispatcher->window, moment_now()) ||
        (dispatcher->nothing_due && now_ms - dispatcher->claimed_ms < IDLE_CLAIM_MS) ||
        dispatcher_ready(dispatcher) > dispatcher->terms.limit ||
        pace_wait_us(&dispatcher->pace, monotonic_us()) > 1000000)
        return OK;
    size_adapt(dispatcher, now_ms);
    dispatcher->claimed_ms = now_ms;
    ClaimTerms terms = dispatcher->terms;
    terms.first = dispatcher_ready(dispatcher) > 0 ? 0 : terms.stride;
    claimer_ask(dispatcher->claimer, &terms);
    return OK;
}
