#include "outreach/asker.h"

#include "base/lang.h"
#include "outreach/claim.h"
#include "outreach/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 100, FAILURES_MAX = 3 };

typedef struct Question {
    int64_t message, fence, age_s;
    GatewayMessage asked;
    QueryAnswer answer;
} Question;

struct Asker {
    AskSettings settings;
    Gateway asking; /* the gateway with the query's request in place of the message's */
    Wire *wire;
    Arena *arena; /* of the page */
    Question questions[PAGE];
    size_t count, started, answered;
    int64_t after;   /* the last message of the pages so far */
    int64_t next_ms; /* no question before that */
    int failures;    /* one after the other */
    AskCounts counts;
};

ErrCode asker_open(const AskSettings *settings, Asker **ret_asker, Err *err)
{
    const GatewayQuery *query = &settings->gateway->query;
    assert(query->given);
    Asker *asker = calloc(1, sizeof *asker);
    if (!asker)
        return err_set(err, ERR_NET, _("no memory for %d connections"), query->at_once);
    asker->settings = *settings;
    asker->asking = *settings->gateway;
    asker->asking.ask = query->ask;
    asker->asking.connections = query->at_once;
    asker->arena = arena_new(0);
    ErrCode code = wire_open(&asker->asking, &asker->wire, err);
    if (code != OK) {
        asker_close(asker);
        return code;
    }
    *ret_asker = asker;
    return OK;
}

void asker_close(Asker *asker)
{
    if (!asker)
        return;
    wire_close(asker->wire);
    arena_free(asker->arena);
    free(asker);
}

const AskCounts *asker_counts(const Asker *asker)
{
    return &asker->counts;
}

static const char *text_or(Arena *arena, const char *text, const char *absent)
{
    return text ? arena_strdup(arena, text) : absent;
}

static ErrCode question_read(Asker *asker, const Rows *row, Question *question, Err *err)
{
    size_t length;
    const void *sealed = rows_bytes(row, 4, &length);
    char *phone;
    TRY(unseal(asker->settings.sealer, asker->arena, sealed, length, &phone, err));
    *question = (Question){.message = rows_int(row, 0),
                           .fence = rows_int(row, 1),
                           .age_s = rows_int(row, 6) - rows_int(row, 5),
                           .asked = {.to = phone ? phone : "",
                                     .text = "",
                                     .reference = text_or(asker->arena, rows_text(row, 2), ""),
                                     .id = text_or(asker->arena, rows_text(row, 3), NULL),
                                     .sent_s = rows_int(row, 5)}};
    return OK;
}

static ErrCode page_load(Asker *asker, Err *err)
{
    const AskSettings *settings = &asker->settings;
    const Gateway *gateway = settings->gateway;
    AUTO_ROWS rows = NULL;
    arena_reset(asker->arena);
    asker->count = asker->started = asker->answered = 0;
    if (settings->campaign)
        TRY(db_query(settings->db, QUERY_OUTREACH_ASKING_CAMPAIGN,
                     PARAMS(v_int(settings->campaign), v_text(gateway->name), v_int(asker->after),
                            v_int(PAGE)),
                     &rows, err));
    else
        TRY(db_query(settings->db, QUERY_OUTREACH_ASKING_DUE,
                     PARAMS(v_text(gateway->name), v_int(asker->after),
                            v_int(gateway->query.after_s), v_int(gateway->receipt_hours),
                            v_int(PAGE)),
                     &rows, err));
    while (rows_next(rows)) {
        TRY(question_read(asker, rows, &asker->questions[asker->count], err));
        asker->after = asker->questions[asker->count++].message;
    }
    return OK;
}

static void unasked(Asker *asker, Question *question, const char *why)
{
    question->answer = (QueryAnswer){.kind = QUERY_UNASKED};
    snprintf(question->answer.note, sizeof question->answer.note, "%s", why);
    asker->answered++;
}

/* As many as the rate and the free connections allow now. */
static ErrCode questions_start(Asker *asker, Err *err)
{
    int64_t now_ms = boottime_ms();
    while (asker->started < asker->count && wire_free(asker->wire) > 0 &&
           now_ms >= asker->next_ms) {
        Question *question = &asker->questions[asker->started++];
        if (asker->failures >= FAILURES_MAX) {
            unasked(asker, question, asker->counts.why);
            continue;
        }
        if (asker->settings.gateway->query.by_id && !question->asked.id) {
            unasked(asker, question, "the gateway's id is not known");
            continue;
        }
        ErrCode code = wire_start(asker->wire, &question->asked, question, err);
        if (code == ERR_INPUT || code == ERR_LIMIT || code == ERR_CONFIG)
            unasked(asker, question, "cannot be written as a request");
        else
            TRY(code);
        asker->next_ms = now_ms + 1000 / asker->settings.gateway->query.rate_per_s;
    }
    return OK;
}

static void answers_collect(Asker *asker)
{
    void *tag;
    Exchange exchange;
    while (wire_finished(asker->wire, &tag, &exchange)) {
        Question *question = tag;
        query_judge(asker->settings.gateway, &question->asked, &exchange, &question->answer);
        asker->answered++;
        asker->failures = question->answer.kind == QUERY_UNASKED ? asker->failures + 1 : 0;
        if (question->answer.kind == QUERY_UNASKED)
            memcpy(asker->counts.why, question->answer.note, sizeof asker->counts.why);
    }
}

static size_t moves_make(const Asker *asker, Move *moves)
{
    size_t count = 0;
    for (size_t at = 0; at < asker->count; at++) {
        const Question *question = &asker->questions[at];
        const QueryAnswer *answer = &question->answer;
        MessageState to;
        const char *code;
        if (!query_settles(asker->settings.gateway, answer, question->age_s, &to, &code))
            continue;
        moves[count++] = (Move){.message = question->message,
                                .from = STATE_UNCERTAIN,
                                .to = to,
                                .cause = "query",
                                .code = *answer->code ? answer->code : code,
                                .gateway_id = *answer->gateway_id ? answer->gateway_id : NULL,
                                .fence = question->fence};
    }
    return count;
}

typedef struct Recording {
    const Move *moves;
    size_t count;
    bool *done;
} Recording;

static ErrCode record(Db *db, void *state, Err *err)
{
    const Recording *recording = state;
    return outbox_move(db, recording->moves, recording->count, recording->done, err);
}

static ErrCode page_record(Asker *asker, Err *err)
{
    Move moves[PAGE];
    bool done[PAGE] = {false};
    Recording recording = {moves, moves_make(asker, moves), done};
    if (recording.count > 0) {
        ErrCode code = db_transact(asker->settings.db, record, &recording, err);
        if (code == ERR_DB_UNSURE) /* what was committed moves nothing twice */
            code = db_transact(asker->settings.db, record, &recording, err);
        TRY(code);
    }
    for (size_t at = 0; at < recording.count; at++)
        asker->counts.settled[moves[at].to] += done[at];
    int64_t silent = 0;
    for (size_t at = 0; at < asker->count; at++)
        silent += asker->questions[at].answer.kind == QUERY_UNASKED;
    asker->counts.unasked += silent;
    asker->counts.unknown += (int64_t)asker->count - silent - (int64_t)recording.count;
    asker->count = asker->started = asker->answered = 0;
    return OK;
}

ErrCode asker_step(Asker *asker, int wait_ms, bool *ret_done, Err *err)
{
    *ret_done = false;
    if (asker->count == 0) {
        if (asker->failures < FAILURES_MAX)
            TRY(page_load(asker, err));
        *ret_done = asker->count == 0;
        if (*ret_done)
            return OK;
    }
    TRY(questions_start(asker, err));
    int64_t until_next_ms = asker->next_ms - boottime_ms();
    bool waits = asker->started < asker->count && wire_free(asker->wire) > 0;
    if (waits && until_next_ms < wait_ms)
        wait_ms = until_next_ms > 0 ? (int)until_next_ms : 0;
    if (asker->answered < asker->count)
        TRY(wire_wait(asker->wire, wait_ms, err));
    answers_collect(asker);
    return asker->answered == asker->count ? page_record(asker, err) : OK;
}
