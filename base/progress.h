/* base/progress.h: one line on a terminal that says how far, how fast, how long still; nothing in a
 * pipe.
 * Units:  items of the caller's own unit; rate per second; redrawn at most 10 times a second.
 * Owns:   a Progress borrows its label; end it with progress_end, which clears the line.
 * Errors: none. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/date.h"

#include <stdbool.h>

typedef struct Progress {
    const char *label;
    int64_t total; /* 0 = unknown */
    int64_t done;
    Moment started_ms, drawn_ms;
    bool shown;
} Progress;

/* shown only when wanted and stderr is a terminal. */
Progress progress_start(bool wanted, const char *label, int64_t total);
void progress_at(Progress *progress, int64_t done);
void progress_end(Progress *progress);

#endif
