#include "outreach/outbox.h"

#include "base/lang.h"
#include "base/text.h"

#include <assert.h>
#include <jansson.h>

/* Columns of table message and delivery_event, in characters: what a gateway says is cut to them.
 */
enum { CODE_CHARACTERS = 64, NOTE_CHARACTERS = 200, GATEWAY_ID_CHARACTERS = 128 };

typedef struct StateInfo {
    const char *word;
    bool final;
    const char *label;
} StateInfo;

static const StateInfo STATES[STATE_COUNT] = {
#define STATE(name, word, final, label) [STATE_##name] = {word, final, label},
#include "outreach/states.def"
#undef STATE
};

static const struct {
    MessageState from, to;
    const char *cause;
} MOVES[] = {
#define MOVE(from, to, cause) {STATE_##from, STATE_##to, cause},
#include "outreach/transitions.def"
#undef MOVE
};

const char *message_state_word(MessageState state)
{
    assert(state < STATE_COUNT);
    return STATES[state].word;
}

const char *message_state_label(MessageState state)
{
    assert(state < STATE_COUNT);
    return _(STATES[state].label);
}

bool message_state_find(const char *word, MessageState *ret)
{
    for (size_t at = 0; at < STATE_COUNT; at++) {
        if (text_equal(word, STATES[at].word)) {
            *ret = (MessageState)at;
            return true;
        }
    }
    return false;
}

bool message_state_final(MessageState state)
{
    assert(state < STATE_COUNT);
    return STATES[state].final;
}

bool message_move_allowed(MessageState from, MessageState to, const char *cause)
{
    for (size_t at = 0; at < sizeof MOVES / sizeof MOVES[0]; at++) {
        if (MOVES[at].from == from && MOVES[at].to == to &&
            (text_equal(MOVES[at].cause, "any") || text_equal(MOVES[at].cause, cause)))
            return true;
    }
    return false;
}

static ErrCode move_check(MessageState from, MessageState to, const char *cause, Err *err)
{
    if (message_move_allowed(from, to, cause))
        return OK;
    return err_set(err, ERR_REFUSED, _("a message cannot go from '%s' to '%s' because of '%s'"),
                   message_state_word(from), message_state_word(to), cause);
}

/* Adds what the outside said, cut to its column; absent and damaged texts are left out. */
static void json_add_text(json_t *object, const char *key, const char *text, size_t characters)
{
    size_t length = text ? strlen(text) : 0;
    if (!text || !text_valid(text, length, NULL))
        return;
    const char *cursor = text;
    for (size_t taken = 0; taken < characters && *cursor; taken++)
        text_next(&cursor, text + length);
    json_object_set_new(object, key, json_stringn(text, (size_t)(cursor - text)));
}

static json_t *move_json(const Move *move, size_t place)
{
    json_t *object = json_pack(
        "{sI, sI, ss, ss, ss, sb, sI}", "place", (json_int_t)place, "id", (json_int_t)move->message,
        "from", message_state_word(move->from), "to", message_state_word(move->to), "cause",
        move->cause, "final", (int)message_state_final(move->to), "fence", (json_int_t)move->fence);
    assert(object);
    json_add_text(object, "code", move->code, CODE_CHARACTERS);
    json_add_text(object, "note", move->note, NOTE_CHARACTERS);
    json_add_text(object, "gateway_id", move->gateway_id, GATEWAY_ID_CHARACTERS);
    if (move->receipt)
        json_object_set_new(object, "receipt", json_integer(move->receipt));
    return object;
}

/* Runs a statement whose only parameter is the JSON array. */
static ErrCode moves_run(Db *db, QueryId query, const json_t *moves, Rows **ret_rows, Err *err)
{
    char *text = json_dumps(moves, JSON_COMPACT);
    assert(text);
    ErrCode code = ret_rows ? db_query(db, query, PARAMS(v_text(text)), ret_rows, err)
                            : db_run(db, query, PARAMS(v_text(text)), NULL, err);
    free(text);
    return code;
}

/* Makes moves of different messages: those that still apply are picked, made and logged, a
 * statement each. */
static ErrCode round_run(Db *db, const Move *moves, json_t *round, bool *done, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(moves_run(db, QUERY_OUTREACH_OUTBOX_PICK, round, &rows, err));
    if (rows_count(rows) == 0)
        return OK;
    json_t *picked = json_array();
    while (rows_next(rows)) {
        size_t place = (size_t)rows_int(rows, 0);
        json_array_append_new(picked, move_json(&moves[place], place));
        done[place] = true;
    }
    ErrCode code = moves_run(db, QUERY_OUTREACH_OUTBOX_MOVE, picked, NULL, err);
    if (code == OK)
        code = moves_run(db, QUERY_OUTREACH_OUTBOX_LOG, picked, NULL, err);
    json_decref(picked);
    return code;
}

typedef struct Ordered {
    int64_t message;
    size_t place;
} Ordered;

static int ordered_compare(const void *left, const void *right)
{
    const Ordered *a = left, *b = right;
    if (a->message != b->message)
        return a->message < b->message ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* The n-th moves of all messages, by message so that two movers lock in one order; NULL when there
 * is none. */
static json_t *round_make(const Move *moves, const Ordered *order, size_t count, size_t n)
{
    json_t *round = NULL;
    size_t seen = 0;
    for (size_t at = 0; at < count; at++) {
        seen = at > 0 && order[at].message == order[at - 1].message ? seen + 1 : 0;
        if (seen != n)
            continue;
        if (!round)
            round = json_array();
        json_array_append_new(round, move_json(&moves[order[at].place], order[at].place));
    }
    return round;
}

ErrCode outbox_move(Db *db, const Move *moves, size_t count, bool *ret_done, Err *err)
{
    for (size_t at = 0; at < count; at++) {
        assert(moves[at].cause);
        TRY(move_check(moves[at].from, moves[at].to, moves[at].cause, err));
    }
    if (count == 0)
        return OK;
    AUTO_ARENA arena = arena_new(0);
    Ordered *order = arena_array(arena, Ordered, count);
    bool *done = arena_array(arena, bool, count);
    for (size_t at = 0; at < count; at++)
        order[at] = (Ordered){moves[at].message, at};
    qsort(order, count, sizeof *order, ordered_compare);
    json_t *round;
    for (size_t n = 0; (round = round_make(moves, order, count, n)) != NULL; n++) {
        ErrCode code = round_run(db, moves, round, done, err);
        json_decref(round);
        TRY(code);
    }
    if (ret_done)
        memcpy(ret_done, done, count * sizeof *done);
    return OK;
}

ErrCode outbox_move_all(Db *db, int64_t campaign, MessageState from, MessageState to,
                        const char *cause, int64_t *ret_moved, Err *err)
{
    assert(
        from ==
        STATE_QUEUED); /* others have a worker or an outcome, which need each message's own move */
    TRY(move_check(from, to, cause, err));
    uint64_t logged = 0, moved = 0;
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_LOG_ALL,
               PARAMS(v_text(message_state_word(to)), v_text(cause), v_int(campaign),
                      v_text(message_state_word(from))),
               &logged, err));
    TRY(db_run(db, QUERY_OUTREACH_OUTBOX_MOVE_ALL,
               PARAMS(v_text(message_state_word(to)), v_int(message_state_final(to)),
                      v_int(campaign), v_text(message_state_word(from))),
               &moved, err));
    assert(logged == moved);
    if (ret_moved)
        *ret_moved = (int64_t)moved;
    return OK;
}

ErrCode outbox_counts(Db *db, int64_t campaign, int64_t ret_counts[STATE_COUNT], int64_t *ret_total,
                      Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_OUTBOX_COUNTS, PARAMS(v_int(campaign)), &rows, err));
    int64_t total = 0, sum = 0;
    TRY(db_number(db, QUERY_OUTREACH_OUTBOX_TOTAL, PARAMS(v_int(campaign)), &total, err));
    memset(ret_counts, 0, sizeof(int64_t) * STATE_COUNT);
    while (rows_next(rows)) {
        MessageState state;
        bool known = message_state_find(rows_text(rows, 0), &state);
        assert(known);
        ret_counts[state] = rows_int(rows, 1);
        sum += ret_counts[state];
    }
    assert(sum == total);
    *ret_total = total;
    return OK;
}
