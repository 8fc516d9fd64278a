#include "outreach/courier.h"

#include "base/lang.h"
#include "outreach/wire.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    QUEUE_MAX = 1024,
    WAIT_MS = 50,
    AHEAD_MS = 60,  /* what goes out in so long may lie ready */
    PULSE_MS = 100, /* how often the rate is measured */
    FIX_BYTES_MAX = 64 * 1024,
};

struct Courier {
    pthread_t thread;
    bool running;
    const Gateway *gateway;
    /* of the thread alone */
    Wire *wire;
    GatewayMessage *messages; /* of one request */
    Outcome *outcomes;
    Arena *fixes; /* what the user is told to do, until the end */
    int64_t pulse_ms;
    size_t pulse_count;
    /* under the lock */
    pthread_mutex_t lock;
    pthread_cond_t came; /* something for the owner */
    Errand queue[QUEUE_MAX];
    size_t queue_first, queue_count, on_wire;
    size_t ahead; /* errands that may lie ready */
    Returned *returned;
    size_t returned_count, returned_capacity;
    const char *recalled; /* why; NULL = at work */
    bool nudged;
    bool resting;               /* in poll, with connections free */
    const CourierWait *waiting; /* what the owner waits for; NULL = it does not wait */
    bool stop, failed;
    Err err; /* when it failed */
    /* of the owner alone */
    Returned *taken;
    size_t taken_capacity;
};

static void returned_add(Courier *courier, const Returned *returned)
{
    if (courier->returned_count == courier->returned_capacity) {
        size_t capacity = courier->returned_capacity ? courier->returned_capacity * 2 : 1024;
        Returned *grown = realloc(courier->returned, capacity * sizeof *grown);
        if (!grown)
            abort();
        courier->returned = grown;
        courier->returned_capacity = capacity;
    }
    courier->returned[courier->returned_count++] = *returned;
}

static void give_back(Courier *courier, const Errand *errand, const char *why)
{
    Returned returned = {.outcome.kind = OUTCOME_NOT_SENT};
    snprintf(returned.outcome.note, sizeof returned.outcome.note, "%s", why);
    for (size_t at = 0; at < errand->claims->group; at++) {
        returned.claim = &errand->claims[at];
        returned.last = at + 1 == errand->claims->group;
        returned_add(courier, &returned);
    }
}

static Errand queue_take(Courier *courier)
{
    Errand errand = courier->queue[courier->queue_first];
    courier->queue_first = (courier->queue_first + 1) % QUEUE_MAX;
    courier->queue_count--;
    return errand;
}

/* Under the lock. */
static size_t room(const Courier *courier)
{
    size_t most = (size_t)courier->gateway->connections + courier->ahead;
    size_t held = courier->queue_count + courier->on_wire;
    return courier->recalled || held >= most ? 0 : most - held;
}

/* Under the lock. */
static bool worth_waking(const Courier *courier, const CourierWait *wait)
{
    bool all = courier->queue_count + courier->on_wire == 0;
    return courier->failed || courier->nudged || courier->returned_count >= wait->enough ||
           (courier->returned_count > 0 && all) ||
           (wait->hungry && room(courier) > courier->ahead / 2);
}

/* Under the lock: lets the owner know, when it waits for this. */
static void owner_wake(Courier *courier)
{
    if (courier->waiting && worth_waking(courier, courier->waiting))
        pthread_cond_signal(&courier->came);
}

/* Under the lock: what may begin now goes to begin[], what may not comes back. */
static size_t queue_serve(Courier *courier, Errand *begin, size_t free_slots)
{
    int64_t now_ms = boottime_ms();
    size_t count = 0;
    while (courier->queue_count > 0 && (courier->recalled || count < free_slots)) {
        Errand errand = queue_take(courier);
        if (courier->recalled)
            give_back(courier, &errand, courier->recalled);
        else if (now_ms > errand.until_ms)
            give_back(courier, &errand, "waited too long for a connection");
        else
            begin[count++] = errand;
    }
    courier->on_wire += count;
    courier->resting = courier->queue_count == 0 && count < free_slots;
    return count;
}

/* Cannot be written as a request, or not through this gateway: known before a byte is sent. */
static bool start_refused(Courier *courier, ErrCode code, const Err *why, Outcome *outcome)
{
    if (code == ERR_CONFIG) {
        *outcome = (Outcome){.kind = OUTCOME_PAUSED,
                             .code = "template",
                             .fix = arena_printf(courier->fixes, "%s: %s", why->text, why->hint)};
        return true;
    }
    *outcome = (Outcome){
        .kind = OUTCOME_REJECTED, .code = "unsendable", .note = "cannot be written as a request"};
    return code == ERR_INPUT || code == ERR_LIMIT;
}

static void fail(Courier *courier, const Err *err)
{
    courier->err = *err;
    courier->failed = true;
    courier->recalled = "the wire failed";
}

/* Under the lock. */
static void outcomes_add(Courier *courier, const Errand *errand, const Outcome *outcomes,
                         bool answered)
{
    for (size_t at = 0; at < errand->claims->group; at++) {
        Returned returned = {.claim = &errand->claims[at],
                             .outcome = outcomes[at],
                             .begun = true,
                             .answered = answered,
                             .last = at + 1 == errand->claims->group};
        returned_add(courier, &returned);
        if (outcomes[at].kind == OUTCOME_PAUSED && !courier->recalled)
            courier->recalled = "the gateway refuses the account";
    }
    courier->on_wire--;
}

/* What the gateway is told of the claims of one request; lives until the next call. */
static const GatewayMessage *messages_of(Courier *courier, const Claim *claims)
{
    for (size_t at = 0; at < claims->group; at++)
        courier->messages[at] = (GatewayMessage){.to = claims[at].phone,
                                                 .text = claims[at].text,
                                                 .reference = claims[at].reference,
                                                 .wording = claims[at].wording};
    return courier->messages;
}

static void errand_begin(Courier *courier, const Errand *errand)
{
    Err err;
    Outcome outcome;
    size_t count = errand->claims->group;
    const GatewayMessage *messages = messages_of(courier, errand->claims);
    ErrCode code = wire_start_batch(courier->wire, messages, count, errand->claims, &err);
    if (code == OK)
        return;
    bool refused = start_refused(courier, code, &err, &outcome);
    if (count > 1 && outcome.kind == OUTCOME_REJECTED) /* one of them: each is tried alone */
        outcome.kind = OUTCOME_NOT_SENT;
    for (size_t at = 0; at < count; at++)
        courier->outcomes[at] = outcome;
    pthread_mutex_lock(&courier->lock);
    if (refused) {
        outcomes_add(courier, errand, courier->outcomes, false);
    } else {
        fail(courier, &err);
        give_back(courier, errand, "the wire failed");
        courier->on_wire--;
    }
    owner_wake(courier);
    pthread_mutex_unlock(&courier->lock);
}

static void judge(Courier *courier, const Claim *claims, const Exchange *exchange)
{
    Exchange own = *exchange;
    if (courier->gateway->ask.batch.limit > 0) {
        outcome_judge_batch(courier->gateway, exchange, messages_of(courier, claims), claims->group,
                            courier->outcomes);
        return;
    }
    own.to = claims->phone;
    outcome_judge(courier->gateway, &own, courier->outcomes);
}

static void collect(Courier *courier)
{
    void *tag;
    Exchange exchange;
    while (wire_finished(courier->wire, &tag, &exchange)) {
        const Errand errand = {.claims = tag};
        judge(courier, errand.claims, &exchange);
        courier->pulse_count++;
        pthread_mutex_lock(&courier->lock);
        outcomes_add(courier, &errand, courier->outcomes, exchange.failure == NULL);
        pthread_mutex_unlock(&courier->lock);
    }
}

/* The more goes out, the more lies ready: the owner is away for as long as the base takes. */
static void pulse(Courier *courier)
{
    int64_t now_ms = boottime_ms(), elapsed_ms = now_ms - courier->pulse_ms;
    if (elapsed_ms < PULSE_MS)
        return;
    size_t ahead = courier->pulse_count * AHEAD_MS / (size_t)elapsed_ms;
    courier->pulse_ms = now_ms;
    courier->pulse_count = 0;
    pthread_mutex_lock(&courier->lock);
    courier->ahead = ahead < QUEUE_MAX / 2 ? ahead : QUEUE_MAX / 2;
    pthread_mutex_unlock(&courier->lock);
}

static void *work(void *state)
{
    Courier *courier = state;
    size_t slots = wire_free(courier->wire);
    Errand *begin = calloc(slots, sizeof *begin);
    if (!begin)
        abort();
    for (bool stop = false; !stop;) {
        Err err;
        pthread_mutex_lock(&courier->lock);
        size_t count = queue_serve(courier, begin, wire_free(courier->wire));
        owner_wake(courier);
        pthread_mutex_unlock(&courier->lock);
        for (size_t at = 0; at < count; at++)
            errand_begin(courier, &begin[at]);
        ErrCode code = wire_wait(courier->wire, WAIT_MS, &err);
        collect(courier);
        pulse(courier);
        pthread_mutex_lock(&courier->lock);
        courier->resting = false;
        if (code != OK)
            fail(courier, &err);
        stop = courier->stop || code != OK;
        pthread_mutex_unlock(&courier->lock);
    }
    free(begin);
    pthread_mutex_lock(&courier->lock);
    if (!courier->recalled)
        courier->recalled = "the dispatcher stopped";
    (void)queue_serve(courier, NULL, 0);
    owner_wake(courier);
    pthread_mutex_unlock(&courier->lock);
    return NULL;
}

/* Signals are for the main thread. */
static bool thread_start(Courier *courier)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    courier->running = pthread_create(&courier->thread, NULL, work, courier) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return courier->running;
}

ErrCode courier_open(const Gateway *gateway, Courier **ret_courier, Err *err)
{
    Courier *courier = calloc(1, sizeof *courier);
    if (!courier)
        abort();
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&courier->lock, NULL);
    pthread_cond_init(&courier->came, &monotonic);
    pthread_condattr_destroy(&monotonic);
    courier->gateway = gateway;
    courier->fixes = arena_new(FIX_BYTES_MAX);
    courier->pulse_ms = boottime_ms();
    size_t most = gateway->ask.batch.limit > 0 ? gateway->ask.batch.limit : 1;
    courier->messages = calloc(most, sizeof *courier->messages);
    courier->outcomes = calloc(most, sizeof *courier->outcomes);
    if (!courier->messages || !courier->outcomes)
        abort();
    ErrCode code = wire_open(gateway, &courier->wire, err);
    if (code == OK && !thread_start(courier))
        code = err_set(err, ERR_NET, _("the thread that sends does not start"));
    if (code != OK) {
        courier_close(courier);
        return code;
    }
    *ret_courier = courier;
    return OK;
}

void courier_stop(Courier *courier)
{
    if (!courier->running)
        return;
    pthread_mutex_lock(&courier->lock);
    courier->stop = true;
    pthread_mutex_unlock(&courier->lock);
    wire_wake(courier->wire);
    pthread_join(courier->thread, NULL);
    courier->running = false;
}

void courier_close(Courier *courier)
{
    if (!courier)
        return;
    courier_stop(courier);
    wire_close(courier->wire);
    arena_free(courier->fixes);
    pthread_cond_destroy(&courier->came);
    pthread_mutex_destroy(&courier->lock);
    free(courier->messages);
    free(courier->outcomes);
    free(courier->returned);
    free(courier->taken);
    free(courier);
}

size_t courier_room(Courier *courier)
{
    pthread_mutex_lock(&courier->lock);
    size_t count = room(courier);
    pthread_mutex_unlock(&courier->lock);
    return count;
}

/* Claims that came back count as an errand each: only whether there are any matters. */
size_t courier_busy(Courier *courier)
{
    pthread_mutex_lock(&courier->lock);
    size_t count = courier->queue_count + courier->on_wire + courier->returned_count;
    pthread_mutex_unlock(&courier->lock);
    return count;
}

void courier_give(Courier *courier, const Errand *errands, size_t count)
{
    if (count == 0)
        return;
    pthread_mutex_lock(&courier->lock);
    assert(courier->queue_count + count <= QUEUE_MAX);
    for (size_t at = 0; at < count; at++)
        courier->queue[(courier->queue_first + courier->queue_count++) % QUEUE_MAX] = errands[at];
    bool wake = courier->resting;
    courier->resting = false;
    pthread_mutex_unlock(&courier->lock);
    if (wake)
        wire_wake(courier->wire);
}

ErrCode courier_take(Courier *courier, const Returned **ret_returned, size_t *ret_count, Err *err)
{
    Returned *taken = courier->taken;
    size_t capacity = courier->taken_capacity;
    pthread_mutex_lock(&courier->lock);
    courier->taken = courier->returned;
    courier->taken_capacity = courier->returned_capacity;
    *ret_returned = courier->taken;
    *ret_count = courier->returned_count;
    courier->returned = taken;
    courier->returned_capacity = capacity;
    courier->returned_count = 0;
    ErrCode code = OK;
    if (courier->failed) {
        *err = courier->err;
        code = err->code;
    }
    pthread_mutex_unlock(&courier->lock);
    return code;
}

void courier_wait(Courier *courier, const CourierWait *wait)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(wait->timeout_ms % 1000) * 1000000;
    until.tv_sec += wait->timeout_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&courier->lock);
    courier->waiting = wait;
    while (!worth_waking(courier, wait))
        if (pthread_cond_timedwait(&courier->came, &courier->lock, &until) == ETIMEDOUT)
            break;
    courier->waiting = NULL;
    courier->nudged = false;
    pthread_mutex_unlock(&courier->lock);
}

void courier_nudge(void *state)
{
    Courier *courier = state;
    pthread_mutex_lock(&courier->lock);
    courier->nudged = true;
    owner_wake(courier);
    pthread_mutex_unlock(&courier->lock);
}

void courier_recall(Courier *courier, const char *why)
{
    pthread_mutex_lock(&courier->lock);
    courier->recalled = why;
    pthread_mutex_unlock(&courier->lock);
    wire_wake(courier->wire);
}

void courier_resume(Courier *courier)
{
    pthread_mutex_lock(&courier->lock);
    if (!courier->failed)
        courier->recalled = NULL;
    pthread_mutex_unlock(&courier->lock);
}
