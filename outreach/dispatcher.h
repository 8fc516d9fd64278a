/* outreach/dispatcher.h: the worker that empties the outbox: claim, send, record, over and over.
 * Shape:  one thread, one gateway, many connections; any number of workers on any number of
 *         hosts.
 * Units:  *_ms milliseconds.
 * Owns:   borrows the settings; a DispatchReport lives in the arena given.
 * Errors: ERR_REFUSED on a restored or copied base; ERR_NET when the gateway stays out of reach
 *         (--until-done only); ERR_DB… when the base went away: what was sent by then is in the
 *         journal and recorded by the next dispatcher.
 * Source: DESIGN 7 "Dispatch"; DOMAIN D, checklist 32–52. */
#ifndef OUTREACH_DISPATCHER_H
#define OUTREACH_DISPATCHER_H

#include "base/config.h"
#include "base/seal.h"
#include "sql/db.h"

typedef struct DispatchSettings {
    Db *db;
    const Sealer *sealer;
    const Config *config;
    const char *gateway; /* NULL = the configured one, or the simulator */
    bool until_done;     /* end when nothing is left to send and the receipts are in */
    bool quiet;
} DispatchSettings;

typedef struct PausedCampaign {
    int64_t id;
    const char *name, *why;
} PausedCampaign;

typedef struct DispatchReport {
    const char *gateway, *gateway_title;
    bool sends_sms;
    int64_t sent; /* taken by the gateway in this run */
    int64_t
        delivered;  /* these and the next by receipts that came during this run, for any worker */
    int64_t failed; /* undelivered, rejected or expired */
    int64_t uncertain;
    int64_t suppressed;             /* opted out, told or forgotten since the plan */
    int64_t requeued;               /* attempts that certainly sent nothing */
    int64_t left_queued, left_open; /* still waiting; sent or uncertain without a receipt */
    int64_t held;                   /* campaigns launched on another base */
    int64_t replies, optouts;
    Moment opens_at; /* when the sending window opens, 0 = it is open */
    PausedCampaign *paused;
    size_t paused_count;
    int64_t elapsed_ms;
} DispatchReport;

ErrCode dispatcher_run(const DispatchSettings *settings, Arena *arena, DispatchReport *ret_report,
                       Err *err) MUST_CHECK;

#endif
