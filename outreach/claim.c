#include "outreach/claim.h"

#include "base/lang.h"
#include "outreach/idlist.h"
#include "people/identity.h"

#include <stdlib.h>
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
    int64_t lease; /* 0 = not opened yet */
    int64_t begun_id;
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

static int lease_seconds(const ClaimTerms *terms)
{
    return (LEASE_MS + MARGIN_MS + terms->timeout_ms) / 1000;
}

/* Claims the ids from place `first` on. */
static ErrCode mark(Db *db, Taking *taking, size_t first, Err *err)
{
    const ClaimTerms *terms = taking->terms;
    if (taking->count == first)
        return OK;
    if (taking->lease == 0)
        TRY(db_insert(
            db, QUERY_OUTREACH_DISPATCH_LEASE,
            PARAMS(v_bytes(terms->worker, WORKER_BYTES), v_int(lease_seconds(terms)), v_int(0)),
            &taking->lease, err));
    const Hold hold = {.worker = terms->worker,
                       .lease = taking->lease,
                       .seconds = lease_seconds(terms),
                       .gateway = terms->gateway};
    return outbox_claim(db, taking->ids + first, taking->count - first, &hold, err);
}

static int by_number(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The first of them may begin as soon as the claim is committed. */
static ErrCode begin_first(Db *db, Taking *taking, Err *err)
{
    size_t first = taking->terms->first;
    taking->begun_id = 0;
    if (taking->count == 0 || first == 0)
        return OK;
    qsort(taking->ids, taking->count, sizeof *taking->ids, by_number);
    taking->begun_id = taking->ids[(first < taking->count ? first : taking->count) - 1];
    return db_run(db, QUERY_OUTREACH_DISPATCH_BEGIN,
                  PARAMS(v_int(taking->begun_id), v_int(taking->lease),
                         v_bytes(taking->terms->worker, WORKER_BYTES)),
                  NULL, err);
}

/* Campaigns are locked first, all in one order: claims run one after the other, so that two of them
 * cannot both find that a person was told nothing yet, and none runs while a campaign is being
 * paused. Nothing is claimed while another node of a cluster is written through. */
static ErrCode take(Db *db, void *state, Err *err)
{
    Taking *taking = state;
    taking->count = 0;
    taking->lease = 0;
    taking->suppressed = 0;
    bool *runs = arena_array(taking->arena, bool, taking->campaign_count);
    for (size_t at = 0; at < taking->campaign_count; at++) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_OUTREACH_DISPATCH_LOCK, PARAMS(v_int(taking->campaigns[at])), &rows,
                     err));
        runs[at] = rows_next(rows);
    }
    int64_t elsewhere;
    TRY(db_number(db, QUERY_OUTREACH_DISPATCH_ELSEWHERE, NO_PARAMS, &elsewhere, err));
    if (elsewhere)
        return OK;
    for (size_t at = 0; at < taking->campaign_count && taking->count < taking->terms->limit; at++) {
        size_t first = taking->count;
        if (!runs[at])
            continue;
        TRY(candidates(db, taking, taking->campaigns[at], err));
        TRY(mark(db, taking, first, err)); /* so that the next campaign's cap counts these */
    }
    return begin_first(db, taking, err);
}

typedef struct Reading {
    const Sealer *sealer;
    const uint8_t *worker;
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
static ErrCode read_back(Db *db, const Reading *reading, Err *err)
{
    ClaimBatch *batch = reading->batch;
    AUTO_ROWS rows = NULL;
    TRY(db_query(
        db, QUERY_OUTREACH_DISPATCH_CLAIMED,
        PARAMS(v_text(reading->ids), v_int(batch->lease), v_bytes(reading->worker, WORKER_BYTES)),
        &rows, err));
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

/* Nobody holds these claims, so nothing of them has begun, whatever the base was told. */
static void lease_forgo(Db *db, const ClaimTerms *terms, int64_t lease)
{
    Err ignored;
    if (db_run(db, QUERY_OUTREACH_DISPATCH_FORGO,
               PARAMS(v_int(lease), v_bytes(terms->worker, WORKER_BYTES)), NULL, &ignored) != OK)
        return; /* then the first of them stay uncertain */
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
    batch->lease = taking.lease;
    batch->begun_id = taking.begun_id;
    Reading reading = {.sealer = sealer,
                       .worker = terms->worker,
                       .ids = idlist_text(arena, taking.ids, taking.count),
                       .id_count = taking.count,
                       .batch = batch};
    code = read_back(db, &reading, err);
    if (code != OK) {
        lease_forgo(db, terms, taking.lease);
        return code;
    }
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
    int64_t *allowed = arena_array(arena, int64_t, (size_t)rows_count(rows) + 1);
    size_t count = 0;
    while (rows_next(rows))
        allowed[count++] = rows_int(rows, 0);
    for (size_t at = batch->given; at < batch->count; at++)
        ret_allowed[at] =
            bsearch(&batch->claims[at].message, allowed, count, sizeof *allowed, by_number) != NULL;
    batch->checked_ms = now_ms;
    return OK;
}

size_t claim_begun(const ClaimBatch *batch)
{
    size_t at = batch->given;
    while (at < batch->count && batch->claims[at].message <= batch->begun_id)
        at++;
    return at - batch->given;
}

bool claim_begin_plan(const ClaimTerms *terms, ClaimBatch *batch, Begin *ret_begin)
{
    size_t at = batch->given + claim_begun(batch);
    if (at == batch->count)
        return false;
    size_t last = batch->count - at > terms->stride ? at + terms->stride - 1 : batch->count - 1;
    *ret_begin = (Begin){.batch = batch, .begun_id = batch->claims[last].message};
    return true;
}

ErrCode claim_begin_write(Db *db, const ClaimTerms *terms, Begin *begin, Err *err)
{
    uint64_t changed = 0;
    TRY(db_run(db, QUERY_OUTREACH_DISPATCH_BEGIN,
               PARAMS(v_int(begin->begun_id), v_int(begin->batch->lease),
                      v_bytes(terms->worker, WORKER_BYTES)),
               &changed, err));
    begin->lasts = changed > 0;
    return OK;
}

void claim_begin_done(const Begin *begin)
{
    if (begin->lasts)
        begin->batch->begun_id = begin->begun_id;
}
