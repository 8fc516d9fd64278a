#include "outreach/metrics.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"
#include "outreach/claim.h"
#include "outreach/outbox.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

enum {
    TEXT_BYTES_MAX = 16 * 1024 * 1024,
    COUNT_EVERY_S = 5,
    ASKED_FOR_S = 120,
    STALE_MS = 30000,
    PATIENCE_MS = 250, /* a scrape waits so long for fresh figures when those at hand are stale */
};

typedef enum Metric {
#define METRIC(name, word, type, help) METRIC_##name,
#include "outreach/metrics.def"
#undef METRIC
    METRIC_COUNT
} Metric;

static const struct {
    const char *name, *type, *help;
} METRICS[METRIC_COUNT] = {
#define METRIC(name, word, type, help) [METRIC_##name] = {word, type, help},
#include "outreach/metrics.def"
#undef METRIC
};

struct Metrics {
    MetricsSettings settings;
    Db *db; /* of the thread alone */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t asked; /* or it ends */
    pthread_cond_t fresh;
    /* Under the lock: */
    Buffer counted; /* what was last counted */
    int64_t counted_ms, asked_ms;
    bool ends;
};

static void metric_head(Buffer *out, Metric metric)
{
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", METRICS[metric].name, METRICS[metric].help,
                  METRICS[metric].name, METRICS[metric].type);
}

static void metric_add(Buffer *out, Metric metric, int64_t value)
{
    metric_head(out, metric);
    buffer_printf(out, "%s %" PRId64 "\n", METRICS[metric].name, value);
}

static void metric_add_milli(Buffer *out, Metric metric, int64_t milli)
{
    metric_head(out, metric);
    buffer_printf(out, "%s %.3f\n", METRICS[metric].name, (double)milli / 1000);
}

/* A label's value: backslash, quote and line break are escaped. */
static void label_text(Buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"')
            buffer_char(out, '\\');
        if (*text == '\n')
            buffer_text(out, "\\n");
        else
            buffer_char(out, *text);
    }
}

static void campaign_labels(Buffer *out, Metric metric, const Rows *rows)
{
    buffer_printf(out, "%s{campaign=\"%" PRId64 "\",name=\"", METRICS[metric].name,
                  rows_int(rows, 0));
    label_text(out, rows_text(rows, 1));
    buffer_char(out, '"');
}

static ErrCode count_messages(Db *db, Buffer *out, Err *err)
{
    AUTO_ROWS rows = NULL;
    AUTO_BUFFER campaigns = BUFFER(TEXT_BYTES_MAX);
    int64_t campaign = 0, uncertain = 0;
    TRY(db_query(db, QUERY_OUTREACH_METRICS_MESSAGES, NO_PARAMS, &rows, err));
    metric_head(out, METRIC_MESSAGES);
    metric_head(&campaigns, METRIC_CAMPAIGN);
    while (rows_next(rows)) {
        campaign_labels(out, METRIC_MESSAGES, rows);
        buffer_printf(out, ",state=\"%s\"} %" PRId64 "\n", rows_text(rows, 3), rows_int(rows, 4));
        if (text_equal(rows_text(rows, 3), message_state_word(STATE_UNCERTAIN)))
            uncertain += rows_int(rows, 4);
        if (campaign == rows_int(rows, 0))
            continue;
        campaign = rows_int(rows, 0);
        campaign_labels(&campaigns, METRIC_CAMPAIGN, rows);
        buffer_printf(&campaigns, "} %d\n", text_equal(rows_text(rows, 2), "running"));
    }
    buffer_text(out, buffer_string(&campaigns));
    metric_add(out, METRIC_UNCERTAIN, uncertain);
    return OK;
}

static ErrCode count_pushes(Db *db, Buffer *out, Err *err)
{
    static const struct {
        const char *state;
        Metric metric;
    } STATES[] = {{"matched", METRIC_MATCHED},
                  {"ignored", METRIC_IGNORED},
                  {"unmatched", METRIC_UNMATCHED},
                  {"new", METRIC_NEW}};
    enum { STATES_COUNT = sizeof STATES / sizeof STATES[0] };
    int64_t counts[STATES_COUNT] = {0}, stored = 0, waiting = 0;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_METRICS_PUSHES, NO_PARAMS, &rows, err));
    while (rows_next(rows)) {
        stored += rows_int(rows, 1);
        for (size_t at = 0; at < STATES_COUNT; at++) {
            if (text_equal(rows_text(rows, 0), STATES[at].state))
                counts[at] = rows_int(rows, 1);
        }
    }
    metric_add(out, METRIC_STORED, stored);
    for (size_t at = 0; at < STATES_COUNT; at++)
        metric_add(out, STATES[at].metric, counts[at]);
    TRY(db_number(db, QUERY_OUTREACH_REPLY_DESK_COUNT, NO_PARAMS, &waiting, err));
    metric_add(out, METRIC_WAITING, waiting);
    return OK;
}

static ErrCode count_body(Db *db, void *state, Err *err)
{
    Buffer *out = state;
    buffer_clear(out);
    TRY(count_messages(db, out, err));
    return count_pushes(db, out, err);
}

/* Counts without the lock, and puts the new figures in the old ones' place. */
static void count(Metrics *metrics)
{
    Err err;
    Buffer fresh = BUFFER(TEXT_BYTES_MAX);
    bool fine = db_transact(metrics->db, count_body, &fresh, &err) == OK && !fresh.overflow;
    pthread_mutex_lock(&metrics->lock);
    if (fine) {
        Buffer old = metrics->counted;
        metrics->counted = fresh;
        metrics->counted_ms = boottime_ms();
        fresh = old;
        pthread_cond_broadcast(&metrics->fresh);
    }
    pthread_mutex_unlock(&metrics->lock);
    buffer_done(&fresh);
}

static struct timespec after_ms(int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* Until it ends, or a few seconds have passed while somebody asks; at once when somebody asks after
 * a long time. True = count. */
static bool wait_for_turn(Metrics *metrics)
{
    const struct timespec until = after_ms(metrics->counted_ms ? COUNT_EVERY_S * 1000 : 0);
    pthread_mutex_lock(&metrics->lock);
    int waited = 0;
    while (!metrics->ends) {
        bool wanted = boottime_ms() - metrics->asked_ms < ASKED_FOR_S * 1000;
        if (wanted && waited != 0)
            break;
        waited = wanted ? pthread_cond_timedwait(&metrics->asked, &metrics->lock, &until)
                        : pthread_cond_wait(&metrics->asked, &metrics->lock);
    }
    bool ends = metrics->ends;
    pthread_mutex_unlock(&metrics->lock);
    return !ends;
}

static void *counter_run(void *state)
{
    Metrics *metrics = state;
    while (wait_for_turn(metrics))
        count(metrics);
    return NULL;
}

static void metrics_init(Metrics *metrics, const MetricsSettings *settings)
{
    pthread_condattr_t monotonic;
    metrics->settings = *settings;
    metrics->counted = BUFFER(TEXT_BYTES_MAX);
    metrics->asked_ms = -(int64_t)ASKED_FOR_S * 1000; /* nothing is counted for nobody */
    pthread_mutex_init(&metrics->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&metrics->asked, &monotonic);
    pthread_cond_init(&metrics->fresh, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

ErrCode metrics_open(const MetricsSettings *settings, Metrics **ret_metrics, Err *err)
{
    Metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics)
        return err_set(err, ERR_NET, _("no memory for the metrics"));
    metrics_init(metrics, settings);
    ErrCode code = db_open_again(settings->db, &metrics->db, err);
    if (code == OK) {
        metrics->started = pthread_create(&metrics->thread, NULL, counter_run, metrics) == 0;
        if (!metrics->started)
            code = err_set(err, ERR_NET, _("the thread of the metrics does not start"));
    }
    if (code != OK) {
        metrics_close(metrics);
        return code;
    }
    *ret_metrics = metrics;
    return OK;
}

void metrics_close(Metrics *metrics)
{
    if (!metrics)
        return;
    pthread_mutex_lock(&metrics->lock);
    metrics->ends = true;
    pthread_cond_signal(&metrics->asked);
    pthread_mutex_unlock(&metrics->lock);
    if (metrics->started)
        pthread_join(metrics->thread, NULL);
    db_close(metrics->db);
    pthread_cond_destroy(&metrics->asked);
    pthread_cond_destroy(&metrics->fresh);
    pthread_mutex_destroy(&metrics->lock);
    buffer_done(&metrics->counted);
    free(metrics);
}

static void live_add(Buffer *out, const DispatchLive *live)
{
    int64_t answered_ms = atomic_load(&live->answered_ms);
    metric_add_milli(out, METRIC_RATE, atomic_load(&live->rate_milli));
    metric_add_milli(out, METRIC_ALLOWED, atomic_load(&live->allowed_milli));
    metric_add(out, METRIC_BREAKER, atomic_load(&live->breaker_open));
    metric_add_milli(out, METRIC_ANSWER_AGE, boottime_ms() - answered_ms);
    metric_add(out, METRIC_CLAIMED, atomic_load(&live->claimed));
    metric_add(out, METRIC_SUPPRESSED, atomic_load(&live->suppressed));
    metric_head(out, METRIC_ATTEMPTS);
    for (int kind = 0; kind < OUTCOME_COUNT; kind++)
        buffer_printf(out, "%s{outcome=\"%s\"} %" PRId64 "\n", METRICS[METRIC_ATTEMPTS].name,
                      outcome_word((OutcomeKind)kind), (int64_t)atomic_load(&live->outcomes[kind]));
}

static void text_make(Metrics *metrics, Buffer *out)
{
    pthread_mutex_lock(&metrics->lock);
    const struct timespec until = after_ms(PATIENCE_MS);
    metrics->asked_ms = boottime_ms();
    pthread_cond_signal(&metrics->asked);
    for (int waited = 0; waited == 0 && (!metrics->counted_ms ||
                                         metrics->asked_ms - metrics->counted_ms > STALE_MS);)
        waited = pthread_cond_timedwait(&metrics->fresh, &metrics->lock, &until);
    if (metrics->counted_ms > 0) {
        buffer_text(out, buffer_string(&metrics->counted));
        metric_add_milli(out, METRIC_COUNT_AGE, boottime_ms() - metrics->counted_ms);
    }
    pthread_mutex_unlock(&metrics->lock);
    metric_add(out, METRIC_WINDOW, window_open(metrics->settings.window, moment_now()));
    if (metrics->settings.live)
        live_add(out, metrics->settings.live);
}

/* A proxy on this machine speaks for others. */
static bool comes_from_here(const Request *request)
{
    static const char *const PROXIED[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t at = 0; at < sizeof PROXIED / sizeof PROXIED[0]; at++) {
        if (request_header(request, PROXIED[at]))
            return false;
    }
    return request_local(request);
}

static bool knows_token(const char *token, const Request *request)
{
    static const char BEARER[] = "Bearer ";
    const char *said = request_header(request, "Authorization");
    if (!said || !text_starts(said, BEARER))
        return false;
    said += sizeof BEARER - 1;
    return strlen(said) == strlen(token) && sodium_memcmp(said, token, strlen(token)) == 0;
}

void metrics_answer(Metrics *metrics, const char *token, const Request *request, Reply *reply)
{
    AUTO_BUFFER text = BUFFER(TEXT_BYTES_MAX);
    if (!comes_from_here(request) && !knows_token(token, request)) {
        reply->status = 404;
        buffer_text(&text, "not found\n");
    } else if (strcmp(request->method, "GET") != 0) {
        reply->status = 405;
        buffer_text(&text, "only GET\n");
    } else {
        reply->status = 200;
        reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
        text_make(metrics, &text);
    }
    reply->body = strdup(buffer_string(&text));
    reply->body_length = reply->body ? strlen(reply->body) : 0;
}
