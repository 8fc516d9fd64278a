#include "outreach/dispatcher.h"

#include "base/command.h"
#include "base/lang.h"
#include "base/text.h"
#include "outreach/asker.h"
#include "outreach/campaign.h"
#include "outreach/dispatcher_state.h"
#include "outreach/epoch.h"
#include "outreach/event.h"
#include "outreach/sample.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WAIT_MS = 50,
    ENOUGH = 256,
    LIMIT_FIRST = 64,
    SWEEP_MS = 5000,
    SAMPLE_MS = 500,
    STOP_MS = 10000, /* what is on the wire may take so long to finish when we are told to stop */
    GIVE_UP_MS = 10000, /* --until-done ends when the gateway has not answered for so long */
    DONE_CHECK_MS = 250,
};

/* Where gateways reach us; a listener on any free port is found where it is. */
static const char *public_url(const Dispatcher *dispatcher)
{
    const Config *config = dispatcher->settings->config;
    if (!dispatcher->receiver || !text_ends(config->listen, ":0"))
        return config->public_url;
    return arena_printf(dispatcher->arena, "http://%.*s:%u", (int)strlen(config->listen) - 2,
                        config->listen, receiver_port(dispatcher->receiver));
}

/* One who takes receipts already, on this port, is as good as we. */
static ErrCode open_receiver(Dispatcher *dispatcher, Err *err)
{
    const Config *config = dispatcher->settings->config;
    Gateway *gateway = &dispatcher->gateway;
    if (gateway->receipt.kind == INBOUND_NONE && gateway->reply.kind == INBOUND_NONE)
        return OK;
    ReceiverSettings settings = {.db = dispatcher->settings->db,
                                 .sealer = dispatcher->settings->sealer,
                                 .gateways = &dispatcher->gateways,
                                 .address = config->listen,
                                 .public_url = config->public_url};
    const MetricsSettings measured = {
        .db = dispatcher->settings->db, .window = &dispatcher->window, .live = &dispatcher->live};
    TRY(receiver_token(dispatcher->arena, config->token_file, &settings.token, err));
    TRY(metrics_open(&measured, &dispatcher->metrics, err));
    settings.metrics = dispatcher->metrics;
    ErrCode code = receiver_open(&settings, &dispatcher->receiver, err);
    if (code == ERR_NET && !dispatcher->settings->quiet)
        fprintf(stderr, _("receipts are taken by another program on %s\n"), config->listen);
    if (code != OK && code != ERR_NET)
        return code;
    if (code == ERR_NET) { /* who asks there is told by the other one */
        metrics_close(dispatcher->metrics);
        dispatcher->metrics = NULL;
    }
    gateway_callbacks(gateway, dispatcher->arena, public_url(dispatcher), settings.token);
    return OK;
}

static ErrCode see_running(Dispatcher *dispatcher, Err *err)
{
    int64_t *campaigns;
    size_t count;
    TRY(claim_campaigns(dispatcher->settings->db, dispatcher->arena, &campaigns, &count, NULL,
                        err));
    for (size_t at = 0; at < count; at++)
        TRY(dispatcher_see(dispatcher, campaigns[at], err));
    return OK;
}

/* Some part of a second's work. */
static size_t share_of(int rate_per_s, int part, size_t least, size_t most)
{
    size_t share = (size_t)rate_per_s / (size_t)part;
    if (rate_per_s == 0 || share > most)
        return most;
    return share < least ? least : share;
}

/* How much is claimed at once, and how much of it may begin before the base is told of more. Where a
 * request carries many messages, enough for several requests. */
static void open_sizes(Dispatcher *dispatcher)
{
    ClaimTerms *terms = &dispatcher->terms;
    int rate_per_s = dispatcher->gateway.rate_per_s;
    size_t together = dispatcher->gateway.ask.batch.limit;
    terms->limit = share_of(rate_per_s, 2, BATCH_MIN, BATCH_MAX);
    terms->stride = share_of(rate_per_s, 50, 1, STRIDE_MAX);
    if (terms->stride < 4 * together) {
        terms->stride = 4 * together;
        terms->limit = 8 * together;
    }
    dispatcher->limit_most = terms->limit;
    dispatcher->limit_least = 2 * together > BATCH_MIN ? 2 * together : BATCH_MIN;
    if (rate_per_s == 0 && terms->limit > LIMIT_FIRST) /* how fast it is, is found out */
        terms->limit =
            dispatcher->limit_least > LIMIT_FIRST ? dispatcher->limit_least : LIMIT_FIRST;
}

static void open_terms(Dispatcher *dispatcher)
{
    const Config *config = dispatcher->settings->config;
    const Gateway *gateway = &dispatcher->gateway;
    dispatcher->terms = (ClaimTerms){.gateway = gateway->name,
                                     .timeout_ms = gateway->timeout_ms,
                                     .cap_messages = config->cap_messages,
                                     .cap_days = config->cap_days};
    open_sizes(dispatcher);
    seal_random(dispatcher->terms.worker, WORKER_BYTES);
    dispatcher->journal = journal_start(config->home, dispatcher->epoch,
                                        seal_hex(dispatcher->arena, dispatcher->terms.worker, 5));
    dispatcher->inbox = (Inbox){.db = dispatcher->settings->db,
                                .sealer = dispatcher->settings->sealer,
                                .gateways = &dispatcher->gateways};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dispatcher->pace =
        pace_start(gateway->rate_per_s, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    dispatcher->answered_ms = boottime_ms();
}

/* In this order: no claim before the base is known to be the right one and the journal is in it. */
static ErrCode dispatcher_start(Dispatcher *dispatcher, Err *err)
{
    const DispatchSettings *settings = dispatcher->settings;
    TRY(epoch_check(settings->db, dispatcher->arena, settings->config->home, &dispatcher->epoch,
                    err));
    TRY(window_load(settings->config, dispatcher->arena, &dispatcher->window, err));
    TRY(gateway_load(settings->config, dispatcher->arena, settings->gateway, &dispatcher->gateway,
                     err));
    TRY(gateways_load(settings->config, dispatcher->arena, &dispatcher->gateways, err));
    open_terms(dispatcher);
    TRY(journal_replay(settings->config->home, dispatcher->epoch, settings->db, &dispatcher->counts,
                       err));
    TRY(see_running(dispatcher, err));
    TRY(claim_sweep(settings->db, &dispatcher->swept, err));
    TRY(claim_expire(settings->db, dispatcher->gateway.name, dispatcher->gateway.receipt_hours,
                     &dispatcher->expired, err));
    TRY(open_receiver(dispatcher, err));
    TRY(inbox_start(&dispatcher->inbox, &dispatcher->matching, err));
    TRY(courier_open(&dispatcher->gateway, &dispatcher->courier, err));
    const ClaimerSettings claiming = {.db = settings->db,
                                      .sealer = settings->sealer,
                                      .done = courier_nudge,
                                      .state = dispatcher->courier};
    TRY(claimer_open(&claiming, &dispatcher->claimer, err));
    event_say("start",
              json_pack("{ss, ss}", "gateway", dispatcher->gateway.name, "worker",
                        seal_hex(dispatcher->arena, dispatcher->terms.worker, WORKER_BYTES)));
    int64_t open[STATE_COUNT];
    TRY(dispatcher_open(dispatcher, open, err));
    dispatcher->progress = progress_start(!settings->quiet, _("sending"), open[STATE_QUEUED]);
    if (!dispatcher->gateway.sends_sms && !settings->quiet)
        fprintf(stderr, _("gateway '%s' is a simulator: no SMS leaves the building\n"),
                dispatcher->gateway.name);
    return dispatcher_observe(dispatcher, false, err);
}

static void dispatcher_end(Dispatcher *dispatcher)
{
    progress_end(&dispatcher->progress);
    asker_close(dispatcher->asker);
    claimer_close(dispatcher->claimer);
    courier_close(dispatcher->courier);
    receiver_close(dispatcher->receiver);
    metrics_close(dispatcher->metrics);
    journal_close(&dispatcher->journal);
    while (dispatcher->batches) {
        ClaimBatch *batch = dispatcher->batches;
        dispatcher->batches = batch->next;
        claim_free(batch);
    }
    gateways_done(&dispatcher->gateways);
    gateway_done(&dispatcher->gateway);
    free(dispatcher->attempts);
}

static ErrCode sweep(Dispatcher *dispatcher, Err *err)
{
    int64_t now_ms = boottime_ms();
    if (now_ms - dispatcher->swept_ms < SWEEP_MS)
        return OK;
    dispatcher->swept_ms = now_ms;
    return claim_sweep(dispatcher->settings->db, &dispatcher->swept, err);
}

static ErrCode samples(Dispatcher *dispatcher, Err *err)
{
    int64_t now_ms = boottime_ms();
    if (now_ms - dispatcher->sampled_ms < SAMPLE_MS)
        return OK;
    dispatcher->sampled_ms = now_ms;
    return samples_pause(dispatcher->settings->db, NULL, err);
}

static ErrCode step(Dispatcher *dispatcher, Err *err)
{
    TRY(sweep(dispatcher, err));
    TRY(samples(dispatcher, err));
    TRY(inbox_check(dispatcher->matching, &dispatcher->inbox, err));
    TRY(dispatcher_ask(dispatcher, err));
    TRY(dispatcher_claim(dispatcher, err));
    TRY(dispatcher_send(dispatcher, err));
    dispatcher_rest(dispatcher);
    TRY(dispatcher_collect(dispatcher, err));
    TRY(dispatcher_record(dispatcher, false, err));
    return dispatcher_observe(dispatcher, false, err);
}

typedef struct Patience {
    int64_t checked_ms;
    int64_t open;     /* messages without a receipt when last looked at */
    int64_t moved_ms; /* when that number last changed */
} Patience;

/* Nothing to send any more, and every receipt is in or has been waited for long enough. */
static ErrCode all_done(Dispatcher *dispatcher, Patience *patience, bool *ret_done, Err *err)
{
    int64_t now_ms = boottime_ms();
    *ret_done = false;
    bool resting = courier_busy(dispatcher->courier) == 0 && dispatcher_ready(dispatcher) == 0 &&
                   dispatcher->attempt_count == 0 && !claimer_busy(dispatcher->claimer);
    if (!resting || now_ms - patience->checked_ms < DONE_CHECK_MS)
        return OK;
    patience->checked_ms = now_ms;
    if (!window_open(&dispatcher->window, moment_now())) {
        *ret_done = true;
        return OK;
    }
    int64_t open[STATE_COUNT];
    TRY(dispatcher_open(dispatcher, open, err));
    int64_t waiting = open[STATE_SENT] + open[STATE_UNCERTAIN];
    bool receipts = *dispatcher->gateway.callback != '\0';
    if (waiting != patience->open || open[STATE_QUEUED] + open[STATE_CLAIMED] > 0)
        patience->moved_ms = now_ms;
    patience->open = waiting;
    *ret_done = open[STATE_QUEUED] + open[STATE_CLAIMED] == 0 &&
                (waiting == 0 || !receipts ||
                 now_ms - patience->moved_ms >= (int64_t)dispatcher->gateway.receipt_wait_s * 1000);
    return OK;
}

static ErrCode out_of_reach(const Dispatcher *dispatcher, Err *err)
{
    const Gateway *gateway = &dispatcher->gateway;
    int shown = (int)strcspn(gateway->url, "?");
    err_set(err, ERR_NET,
            _("gateway '%s' at %.*s does not answer; what was not sent is still queued"),
            gateway->name, shown, gateway->url);
    if (gateway->sends_sms)
        return err_hint(err, _("check its url in talent.json and that it runs"));
    return err_hint(err, _("start it in another terminal: talent outreach simulate"));
}

static ErrCode work(Dispatcher *dispatcher, Err *err)
{
    Patience patience = {.moved_ms = boottime_ms()};
    bool done = false;
    while (!done && !command_interrupted) {
        TRY(step(dispatcher, err));
        if (!dispatcher->settings->until_done)
            continue;
        TRY(all_done(dispatcher, &patience, &done, err));
        if (pace_broken(&dispatcher->pace) && boottime_ms() - dispatcher->answered_ms > GIVE_UP_MS)
            return out_of_reach(dispatcher, err);
    }
    return OK;
}

/* Lets what is on the wire finish, gives the rest back, and records all of it, in the base or in
 * the journal. */
static ErrCode wind_up(Dispatcher *dispatcher, ErrCode why, Err *err)
{
    Err later;
    int64_t until_ms = boottime_ms() + STOP_MS;
    const CourierWait wait = {.enough = ENOUGH, .timeout_ms = WAIT_MS};
    claimer_stop(dispatcher->claimer);
    ErrCode claimed = dispatcher_claimed(dispatcher, &later);
    dispatcher_release(dispatcher, "the dispatcher stopped");
    courier_recall(dispatcher->courier, "the dispatcher stopped");
    while (courier_busy(dispatcher->courier) > 0 && boottime_ms() < until_ms) {
        courier_wait(dispatcher->courier, &wait);
        if (dispatcher_collect(dispatcher, &later) != OK)
            break;
    }
    courier_stop(dispatcher->courier);
    ErrCode collected = dispatcher_collect(dispatcher, &later);
    if (collected == OK)
        collected = claimed;
    if (why == OK && collected != OK) {
        *err = later;
        why = collected;
    }
    dispatcher_abandon(dispatcher);
    ErrCode recorded = dispatcher_record(dispatcher, true, &later);
    if (recorded == OK)
        return why;
    size_t kept = dispatcher->attempt_count;
    ErrCode journalled =
        journal_append(&dispatcher->journal, dispatcher->attempts, kept, why == OK ? err : &later);
    if (why == OK && journalled == OK)
        *err = later;
    if (journalled != OK)
        err_hint(err, _("the outcomes of %zu messages are lost and these will show as uncertain"),
                 kept);
    else
        err_hint(err,
                 _("the outcomes of %zu messages are in '%s/journal'; the next dispatch records "
                   "them first"),
                 kept, dispatcher->journal.home);
    return err->code;
}

static ErrCode finish(Db *db, void *state, Err *err)
{
    (void)state;
    return campaign_finish(db, NULL, err);
}

ErrCode dispatcher_run(const DispatchSettings *settings, Arena *arena, DispatchReport *ret_report,
                       Err *err)
{
    Dispatcher dispatcher = {.settings = settings, .arena = arena, .journal.file = -1};
    int64_t began_ms = boottime_ms();
    ErrCode code = dispatcher_start(&dispatcher, err);
    if (code == OK) {
        code = work(&dispatcher, err);
        code = wind_up(&dispatcher, code, err);
    }
    inbox_stop(dispatcher.matching, &dispatcher.inbox);
    if (code == OK)
        code = inbox_work(&dispatcher.inbox, err);
    if (code == OK)
        code = db_transact(settings->db, finish, NULL, err);
    if (code == OK)
        code = dispatcher_observe(&dispatcher, true, err);
    if (code == OK)
        code = dispatcher_report(&dispatcher, ret_report, err);
    event_say("stop", json_pack("{ss}", "because", code == OK ? "done" : err_name(code)));
    if (code == OK)
        ret_report->elapsed_ms = boottime_ms() - began_ms;
    dispatcher_end(&dispatcher);
    return code;
}
