#include "outreach/campaign.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/outbox.h"
#include "outreach/sample.h"
#include "outreach/suppression.h"

#include <assert.h>
#include <inttypes.h>

static const char *const STATE_WORDS[CAMPAIGN_STATE_COUNT] = {
    N_("draft"), N_("approved"), N_("running"), N_("paused"), N_("cancelled"), N_("done")};

const char *campaign_state_word(CampaignState state)
{
    assert(state < CAMPAIGN_STATE_COUNT);
    return STATE_WORDS[state];
}

const char *campaign_state_label(CampaignState state)
{
    return _(campaign_state_word(state));
}

static CampaignState state_find(const char *word)
{
    size_t at = 0;
    while (at < CAMPAIGN_STATE_COUNT && !text_equal(word, STATE_WORDS[at]))
        at++;
    assert(at < CAMPAIGN_STATE_COUNT);
    return (CampaignState)at;
}

static const char *row_text(const Rows *rows, unsigned column, Arena *arena)
{
    const char *text = rows_text(rows, column);
    return text ? arena_strdup(arena, text) : NULL;
}

static const uint8_t *row_hash(const Rows *rows, unsigned column, Arena *arena)
{
    size_t length = 0;
    const void *bytes = rows_bytes(rows, column, &length);
    return bytes && length == CAMPAIGN_HASH_BYTES ? arena_memdup(arena, bytes, length) : NULL;
}

/* Reads the columns of campaign_get and campaign_lock. */
static Campaign campaign_read(const Rows *rows, Arena *arena)
{
    return (Campaign){
        .id = rows_int(rows, 0),
        .name = row_text(rows, 1, arena),
        .state = state_find(rows_text(rows, 2)),
        .paused_why = row_text(rows, 3, arena),
        .template_id = row_text(rows, 4, arena),
        .template_text = row_text(rows, 5, arena),
        .policy = row_text(rows, 6, arena),
        .policy_sha256 = row_text(rows, 7, arena),
        .as_of = rows_date(rows, 8),
        .people = rows_int(rows, 9),
        .other_verdicts = row_text(rows, 10, arena),
        .content_hash = row_hash(rows, 11, arena),
        .approved_hash = row_hash(rows, 12, arena),
        .planned_by = row_text(rows, 13, arena),
        .approved_by = row_text(rows, 14, arena),
        .wave = row_text(rows, 15, arena),
        .sample_size = rows_int(rows, 16),
        .sample_seed = rows_int(rows, 17),
    };
}

static bool number_parse(const char *word, int64_t *ret_number)
{
    size_t digits = strspn(word, "0123456789");
    if (digits == 0 || digits > 18 || word[digits])
        return false;
    *ret_number = strtoll(word, NULL, 10);
    return true;
}

/* The number of a campaign given by number or name; whether that number exists is not asked. */
static ErrCode campaign_number(Db *db, const char *word, int64_t *ret_id, Err *err)
{
    if (number_parse(word, ret_id))
        return OK;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_CAMPAIGN_FIND, PARAMS(v_text(word)), &rows, err));
    if (rows_next(rows)) {
        *ret_id = rows_int(rows, 0);
        return OK;
    }
    return err_set(err, ERR_NOT_FOUND, _("there is no campaign '%s'"), word);
}

static ErrCode campaign_get(Db *db, Arena *arena, QueryId query, int64_t id, Campaign *ret_campaign,
                            Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, query, PARAMS(v_int(id)), &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, _("there is no campaign '%" PRId64 "'"), id);
    *ret_campaign = campaign_read(rows, arena);
    return OK;
}

ErrCode campaign_load(Db *db, Arena *arena, const char *word, Campaign *ret_campaign, Err *err)
{
    int64_t id = 0;
    TRY(campaign_number(db, word, &id, err));
    return campaign_get(db, arena, QUERY_OUTREACH_CAMPAIGN_GET, id, ret_campaign, err);
}

json_t *campaign_json(const Campaign *campaign)
{
    return json_pack("{ss, sI, ss}", "campaign", campaign->name, "id", (json_int_t)campaign->id,
                     "state", campaign_state_word(campaign->state));
}

ErrCode campaign_suppressed(Db *db, int64_t id, json_t **ret_counts, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_CAMPAIGN_SUPPRESSED, PARAMS(v_int(id)), &rows, err));
    json_t *counts = json_object();
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++)
        json_object_set_new(counts, suppression_word((Suppression)reason), json_integer(0));
    while (rows_next(rows))
        json_object_set_new(counts, rows_text(rows, 0), json_integer(rows_int(rows, 1)));
    *ret_counts = counts;
    return OK;
}

/* A step of a campaign's life, while it is taken. */
typedef struct Step {
    Arena *arena;
    const char *word;
    unsigned from; /* bit CAMPAIGN_x: states in which the step may be taken */
    CampaignState to;
    const char *user;     /* approve */
    int64_t sample, seed; /* approve; 0 = no sample */
    const char *why;      /* pause; NULL clears it */
    int64_t cancelled;    /* out: of cancel */
    bool checks_approval; /* launch, resume */
    bool voided;          /* out: the approval does not fit what would be sent */
    Campaign campaign;    /* out */
} Step;

#define FROM(state) (1U << CAMPAIGN_##state)

static ErrCode step_refuse(const Campaign *campaign, CampaignState to, Err *err)
{
    (void)err_set(err, ERR_REFUSED, _("campaign '%s' is %s and cannot become %s"), campaign->name,
                  campaign_state_label(campaign->state), campaign_state_label(to));
    if (campaign->state == CAMPAIGN_DRAFT)
        return err_hint(err, _("approve it first: talent outreach approve '%s'"), campaign->name);
    if (campaign->state == CAMPAIGN_APPROVED)
        return err_hint(err, _("launch it first: talent outreach launch '%s'"), campaign->name);
    if (campaign->state == CAMPAIGN_PAUSED)
        return err_hint(err, _("resume it: talent outreach resume '%s'"), campaign->name);
    return err->code;
}

static ErrCode step_approve(Db *db, Step *step, Err *err)
{
    Campaign *campaign = &step->campaign;
    uint8_t hash[CAMPAIGN_HASH_BYTES];
    int64_t messages = 0;
    TRY(db_number(db, QUERY_OUTREACH_OUTBOX_TOTAL, PARAMS(v_int(campaign->id)), &messages, err));
    if (messages == 0) {
        (void)err_set(err, ERR_REFUSED, _("campaign '%s' has no messages"), campaign->name);
        return err_hint(err, _("'talent outreach status' shows why people were left out"));
    }
    TRY(campaign_hash(db, campaign, hash, err));
    if (!campaign->content_hash || memcmp(hash, campaign->content_hash, sizeof hash) != 0) {
        (void)err_set(err, ERR_REFUSED, _("campaign '%s' is no longer what was planned"),
                      campaign->name);
        return err_hint(err, _("a recipient, a text or the policy has changed: plan it anew"));
    }
    TRY(sample_choose(db, campaign, step->sample, step->seed, err));
    return db_run(db, QUERY_OUTREACH_CAMPAIGN_APPROVE,
                  PARAMS(v_bytes(hash, sizeof hash), v_text(step->user), v_int(campaign->id)), NULL,
                  err);
}

/* A changed recipient, text or policy voids the approval: the campaign is a draft again, which is
 * committed. */
static ErrCode step_check_approval(Db *db, Step *step, Err *err)
{
    uint8_t hash[CAMPAIGN_HASH_BYTES];
    TRY(campaign_hash(db, &step->campaign, hash, err));
    step->voided = !step->campaign.approved_hash ||
                   memcmp(hash, step->campaign.approved_hash, sizeof hash) != 0;
    if (!step->voided)
        return OK;
    return db_run(db, QUERY_OUTREACH_CAMPAIGN_VOID, PARAMS(v_int(step->campaign.id)), NULL, err);
}

static ErrCode step_write(Db *db, Step *step, Err *err)
{
    Campaign *campaign = &step->campaign;
    if (step->to == CAMPAIGN_APPROVED)
        return step_approve(db, step, err);
    if (step->checks_approval)
        TRY(step_check_approval(db, step, err));
    if (step->voided)
        return OK;
    if (step->to == CAMPAIGN_CANCELLED)
        TRY(outbox_move_all(db, campaign->id, STATE_QUEUED, STATE_CANCELLED, "cancel",
                            &step->cancelled, err));
    if (step->to == CAMPAIGN_RUNNING && campaign->state == CAMPAIGN_PAUSED)
        TRY(sample_release(db, campaign, err));
    if (step->to == CAMPAIGN_RUNNING && campaign->state == CAMPAIGN_APPROVED)
        return db_run(db, QUERY_OUTREACH_CAMPAIGN_LAUNCH, PARAMS(v_int(campaign->id)), NULL, err);
    return db_run(
        db, QUERY_OUTREACH_CAMPAIGN_MOVE,
        PARAMS(v_text(campaign_state_word(step->to)), v_text(step->why), v_int(campaign->id)), NULL,
        err);
}

static ErrCode step_body(Db *db, void *state, Err *err)
{
    Step *step = state;
    int64_t id = 0;
    step->voided = false;
    step->cancelled = 0;
    TRY(campaign_number(db, step->word, &id, err));
    TRY(campaign_get(db, step->arena, QUERY_OUTREACH_CAMPAIGN_LOCK, id, &step->campaign, err));
    if (!(step->from & 1U << step->campaign.state))
        return step_refuse(&step->campaign, step->to, err);
    TRY(step_write(db, step, err));
    return campaign_get(db, step->arena, QUERY_OUTREACH_CAMPAIGN_LOCK, id, &step->campaign, err);
}

static ErrCode step_take(Db *db, Step *step, Campaign *ret_campaign, Err *err)
{
    TRY(db_transact(db, step_body, step, err));
    if (step->voided) {
        (void)err_set(err, ERR_REFUSED, _("the approval of campaign '%s' is void"),
                      step->campaign.name);
        return err_hint(err,
                        _("a recipient, a text or the policy has changed since: plan it anew"));
    }
    *ret_campaign = step->campaign;
    return OK;
}

ErrCode campaign_approve(Db *db, Arena *arena, const char *word, const char *user,
                         Campaign *ret_campaign, Err *err)
{
    Step step = {
        .arena = arena, .word = word, .from = FROM(DRAFT), .to = CAMPAIGN_APPROVED, .user = user};
    return step_take(db, &step, ret_campaign, err);
}

ErrCode campaign_approve_sample(Db *db, Arena *arena, const SampleApproval *approval,
                                Campaign *ret_campaign, Err *err)
{
    Step step = {.arena = arena,
                 .word = approval->word,
                 .from = FROM(DRAFT),
                 .to = CAMPAIGN_APPROVED,
                 .user = approval->user,
                 .sample = approval->size,
                 .seed = approval->seed};
    return step_take(db, &step, ret_campaign, err);
}

ErrCode campaign_launch(Db *db, Arena *arena, const char *word, Campaign *ret_campaign, Err *err)
{
    Step step = {.arena = arena,
                 .word = word,
                 .from = FROM(APPROVED),
                 .to = CAMPAIGN_RUNNING,
                 .checks_approval = true};
    return step_take(db, &step, ret_campaign, err);
}

ErrCode campaign_pause(Db *db, Arena *arena, const char *word, const char *why,
                       Campaign *ret_campaign, Err *err)
{
    Step step = {
        .arena = arena, .word = word, .from = FROM(RUNNING), .to = CAMPAIGN_PAUSED, .why = why};
    return step_take(db, &step, ret_campaign, err);
}

ErrCode campaign_resume(Db *db, Arena *arena, const char *word, Campaign *ret_campaign, Err *err)
{
    Step step = {.arena = arena,
                 .word = word,
                 .from = FROM(PAUSED),
                 .to = CAMPAIGN_RUNNING,
                 .checks_approval = true};
    return step_take(db, &step, ret_campaign, err);
}

ErrCode campaign_cancel(Db *db, Arena *arena, const char *word, Campaign *ret_campaign,
                        int64_t *ret_cancelled, Err *err)
{
    Step step = {.arena = arena,
                 .word = word,
                 .from = FROM(DRAFT) | FROM(APPROVED) | FROM(RUNNING) | FROM(PAUSED),
                 .to = CAMPAIGN_CANCELLED};
    TRY(step_take(db, &step, ret_campaign, err));
    *ret_cancelled = step.cancelled;
    return OK;
}

ErrCode campaign_stop(Db *db, int64_t id, const char *why, Err *err)
{
    return db_run(db, QUERY_OUTREACH_CAMPAIGN_STOP, PARAMS(v_text(why), v_int(id)), NULL, err);
}

ErrCode campaign_finish(Db *db, int64_t *ret_done, Err *err)
{
    uint64_t done = 0;
    TRY(db_run(db, QUERY_OUTREACH_CAMPAIGN_FINISH, NO_PARAMS, &done, err));
    if (ret_done)
        *ret_done = (int64_t)done;
    return OK;
}
