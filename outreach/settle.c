#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/outbox.h"
#include "outreach/verbs.h"

enum { PAGE = 1000, WHY_CHARACTERS = 150 };

typedef struct Settling {
    const Campaign *campaign;
    MessageState to;
    const char *note;
    int64_t settled;
} Settling;

/* The next of those whose outcome nobody knows; locked. */
static ErrCode page_settle(Db *db, Settling *settling, int64_t *after, size_t *ret_count, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_OUTBOX_UNCERTAIN,
                 PARAMS(v_int(settling->campaign->id), v_int(*after), v_int(PAGE)), &rows, err));
    Move *moves = arena_array(arena, Move, (size_t)rows_count(rows) + 1);
    bool *done = arena_array(arena, bool, (size_t)rows_count(rows) + 1);
    size_t count = 0;
    while (rows_next(rows)) {
        *after = rows_int(rows, 0);
        moves[count++] = (Move){.message = *after,
                                .from = STATE_UNCERTAIN,
                                .to = settling->to,
                                .cause = "staff",
                                .note = settling->note,
                                .fence = -1};
    }
    TRY(outbox_move(db, moves, count, done, err));
    for (size_t at = 0; at < count; at++)
        settling->settled += done[at];
    *ret_count = count;
    return OK;
}

static ErrCode settle_body(Db *db, void *state, Err *err)
{
    Settling *settling = state;
    int64_t after = 0;
    settling->settled = 0;
    for (size_t count = PAGE; count == PAGE;)
        TRY(page_settle(db, settling, &after, &count, err));
    return OK;
}

static ErrCode settle_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Campaign campaign;
    int64_t counts[STATE_COUNT], total;
    const char *as = option_text(arguments, "as"), *why = option_text(arguments, "why");
    if (!text_equal(as, "sent") && !text_equal(as, "not-sent"))
        return err_set(err, ERR_USAGE, _("--as must be 'sent' or 'not-sent', not '%s'"), as);
    if (!*text_trim(context->arena, why) || text_characters(why) > WHY_CHARACTERS)
        return err_set(err, ERR_USAGE, _("--why is 1 to %d characters"), WHY_CHARACTERS);
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    Settling settling = {.campaign = &campaign,
                         .to = text_equal(as, "sent") ? STATE_SENT : STATE_QUEUED,
                         .note = arena_printf(context->arena, "%s: %s", context->user, why)};
    TRY(db_transact(context->db, settle_body, &settling, err));
    TRY(outbox_counts(context->db, campaign.id, counts, &total, err));
    *ret_result = campaign_json(&campaign);
    json_object_set_new(*ret_result, "settled", json_integer(settling.settled));
    json_object_set_new(*ret_result, "uncertain", json_integer(counts[STATE_UNCERTAIN]));
    json_object_set_new(*ret_result, "queued", json_integer(counts[STATE_QUEUED]));
    return OK;
}

const Command OUTREACH_SETTLE = {
    .words = "outreach settle",
    .summary = N_("say what became of messages that may have been sent"),
    .details =
        N_("A message is uncertain when the gateway's answer was lost, and the program never "
           "sends it again by itself. Wait for its receipt first, and look it up at the "
           "gateway by the reference that `outreach log` shows. Said to be sent, it waits "
           "for its receipt as others do; said to be not sent, it is queued again: if that "
           "is wrong, the person is texted twice."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "as",
                                 .kind = OPTION_TEXT,
                                 .value = "sent|not-sent",
                                 .help = N_("what is known of all of them"),
                                 .required = true},
                                {.name = "why",
                                 .kind = OPTION_TEXT,
                                 .value = "TEXT",
                                 .help = N_("how that is known; kept in the delivery log"),
                                 .required = true},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | WRITES,
    .run = settle_run,
};
