#include "outreach/outbox.h"

#include "base/lang.h"
#include "base/text.h"

#include <assert.h>

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

ErrCode message_move_check(MessageState from, MessageState to, const char *cause, Err *err)
{
    if (message_move_allowed(from, to, cause))
        return OK;
    return err_set(err, ERR_REFUSED, _("a message cannot go from '%s' to '%s' because of '%s'"),
                   message_state_word(from), message_state_word(to), cause);
}

ErrCode outbox_move_all(Db *db, int64_t campaign, MessageState from, MessageState to,
                        const char *cause, int64_t *ret_moved, Err *err)
{
    assert(
        from ==
        STATE_QUEUED); /* others have a worker or an outcome, which need each message's own move */
    TRY(message_move_check(from, to, cause, err));
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
