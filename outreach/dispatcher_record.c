/* What claims came to, brought into the base in bulk. */
#include "outreach/dispatcher_state.h"

enum {
    RECORD_COUNT = 512,
    RECORD_LEAST = 128, /* when there is another reason to commit */
    RECORD_MS = 50,
};

/* There are claims, but few more may begin. */
static bool begun_low(const Dispatcher *dispatcher)
{
    size_t begun = 0;
    for (const ClaimBatch *batch = dispatcher->batches; batch; batch = batch->next)
        begun += claim_begun(batch);
    return begun < (dispatcher->terms.stride + 1) / 2 && begun < dispatcher_ready(dispatcher);
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

/* What is written about the beginning of claims on the way of a record. */
typedef struct Beginning {
    const ClaimTerms *terms;
    bool wanted;
    Begin begin;
} Beginning;

static void begin_plan(Dispatcher *dispatcher, Beginning *beginning)
{
    *beginning = (Beginning){.terms = &dispatcher->terms};
    ClaimBatch *batch = begun_low(dispatcher) ? dispatcher->batches : NULL;
    for (; batch && !beginning->wanted; batch = batch->next)
        beginning->wanted = claim_begin_plan(beginning->terms, batch, &beginning->begin);
}

static ErrCode begin_write(Db *db, void *state, Err *err)
{
    Beginning *beginning = state;
    return beginning->wanted ? claim_begin_write(db, beginning->terms, &beginning->begin, err) : OK;
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
    if (beginning.wanted)
        dispatcher_began(dispatcher, &beginning.begin);
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
