/* outreach/push.h: the simulator's way back: receipts and replies, posted to whoever asked for
 * them.
 * Shape:  a thread with its own connections; items for one URL that are due together go in one
 *         JSON array.
 * Units:  milliseconds from now; at most PUSH_ITEMS items a request.
 * Owns:   texts are copied.
 * Errors: ERR_NET when the thread or libcurl does not start. A request that is not answered with
 *         200 is tried again, 8 times, ever later.
 * Source: the way Aliyun pushes SmsReport (DOMAIN C "Gateways"). */
#ifndef OUTREACH_PUSH_H
#define OUTREACH_PUSH_H

#include "base/err.h"

#include <stdint.h>

enum { PUSH_ITEMS = 100 };

typedef struct Push Push;

typedef struct PushCounts {
    uint64_t waiting, pushed, failed; /* items */
} PushCounts;

ErrCode push_open(Push **ret_push, Err *err) MUST_CHECK;
void push_close(Push *push); /* takes NULL; what still waits is dropped */

/* json: one object, without white space at its ends. Thread-safe. */
void push_add(Push *push, const char *url, const char *json, unsigned after_ms);
PushCounts push_counts(Push *push);

#endif
