/* outreach/audience.h: who is addressed by a campaign, and who of them gets no message for which
 * reason.
 * Shape:  AudienceCounts ties everyone of the base to one place; an Audience then walks those
 *         addressed, page by page in the order of person numbers, and judges each.
 * Units:  the cap is messages in days up to now, whatever as_of is: texts reach people today.
 * Owns:   a request is borrowed; members live in the arena given to audience_next until its reset;
 *         audience_open returns owned.
 * Errors: ERR_DB, ERR_SEAL. Counts and pages agree only inside one db_transact.
 * Source: sql/queries/outreach/audience.sql; DESIGN 7 "Audience"; checklist 20, 28, 29, 49. */
#ifndef OUTREACH_AUDIENCE_H
#define OUTREACH_AUDIENCE_H

#include "base/seal.h"
#include "outreach/suppression.h"
#include "outreach/template.h"
#include "outreach/text.h"
#include "people/where.h"
#include "policy/policy.h"
#include "sql/db.h"

typedef struct AudienceRequest {
    const Policy *policy;
    const Template *template;
    const Where *where;               /* NULL = everyone */
    bool verdicts[VERDICT_COUNT + 1]; /* by Verdict: wanted */
    int64_t reminder_of; /* campaign whose silent recipients are addressed; 0 = not a reminder */
    Date as_of;
    int cap_messages, cap_days; /* 0 days = no cap */
} AudienceRequest;

/* people = Σ other + outside_where + unknown_where + untold + replied + addressed. */
typedef struct AudienceCounts {
    int64_t people;
    int64_t other[VERDICT_COUNT + 1]; /* by Verdict, of those not wanted */
    int64_t outside_where;            /* wanted verdict, but --where is false */
    int64_t unknown_where;            /* … or unknown */
    int64_t untold;                   /* a reminder, but the earlier campaign did not reach them */
    int64_t replied;                  /* a reminder, but they have replied */
    int64_t addressed;
} AudienceCounts;

ErrCode audience_count(Db *db, Arena *arena, const AudienceRequest *request,
                       AudienceCounts *ret_counts, Err *err) MUST_CHECK;

typedef struct AudienceMember {
    int64_t person;
    Suppression reason; /* SUPPRESSION_NONE: the rest is set */
    Verdict verdict;
    const char *route;      /* id of the route that makes the verdict; "" = none is proven */
    const void *phone_hash; /* SEAL_HASH_BYTES */
    const void *phone;      /* sealed */
    size_t phone_length;
    SmsText text;
    int segments;
} AudienceMember;

typedef struct Audience Audience;

Audience *audience_open(Db *db, const Sealer *sealer, const AudienceRequest *request);
void audience_close(Audience *audience); /* takes NULL */
/* The next page; *ret_count 0 at the end. */
ErrCode audience_next(Audience *audience, Arena *arena, const AudienceMember **ret_members,
                      size_t *ret_count, Err *err) MUST_CHECK;

#endif
