#include "outreach/claim.h"

#include "base/lang.h"
#include "outreach/idlist.h"
#include "people/identity.h"

#include <time.h>

enum {
    LEASE_MS = 30000, /* beside the time that a request may take */
    MARGIN_MS =
        5000, /* a request that begins this long before the end is answered before the end */
};

int64_t boottime_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

ErrCode claim_campaigns(Db *db, Arena *arena, int64_t **ret_ids, size_t *ret_count,
                        size_t *ret_held, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_RUNNING, NO_PARAMS, &rows, err));
    int64_t *ids = arena_array(arena, int64_t, (size_t)rows_count(rows) + 1);
    size_t count = 0, held = 0;
    while (rows_next(rows)) {
        if (rows_int(rows, 1))
            ids[count++] = rows_int(rows, 0);
        else
            held++;
    }
    *ret_ids = ids;
    *ret_count = count;
    if (ret_held)
        *ret_held = held;
    return OK;
}

typedef struct Taking {
    const ClaimTerms *terms;
    const int64_t *campaigns;
    size_t campaign_count;
    Arena *arena;
    int64_t *ids; /* of terms->limit */
    size_t count;
    int64_t suppressed;
} Taking;

/* What changed since the plan and forbids the message; NULL = nothing. */
static const char *forbidden(const ClaimTerms *terms, const Rows *row)
{
    if (rows_int(row, 1))
        return "opted_out";
    if (rows_int(row, 3))
        return "forgotten";
    if (terms->cap_days > 0 && rows_int(row, 2) >= terms->cap_messages)
        return "recently_told";
    return NULL;
}

static ErrCode candidates(Db *db, Taking *taking, int64_t campaign, Err *err)
{
    const ClaimTerms *terms = taking->terms;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_CANDIDATES,
                 PARAMS(v_int(terms->cap_days), v_int(terms->cap_days), v_int(campaign),
                        v_int((int64_t)(terms->limit - taking->count))),
                 &rows, err));
    Move *moves = arena_array(taking->arena, Move, (size_t)rows_count(rows) + 1);
    size_t forbidden_count = 0;
    while (rows_next(rows)) {
        const char *why = forbidden(terms, rows);
        if (why)
            moves[forbidden_count++] = (Move){.message = rows_int(rows, 0),
                                              .from = STATE_QUEUED,
                                              .to = STATE_SUPPRESSED,
                                              .cause = "claim",
                                              .code = why,
                                              .fence = -1};
        else
            taking->ids[taking->count++] = rows_int(rows, 0);
    }
    taking->suppressed += (int64_t)forbidden_count;
    return outbox_move(db, moves, forbidden_count, NULL, err);
}

/* Claims the ids from place `first` on. */
static ErrCode mark(Db *db, Taking *taking, size_t first, Err *err)
{
    const ClaimTerms *terms = taking->terms;
    size_t count = taking->count - first;
    if (count == 0)
        return OK;
    const char *ids = idlist_text(taking->arena, taking->ids + first, count);
    Move *moves = arena_array(taking->arena, Move, count);
    for (size_t at = 0; at < count; at++)
        moves[at] = (Move){.message = taking->ids[first + at],
                           .from = STATE_QUEUED,
                           .to = STATE_CLAIMED,
                           .cause = "claim",
                           .fence = -1};
    TRY(db_run(db, QUERY_OUTREACH_DISPATCH_MARK,
               PARAMS(v_text(ids), v_bytes(terms->worker, WORKER_BYTES),
                      v_int((LEASE_MS + MARGIN_MS + terms->timeout_ms) / 1000),
                      v_text(terms->gateway)),
               NULL, err));
    return outbox_move(db, moves, count, NULL, err);
}

/* Campaigns are locked first, all in one order: claims run one after the other, so that two of them
 * cannot both find that a person was told nothing yet, and none runs while a campaign is being
 * paused. */
static ErrCode take(Db *db, void *state, Err *err)
{
    Taking *taking = state;
    taking->count = 0;
    taking->suppressed = 0;
    bool *runs = arena_array(taking->arena, bool, taking->campaign_count);
    for (size_t at = 0; at < taking->campaign_count; at++) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_OUTREACH_DISPATCH_LOCK, PARAMS(v_int(taking->campaigns[at])), &rows,
                     err));
        runs[at] = rows_next(rows);
    }
    for (size_t at = 0; at < taking->campaign_count && taking->count < taking->terms->limit; at++) {
        size_t first = taking->count;
        if (!runs[at])
            continue;
        TRY(candidates(db, taking, taking->campaigns[at], err));
        TRY(mark(db, taking, first, err)); /* so that the next campaign's cap counts these */
    }
    return OK;
}

typedef struct Reading {
    const Sealer *sealer;
    const ClaimTerms *terms;
    const char *ids;
    size_t id_count;
    ClaimBatch *batch;
} Reading;

/* An approval is bound to the hash of a number: what is sealed, which a new key seals anew, must
 * still be that number. */
static ErrCode phone_open(const Sealer *sealer, Arena *arena, const Rows *rows, char **ret_phone,
                          Err *err)
{
    size_t length, hash_length;
    uint8_t hash[SEAL_HASH_BYTES];
    const void *sealed = rows_bytes(rows, 4, &length);
    const void *approved = rows_bytes(rows, 8, &hash_length);
    TRY(unseal(sealer, arena, sealed, length, ret_phone, err));
    identity_phone_hash(sealer, *ret_phone ? *ret_phone : "", hash);
    if (approved && hash_length == sizeof hash && memcmp(hash, approved, sizeof hash) == 0)
        return OK;
    err_set(err, ERR_SEAL, _("message %lld would go to another number than was approved"),
            (long long)rows_int(rows, 0));
    return err_hint(err, _("somebody has changed the base by hand: pause the campaign and look"));
}

/* Reads back what is committed: the only way to hold a claim. */
static ErrCode read_back(Db *db, void *state, Err *err)
{
    Reading *reading = state;
    ClaimBatch *batch = reading->batch;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_CLAIMED,
                 PARAMS(v_text(reading->ids), v_bytes(reading->terms->worker, WORKER_BYTES)), &rows,
                 err));
    batch->count = 0;
    batch->claims = arena_array(batch->arena, Claim, reading->id_count);
    while (rows_next(rows)) {
        Claim *claim = &batch->claims[batch->count++];
        char *phone;
        TRY(phone_open(reading->sealer, batch->arena, rows, &phone, err));
        *claim = (Claim){.message = rows_int(rows, 0),
                         .campaign = rows_int(rows, 1),
                         .fence = rows_int(rows, 2),
                         .attempts = (int)rows_int(rows, 6),
                         .phone = phone,
                         .text = arena_strdup(batch->arena, rows_text(rows, 5)),
                         .gaps = arena_strdup(batch->arena, rows_text(rows, 7)),
                         .reference = arena_strdup(batch->arena, rows_text(rows, 3)),
                         .batch = batch};
    }
    return OK;
}

ErrCode claim_take(Db *db, const Sealer *sealer, const ClaimTerms *terms, ClaimBatch **ret_batch,
                   int64_t *suppressed, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Taking taking = {
        .terms = terms, .arena = arena, .ids = arena_array(arena, int64_t, terms->limit)};
    int64_t *campaigns;
    TRY(claim_campaigns(db, arena, &campaigns, &taking.campaign_count, NULL, err));
    taking.campaigns = campaigns;
    int64_t began_ms = boottime_ms();
    if (taking.campaign_count == 0) {
        *ret_batch = NULL;
        return OK;
    }
    ErrCode code = db_transact(db, take, &taking, err);
    if (code != OK && code != ERR_DB_UNSURE) /* unsure: what is read back decides */
        return code;
    *suppressed += taking.suppressed;
    *ret_batch = NULL;
    if (taking.count == 0)
        return OK;
    AUTO_ARENA kept = arena_new(0);
    ClaimBatch *batch = arena_alloc(kept, sizeof *batch);
    batch->arena = kept;
    batch->sure_until_ms = began_ms + LEASE_MS;
    batch->checked_ms = began_ms;
    Reading reading = {.sealer = sealer,
                       .terms = terms,
                       .ids = idlist_text(arena, taking.ids, taking.count),
                       .id_count = taking.count,
                       .batch = batch};
    TRY(db_transact(db, read_back, &reading, err));
    batch->open = batch->count;
    if (batch->count > 0) {
        *ret_batch = batch;
        kept = NULL;
    }
    return OK;
}

void claim_free(ClaimBatch *batch)
{
    if (batch)
        arena_free(batch->arena);
}

ErrCode claim_check(Db *db, const ClaimTerms *terms, ClaimBatch *batch, bool *ret_allowed, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    int64_t now_ms = boottime_ms();
    json_t *asked = json_array();
    for (size_t at = batch->given; at < batch->count; at++)
        json_array_append_new(asked,
                              json_pack("{sI, sI}", "id", (json_int_t)batch->claims[at].message,
                                        "fence", (json_int_t)batch->claims[at].fence));
    const char *text = idlist_take(arena, asked);
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_ALLOWED,
                 PARAMS(v_text(text), v_bytes(terms->worker, WORKER_BYTES)), &rows, err));
    bool row = rows_next(rows);
    for (size_t at = batch->given; at < batch->count; at++) { /* both are in order of the message */
        ret_allowed[at] = row && rows_int(rows, 0) == batch->claims[at].message;
        if (ret_allowed[at])
            row = rows_next(rows);
    }
    batch->checked_ms = now_ms;
    return OK;
}

typedef struct Sweep {
    QueryId query;
    Value params[2];
    size_t param_count;
    MessageState from, to;
    const char *cause;
    int64_t moved;
} Sweep;

static ErrCode sweep(Db *db, void *state, Err *err)
{
    Sweep *sweep = state;
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, sweep->query, sweep->params, sweep->param_count, &rows, err));
    Move *moves = arena_array(arena, Move, (size_t)rows_count(rows) + 1);
    size_t count = 0;
    while (rows_next(rows))
        moves[count++] = (Move){.message = rows_int(rows, 0),
                                .from = sweep->from,
                                .to = sweep->to,
                                .cause = sweep->cause,
                                .fence = rows_int(rows, 1)};
    sweep->moved = (int64_t)count;
    return outbox_move(db, moves, count, NULL, err);
}

static ErrCode sweep_all(Db *db, Sweep *state, int64_t *moved, Err *err)
{
    do {
        TRY(db_transact(db, sweep, state, err));
        *moved += state->moved;
    } while (state->moved > 0);
    return OK;
}

ErrCode claim_sweep(Db *db, int64_t *swept, Err *err)
{
    Sweep state = {.query = QUERY_OUTREACH_DISPATCH_STALE,
                   .from = STATE_CLAIMED,
                   .to = STATE_UNCERTAIN,
                   .cause = "lease"};
    return sweep_all(db, &state, swept, err);
}

ErrCode claim_expire(Db *db, const char *gateway, int hours, int64_t *expired, Err *err)
{
    Sweep state = {.query = QUERY_OUTREACH_DISPATCH_SILENT,
                   .params = {v_text(gateway), v_int(hours)},
                   .param_count = 2,
                   .from = STATE_SENT,
                   .to = STATE_EXPIRED,
                   .cause = "expiry"};
    return sweep_all(db, &state, expired, err);
}
