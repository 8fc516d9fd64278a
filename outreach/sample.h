/* outreach/sample.h: a campaign that goes to a few people first, and to the rest once a person has
 * looked at what became of them.
 * Shape:  a campaign's wave is 'whole', or 'sample' → 'sampled' → 'rest'. The messages that are not
 *         of the sample are held by a not_before that no day reaches, so no claim can take the one
 *         beyond the sample, whatever happens to a dispatcher.
 * Units:  sizes in messages; who of the sample is: the lowest SHA-1 of "seed:person".
 * Owns:   nothing.
 * Errors: ERR_REFUSED when the sample is not smaller than the campaign; ERR_DB. All but
 *         samples_pause must be inside db_transact.
 * Source: sql/queries/outreach/sample.sql; issue 5 "Approval". */
#ifndef OUTREACH_SAMPLE_H
#define OUTREACH_SAMPLE_H

#include "outreach/campaign.h"

/* A seed that fits a double exactly, so that every JSON reader keeps it. */
int64_t sample_seed_new(void);

/* At approval: size 0 = the whole campaign at once, and whatever was held before goes free. */
ErrCode sample_choose(Db *db, const Campaign *campaign, int64_t size, int64_t seed,
                      Err *err) MUST_CHECK;
/* At resume: lets the rest go when the sample has been sent; else changes nothing. */
ErrCode sample_release(Db *db, const Campaign *campaign, Err *err) MUST_CHECK;

/* Pauses, each in a transaction of its own, the running campaigns whose sample has been sent;
 * *ret_paused (may be NULL) is their number. */
ErrCode samples_pause(Db *db, int64_t *ret_paused, Err *err) MUST_CHECK;

/* {size, seed, wave, held}; NULL when the campaign has no sample. Returns owned. */
ErrCode sample_json(Db *db, const Campaign *campaign, json_t **ret_sample, Err *err) MUST_CHECK;

#endif
