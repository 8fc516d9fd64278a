#include "base/text.h"
#include "outreach/event.h"
#include "outreach/inbox_observe.h"
#include "outreach/metrics.h"
#include "outreach/receiver.h"
#include "outreach/verbs.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const Option OPTIONS[] = {{.name = "port",
                                  .kind = OPTION_INT,
                                  .value = "N",
                                  .help = N_("listen on this port instead of receive.listen's"),
                                  .min = 1,
                                  .max = 65535},
                                 EVENT_OPTION,
                                 {0}};

/* The configured address, with another port. */
static const char *address_of(Context *context, const Arguments *arguments)
{
    const char *listen = context->config.listen, *colon = strrchr(listen, ':');
    if (!option_given(arguments, "port") || !colon)
        return listen;
    return arena_printf(context->arena, "%.*s:%d", (int)(colon - listen), listen,
                        (int)option_int(arguments, "port", 0));
}

/* The base may go away and come back: what arrives meanwhile is refused with 503, so that the
 * gateway keeps it. */
static ErrCode work(Inbox *inbox, Err *err)
{
    bool away = false;
    ReceiptCounts receipts = {0};
    ReplyCounts replies = {0};
    while (!command_interrupted) {
        ErrCode code = inbox_work(inbox, err);
        if (code == ERR_DB_GONE && !away && !events_are_on())
            fprintf(stderr, "%s\n", err->text);
        if ((code == ERR_DB_GONE) != away)
            event_say(away ? "base_back" : "base_away", NULL);
        away = code == ERR_DB_GONE;
        inbox_observe(inbox, &receipts, &replies);
        if (code != OK && !away)
            return code;
        nanosleep(&(struct timespec){.tv_sec = away, .tv_nsec = 50 * 1000 * 1000}, NULL);
    }
    return inbox_work(inbox, err);
}

static json_t *result_of(const Inbox *inbox, uint64_t refused)
{
    return json_pack(
        "{s{sI, sI, sI, sI}, s{sI, sI, sI, sI}, sI}", "receipts", "stored",
        (json_int_t)inbox->receipts.receipts, "delivered", (json_int_t)inbox->receipts.delivered,
        "undelivered", (json_int_t)inbox->receipts.undelivered, "unmatched",
        (json_int_t)inbox->receipts.unmatched, "replies", "stored",
        (json_int_t)inbox->replies.replies, "optouts", (json_int_t)inbox->replies.optouts,
        "intentions", (json_int_t)inbox->replies.intentions, "others",
        (json_int_t)inbox->replies.others, "refused", (json_int_t)refused);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    GatewaySet gateways;
    ReceiverSettings settings = {.db = context->db,
                                 .sealer = context->sealer,
                                 .gateways = &gateways,
                                 .address = address_of(context, arguments),
                                 .public_url = context->config.public_url};
    Window window;
    Receiver *receiver = NULL;
    const MetricsSettings measured = {.db = context->db, .window = &window};
    TRY(events_choose(context, arguments, err));
    TRY(receiver_token(context->arena, context->config.token_file, &settings.token, err));
    TRY(window_load(&context->config, context->arena, &window, err));
    TRY(gateways_load(&context->config, context->arena, &gateways, err));
    ErrCode code = metrics_open(&measured, &settings.metrics, err);
    if (code == OK)
        code = receiver_open(&settings, &receiver, err);
    if (code == OK)
        event_say("listening", json_pack("{ss}", "address", settings.address));
    if (code == OK && !context->quiet && !events_are_on())
        fprintf(stderr,
                _("listening on %s for /receipt/TOKEN/GATEWAY and /reply/TOKEN/GATEWAY; the "
                  "token stands in '%s'; Ctrl-C ends it\n"),
                settings.address, context->config.token_file);
    Inbox inbox = {.db = context->db, .sealer = context->sealer, .gateways = &gateways};
    if (code == OK)
        code = work(&inbox, err);
    uint64_t refused = receiver ? receiver_refused(receiver) : 0;
    receiver_close(receiver);
    metrics_close(settings.metrics);
    event_say("stop", json_pack("{ss}", "because", code == OK ? "done" : err_name(code)));
    gateways_done(&gateways);
    if (code == OK)
        *ret_result = result_of(&inbox, refused);
    return code;
}

const Command OUTREACH_RECEIVE = {
    .words = "outreach receive",
    .summary = N_("takes receipts and replies from the gateway"),
    .details =
        N_("The addresses for the gateway are PUBLIC_URL/receipt/TOKEN/GATEWAY and "
           "PUBLIC_URL/reply/TOKEN/GATEWAY, where TOKEN is the content of receive.token_file "
           "(made when missing) and GATEWAY the name in talent.json. What arrives is stored "
           "before it is answered and then matched: receipts to messages, opt-outs to the "
           "do-not-text list, intentions (1, 2, 3) to the information base. 'outreach "
           "dispatch' does the same beside its work when the port is free. /metrics tells "
           "Prometheus how things are: to this machine, or to who says 'Authorization: Bearer "
           "TOKEN'. --log json writes a JSON object a line for each event, and never whom it is "
           "about."),
    .options = OPTIONS,
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
