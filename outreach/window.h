/* outreach/window.h: the hours in which people may be texted.
 * Shape:  minutes of the day and days without sending, all in Asia/Shanghai.
 * Units:  Moment = milliseconds UTC.
 * Owns:   the days live in the arena given.
 * Errors: ERR_IO when the holidays file can't be read, ERR_CONFIG at FILE:LINE for what is no
 *         date.
 * Source: DOMAIN C "Hours"; talent.json "window". */
#ifndef OUTREACH_WINDOW_H
#define OUTREACH_WINDOW_H

#include "base/config.h"
#include "base/date.h"

typedef struct Window {
    bool always; /* "window": null */
    int from_minute, to_minute;
    const Date *holidays;
    size_t holiday_count;
} Window;

/* Reads the holidays file, when the configuration names one: an ISO date a line, # begins a remark.
 */
ErrCode window_load(const Config *config, Arena *arena, Window *ret_window, Err *err) MUST_CHECK;

bool window_open(const Window *window, Moment at);

/* The next moment at which it opens, `at` itself when it is open; at most a year away, else 0. */
Moment window_next(const Window *window, Moment at);

#endif
