/* What a run came to, counted in the base. */
#include "outreach/campaign.h"
#include "outreach/dispatcher_state.h"

#include <string.h>

ErrCode dispatcher_see(Dispatcher *dispatcher, int64_t campaign, Err *err)
{
    for (size_t at = 0; at < dispatcher->seen_count; at++)
        if (dispatcher->seen[at].id == campaign)
            return OK;
    if (dispatcher->seen_count == SEEN_MAX)
        return OK; /* more campaigns at once than anyone reads a sum of */
    SeenCampaign *seen = &dispatcher->seen[dispatcher->seen_count];
    int64_t total;
    TRY(outbox_counts(dispatcher->settings->db, campaign, seen->before, &total, err));
    seen->id = campaign;
    dispatcher->seen_count++;
    return OK;
}

ErrCode dispatcher_open(Dispatcher *dispatcher, int64_t ret_open[STATE_COUNT], Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(dispatcher->settings->db, QUERY_OUTREACH_DISPATCH_OPEN, NO_PARAMS, &rows, err));
    memset(ret_open, 0, sizeof(int64_t) * STATE_COUNT);
    while (rows_next(rows)) {
        MessageState state;
        if (message_state_find(rows_text(rows, 0), &state))
            ret_open[state] = rows_int(rows, 1);
    }
    return OK;
}

static int64_t grown(const SeenCampaign *seen, const int64_t *now, MessageState state)
{
    int64_t growth = now[state] - seen->before[state];
    return growth > 0 ? growth : 0;
}

static ErrCode count_seen(Dispatcher *dispatcher, const SeenCampaign *seen, DispatchReport *report,
                          Err *err)
{
    Db *db = dispatcher->settings->db;
    int64_t now[STATE_COUNT], total;
    TRY(outbox_counts(db, seen->id, now, &total, err));
    report->delivered += grown(seen, now, STATE_DELIVERED);
    report->failed += grown(seen, now, STATE_UNDELIVERED) + grown(seen, now, STATE_REJECTED) +
                      grown(seen, now, STATE_EXPIRED);
    report->uncertain += grown(seen, now, STATE_UNCERTAIN);
    report->left_queued += now[STATE_QUEUED] + now[STATE_CLAIMED];
    report->left_open += now[STATE_SENT] + now[STATE_UNCERTAIN];
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_CAMPAIGN, PARAMS(v_int(seen->id)), &rows, err));
    if (rows_next(rows) && strcmp(rows_text(rows, 2), "paused") == 0) {
        const char *why = rows_text(rows, 3);
        report->paused[report->paused_count++] =
            (PausedCampaign){.id = seen->id,
                             .name = arena_strdup(dispatcher->arena, rows_text(rows, 1)),
                             .why = arena_strdup(dispatcher->arena, why ? why : "")};
    }
    return OK;
}

ErrCode dispatcher_report(Dispatcher *dispatcher, DispatchReport *ret_report, Err *err)
{
    const AttemptCounts *counts = &dispatcher->counts;
    const Gateway *gateway = &dispatcher->gateway;
    DispatchReport report = {
        .gateway = arena_strdup(dispatcher->arena, gateway->name),
        .gateway_title = arena_strdup(dispatcher->arena, gateway->title),
        .sends_sms = gateway->sends_sms,
        .sent = dispatcher->sent,
        .suppressed = dispatcher->suppressed,
        .requeued = counts->by_kind[OUTCOME_NOT_SENT] + counts->by_kind[OUTCOME_THROTTLED] +
                    counts->by_kind[OUTCOME_PAUSED],
        .replies = dispatcher->inbox.replies.replies,
        .optouts = dispatcher->inbox.replies.optouts,
        .paused = arena_array(dispatcher->arena, PausedCampaign, dispatcher->seen_count + 1)};
    int64_t *campaigns;
    size_t running, held;
    TRY(claim_campaigns(dispatcher->settings->db, dispatcher->arena, &campaigns, &running, &held,
                        err));
    report.held = (int64_t)held;
    for (size_t at = 0; at < dispatcher->seen_count; at++)
        TRY(count_seen(dispatcher, &dispatcher->seen[at], &report, err));
    Moment now = moment_now();
    if (!window_open(&dispatcher->window, now))
        report.opens_at = window_next(&dispatcher->window, now);
    *ret_report = report;
    return OK;
}
