#include "outreach/claimer.h"

#include "base/lang.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

typedef enum Stage { STAGE_IDLE, STAGE_ASKED, STAGE_DONE } Stage;

struct Claimer {
    pthread_t thread;
    bool running;
    ClaimerSettings settings;
    Db *db;               /* of the thread alone */
    pthread_mutex_t lock; /* over what follows */
    ClaimTerms terms;
    pthread_cond_t asked;
    Stage stage;
    bool stop;
    Claimed claimed;
    ErrCode code;
    Err err;
};

static void *work(void *state)
{
    Claimer *claimer = state;
    pthread_mutex_lock(&claimer->lock);
    while (!claimer->stop) {
        if (claimer->stage != STAGE_ASKED) {
            pthread_cond_wait(&claimer->asked, &claimer->lock);
            continue;
        }
        ClaimTerms terms = claimer->terms;
        pthread_mutex_unlock(&claimer->lock);
        Err err;
        Claimed claimed = {.done = true};
        ErrCode code = claim_take(claimer->db, claimer->settings.sealer, &terms, &claimed.batch,
                                  &claimed.suppressed, &err);
        pthread_mutex_lock(&claimer->lock);
        claimer->claimed = claimed;
        claimer->code = code;
        if (code != OK)
            claimer->err = err;
        claimer->stage = STAGE_DONE;
        claimer->settings.done(claimer->settings.state);
    }
    pthread_mutex_unlock(&claimer->lock);
    return NULL;
}

/* Signals are for the main thread. */
static bool thread_start(Claimer *claimer)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    claimer->running = pthread_create(&claimer->thread, NULL, work, claimer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return claimer->running;
}

ErrCode claimer_open(const ClaimerSettings *settings, Claimer **ret_claimer, Err *err)
{
    Claimer *claimer = calloc(1, sizeof *claimer);
    if (!claimer)
        abort();
    claimer->settings = *settings;
    pthread_mutex_init(&claimer->lock, NULL);
    pthread_cond_init(&claimer->asked, NULL);
    ErrCode code = db_open_again(settings->db, &claimer->db, err);
    if (code == OK && !thread_start(claimer))
        code = err_set(err, ERR_NET, _("the thread that claims does not start"));
    if (code != OK) {
        claimer_close(claimer);
        return code;
    }
    *ret_claimer = claimer;
    return OK;
}

void claimer_stop(Claimer *claimer)
{
    if (!claimer || !claimer->running)
        return;
    pthread_mutex_lock(&claimer->lock);
    claimer->stop = true;
    pthread_cond_signal(&claimer->asked);
    pthread_mutex_unlock(&claimer->lock);
    pthread_join(claimer->thread, NULL);
    claimer->running = false;
}

void claimer_close(Claimer *claimer)
{
    if (!claimer)
        return;
    claimer_stop(claimer);
    claim_free(claimer->claimed.batch);
    db_close(claimer->db);
    pthread_cond_destroy(&claimer->asked);
    pthread_mutex_destroy(&claimer->lock);
    free(claimer);
}

bool claimer_ask(Claimer *claimer, const ClaimTerms *terms)
{
    pthread_mutex_lock(&claimer->lock);
    bool idle = claimer->stage == STAGE_IDLE && !claimer->stop;
    if (idle) {
        claimer->terms = *terms;
        claimer->stage = STAGE_ASKED;
        pthread_cond_signal(&claimer->asked);
    }
    pthread_mutex_unlock(&claimer->lock);
    return idle;
}

ErrCode claimer_take(Claimer *claimer, Claimed *ret_claimed, Err *err)
{
    ErrCode code = OK;
    *ret_claimed = (Claimed){0};
    pthread_mutex_lock(&claimer->lock);
    if (claimer->stage == STAGE_DONE) {
        *ret_claimed = claimer->claimed;
        code = claimer->code;
        if (code != OK)
            *err = claimer->err;
        claimer->claimed = (Claimed){0};
        claimer->stage = STAGE_IDLE;
    }
    pthread_mutex_unlock(&claimer->lock);
    return code;
}

bool claimer_busy(Claimer *claimer)
{
    pthread_mutex_lock(&claimer->lock);
    bool busy = claimer->stage != STAGE_IDLE;
    pthread_mutex_unlock(&claimer->lock);
    return busy;
}
