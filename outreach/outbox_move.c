/* Moves in bulk: those that still apply are picked, made and logged, a statement each. */
#include "base/buffer.h"
#include "base/text.h"
#include "outreach/idlist.h"
#include "outreach/outbox.h"
#include "outreach/pattern.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

/* Columns of table message and delivery_event, in characters: what a gateway says is cut to them.
 */
enum { CODE_CHARACTERS = 64, NOTE_CHARACTERS = 200, GATEWAY_ID_CHARACTERS = 128 };
enum { MOVES_BYTES_MAX = 32 * 1024 * 1024, WORKER_LENGTH = 16 };

/* A move on its way through the three statements. */
typedef struct Step {
    const Move *move;
    size_t place;
    const char *code, *note, *gateway_id; /* cut; NULL = none */
    int64_t attempts;                     /* before the move */
    bool done;
} Step;

/* What the outside said, cut to its column; absent and damaged texts are left out. */
static const char *cut(Arena *arena, const char *text, size_t characters)
{
    size_t length = text ? strlen(text) : 0;
    if (!text || !text_valid(text, length, NULL))
        return NULL;
    const char *cursor = text;
    for (size_t taken = 0; taken < characters && *cursor; taken++)
        text_next(&cursor, text + length);
    return *cursor ? arena_strndup(arena, text, (size_t)(cursor - text)) : text;
}

static void add_string(Buffer *out, const char *text)
{
    if (!text) {
        buffer_text(out, "null");
        return;
    }
    buffer_char(out, '"');
    bool filled = fill_value(FILL_JSON, text, out);
    assert(filled);
    buffer_char(out, '"');
}

/* The moves as the statements take them; only those done when `done`. */
static void moves_write(Buffer *out, const Step *steps, size_t count, bool done)
{
    buffer_clear(out);
    buffer_char(out, '[');
    for (size_t at = 0; at < count; at++) {
        const Step *step = &steps[at];
        const Move *move = step->move;
        if (done && !step->done)
            continue;
        buffer_printf(out, "%s[%zu,%" PRId64 ",\"%s\",%" PRId64 ",\"%s\",%d,",
                      out->length > 1 ? "," : "", at, move->message, message_state_word(move->from),
                      move->fence, message_state_word(move->to), message_state_final(move->to));
        add_string(out, step->code);
        buffer_char(out, ',');
        add_string(out, step->gateway_id);
        buffer_char(out, ']');
    }
    buffer_char(out, ']');
}

typedef struct LogLoad {
    const Step *steps;
    size_t count, at;
} LogLoad;

static bool log_source(void *state, BulkRow *row, Err *err)
{
    (void)err;
    LogLoad *load = state;
    while (load->at < load->count && !load->steps[load->at].done)
        load->at++;
    if (load->at == load->count)
        return false;
    const Step *step = &load->steps[load->at++];
    const Move *move = step->move;
    bulk_value(row, v_int(move->message));
    bulk_value(row, v_text(message_state_word(move->from)));
    bulk_value(row, v_text(message_state_word(move->to)));
    bulk_value(row, v_int(step->attempts + (move->to == STATE_CLAIMED)));
    bulk_value(row, v_text(move->cause));
    bulk_value(row, v_text(step->code));
    bulk_value(row, v_text(step->note));
    bulk_value(row, move->receipt ? v_int(move->receipt) : v_null());
    return true;
}

/* Which of the moves apply; locks their messages. */
static ErrCode round_pick(Db *db, Step *steps, const Buffer *text, size_t *ret_picked, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_OUTBOX_PICK, PARAMS(v_text(buffer_string(text))), &rows, err));
    *ret_picked = (size_t)rows_count(rows);
    while (rows_next(rows)) {
        Step *step = &steps[rows_int(rows, 0)];
        step->attempts = rows_int(rows, 1);
        step->done = true;
    }
    return OK;
}

static bool all_locked(Step *steps, size_t count)
{
    for (size_t at = 0; at < count; at++)
        if (!steps[at].move->locked)
            return false;
    for (size_t at = 0; at < count; at++) {
        steps[at].attempts = steps[at].move->attempts;
        steps[at].done = true;
    }
    return true;
}

/* Makes moves of different messages. */
static ErrCode round_run(Db *db, Step *steps, size_t count, Err *err)
{
    AUTO_BUFFER text = BUFFER(MOVES_BYTES_MAX);
    size_t picked = count;
    moves_write(&text, steps, count, false);
    TRY(buffer_check(&text, "moves", err));
    if (!all_locked(steps, count))
        TRY(round_pick(db, steps, &text, &picked, err));
    if (picked == 0)
        return OK;
    if (picked < count)
        moves_write(&text, steps, count, true);
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_MOVE, PARAMS(v_text(buffer_string(&text))), NULL, err));
    LogLoad load = {.steps = steps, .count = count};
    uint64_t logged = 0;
    TRY(db_load(db, QUERY_OUTREACH_OUTBOX_LOG, log_source, &load, &logged, err));
    assert(logged == picked);
    return OK;
}

static int by_message(const void *left, const void *right)
{
    const Step *a = left, *b = right;
    if (a->move->message != b->move->message)
        return a->move->message < b->move->message ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* The n-th moves of all messages, by message so that two movers lock in one order. */
static size_t round_make(const Step *steps, size_t count, size_t n, Step *round)
{
    size_t made = 0, seen = 0;
    for (size_t at = 0; at < count; at++) {
        bool again = at > 0 && steps[at].move->message == steps[at - 1].move->message;
        seen = again ? seen + 1 : 0;
        if (seen == n)
            round[made++] = steps[at];
    }
    return made;
}

/* What came back to the queue of a campaign that was cancelled meanwhile waits for nobody. */
static ErrCode strays_cancel(Db *db, const Move *moves, const bool *done, size_t count, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    int64_t *ids = arena_array(arena, int64_t, count);
    size_t back = 0, strays = 0;
    for (size_t at = 0; at < count; at++)
        if (done[at] && moves[at].to == STATE_QUEUED)
            ids[back++] = moves[at].message;
    if (back == 0)
        return OK;
    TRY(db_query(db, QUERY_OUTREACH_OUTBOX_STRAYS, PARAMS(v_text(idlist_text(arena, ids, back))),
                 &rows, err));
    Move *cancelled = arena_array(arena, Move, back);
    while (rows_next(rows))
        cancelled[strays++] = (Move){.message = rows_int(rows, 0),
                                     .from = STATE_QUEUED,
                                     .to = STATE_CANCELLED,
                                     .cause = "cancel",
                                     .fence = -1};
    return outbox_move(db, cancelled, strays, NULL, err);
}

ErrCode outbox_move(Db *db, const Move *moves, size_t count, bool *ret_done, Err *err)
{
    for (size_t at = 0; at < count; at++) {
        assert(moves[at].cause);
        TRY(message_move_check(moves[at].from, moves[at].to, moves[at].cause, err));
    }
    if (count == 0)
        return OK;
    AUTO_ARENA arena = arena_new(0);
    Step *steps = arena_array(arena, Step, count), *round = arena_array(arena, Step, count);
    bool *done = arena_array(arena, bool, count);
    for (size_t at = 0; at < count; at++)
        steps[at] = (Step){.move = &moves[at],
                           .place = at,
                           .code = cut(arena, moves[at].code, CODE_CHARACTERS),
                           .note = cut(arena, moves[at].note, NOTE_CHARACTERS),
                           .gateway_id = cut(arena, moves[at].gateway_id, GATEWAY_ID_CHARACTERS)};
    qsort(steps, count, sizeof *steps, by_message);
    size_t made;
    for (size_t n = 0; (made = round_make(steps, count, n, round)) > 0; n++) {
        TRY(round_run(db, round, made, err));
        for (size_t at = 0; at < made; at++)
            done[round[at].place] = round[at].done;
    }
    TRY(strays_cancel(db, moves, done, count, err));
    if (ret_done)
        memcpy(ret_done, done, count * sizeof *done);
    return OK;
}

ErrCode outbox_claim(Db *db, const int64_t *ids, size_t count, const Hold *hold, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *list = idlist_text(arena, ids, count);
    uint64_t claimed = 0, logged = 0;
    TRY(message_move_check(STATE_QUEUED, STATE_CLAIMED, "claim", err));
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_CLAIM,
               PARAMS(v_text(list), v_bytes(hold->worker, WORKER_LENGTH), v_int(hold->lease),
                      v_int(hold->seconds), v_text(hold->gateway)),
               &claimed, err));
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_LOG_CLAIMED, PARAMS(v_text(list)), &logged, err));
    assert(claimed == count && logged == count);
    return OK;
}
