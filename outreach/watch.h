/* outreach/watch.h: a campaign as it goes, until it ends or the one who looks has seen enough.
 * Shape:  on a terminal a view that is drawn anew, else a line each time; with context->json a JSON
 *         object a line: {at, campaign, id, state, paused_why, audience, messages, held, rate_per_s,
 *         eta_s, window: {open, opens}}.
 * Units:  seconds between two looks; rate in messages that left for the gateway per second, over
 *         the last looks; eta_s null = nobody can say.
 * Owns:   nothing.
 * Errors: ERR_NOT_FOUND, ERR_DB…; Ctrl-C is a good end.
 * Source: issue 5 "Watching". */
#ifndef OUTREACH_WATCH_H
#define OUTREACH_WATCH_H

#include "base/command.h"

ErrCode campaign_watch(Context *context, const char *word, int every_s, Err *err) MUST_CHECK;

/* The pace of something that grows, over the last looks. */
enum { PACE_LOOKS = 6 };
typedef struct WatchPace {
    int64_t at_ms[PACE_LOOKS], count[PACE_LOOKS];
    size_t looks;
} WatchPace;

void watch_pace_add(WatchPace *pace, int64_t at_ms, int64_t count);
double watch_pace_per_s(const WatchPace *pace); /* 0 before the second look */

#endif
