#include "base/render.h"
#include "outreach/dispatcher.h"
#include "outreach/event.h"
#include "outreach/verbs.h"

#include <stdio.h>

static const Option OPTIONS[] = {
    {.name = "until-done",
     .kind = OPTION_FLAG,
     .help = N_("end when nothing is left to send and the receipts are in")},
    {.name = "gateway",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .help = N_("another gateway of talent.json than the configured one")},
    EVENT_OPTION,
    {0}};

static json_t *paused_json(const DispatchReport *report)
{
    json_t *paused = json_array();
    for (size_t at = 0; at < report->paused_count; at++)
        json_array_append_new(
            paused, json_pack("{sI, ss, ss}", "id", (json_int_t)report->paused[at].id, "campaign",
                              report->paused[at].name, "why", report->paused[at].why));
    return paused;
}

static json_t *report_json(const DispatchReport *report)
{
    char opens[20];
    json_t *json = json_pack(
        "{ss, ss, sb, sI, sI, sI, sI, sI, sI, sI, sI, sI, sI, so, sI}", "gateway", report->gateway,
        "gateway_title", report->gateway_title, "sends_sms", (int)report->sends_sms, "sent",
        (json_int_t)report->sent, "delivered", (json_int_t)report->delivered, "failed",
        (json_int_t)report->failed, "uncertain", (json_int_t)report->uncertain, "suppressed",
        (json_int_t)report->suppressed, "requeued", (json_int_t)report->requeued, "queued",
        (json_int_t)report->left_queued, "without_receipt", (json_int_t)report->left_open,
        "replies", (json_int_t)report->replies, "optouts", (json_int_t)report->optouts, "paused",
        paused_json(report), "elapsed_ms", (json_int_t)report->elapsed_ms);
    if (report->held > 0)
        json_object_set_new(json, "held", json_integer((json_int_t)report->held));
    if (report->opens_at)
        json_object_set_new(json, "window_opens",
                            json_string(moment_format(report->opens_at, opens)));
    return json;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    TRY(events_choose(context, arguments, err));
    DispatchSettings settings = {.db = context->db,
                                 .sealer = context->sealer,
                                 .config = &context->config,
                                 .gateway = option_text(arguments, "gateway"),
                                 .until_done = option_flag(arguments, "until-done"),
                                 .quiet = context->quiet || events_are_on()};
    DispatchReport report;
    TRY(dispatcher_run(&settings, context->arena, &report, err));
    context->partial = report.failed > 0 || report.uncertain > 0 || report.left_queued > 0 ||
                       report.left_open > 0 || report.held > 0;
    *ret_result = report_json(&report);
    return OK;
}

static void line(const char *label, const json_t *result, const char *key)
{
    printf("%-22s %8" JSON_INTEGER_FORMAT "\n", label,
           json_integer_value(json_object_get(result, key)));
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    printf("%s%s%s\n", render_style(stdout, STYLE_BOLD),
           json_string_value(json_object_get(result, "gateway_title")), render_plain(stdout));
    line(_("sent"), result, "sent");
    line(_("delivered"), result, "delivered");
    line(_("failed"), result, "failed");
    line(_("uncertain"), result, "uncertain");
    line(_("without a receipt"), result, "without_receipt");
    line(_("still queued"), result, "queued");
    size_t at;
    const json_t *paused;
    json_array_foreach(json_object_get(result, "paused"), at, paused) printf(
        _("campaign '%s' is paused: %s\n"), json_string_value(json_object_get(paused, "campaign")),
        json_string_value(json_object_get(paused, "why")));
    if (json_object_get(result, "held"))
        printf(_("%lld campaigns were launched on another base and are held\n"),
               (long long)json_integer_value(json_object_get(result, "held")));
    if (json_object_get(result, "window_opens"))
        printf(_("outside the sending hours: they begin at %s\n"),
               json_string_value(json_object_get(result, "window_opens")));
}

const Command OUTREACH_DISPATCH = {
    .words = "outreach dispatch",
    .summary = N_("sends what running campaigns have queued"),
    .details =
        N_("Any number of these may run, on any number of hosts. Each message is claimed before "
           "it is sent; one that may have been sent is never sent again by itself, but stays "
           "uncertain until a receipt or a person settles it. Receipts and replies are taken in "
           "beside the work, on receive.listen when that port is free; so the bundled simulator "
           "needs only 'talent outreach simulate' in another terminal. Without a configured "
           "gateway the simulator is used and no SMS leaves the building."),
    .options = OPTIONS,
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | SENDS | WRITES,
    .run = run,
    .show = show,
};
