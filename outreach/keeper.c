#include "outreach/keeper.h"

#include "base/lang.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 3 };

struct Keeper {
    pthread_t thread;
    bool running;
    Db *db; /* of the thread alone */
    pthread_mutex_t lock;
    pthread_cond_t came;
    Pushed *pushes; /* waiting; the thread swaps it for its own */
    size_t count, bytes;
    bool stop;
    Pushed *storing; /* of the thread alone */
};

Reply keeper_refusal(void)
{
    Reply reply = {.status = 503, .retry_after = "5", .body = strdup("not stored\n")};
    reply.body_length = reply.body ? strlen(reply.body) : 0;
    return reply;
}

typedef struct Storing {
    const Pushed *pushes;
    size_t count, at;
} Storing;

static bool push_source(void *state, BulkRow *row, Err *err)
{
    (void)err;
    Storing *storing = state;
    if (storing->at == storing->count)
        return false;
    const Pushed *pushed = &storing->pushes[storing->at++];
    bulk_value(row, v_text(pushed->gateway->name));
    bulk_value(row, v_text(pushed->kind));
    bulk_value(row, v_bytes(pushed->sealed, pushed->length));
    return true;
}

static void answer(const Pushed *pushed, bool stored)
{
    Reply reply = keeper_refusal();
    if (stored) {
        const Inbound *inbound = pushed->inbound;
        free(reply.body);
        reply = (Reply){.status = inbound->answer_status,
                        .content_type = inbound->answer_type,
                        .body = strdup(inbound->answer_body),
                        .body_length = strlen(inbound->answer_body)};
        if (!reply.body)
            reply.body_length = 0;
    }
    waiting_answer(pushed->waiting, &reply);
}

/* One statement, one commit; again at once when it met another's locks. It is not repeated when the
 * base is away: the gateway will come again, and a receipt that is stored twice changes nothing. */
static bool pushes_store(Keeper *keeper, const Pushed *pushes, size_t count)
{
    Err err;
    ErrCode code = ERR_DB_CONFLICT;
    for (int tries = 0; code == ERR_DB_CONFLICT && tries < TRIES; tries++) {
        Storing storing = {.pushes = pushes, .count = count};
        uint64_t stored = 0;
        code =
            db_load(keeper->db, QUERY_OUTREACH_RECEIPT_STORE, push_source, &storing, &stored, &err);
    }
    if (code != OK)
        fprintf(stderr, _("a %s of gateway '%s' was not stored: %s\n"), pushes->kind,
                pushes->gateway->name, err.text);
    return code == OK;
}

static void *work(void *state)
{
    Keeper *keeper = state;
    for (;;) {
        pthread_mutex_lock(&keeper->lock);
        while (keeper->count == 0 && !keeper->stop)
            pthread_cond_wait(&keeper->came, &keeper->lock);
        size_t count = keeper->count;
        Pushed *storing = keeper->pushes;
        keeper->pushes = keeper->storing;
        keeper->storing = storing;
        keeper->count = keeper->bytes = 0;
        pthread_mutex_unlock(&keeper->lock);
        if (count == 0)
            return NULL;
        bool stored = pushes_store(keeper, storing, count);
        for (size_t at = 0; at < count; at++) {
            answer(&storing[at], stored);
            free(storing[at].sealed);
        }
    }
}

static void keeper_free(Keeper *keeper)
{
    db_close(keeper->db);
    pthread_cond_destroy(&keeper->came);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper->pushes);
    free(keeper->storing);
    free(keeper);
}

ErrCode keeper_open(Db *db, Keeper **ret_keeper, Err *err)
{
    Keeper *keeper = calloc(1, sizeof *keeper);
    if (!keeper)
        abort();
    keeper->db = db;
    keeper->pushes = calloc(KEEPER_PUSHES, sizeof *keeper->pushes);
    keeper->storing = calloc(KEEPER_PUSHES, sizeof *keeper->storing);
    if (!keeper->pushes || !keeper->storing)
        abort();
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_cond_init(&keeper->came, NULL);
    keeper->running = pthread_create(&keeper->thread, NULL, work, keeper) == 0;
    if (!keeper->running) {
        keeper_free(keeper);
        return err_set(err, ERR_NET, _("the thread that stores receipts does not start"));
    }
    *ret_keeper = keeper;
    return OK;
}

void keeper_stop(Keeper *keeper)
{
    if (!keeper || !keeper->running)
        return;
    pthread_mutex_lock(&keeper->lock);
    keeper->stop = true;
    pthread_cond_signal(&keeper->came);
    pthread_mutex_unlock(&keeper->lock);
    pthread_join(keeper->thread, NULL);
    keeper->running = false;
}

void keeper_close(Keeper *keeper)
{
    if (!keeper)
        return;
    keeper_stop(keeper);
    keeper_free(keeper);
}

bool keeper_put(Keeper *keeper, const Pushed *pushed)
{
    pthread_mutex_lock(&keeper->lock);
    bool room = !keeper->stop && keeper->count < KEEPER_PUSHES &&
                keeper->bytes + pushed->length <= KEEPER_BYTES;
    if (room) {
        keeper->pushes[keeper->count++] = *pushed;
        keeper->bytes += pushed->length;
        pthread_cond_signal(&keeper->came);
    }
    pthread_mutex_unlock(&keeper->lock);
    return room;
}
