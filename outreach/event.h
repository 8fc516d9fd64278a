/* outreach/event.h: what dispatcher and receiver did, a JSON object a line on standard error, for a
 * machine that reads logs.
 * Shape:  {"at": "2012-10-08T09:00:00.123+08:00", "event": "claim", …}; nothing unless events_on was
 *         called. The events: start, running, claim, sent, outcomes, suppressed, swept, expired,
 *         receipts, replies, pause, resume, end, breaker_open, breaker_closed, window_open,
 *         window_closed, listening, base_away, base_back, stop.
 * Units:  counts since the last line of that event.
 * Owns:   event_say takes its fields.
 * Errors: none: a log that cannot be written stops nothing.
 * Source: issue 5 "Watching". No phone, no name, no text is ever a field. */
#ifndef OUTREACH_EVENT_H
#define OUTREACH_EVENT_H

#include "base/command.h"

/* Of the whole process. */
void events_on(bool on);
bool events_are_on(void);

/* fields: an object, taken; NULL = none. One write a line, from any thread. */
void event_say(const char *event, json_t *fields);

/* --log text|json, else what the configuration says; switches it on. */
#define EVENT_OPTION                                                                               \
    {                                                                                              \
        .name = "log", .kind = OPTION_TEXT, .value = "text|json",                                  \
        .help = N_("json: a JSON object a line on standard error for each event")                  \
    }
ErrCode events_choose(const Context *context, const Arguments *arguments, Err *err) MUST_CHECK;

#endif
