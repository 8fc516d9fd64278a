/* From a claim to a recorded outcome. */
#include "base/lang.h"
#include "outreach/dispatcher_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CHECK_MS = 500, /* a claim that has waited so long is asked about again before it goes out */
    IDLE_CLAIM_MS = 200, /* after a claim that found nothing */
    RECORD_COUNT = 512,
    RECORD_LEAST = 128, /* when there is another reason to commit */
    RECORD_MS = 50,
    WAIT_MS = 50,
    GIVE_MAX = 64,
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
    dispatcher->claimed += batch ? (int64_t)batch->count : 0;
    ClaimBatch **link = &dispatcher->batches;
    while (*link)
        link = &(*link)->next;
    *link = batch;
    for (size_t at = 0; batch && at < batch->count; at++)
        if (at == 0 || batch->claims[at].campaign != batch->claims[at - 1].campaign)
            TRY(dispatcher_see(dispatcher, batch->claims[at].campaign, err));
    return batch ? batch_word(dispatcher, batch, err) : OK;
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
    bool *allowed = arena_array(batch->arena, bool, batch->count);
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

/* How many claims may be given to the wire without telling the base of more. */
static size_t batch_begun(const ClaimBatch *batch)
{
    size_t begun = 0;
    while (batch->given + begun < batch->count &&
           batch->claims[batch->given + begun].message <= batch->begun_id)
        begun++;
    return begun;
}

/* There are claims, but few more may begin. */
static bool begun_low(const Dispatcher *dispatcher)
{
    size_t begun = 0;
    for (const ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        begun += batch_begun(batch);
    return begun < dispatcher->terms.stride / 2 && begun < dispatcher_ready(dispatcher);
}

static void batch_began(Dispatcher *dispatcher, const Begin *begin)
{
    claim_begin_done(begin);
    if (!begin->lasts)
        batch_release(dispatcher, begin->batch, "the lease ran out");
}

/* Mostly dispatcher_record has done so on its way. */
static ErrCode batch_begin(Dispatcher *dispatcher, ClaimBatch *batch, Err *err)
{
    Begin begin;
    if (batch_begun(batch) > 0 || !claim_begin_plan(&dispatcher->terms, batch, &begin))
        return OK;
    ErrCode code = claim_begin_write(dispatcher->settings->db, &dispatcher->terms, &begin, err);
    if (code == ERR_DB_UNSURE) /* whether or not it was written, nothing has begun yet */
        return OK;
    TRY(code);
    batch_began(dispatcher, &begin);
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
    int64_t until_ms = batch->checked_ms + CHECK_MS;
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
        size_t wanted = batch_begun(batch), most = together > 0 ? room * together : room;
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
        attempt_add(dispatcher, one->claim, &one->outcome, !one->begun);
    }
    if (dispatcher->refused)
        dispatcher_release(dispatcher, "the gateway refuses the account");
    return code;
}

void dispatcher_rest(Dispatcher *dispatcher)
{
    bool idle = courier_busy(dispatcher->courier) == 0;
    int64_t pace_ms = pace_wait_us(&dispatcher->pace, monotonic_us()) / 1000;
    bool ready = dispatcher_ready(dispatcher) > 0;
    size_t wanted = begun_low(dispatcher) ? RECORD_LEAST : RECORD_COUNT;
    CourierWait wait = {.enough = wanted - dispatcher->attempt_count % wanted,
                        .hungry = ready && pace_ms == 0,
                        .timeout_ms = ready && pace_ms < WAIT_MS ? (int)pace_ms + 1 : WAIT_MS};
    if (idle && dispatcher->attempt_count > 0)
        return;
    courier_wait(dispatcher->courier, &wait);
}

enum { BEGIN_MAX = 8 };

typedef struct Beginning {
    const ClaimTerms *terms;
    Begin begins[BEGIN_MAX];
    size_t count;
} Beginning;

static void begin_plan(Dispatcher *dispatcher, Beginning *beginning)
{
    const ClaimTerms *terms = &dispatcher->terms;
    *beginning = (Beginning){.terms = terms};
    for (ClaimBatch *batch = dispatcher->batches; batch && beginning->count < BEGIN_MAX;
         batch = batch->next)
        if (batch_begun(batch) < (terms->stride + 1) / 2 &&
            claim_begin_plan(terms, batch, &beginning->begins[beginning->count]))
            beginning->count++;
}

static ErrCode begin_write(Db *db, void *state, Err *err)
{
    Beginning *beginning = state;
    for (size_t at = 0; at < beginning->count; at++)
        TRY(claim_begin_write(db, beginning->terms, &beginning->begins[at], err));
    return OK;
}

static ErrCode record(Dispatcher *dispatcher, Err *err)
{
    Beginning beginning;
    size_t count = dispatcher->attempt_count;
    begin_plan(dispatcher, &beginning);
    const AttemptBook book = {.attempts = dispatcher->attempts,
                              .count = count,
                              .also = begin_write,
                              .also_state = &beginning};
    TRY(attempts_book(dispatcher->settings->db, &book, &dispatcher->counts, err));
    dispatcher->attempt_count = 0;
    progress_at(&dispatcher->progress, dispatcher->progress.done + (int64_t)count);
    for (size_t at = 0; at < beginning.count; at++)
        batch_began(dispatcher, &beginning.begins[at]);
    return OK;
}

ErrCode dispatcher_record(Dispatcher *dispatcher, bool all, Err *err)
{
    size_t count = dispatcher->attempt_count;
    bool idle = courier_busy(dispatcher->courier) == 0;
    bool due = all || dispatcher->refused || count >= RECORD_COUNT || idle ||
               (count >= RECORD_LEAST && begun_low(dispatcher)) ||
               boottime_ms() - dispatcher->attempt_since_ms >= RECORD_MS;
    if (count > 0 && due)
        TRY(record(dispatcher, err));
    if (dispatcher->refused && idle && dispatcher->attempt_count == 0) {
        dispatcher->refused = false; /* the campaigns concerned are paused now */
        courier_resume(dispatcher->courier);
    }
    return OK;
}
