/* tests/outreach/outbox_once.h: the real dispatcher for one request and no more: it is stopped, as by
 * Ctrl-C, once the server has read it, and records what became of it.
 * Shape:  for tests of what one answer does.
 * Errors: what should not fail does not return. */
#ifndef TESTS_OUTREACH_OUTBOX_ONCE_H
#define TESTS_OUTREACH_OUTBOX_ONCE_H

#include "outbox_fill.h"
#include "support/scripted.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

typedef struct OutboxWatch {
    Scripted *server; /* NULL = nobody will read a request: stopped after unread_ms */
    int unread_ms;
    atomic_bool over;
} OutboxWatch;

static inline void *outbox_watch(void *state)
{
    OutboxWatch *watch = state;
    int most_ms = watch->server ? 5000 : watch->unread_ms;
    for (int ms = 0; ms < most_ms && !atomic_load(&watch->over); ms++) {
        if (watch->server && scripted_requests(watch->server) > 0)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
    }
    command_interrupted = 1;
    return NULL;
}

static inline void outbox_dispatch_once(TestHome *home, Scripted *server, int unread_ms)
{
    OutboxWatch watch = {.server = server, .unread_ms = unread_ms};
    pthread_t thread;
    Err err = {0};
    DispatchReport report;
    assert_int_equal(pthread_create(&thread, NULL, outbox_watch, &watch), 0);
    ErrCode code = outbox_dispatch(home, &report, &err);
    atomic_store(&watch.over, true);
    pthread_join(thread, NULL);
    command_interrupted = 0;
    assert_ok(code, &err);
}

#endif
