/* outreach/outbox.h: messages and the only functions that move one.
 * Shape:  MessageState is a line of outreach/states.def; allowed moves are the lines of
 *         outreach/transitions.def.
 * Units:  moments in milliseconds UTC.
 * Owns:   texts are borrowed.
 * Errors: ERR_REFUSED for a move that the table does not have; ERR_DB. Moves must be inside
 *         db_transact; the delivery log gets its line in the same transaction.
 * Source: DESIGN 7 "Message states"; sql/queries/outreach/outbox.sql. */
#ifndef OUTREACH_OUTBOX_H
#define OUTREACH_OUTBOX_H

#include "sql/db.h"

typedef enum MessageState {
#define STATE(name, word, final, label) STATE_##name,
#include "outreach/states.def"
#undef STATE
    STATE_COUNT
} MessageState;

const char *message_state_word(MessageState state);  /* "queued": in SQL and JSON */
const char *message_state_label(MessageState state); /* translated */
bool message_state_find(const char *word, MessageState *ret);
bool message_state_final(MessageState state);
/* cause is "answer", "receipt", "staff", … ; some moves belong to one cause only. */
bool message_move_allowed(MessageState from, MessageState to, const char *cause);
ErrCode message_move_check(MessageState from, MessageState to, const char *cause,
                           Err *err) MUST_CHECK;

typedef struct Move {
    int64_t message;
    MessageState from, to; /* from is what the mover has read; when no longer so, it fails softly */
    const char *cause;
    const char *code;       /* the gateway's own, or NULL */
    const char *note;       /* no personal data, or NULL */
    const char *gateway_id; /* learnt with this move, or NULL */
    int64_t receipt;        /* 0 = none */
    int64_t fence;          /* of the claim, for moves by its worker: must match; -1 = not asked */
    bool locked;            /* the transaction has locked the message and read from, fence … */
    int64_t attempts;       /* … and this, so that they need not be looked at again */
} Move;

/* Makes the moves in bulk, in the order given where several concern one message; *ret_done (array
 * of count, may be NULL) says which took place. Besides state and log a move keeps a few columns:
 * into claimed, attempts and fence grow by one (worker, lease, reference and gateway are
 * outbox_claim's); out of claimed, worker, lease_id and leased_until become NULL, and sent_at
 * becomes now unless the message goes back or is rejected; into queued, sent_at becomes NULL
 * (not_before is the mover's to set), and it is cancelled at once when its campaign was cancelled
 * meanwhile; into a final state, settled_at becomes now; code and
 * gateway_id are kept when given. */
ErrCode outbox_move(Db *db, const Move *moves, size_t count, bool *ret_done, Err *err) MUST_CHECK;

/* A worker's hold on messages, as it is written into them. */
typedef struct Hold {
    const uint8_t *worker; /* 16 bytes */
    int64_t lease;
    int seconds;
    const char *gateway;
} Hold;

/* Moves queued messages that the transaction has locked into claimed, in bulk. */
ErrCode outbox_claim(Db *db, const int64_t *ids, size_t count, const Hold *hold,
                     Err *err) MUST_CHECK;

/* Moves every message of a campaign that is in `from`: for a cancelled campaign. *ret_moved (may be
 * NULL) is their number. */
ErrCode outbox_move_all(Db *db, int64_t campaign, MessageState from, MessageState to,
                        const char *cause, int64_t *ret_moved, Err *err) MUST_CHECK;

/* How many messages of a campaign are in each state, zeros included; *ret_total is counted by
 * itself, and their sum equals it (asserted). */
ErrCode outbox_counts(Db *db, int64_t campaign, int64_t ret_counts[STATE_COUNT], int64_t *ret_total,
                      Err *err) MUST_CHECK;

#endif
