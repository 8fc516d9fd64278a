/* Claims whose worker is gone, and messages whose gateway is silent. */
#include "outreach/claim.h"
#include "outreach/idlist.h"

typedef struct Sweep {
    Arena *arena;
    const char *gateway; /* of expire */
    int hours;
    int64_t seen, moved; /* rows looked at; into the state that is counted */
} Sweep;

/* Ends the leases of swept messages, so that no stalled worker lets more of them begin. */
static ErrCode leases_end(Db *db, const Sweep *sweep, const int64_t *leases, size_t count, Err *err)
{
    if (count == 0)
        return OK;
    return db_run(db, QUERY_OUTREACH_DISPATCH_END,
                  PARAMS(v_text(idlist_text(sweep->arena, leases, count))), NULL, err);
}

static ErrCode sweep_stale(Db *db, void *state, Err *err)
{
    Sweep *sweep = state;
    AUTO_ROWS rows = NULL;
    arena_reset(sweep->arena);
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_STALE, NO_PARAMS, &rows, err));
    size_t count = 0, lease_count = 0, places = (size_t)rows_count(rows) + 1;
    Move *moves = arena_array(sweep->arena, Move, places);
    int64_t *leases = arena_array(sweep->arena, int64_t, places);
    sweep->moved = 0;
    while (rows_next(rows)) {
        bool begun = rows_int(rows, 2);
        int64_t lease = rows_int(rows, 3);
        moves[count++] = (Move){.message = rows_int(rows, 0),
                                .from = STATE_CLAIMED,
                                .to = begun ? STATE_UNCERTAIN : STATE_QUEUED,
                                .cause = "lease",
                                .fence = rows_int(rows, 1)};
        sweep->moved += begun;
        if (lease && (lease_count == 0 || leases[lease_count - 1] != lease))
            leases[lease_count++] = lease;
    }
    sweep->seen = (int64_t)count;
    TRY(leases_end(db, sweep, leases, lease_count, err));
    return outbox_move(db, moves, count, NULL, err);
}

static ErrCode sweep_silent(Db *db, void *state, Err *err)
{
    Sweep *sweep = state;
    AUTO_ROWS rows = NULL;
    arena_reset(sweep->arena);
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_SILENT,
                 PARAMS(v_text(sweep->gateway), v_int(sweep->hours)), &rows, err));
    Move *moves = arena_array(sweep->arena, Move, (size_t)rows_count(rows) + 1);
    size_t count = 0;
    while (rows_next(rows))
        moves[count++] = (Move){.message = rows_int(rows, 0),
                                .from = STATE_SENT,
                                .to = STATE_EXPIRED,
                                .cause = "expiry",
                                .fence = rows_int(rows, 1)};
    sweep->seen = sweep->moved = (int64_t)count;
    return outbox_move(db, moves, count, NULL, err);
}

static ErrCode sweep_all(Db *db, TransactionBody body, Sweep *sweep, int64_t *moved, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    sweep->arena = arena;
    do {
        TRY(db_transact(db, body, sweep, err));
        *moved += sweep->moved;
    } while (sweep->seen > 0);
    return OK;
}

ErrCode claim_sweep(Db *db, int64_t *swept, Err *err)
{
    Sweep sweep = {0};
    TRY(sweep_all(db, sweep_stale, &sweep, swept, err));
    return db_run(db, QUERY_OUTREACH_DISPATCH_FORGET_LEASES, NO_PARAMS, NULL, err);
}

ErrCode claim_expire(Db *db, const char *gateway, int hours, int64_t *expired, Err *err)
{
    Sweep sweep = {.gateway = gateway, .hours = hours};
    return sweep_all(db, sweep_silent, &sweep, expired, err);
}
