#include "outreach/inbox.h"

#include "base/lang.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { WORK_MS = 100, AGAIN_S = 10, NAP_MS = 20 };

struct InboxThread {
    pthread_t thread;
    Inbox inbox; /* of the thread alone */
    atomic_bool stop;
    pthread_mutex_t lock; /* over what follows */
    ReceiptCounts receipts;
    ReplyCounts replies;
    ErrCode code;
    Err err;
};

ErrCode inbox_work(Inbox *inbox, Err *err)
{
    Moment now = moment_now();
    if (now >= inbox->worked_ms && now - inbox->worked_ms < WORK_MS)
        return OK;
    if (now < inbox->again_ms || now - inbox->again_ms >= AGAIN_S * 1000) {
        TRY(receipts_again(inbox->db, AGAIN_S, err));
        inbox->again_ms = now;
    }
    TRY(receipts_match(inbox->db, inbox->sealer, inbox->gateways, &inbox->receipts, err));
    TRY(replies_match(inbox->db, inbox->sealer, inbox->gateways, &inbox->replies, err));
    inbox->worked_ms = moment_now();
    return OK;
}

static void *work(void *state)
{
    InboxThread *thread = state;
    ErrCode code = OK;
    while (code == OK && !atomic_load(&thread->stop)) {
        Err err;
        code = inbox_work(&thread->inbox, &err);
        pthread_mutex_lock(&thread->lock);
        thread->receipts = thread->inbox.receipts;
        thread->replies = thread->inbox.replies;
        thread->code = code;
        if (code != OK)
            thread->err = err;
        pthread_mutex_unlock(&thread->lock);
        nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
    }
    return NULL;
}

/* Signals are for the main thread. */
static bool thread_start(InboxThread *thread)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread->thread, NULL, work, thread) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

ErrCode inbox_start(const Inbox *inbox, InboxThread **ret_thread, Err *err)
{
    InboxThread *thread = calloc(1, sizeof *thread);
    if (!thread)
        abort();
    thread->inbox = *inbox;
    pthread_mutex_init(&thread->lock, NULL);
    ErrCode code = db_open_again(inbox->db, &thread->inbox.db, err);
    if (code == OK && !thread_start(thread)) {
        db_close(thread->inbox.db);
        code = err_set(err, ERR_NET, _("the thread that matches receipts does not start"));
    }
    if (code != OK) {
        pthread_mutex_destroy(&thread->lock);
        free(thread);
        return code;
    }
    *ret_thread = thread;
    return OK;
}

ErrCode inbox_check(InboxThread *thread, Inbox *ret_inbox, Err *err)
{
    pthread_mutex_lock(&thread->lock);
    ErrCode code = thread->code;
    ret_inbox->receipts = thread->receipts;
    ret_inbox->replies = thread->replies;
    if (code != OK)
        *err = thread->err;
    pthread_mutex_unlock(&thread->lock);
    return code;
}

void inbox_stop(InboxThread *thread, Inbox *ret_inbox)
{
    Err ignored; /* who wanted to know has asked inbox_check */
    if (!thread)
        return;
    atomic_store(&thread->stop, true);
    pthread_join(thread->thread, NULL);
    ErrCode last = inbox_check(thread, ret_inbox, &ignored);
    (void)last;
    db_close(thread->inbox.db);
    pthread_mutex_destroy(&thread->lock);
    free(thread);
}
