/* outreach/metrics.h: figures for Prometheus, at the receiver's /metrics.
 * Shape:  a thread with its own connection counts the base, every few seconds as long as somebody
 *         asks, so that no scrape waits for the base; what is at hand of the dispatcher is told as
 *         it is. The names are those of outreach/metrics.def.
 * Units:  seconds.
 * Owns:   metrics_open returns owned; borrows the settings' members.
 * Errors: ERR_DB…, ERR_NET when the thread does not start. A base that is away leaves the last
 *         figures, whose age is told.
 * Source: Prometheus text exposition format 0.0.4; sql/queries/outreach/metrics.sql. */
#ifndef OUTREACH_METRICS_H
#define OUTREACH_METRICS_H

#include "base/listener.h"
#include "outreach/live.h"
#include "outreach/window.h"
#include "sql/db.h"

typedef struct Metrics Metrics;

typedef struct MetricsSettings {
    Db *db; /* a second connection to its base is opened */
    const Window *window;
    const DispatchLive *live; /* NULL = no dispatcher in this process */
} MetricsSettings;

ErrCode metrics_open(const MetricsSettings *settings, Metrics **ret_metrics, Err *err) MUST_CHECK;
void metrics_close(Metrics *metrics); /* takes NULL */

/* Answers a request for /metrics. Whoever asks is on this machine, and through no proxy, or says
 * "Authorization: Bearer TOKEN"; nobody else learns that there is anything. */
void metrics_answer(Metrics *metrics, const char *token, const Request *request, Reply *reply);

#endif
