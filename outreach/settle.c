#include "base/progress.h"
#include "base/render.h"
#include "base/text.h"
#include "outreach/asker.h"
#include "outreach/campaign.h"
#include "outreach/tally.h"
#include "outreach/verbs.h"

enum { PAGE = 1000, WHY_CHARACTERS = 150, WAIT_MS = 50 };

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

static ErrCode settle_as(Context *context, const Arguments *arguments, const Campaign *campaign,
                         json_t **ret_result, Err *err)
{
    const char *as = option_text(arguments, "as"), *why = option_text(arguments, "why");
    if (!text_equal(as, "sent") && !text_equal(as, "not-sent"))
        return err_set(err, ERR_USAGE, _("--as must be 'sent' or 'not-sent', not '%s'"), as);
    if (!why || !*text_trim(context->arena, why) || text_characters(why) > WHY_CHARACTERS)
        return err_set(err, ERR_USAGE, _("--why is 1 to %d characters"), WHY_CHARACTERS);
    Settling settling = {.campaign = campaign,
                         .to = text_equal(as, "sent") ? STATE_SENT : STATE_QUEUED,
                         .note = arena_printf(context->arena, "%s: %s", context->user, why)};
    TRY(db_transact(context->db, settle_body, &settling, err));
    *ret_result = campaign_json(campaign);
    json_object_set_new(*ret_result, "settled", json_integer(settling.settled));
    return OK;
}

/* What asking about a campaign came to, over all the gateways that it went through. */
typedef struct Asked {
    AskCounts counts;
    Progress progress;
} Asked;

static int64_t settled_of(const AskCounts *counts)
{
    int64_t settled = 0;
    for (int state = 0; state < STATE_COUNT; state++)
        settled += counts->settled[state];
    return settled;
}

static ErrCode ask_gateway(Context *context, const Campaign *campaign, const Gateway *gateway,
                           Asked *asked, Err *err)
{
    Asker *asker;
    const AskSettings settings = {
        .db = context->db, .sealer = context->sealer, .gateway = gateway, .campaign = campaign->id};
    int64_t before = settled_of(&asked->counts) + asked->counts.unknown;
    TRY(asker_open(&settings, &asker, err));
    ErrCode code = OK;
    for (bool done = false; code == OK && !done && !command_interrupted;) {
        code = asker_step(asker, WAIT_MS, &done, err);
        const AskCounts *counts = asker_counts(asker);
        progress_at(&asked->progress, before + settled_of(counts) + counts->unknown);
    }
    const AskCounts *counts = asker_counts(asker);
    for (int state = 0; state < STATE_COUNT; state++)
        asked->counts.settled[state] += counts->settled[state];
    asked->counts.unknown += counts->unknown;
    if (*counts->why)
        memcpy(asked->counts.why, counts->why, sizeof counts->why);
    asker_close(asker);
    return code;
}

static ErrCode ask_gateways(Context *context, const Campaign *campaign, Asked *asked, Err *err)
{
    AUTO_ROWS rows = NULL;
    GatewaySet gateways;
    TRY(db_query(context->db, QUERY_OUTREACH_ASKING_GATEWAYS, PARAMS(v_int(campaign->id)), &rows,
                 err));
    TRY(gateways_load(&context->config, context->arena, &gateways, err));
    ErrCode code = OK;
    while (code == OK && rows_next(rows)) {
        const Gateway *gateway = gateways_find(&gateways, rows_text(rows, 0));
        if (gateway && gateway->query.given)
            code = ask_gateway(context, campaign, gateway, asked, err);
        else
            snprintf(asked->counts.why, sizeof asked->counts.why, "%s",
                     gateway ? _("its gateway cannot be asked")
                             : _("its gateway is not configured"));
    }
    gateways_done(&gateways);
    return code;
}

static json_t *asked_json(const Campaign *campaign, const AskCounts *counts, int64_t uncertain)
{
    json_t *json = campaign_json(campaign), *as = json_object();
    static const MessageState STATES[] = {STATE_SENT, STATE_DELIVERED, STATE_UNDELIVERED};
    for (size_t at = 0; at < sizeof STATES / sizeof *STATES; at++)
        json_object_set_new(as, message_state_word(STATES[at]),
                            json_integer(counts->settled[STATES[at]]));
    int64_t settled = settled_of(counts), unasked = uncertain - settled - counts->unknown;
    json_object_set_new(json, "settled", json_integer(settled));
    json_object_set_new(json, "settled_as", as);
    json_object_set_new(json, "unknown", json_integer(counts->unknown));
    json_object_set_new(json, "not_asked", json_integer(unasked > 0 ? unasked : 0));
    if (unasked > 0 && *counts->why)
        json_object_set_new(json, "why_not_asked", json_string(counts->why));
    return json;
}

static ErrCode settle_by_asking(Context *context, const Campaign *campaign, json_t **ret_result,
                                Err *err)
{
    int64_t counts[STATE_COUNT], total;
    TRY(outbox_counts(context->db, campaign->id, counts, &total, err));
    Asked asked = {.progress = progress_start(!context->quiet, _("asking the gateway"),
                                              counts[STATE_UNCERTAIN])};
    ErrCode code = ask_gateways(context, campaign, &asked, err);
    progress_end(&asked.progress);
    TRY(code);
    *ret_result = asked_json(campaign, &asked.counts, counts[STATE_UNCERTAIN]);
    context->partial = json_integer_value(json_object_get(*ret_result, "not_asked")) > 0;
    return OK;
}

static ErrCode settle_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Campaign campaign;
    int64_t counts[STATE_COUNT], total;
    if (!option_given(arguments, "as") && option_given(arguments, "why"))
        return err_set(err, ERR_USAGE, _("--why goes with --as: without it the gateway is asked"));
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    if (option_given(arguments, "as"))
        TRY(settle_as(context, arguments, &campaign, ret_result, err));
    else
        TRY(settle_by_asking(context, &campaign, ret_result, err));
    TRY(outbox_counts(context->db, campaign.id, counts, &total, err));
    json_object_set_new(*ret_result, "uncertain", json_integer(counts[STATE_UNCERTAIN]));
    json_object_set_new(*ret_result, "queued", json_integer(counts[STATE_QUEUED]));
    return OK;
}

static void settle_show(const Context *context, const json_t *result)
{
    const json_t *as = json_object_get(result, "settled_as");
    const char *why = json_string_value(json_object_get(result, "why_not_asked"));
    int64_t unknown = json_integer_value(json_object_get(result, "unknown"));
    int64_t unasked = json_integer_value(json_object_get(result, "not_asked"));
    int64_t settled = json_integer_value(json_object_get(result, "settled"));
    if (!as) {
        render_result(&OUTREACH_SETTLE, result);
        return;
    }
    if (settled + unknown + unasked == 0)
        printf(_("no message of this campaign is uncertain\n"));
    Tally tally = tally_start(context->arena, settled + unknown + unasked);
    for (int state = 0; state < STATE_COUNT; state++) {
        int64_t count =
            json_integer_value(json_object_get(as, message_state_word((MessageState)state)));
        if (count > 0)
            tally_add(&tally, message_state_label((MessageState)state), count);
    }
    if (unknown > 0)
        tally_add(&tally, _("still unknown there"), unknown);
    if (unasked > 0)
        tally_add(&tally, _("could not be asked about"), unasked);
    tally_print(&tally, N_("state"), N_("messages"));
    if (why)
        printf(_("why not asked: %s\n"), why);
}

const Command OUTREACH_SETTLE = {
    .words = "outreach settle",
    .summary = N_("say what became of messages that may have been sent"),
    .details =
        N_("A message is uncertain when the gateway's answer was lost, and the program never "
           "sends it again by itself. Without --as the gateway is asked about each of them by "
           "our own reference, gently, and what it knows settles them; the rest stays "
           "uncertain. With --as a person says it of all that are left: wait for their receipts "
           "first, and look them up at the gateway by the reference that `outreach log` shows. "
           "Said to be sent, a message waits for its receipt as others do; said to be not sent, "
           "it is queued again: if that is wrong, the person is texted twice."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "as",
                                 .kind = OPTION_TEXT,
                                 .value = "sent|not-sent",
                                 .help = N_("what is known of all of them")},
                                {.name = "why",
                                 .kind = OPTION_TEXT,
                                 .value = "TEXT",
                                 .help = N_("how that is known; kept in the delivery log")},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = settle_run,
    .show = settle_show,
};
