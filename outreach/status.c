#include "base/render.h"
#include "outreach/campaign.h"
#include "outreach/outbox.h"
#include "outreach/sample.h"
#include "outreach/suppression.h"
#include "outreach/tally.h"
#include "outreach/verbs.h"
#include "outreach/watch.h"

static ErrCode list_make(Context *context, json_t **ret_result, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_OUTREACH_CAMPAIGN_LIST, NO_PARAMS, &rows, err));
    json_t *list = json_array();
    while (rows_next(rows))
        json_array_append_new(
            list, json_pack("{sI, ss, ss, ss, ss, ss, sI}", "id", (json_int_t)rows_int(rows, 0),
                            "campaign", rows_text(rows, 1), "state", rows_text(rows, 2), "template",
                            rows_text(rows, 3), "planned_by", rows_text(rows, 4), "planned_at",
                            rows_text(rows, 5), "audience", (json_int_t)rows_int(rows, 6)));
    *ret_result = list;
    return OK;
}

static ErrCode segments_count(Db *db, int64_t campaign, int64_t *ret_segments, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_CAMPAIGN_SEGMENTS, PARAMS(v_int(campaign)), &rows, err));
    *ret_segments = rows_next(rows) ? rows_int(rows, 1) : 0;
    return OK;
}

static ErrCode status_make(Context *context, const char *word, json_t **ret_result, Err *err)
{
    Campaign campaign;
    int64_t counts[STATE_COUNT], total = 0, segments = 0;
    json_t *suppressed = NULL, *sample = NULL;
    TRY(campaign_load(context->db, context->arena, word, &campaign, err));
    TRY(outbox_counts(context->db, campaign.id, counts, &total, err));
    TRY(segments_count(context->db, campaign.id, &segments, err));
    TRY(sample_json(context->db, &campaign, &sample, err));
    TRY(campaign_suppressed(context->db, campaign.id, &suppressed, err));
    json_t *messages = json_object();
    for (int state = 0; state < STATE_COUNT; state++)
        json_object_set_new(messages, message_state_word((MessageState)state),
                            json_integer(counts[state]));
    json_t *result = campaign_json(&campaign);
    json_object_set_new(result, "paused_why",
                        campaign.paused_why ? json_string(campaign.paused_why) : json_null());
    json_object_set_new(result, "people", json_integer(campaign.people));
    json_object_set_new(result, "audience", json_integer(total));
    json_object_set_new(result, "segments", json_integer(segments));
    if (sample)
        json_object_set_new(result, "sample", sample);
    json_object_set_new(result, "messages", messages);
    json_object_set_new(result, "suppressed", suppressed);
    json_object_set_new(result, "other_verdicts", json_loads(campaign.other_verdicts, 0, NULL));
    *ret_result = result;
    return OK;
}

static ErrCode status_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    bool watched = option_flag(arguments, "watch");
    if (option_given(arguments, "every") && !watched)
        return err_set(err, ERR_USAGE, _("--every goes with --watch"));
    if (watched && argument_count(arguments) == 0)
        return err_set(err, ERR_USAGE, _("--watch needs a campaign"));
    if (watched)
        return campaign_watch(context, argument_at(arguments, 0),
                              (int)option_int(arguments, "every", 1), err);
    if (argument_count(arguments) == 0)
        return list_make(context, ret_result, err);
    return status_make(context, argument_at(arguments, 0), ret_result, err);
}

static int64_t count_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void campaign_show(const Context *context, const json_t *result)
{
    const json_t *messages = json_object_get(result, "messages");
    const json_t *suppressed = json_object_get(result, "suppressed");
    const char *why = json_string_value(json_object_get(result, "paused_why"));
    int64_t audience = count_of(result, "audience");
    printf("%s%s%s  %s%s%s\n", render_style(stdout, STYLE_BOLD),
           json_string_value(json_object_get(result, "campaign")), render_plain(stdout),
           _(json_string_value(json_object_get(result, "state"))), why ? ": " : "", why ? why : "");
    printf(_("%s messages, billed as %s SMS\n"), render_number(context->arena, audience),
           render_number(context->arena, count_of(result, "segments")));
    const json_t *sample = json_object_get(result, "sample");
    if (sample)
        printf(_("a sample of %s people goes first; %s messages are held until it is resumed\n"),
               render_number(context->arena, count_of(sample, "size")),
               render_number(context->arena, count_of(sample, "held")));
    Tally states = tally_start(context->arena, audience);
    for (int state = 0; state < STATE_COUNT; state++) {
        int64_t count = count_of(messages, message_state_word((MessageState)state));
        if (count > 0)
            tally_add(&states, message_state_label((MessageState)state), count);
    }
    tally_print(&states, N_("state"), N_("messages"));
    Tally reasons = tally_start(context->arena, count_of(result, "people"));
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++) {
        int64_t count = count_of(suppressed, suppression_word((Suppression)reason));
        if (count > 0)
            tally_add(&reasons, suppression_label((Suppression)reason), count);
    }
    if (json_array_size(reasons.lines) > 0)
        printf("\n");
    tally_print(&reasons, N_("left out because"), N_("people"));
}

static const Column LIST_COLUMNS[] = {{"id", N_("no.")},
                                      {"campaign", N_("campaign")},
                                      {"state", N_("state")},
                                      {"audience", N_("messages")},
                                      {"template", N_("template")},
                                      {"planned_by", N_("planned by")},
                                      {"planned_at", N_("planned at")},
                                      {0}};

static void status_show(const Context *context, const json_t *result)
{
    if (json_is_array(result))
        render_table(stdout, LIST_COLUMNS, result);
    else
        campaign_show(context, result);
}

const Command OUTREACH_STATUS = {
    .words = "outreach status",
    .summary = N_("count a campaign's messages by state, or list the campaigns"),
    .positionals =
        (const Positional[]){
            {"CAMPAIGN", N_("its name or number; none = list them all"), true, false}, {0}},
    .details =
        N_("--watch draws the view anew each second until the campaign ends or Ctrl-C: how fast, "
           "how long still, whether the window is open, why it is paused. In a pipe it prints "
           "a line each time, with --json a JSON object a line."),
    .options = (const Option[]){{.name = "watch",
                                 .kind = OPTION_FLAG,
                                 .help = N_("go on looking, until the campaign ends or Ctrl-C")},
                                {.name = "every",
                                 .kind = OPTION_INT,
                                 .value = "S",
                                 .help = N_("seconds between two looks"),
                                 .min = 1,
                                 .max = 3600,
                                 .preset = "1"},
                                {0}},
    .columns = LIST_COLUMNS,
    .role = ROLE_OUTREACH | ROLE_APPROVER,
    .needs = NEEDS_DATABASE | SENDS,
    .run = status_run,
    .show = status_show,
};
