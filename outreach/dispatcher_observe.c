/* What a dispatcher does, told to the log and to those who ask. */
#include "outreach/dispatcher_state.h"
#include "outreach/event.h"
#include "outreach/inbox_observe.h"

#include "base/text.h"

enum { SAY_MS = 200, LOOK_MS = 1000 };

static void live_update(Dispatcher *dispatcher, int64_t now_ms)
{
    DispatchLive *live = &dispatcher->live;
    Observed *observed = &dispatcher->observed;
    if (now_ms - observed->looked_ms >= LOOK_MS)
        watch_pace_add(&observed->pace, now_ms, dispatcher->sent);
    atomic_store(&live->rate_milli, (int64_t)(watch_pace_per_s(&observed->pace) * 1000));
    atomic_store(&live->allowed_milli, (int64_t)(dispatcher->pace.allowed_per_s * 1000));
    atomic_store(&live->answered_ms, dispatcher->answered_ms);
    atomic_store(&live->claimed, dispatcher->claimed);
    atomic_store(&live->suppressed, dispatcher->suppressed);
    atomic_store(&live->breaker_open, pace_broken(&dispatcher->pace));
    for (int kind = 0; kind < OUTCOME_COUNT; kind++)
        atomic_store(&live->outcomes[kind], dispatcher->counts.by_kind[kind]);
}

static void say_grown(const char *event, int64_t now, int64_t *seen)
{
    if (now > *seen)
        event_say(event, json_pack("{sI}", "count", (json_int_t)(now - *seen)));
    *seen = now;
}

static void say_outcomes(Dispatcher *dispatcher)
{
    json_t *fields = json_object();
    for (int kind = 0; kind < OUTCOME_COUNT; kind++) {
        int64_t now = dispatcher->counts.by_kind[kind];
        int64_t *seen = &dispatcher->observed.outcomes[kind];
        if (now > *seen)
            json_object_set_new(fields, outcome_word((OutcomeKind)kind), json_integer(now - *seen));
        *seen = now;
    }
    if (json_object_size(fields) > 0)
        event_say("outcomes", json_incref(fields));
    json_decref(fields);
}

static void say_turns(Dispatcher *dispatcher)
{
    Observed *observed = &dispatcher->observed;
    bool breaker_open = pace_broken(&dispatcher->pace);
    bool is_open = window_open(&dispatcher->window, moment_now());
    if (breaker_open != observed->breaker_open)
        event_say(breaker_open ? "breaker_open" : "breaker_closed", NULL);
    if (observed->begun && is_open != observed->window_open)
        event_say(is_open ? "window_open" : "window_closed", NULL);
    observed->breaker_open = breaker_open;
    observed->window_open = is_open;
}

static bool holds(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t at = 0; at < count; at++) {
        if (ids[at] == id)
            return true;
    }
    return false;
}

/* Why it no longer runs is told by its status: what people wrote as a reason has no place here. */
static ErrCode say_stopped(Dispatcher *dispatcher, int64_t campaign, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(dispatcher->settings->db, QUERY_OUTREACH_DISPATCH_CAMPAIGN,
                 PARAMS(v_int(campaign)), &rows, err));
    const char *state = rows_next(rows) ? rows_text(rows, 2) : "gone";
    event_say(text_equal(state, "paused") ? "pause" : "end",
              json_pack("{sI, ss}", "campaign", (json_int_t)campaign, "state", state));
    return OK;
}

static ErrCode say_campaigns(Dispatcher *dispatcher, Err *err)
{
    Observed *observed = &dispatcher->observed;
    AUTO_ARENA arena = arena_new(0);
    int64_t *ids;
    size_t count;
    TRY(claim_campaigns(dispatcher->settings->db, arena, &ids, &count, NULL, err));
    count = count > SEEN_MAX ? SEEN_MAX : count;
    for (size_t at = 0; at < observed->running_count; at++) {
        if (!holds(ids, count, observed->running[at]))
            TRY(say_stopped(dispatcher, observed->running[at], err));
    }
    for (size_t at = 0; at < count; at++) {
        if (!holds(observed->running, observed->running_count, ids[at]))
            event_say(observed->begun ? "resume" : "running",
                      json_pack("{sI}", "campaign", (json_int_t)ids[at]));
    }
    memcpy(observed->running, ids, count * sizeof *ids);
    observed->running_count = count;
    return OK;
}

ErrCode dispatcher_observe(Dispatcher *dispatcher, bool all, Err *err)
{
    Observed *observed = &dispatcher->observed;
    int64_t now_ms = boottime_ms();
    bool looks = all || now_ms - observed->looked_ms >= LOOK_MS;
    live_update(dispatcher, now_ms);
    if (looks)
        observed->looked_ms = now_ms;
    if (!events_are_on())
        return OK;
    say_turns(dispatcher);
    if (looks)
        TRY(say_campaigns(dispatcher, err));
    observed->begun = true;
    if (!all && now_ms - observed->said_ms < SAY_MS)
        return OK;
    observed->said_ms = now_ms;
    say_grown("claim", dispatcher->claimed, &observed->claimed);
    say_grown("sent", dispatcher->sent, &observed->sent);
    say_outcomes(dispatcher);
    say_grown("suppressed", dispatcher->suppressed, &observed->suppressed);
    say_grown("swept", dispatcher->swept, &observed->swept);
    say_grown("expired", dispatcher->expired, &observed->expired);
    inbox_observe(&dispatcher->inbox, &observed->receipts, &observed->replies);
    return OK;
}
