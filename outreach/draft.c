#include "outreach/draft.h"

#include "base/command.h"
#include "base/progress.h"
#include "outreach/campaign.h"

#include <assert.h>

enum { REFERENCE_BYTES = 16 };

/* Members of one page on their way into a bulk load. */
typedef struct PageLoad {
    int64_t campaign;
    const AudienceMember *members;
    size_t count, at;
} PageLoad;

/* Of the first attempt: the time comes first, which keeps the keys of a plan together, then eighty
 * bits that nobody guesses. */
static void reference_make(uint8_t *reference)
{
    Moment now = moment_now();
    seal_random(reference, REFERENCE_BYTES);
    for (int byte = 5; byte >= 0; byte--, now >>= 8)
        reference[byte] = (uint8_t)now;
}

static bool message_source(void *state, BulkRow *row, Err *err)
{
    (void)err;
    PageLoad *load = state;
    while (load->at < load->count && load->members[load->at].reason != SUPPRESSION_NONE)
        load->at++;
    if (load->at == load->count)
        return false;
    const AudienceMember *member = &load->members[load->at++];
    bulk_value(row, v_int(load->campaign));
    bulk_value(row, v_int(member->person));
    bulk_value(row, v_text(verdict_name(member->verdict)));
    bulk_value(row, v_text(member->route));
    bulk_value(row, v_bytes(member->phone_hash, SEAL_HASH_BYTES));
    bulk_value(row, v_bytes(member->phone, member->phone_length));
    bulk_value(row, v_text(member->text.text));
    bulk_value(row, v_text(member->text.gaps));
    bulk_value(row, v_int(member->segments));
    uint8_t reference[REFERENCE_BYTES];
    reference_make(reference);
    bulk_value(row, v_bytes(reference, sizeof reference));
    return true;
}

static bool suppression_source(void *state, BulkRow *row, Err *err)
{
    (void)err;
    PageLoad *load = state;
    while (load->at < load->count && load->members[load->at].reason == SUPPRESSION_NONE)
        load->at++;
    if (load->at == load->count)
        return false;
    const AudienceMember *member = &load->members[load->at++];
    bulk_value(row, v_int(load->campaign));
    bulk_value(row, v_int(member->person));
    bulk_value(row, v_text(suppression_word(member->reason)));
    return true;
}

static ErrCode page_store(Db *db, Draft *draft, const AudienceMember *members, size_t count,
                          Err *err)
{
    PageLoad messages = {.campaign = draft->id, .members = members, .count = count};
    PageLoad suppressions = messages;
    uint64_t stored = 0, left_out = 0;
    TRY(db_load(db, QUERY_OUTREACH_OUTBOX_LOAD, message_source, &messages, &stored, err));
    TRY(db_load(db, QUERY_OUTREACH_CAMPAIGN_SUPPRESS, suppression_source, &suppressions, &left_out,
                err));
    assert(stored + left_out == count);
    for (size_t at = 0; at < count; at++) {
        if (members[at].reason == SUPPRESSION_NONE) {
            draft->audience++;
            draft->segments += members[at].segments;
        } else {
            draft->suppressed[members[at].reason]++;
        }
    }
    return OK;
}

static ErrCode pages_store(Db *db, Draft *draft, Audience *audience, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Progress progress = progress_start(!draft->quiet, _("planning"), draft->counts.addressed);
    ErrCode code = OK;
    for (size_t count = 1, done = 0; code == OK && count > 0; done += count) {
        const AudienceMember *members = NULL;
        arena_reset(arena);
        progress_at(&progress, (int64_t)done);
        code = command_interrupted ? err_set(err, ERR_INTERRUPTED, _("interrupted")) : OK;
        if (code == OK)
            code = audience_next(audience, arena, &members, &count, err);
        if (code == OK && count > 0)
            code = page_store(db, draft, members, count, err);
    }
    progress_end(&progress);
    return code;
}

/* "eligible,likely": the verdicts asked for, in order of certainty. */
static const char *verdicts_text(Arena *arena, const AudienceRequest *request)
{
    const char *text = "";
    for (int verdict = 1; verdict <= VERDICT_COUNT; verdict++) {
        if (request->verdicts[verdict])
            text = arena_printf(arena, "%s%s%s", text, *text ? "," : "",
                                verdict_name((Verdict)verdict));
    }
    return text;
}

static ErrCode draft_insert(Db *db, Draft *draft, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const AudienceRequest *request = &draft->request;
    return db_insert(db, QUERY_OUTREACH_CAMPAIGN_INSERT,
                     PARAMS(v_text(draft->name), v_text(request->template->id),
                            v_text(request->template->source), v_text(policy_id(request->policy)),
                            v_text(policy_sha256(request->policy)),
                            v_text(verdicts_text(arena, request)), v_text(draft->where_text),
                            v_date(request->as_of), v_text(draft->user)),
                     &draft->id, err);
}

json_t *draft_others(const Draft *draft)
{
    const AudienceRequest *request = &draft->request;
    const AudienceCounts *counts = &draft->counts;
    json_t *others = json_object();
    for (int verdict = 1; verdict <= VERDICT_COUNT; verdict++) {
        if (!request->verdicts[verdict])
            json_object_set_new(others, verdict_name((Verdict)verdict),
                                json_integer(counts->other[verdict]));
    }
    if (request->where) {
        json_object_set_new(others, "outside_where", json_integer(counts->outside_where));
        json_object_set_new(others, "unknown_where", json_integer(counts->unknown_where));
    }
    if (request->reminder_of) {
        json_object_set_new(others, "untold", json_integer(counts->untold));
        json_object_set_new(others, "replied", json_integer(counts->replied));
    }
    return others;
}

/* people = audience + Σ suppressed + Σ other verdicts: nobody of the base is without a place. */
static void draft_ties_out(const Draft *draft)
{
    const AudienceCounts *counts = &draft->counts;
    int64_t people = draft->audience + counts->outside_where + counts->unknown_where +
                     counts->untold + counts->replied;
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++)
        people += draft->suppressed[reason];
    for (int verdict = 1; verdict <= VERDICT_COUNT; verdict++)
        people += counts->other[verdict];
    assert(people == counts->people);
}

static ErrCode draft_freeze(Db *db, Draft *draft, Err *err)
{
    uint8_t hash[CAMPAIGN_HASH_BYTES];
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_LOG_PLANNED, PARAMS(v_int(draft->id)), NULL, err));
    const Campaign campaign = {.id = draft->id,
                               .policy = policy_id(draft->request.policy),
                               .template_text = draft->request.template->source};
    TRY(campaign_hash(db, &campaign, hash, err));
    json_t *others = draft_others(draft);
    char *text = json_dumps(others, JSON_COMPACT);
    json_decref(others);
    ErrCode code = db_run(db, QUERY_OUTREACH_CAMPAIGN_FREEZE,
                          PARAMS(v_int(draft->counts.people), v_text(text),
                                 v_bytes(hash, sizeof hash), v_int(draft->id)),
                          NULL, err);
    free(text);
    return code;
}

static ErrCode draft_body(Db *db, void *state, Err *err)
{
    Draft *draft = state;
    draft->audience = draft->segments = 0;
    memset(draft->suppressed, 0, sizeof draft->suppressed);
    TRY(draft_insert(db, draft, err));
    AUTO_ARENA arena = arena_new(0);
    TRY(audience_count(db, arena, &draft->request, &draft->counts, err));
    Audience *audience = audience_open(db, draft->sealer, &draft->request);
    ErrCode code = pages_store(db, draft, audience, err);
    audience_close(audience);
    TRY(code);
    draft_ties_out(draft);
    return draft_freeze(db, draft, err);
}

ErrCode draft_make(Db *db, Draft *draft, Err *err)
{
    return db_transact(db, draft_body, draft, err);
}
