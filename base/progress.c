#include "base/progress.h"

#include "base/lang.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { REDRAW_MS = 100, BAR_COLUMNS = 24 };

Progress progress_start(bool wanted, const char *label, int64_t total)
{
    Moment now = moment_now();
    return (Progress){.label = label,
                      .total = total,
                      .started_ms = now,
                      .drawn_ms = now,
                      .shown = wanted && isatty(STDERR_FILENO)};
}

static void draw(const Progress *progress, Moment now)
{
    double seconds = (double)(now - progress->started_ms) / 1000.0;
    double per_s = seconds > 0 ? (double)progress->done / seconds : 0;
    fprintf(stderr, "\r\033[K%s ", progress->label);
    if (progress->total > 0) {
        int filled = (int)(progress->done * BAR_COLUMNS / progress->total);
        for (int i = 0; i < BAR_COLUMNS; i++)
            fputs(i < filled ? "█" : "░", stderr);
        int64_t left = progress->total - progress->done;
        fprintf(stderr, " %" PRId64 "/%" PRId64 "  ", progress->done, progress->total);
        fprintf(stderr, _("%.0f/s, %.0f s left"), per_s, per_s > 0 ? (double)left / per_s : 0.0);
    } else {
        fprintf(stderr, "%" PRId64 "  ", progress->done);
        fprintf(stderr, _("%.0f/s"), per_s);
    }
    fflush(stderr);
}

void progress_at(Progress *progress, int64_t done)
{
    progress->done = done;
    if (!progress->shown)
        return;
    Moment now = moment_now();
    if (now - progress->drawn_ms < REDRAW_MS)
        return;
    progress->drawn_ms = now;
    draw(progress, now);
}

void progress_end(Progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
