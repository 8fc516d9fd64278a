/* outreach/campaign.h: one text, one frozen audience, one life.
 * Shape:  plain value from table campaign; id > 0. Life: draft → approved → running ⇄ paused →
 *         done; cancelled from any but done.
 * Units:  as_of is a civil day; hashes are 32 bytes (SHA-256).
 * Owns:   strings live in the Arena given to the call.
 * Errors: ERR_NOT_FOUND for an unknown campaign; ERR_REFUSED when its state or a voided approval
 *         forbids the step; ERR_DB.
 * Source: sql/queries/outreach/campaign.sql; DESIGN 7 "Audience", checklist 30, 50. */
#ifndef OUTREACH_CAMPAIGN_H
#define OUTREACH_CAMPAIGN_H

#include "sql/db.h"

#include <jansson.h>

enum { CAMPAIGN_HASH_BYTES = 32 };

typedef enum CampaignState {
    CAMPAIGN_DRAFT,
    CAMPAIGN_APPROVED,
    CAMPAIGN_RUNNING,
    CAMPAIGN_PAUSED,
    CAMPAIGN_CANCELLED,
    CAMPAIGN_DONE,
    CAMPAIGN_STATE_COUNT
} CampaignState;

const char *campaign_state_word(CampaignState state);  /* "draft": in SQL and JSON */
const char *campaign_state_label(CampaignState state); /* translated */

typedef struct Campaign {
    int64_t id;
    const char *name;
    CampaignState state;
    const char *paused_why; /* NULL = never paused, or resumed */
    const char *template_id;
    const char *template_text; /* the template file as it was at plan */
    const char *policy;
    const char *policy_sha256;
    Date as_of;
    int64_t people;
    const char *other_verdicts; /* JSON object */
    const uint8_t *content_hash;
    const uint8_t *approved_hash; /* NULL = not approved */
    const char *planned_by, *approved_by;
    const char *wave;                 /* outreach/sample.h: "whole", "sample", "sampled", "rest" */
    int64_t sample_size, sample_seed; /* size 0 = no sample */
} Campaign;

/* By number ("12") or by name. */
ErrCode campaign_load(Db *db, Arena *arena, const char *word, Campaign *ret_campaign,
                      Err *err) MUST_CHECK;

/* The hash over recipients (person, phone), texts and the policy file as it is now, read anew from
 * the base: what an approval is bound to. A changed message, recipient, template copy or policy
 * gives another one. */
ErrCode campaign_hash(Db *db, const Campaign *campaign, uint8_t ret_hash[CAMPAIGN_HASH_BYTES],
                      Err *err) MUST_CHECK;

/* The steps of its life; each in its own transaction, each refused with a clear line from a wrong
 * state. *ret_campaign is the campaign after the step. */
ErrCode campaign_approve(Db *db, Arena *arena, const char *word, const char *user,
                         Campaign *ret_campaign, Err *err) MUST_CHECK;
/* The same, and a sample of so many goes first, chosen by the seed. */
typedef struct SampleApproval {
    const char *word, *user;
    int64_t size, seed;
} SampleApproval;
ErrCode campaign_approve_sample(Db *db, Arena *arena, const SampleApproval *approval,
                                Campaign *ret_campaign, Err *err) MUST_CHECK;
ErrCode campaign_launch(Db *db, Arena *arena, const char *word, Campaign *ret_campaign,
                        Err *err) MUST_CHECK;
ErrCode campaign_pause(Db *db, Arena *arena, const char *word, const char *why,
                       Campaign *ret_campaign, Err *err) MUST_CHECK;
/* Lets the rest go too when the campaign's sample has been sent. */
ErrCode campaign_resume(Db *db, Arena *arena, const char *word, Campaign *ret_campaign,
                        Err *err) MUST_CHECK;
/* Queued messages become cancelled in the same transaction; *ret_cancelled is their number. */
ErrCode campaign_cancel(Db *db, Arena *arena, const char *word, Campaign *ret_campaign,
                        int64_t *ret_cancelled, Err *err) MUST_CHECK;

/* For the dispatcher, inside db_transact. Stops a running campaign because of its gateway (auth,
 * balance, clock); nothing happens to one that does not run. why names no person. */
ErrCode campaign_stop(Db *db, int64_t id, const char *why, Err *err) MUST_CHECK;
/* Running campaigns whose messages are all in final states become done; *ret_done (may be NULL) is
 * their number. */
ErrCode campaign_finish(Db *db, int64_t *ret_done, Err *err) MUST_CHECK;

/* {campaign, id, state}: how every verb begins its result. Returns owned. */
json_t *campaign_json(const Campaign *campaign);

/* {reason: people} of those left out, every reason of suppressions.def, zeros included. Returns
 * owned. */
ErrCode campaign_suppressed(Db *db, int64_t id, json_t **ret_counts, Err *err) MUST_CHECK;

#endif
