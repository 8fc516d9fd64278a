#include "outreach/attempt.h"

#include "base/lang.h"
#include "base/seal.h"
#include "outreach/campaign.h"
#include "outreach/idlist.h"

#include <string.h>

enum { FIRST_WAIT_MS = 500, WAIT_DOUBLINGS = 9, THROTTLED_WAIT_MS = 1000 };

int64_t attempt_wait_ms(const Outcome *outcome, int attempts, bool released)
{
    if (released || outcome->kind == OUTCOME_PAUSED)
        return 0;
    int64_t wait_ms = THROTTLED_WAIT_MS;
    if (outcome->kind == OUTCOME_NOT_SENT) {
        int doublings = attempts < 1 ? 0 : attempts - 1;
        wait_ms = (int64_t)FIRST_WAIT_MS
                  << (doublings < WAIT_DOUBLINGS ? doublings : WAIT_DOUBLINGS);
    }
    uint16_t chance;
    seal_random(&chance, sizeof chance);
    wait_ms += wait_ms * chance / UINT16_MAX / 2;
    return outcome->retry_after_ms > wait_ms ? outcome->retry_after_ms : wait_ms;
}

typedef struct Recording {
    const AttemptBook *book;
    const Attempt *attempts; /* of the book */
    size_t count;
    Arena *arena;
    AttemptCounts counts; /* of this try */
} Recording;

static ErrCode defer(Db *db, const Recording *recording, Err *err)
{
    json_t *deferred = json_array();
    for (size_t at = 0; at < recording->count; at++) {
        const Attempt *attempt = &recording->attempts[at];
        if (outcome_state(attempt->outcome.kind) == STATE_QUEUED)
            json_array_append_new(deferred,
                                  json_pack("{sI, sI, sI}", "id", (json_int_t)attempt->message,
                                            "fence", (json_int_t)attempt->fence, "delay_ms",
                                            (json_int_t)attempt->wait_ms));
    }
    bool none = json_array_size(deferred) == 0;
    const char *text = idlist_take(recording->arena, deferred);
    return none ? OK : db_run(db, QUERY_OUTREACH_DISPATCH_DEFER, PARAMS(v_text(text)), NULL, err);
}

static Move move_of(const Attempt *attempt, MessageState from)
{
    const Outcome *outcome = &attempt->outcome;
    return (Move){.message = attempt->message,
                  .from = from,
                  .to = outcome_state(outcome->kind),
                  .cause = "answer",
                  .code = *outcome->code ? outcome->code : NULL,
                  .note = *outcome->note ? outcome->note : NULL,
                  .gateway_id = *outcome->gateway_id ? outcome->gateway_id : NULL,
                  .fence = attempt->fence};
}

/* A lease that ran out has made it uncertain; an answer that was kept in the journal knows better.
 */
static ErrCode settle_late(Db *db, const Recording *recording, bool *done, Err *err)
{
    Move *moves = arena_array(recording->arena, Move, recording->count);
    size_t *places = arena_array(recording->arena, size_t, recording->count);
    bool *settled = arena_array(recording->arena, bool, recording->count);
    size_t count = 0;
    for (size_t at = 0; at < recording->count; at++) {
        if (done[at] || recording->attempts[at].outcome.kind != OUTCOME_ACCEPTED)
            continue;
        places[count] = at;
        moves[count++] = move_of(&recording->attempts[at], STATE_UNCERTAIN);
    }
    TRY(outbox_move(db, moves, count, settled, err));
    for (size_t at = 0; at < count; at++)
        done[places[at]] = settled[at];
    return OK;
}

static ErrCode stop_campaigns(Db *db, Recording *recording, Err *err)
{
    int64_t stopped = 0;
    for (size_t at = 0; at < recording->count; at++) {
        const Attempt *attempt = &recording->attempts[at];
        const Outcome *outcome = &attempt->outcome;
        if (outcome->kind != OUTCOME_PAUSED || attempt->campaign == stopped)
            continue;
        const char *why = outcome->fix ? outcome->fix
                                       : _("the gateway refuses the account: check user name and "
                                           "password");
        const char *code = *outcome->code ? outcome->code : outcome->note;
        TRY(campaign_stop(db, attempt->campaign,
                          arena_printf(recording->arena, "%s (%s)", why, code), err));
        stopped = attempt->campaign;
        recording->counts.stopped++;
    }
    return OK;
}

static ErrCode record(Db *db, void *state, Err *err)
{
    Recording *recording = state;
    recording->counts = (AttemptCounts){0};
    arena_reset(recording->arena);
    TRY(stop_campaigns(db, recording,
                       err)); /* campaigns before messages, as the claim locks them */
    TRY(defer(db, recording, err));
    Move *moves = arena_array(recording->arena, Move, recording->count);
    bool *done = arena_array(recording->arena, bool, recording->count);
    for (size_t at = 0; at < recording->count; at++)
        moves[at] = move_of(&recording->attempts[at], STATE_CLAIMED);
    TRY(outbox_move(db, moves, recording->count, done, err));
    if (recording->book->late)
        TRY(settle_late(db, recording, done, err));
    for (size_t at = 0; at < recording->count; at++) {
        if (done[at])
            recording->counts.by_kind[recording->attempts[at].outcome.kind]++;
        else
            recording->counts.stale++;
    }
    return recording->book->also ? recording->book->also(db, recording->book->also_state, err) : OK;
}

ErrCode attempts_book(Db *db, const AttemptBook *book, AttemptCounts *counts, Err *err)
{
    if (book->count == 0)
        return OK;
    AUTO_ARENA arena = arena_new(0);
    Recording recording = {
        .book = book, .attempts = book->attempts, .count = book->count, .arena = arena};
    ErrCode code = db_transact(db, record, &recording, err);
    if (code == ERR_DB_UNSURE) /* safe to do again: what was committed moves nothing twice */
        code = db_transact(db, record, &recording, err);
    TRY(code);
    for (int kind = 0; kind < OUTCOME_COUNT; kind++)
        counts->by_kind[kind] += recording.counts.by_kind[kind];
    counts->stale += recording.counts.stale;
    counts->stopped += recording.counts.stopped;
    return OK;
}

ErrCode attempts_record(Db *db, const Attempt *attempts, size_t count, bool late,
                        AttemptCounts *counts, Err *err)
{
    const AttemptBook book = {.attempts = attempts, .count = count, .late = late};
    return attempts_book(db, &book, counts, err);
}
