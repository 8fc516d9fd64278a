#include "outreach/sample.h"

#include "base/lang.h"
#include "base/seal.h"
#include "base/text.h"
#include "outreach/outbox.h"

enum { RECEIPTS_S = 10, SEED_BITS = 48 };

int64_t sample_seed_new(void)
{
    uint64_t seed;
    seal_random(&seed, sizeof seed);
    return (int64_t)(seed >> (64 - SEED_BITS));
}

static ErrCode wave_set(Db *db, const Campaign *campaign, const char *wave, int64_t size,
                        int64_t seed, Err *err)
{
    bool sampled = size > 0;
    return db_run(db, QUERY_OUTREACH_SAMPLE_WAVE,
                  PARAMS(v_text(wave), sampled ? v_int(size) : v_null(),
                         sampled ? v_int(seed) : v_null(), v_int(campaign->id)),
                  NULL, err);
}

ErrCode sample_choose(Db *db, const Campaign *campaign, int64_t size, int64_t seed, Err *err)
{
    int64_t messages = 0;
    if (!text_equal(campaign->wave, "whole"))
        TRY(db_run(db, QUERY_OUTREACH_SAMPLE_RELEASE, PARAMS(v_int(campaign->id)), NULL, err));
    if (size == 0)
        return wave_set(db, campaign, "whole", 0, 0, err);
    TRY(db_number(db, QUERY_OUTREACH_OUTBOX_TOTAL, PARAMS(v_int(campaign->id)), &messages, err));
    if (size >= messages) {
        (void)err_set(err, ERR_REFUSED, _("campaign '%s' has only %lld messages"), campaign->name,
                      (long long)messages);
        return err_hint(err, _("choose a smaller sample, or approve it without one"));
    }
    TRY(db_run(db, QUERY_OUTREACH_SAMPLE_HOLD,
               PARAMS(v_int(campaign->id), v_int(seed), v_int(size), v_int(campaign->id)), NULL,
               err));
    return wave_set(db, campaign, "sample", size, seed, err);
}

ErrCode sample_release(Db *db, const Campaign *campaign, Err *err)
{
    if (!text_equal(campaign->wave, "sampled"))
        return OK;
    TRY(db_run(db, QUERY_OUTREACH_SAMPLE_RELEASE, PARAMS(v_int(campaign->id)), NULL, err));
    return wave_set(db, campaign, "rest", campaign->sample_size, campaign->sample_seed, err);
}

typedef struct Pausing {
    int64_t campaign;
    uint64_t paused;
} Pausing;

static ErrCode over(Db *db, int64_t campaign, bool *ret_over, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_SAMPLE_OVER, PARAMS(v_int(RECEIPTS_S)), &rows, err));
    *ret_over = false;
    while (rows_next(rows))
        *ret_over = *ret_over || rows_int(rows, 0) == campaign;
    return OK;
}

/* Looks again under the campaign's lock: no claim runs meanwhile. */
static ErrCode pause_body(Db *db, void *state, Err *err)
{
    Pausing *pausing = state;
    bool is_over = false;
    AUTO_ROWS rows = NULL;
    pausing->paused = 0;
    TRY(db_query(db, QUERY_OUTREACH_SAMPLE_LOCK, PARAMS(v_int(pausing->campaign)), &rows, err));
    TRY(over(db, pausing->campaign, &is_over, err));
    if (!rows_next(rows) || !is_over)
        return OK;
    return db_run(db, QUERY_OUTREACH_SAMPLE_PAUSE,
                  PARAMS(v_text(_("sample sent: look at it and resume")), v_int(pausing->campaign)),
                  &pausing->paused, err);
}

ErrCode samples_pause(Db *db, int64_t *ret_paused, Err *err)
{
    int64_t paused = 0;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_SAMPLE_OVER, PARAMS(v_int(RECEIPTS_S)), &rows, err));
    while (rows_next(rows)) {
        Pausing pausing = {.campaign = rows_int(rows, 0)};
        TRY(db_transact(db, pause_body, &pausing, err));
        paused += (int64_t)pausing.paused;
    }
    if (ret_paused)
        *ret_paused = paused;
    return OK;
}

ErrCode sample_json(Db *db, const Campaign *campaign, json_t **ret_sample, Err *err)
{
    int64_t held = 0;
    *ret_sample = NULL;
    if (campaign->sample_size == 0)
        return OK;
    TRY(db_number(db, QUERY_OUTREACH_SAMPLE_HELD, PARAMS(v_int(campaign->id)), &held, err));
    *ret_sample = json_pack("{sI, sI, ss, sI}", "size", (json_int_t)campaign->sample_size, "seed",
                            (json_int_t)campaign->sample_seed, "wave", campaign->wave, "held",
                            (json_int_t)held);
    return OK;
}
