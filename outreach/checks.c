#include "outreach/checks.h"

#include "base/lang.h"
#include "outreach/outbox.h"

#define LOOK_BY_HAND                                                                               \
    N_("somebody has changed the base by hand, or it is damaged: hold the campaign ('talent "      \
       "outreach pause') and restore a backup")

/* Whether the table has a move at all, whatever its cause. */
static bool move_known(const char *from_word, const char *to_word)
{
    static const struct {
        MessageState from, to;
    } MOVES[] = {
#define MOVE(from, to, cause) {STATE_##from, STATE_##to},
#include "outreach/transitions.def"
#undef MOVE
    };
    MessageState from, to;
    if (!message_state_find(from_word, &from) || !message_state_find(to_word, &to))
        return false;
    for (size_t at = 0; at < sizeof MOVES / sizeof *MOVES; at++)
        if (MOVES[at].from == from && MOVES[at].to == to)
            return true;
    return false;
}

static ErrCode moves_run(Context *context, const CheckTerms *terms, CheckResult *ret_result,
                         Err *err)
{
    AUTO_ROWS rows = NULL;
    CheckResult result = {0};
    (void)terms;
    TRY(db_query(context->db, QUERY_OUTREACH_CHECK_LOG_MOVES, NO_PARAMS, &rows, err));
    while (rows_next(rows)) {
        int64_t events = rows_int(rows, 2);
        result.looked += events;
        if (move_known(rows_text(rows, 0), rows_text(rows, 1)))
            continue;
        check_wrong(&result, "event %lld", (long long)rows_int(rows, 3));
        result.wrong += events - 1;
    }
    *ret_result = result;
    return OK;
}

static const Check CAMPAIGN_PEOPLE = {
    .name = "campaign_people",
    .title = N_("every campaign accounts for everybody whom it asked about"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_CAMPAIGN_PEOPLE,
};
static const Check MESSAGE_CAMPAIGN = {
    .name = "message_campaign",
    .title = N_("every message belongs to a campaign"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_MESSAGE_CAMPAIGN,
};
static const Check MESSAGE_ONCE = {
    .name = "message_once",
    .title = N_("nobody is both told and left out by one campaign"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_MESSAGE_ONCE,
};
static const Check CAMPAIGN_DONE = {
    .name = "campaign_done",
    .title = N_("nothing waits in a campaign that is over"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_CAMPAIGN_DONE,
};
static const Check LOG_END = {
    .name = "log_end",
    .title = N_("the delivery log of every message leads to where it is"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_LOG_END,
};
static const Check LOG_PATH = {
    .name = "log_path",
    .title = N_("every event in the delivery log begins where the one before it ended"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_LOG_PATH,
};
static const Check LOG_MESSAGE = {
    .name = "log_message",
    .title = N_("every event in the delivery log is of a message"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_LOG_MESSAGE,
};
static const Check LOG_MOVES = {
    .name = "log_moves",
    .title = N_("every event in the delivery log is a move that messages can make"),
    .fix = LOOK_BY_HAND,
    .run = moves_run,
};
static const Check REPLY_PUSH = {
    .name = "reply_push",
    .title = N_("every reply came with a push that was kept"),
    .fix = LOOK_BY_HAND,
    .query = QUERY_OUTREACH_CHECK_REPLY_PUSH,
};

const Check *const OUTREACH_CHECKS[] = {
    &CAMPAIGN_PEOPLE, &MESSAGE_CAMPAIGN, &MESSAGE_ONCE, &CAMPAIGN_DONE, &LOG_END,
    &LOG_PATH,        &LOG_MESSAGE,      &LOG_MOVES,    &REPLY_PUSH,    NULL};
