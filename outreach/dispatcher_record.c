/* What claims came to, brought into the base in bulk. */
#include "outreach/dispatcher_state.h"

enum {
    RECORD_COUNT = 512,
    RECORD_LEAST = 128, /* when there is another reason to commit */
    RECORD_MS = 50,
    BEGIN_MAX = 8,
};

/* There are claims, but few more may begin. */
static bool begun_low(const Dispatcher *dispatcher)
{
    size_t begun = 0;
    for (const ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        begun += claim_begun(batch);
    return begun < dispatcher->terms.stride / 2 && begun < dispatcher_ready(dispatcher);
}

size_t dispatcher_record_due(const Dispatcher *dispatcher)
{
    size_t wanted = begun_low(dispatcher) ? RECORD_LEAST : RECORD_COUNT;
    return wanted > dispatcher->attempt_count ? wanted - dispatcher->attempt_count : 0;
}

void dispatcher_began(Dispatcher *dispatcher, const Begin *begin)
{
    claim_begin_done(begin);
    if (!begin->lasts)
        dispatcher_release_batch(dispatcher, begin->batch, "the lease ran out");
}

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
        if (claim_begun(batch) < (terms->stride + 1) / 2 &&
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
        dispatcher_began(dispatcher, &beginning.begins[at]);
    return OK;
}

ErrCode dispatcher_record(Dispatcher *dispatcher, bool all, Err *err)
{
    size_t count = dispatcher->attempt_count;
    bool idle = courier_busy(dispatcher->courier) == 0;
    bool due = all || dispatcher->refused || idle || dispatcher_record_due(dispatcher) == 0 ||
               boottime_ms() - dispatcher->attempt_since_ms >= RECORD_MS;
    if (count > 0 && due)
        TRY(record(dispatcher, err));
    if (dispatcher->refused && idle && dispatcher->attempt_count == 0) {
        dispatcher->refused = false; /* the campaigns concerned are paused now */
        courier_resume(dispatcher->courier);
    }
    return OK;
}
