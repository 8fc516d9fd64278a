#include "outreach/aftermath.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/epoch.h"
#include "outreach/journal.h"
#include "outreach/pushes.h"

enum { PAGE = 1000 };

ErrCode aftermath_load(Aftermath *aftermath, Err *err)
{
    AUTO_ROWS rows = NULL;
    Context *context = aftermath->context;
    TRY(db_query(context->db, QUERY_OUTREACH_RECONCILE_DUE, NO_PARAMS, &rows, err));
    if (!rows_next(rows) || rows_int(rows, 0) == 0) {
        err_set(err, ERR_REFUSED, _("this base was not restored, or what came after is settled"));
        return err_hint(err, _("if it was brought back by other means than 'talent db restore', "
                               "say from when with --as-of-backup"));
    }
    aftermath->taken_ms = rows_int(rows, 1);
    aftermath->taken_at = arena_strdup(context->arena, rows_text(rows, 2));
    return OK;
}

typedef struct Declaring {
    int64_t taken_ms;
    const char *user;
} Declaring;

static ErrCode declare_body(Db *db, void *state, Err *err)
{
    const Declaring *declaring = state;
    TRY(db_run(db, QUERY_OUTREACH_RECONCILE_DECLARE,
               PARAMS(v_int(declaring->taken_ms), v_text(declaring->user)), NULL, err));
    return db_run(db, QUERY_OUTREACH_RECONCILE_NEW_EPOCH, NO_PARAMS, NULL, err);
}

ErrCode aftermath_declare(Context *context, int64_t taken_ms, Err *err)
{
    Declaring declaring = {taken_ms, context->user};
    return db_transact(context->db, declare_body, &declaring, err);
}

typedef struct Page {
    int64_t campaign;
    MessageState from;
    const char *note;
    Arena *arena;
    size_t found, moved;
} Page;

static ErrCode page_body(Db *db, void *state, Err *err)
{
    Page *page = state;
    AUTO_ROWS rows = NULL;
    arena_reset(page->arena);
    TRY(db_query(db, QUERY_OUTREACH_RECONCILE_PAGE,
                 PARAMS(v_int(page->campaign), v_text(message_state_word(page->from)), v_int(PAGE)),
                 &rows, err));
    Move *moves = arena_array(page->arena, Move, PAGE);
    bool *done = arena_array(page->arena, bool, PAGE);
    page->found = page->moved = 0;
    while (rows_next(rows))
        moves[page->found++] = (Move){.message = rows_int(rows, 0),
                                      .from = page->from,
                                      .to = STATE_UNCERTAIN,
                                      .cause = "restore",
                                      .note = page->note,
                                      .fence = -1};
    TRY(outbox_move(db, moves, page->found, done, err));
    for (size_t at = 0; at < page->found; at++)
        page->moved += done[at];
    return OK;
}

/* All messages of a campaign that are in a state, in short transactions. */
static ErrCode make_uncertain(Aftermath *aftermath, int64_t campaign, MessageState from,
                              int64_t *moved, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Page page = {.campaign = campaign, .from = from, .note = aftermath->note, .arena = arena};
    do {
        ErrCode code = db_transact(aftermath->context->db, page_body, &page, err);
        if (code == ERR_DB_UNSURE) /* what was committed is in the state no longer */
            code = db_transact(aftermath->context->db, page_body, &page, err);
        TRY(code);
        *moved += (int64_t)page.moved;
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped; run it again to go on"));
    } while (page.found > 0);
    return OK;
}

static ErrCode campaign_settle(Aftermath *aftermath, int64_t id, Err *err)
{
    Db *db = aftermath->context->db;
    const char *why = arena_printf(aftermath->context->arena, _("restored from the backup of %s"),
                                   aftermath->taken_at);
    TRY(db_run(db, QUERY_OUTREACH_RECONCILE_ADOPT, PARAMS(v_text(why), v_int(id)), NULL, err));
    TRY(make_uncertain(aftermath, id, STATE_CLAIMED, &aftermath->claimed, err));
    if (aftermath->keeps_queued)
        return OK;
    return make_uncertain(aftermath, id, STATE_QUEUED, &aftermath->queued, err);
}

/* What the workers of the lost home had written down because their base was away. */
static ErrCode journal_take(void *state, const Attempt *attempt, Err *err)
{
    Aftermath *aftermath = state;
    bool done = false;
    if (attempt->outcome.kind != OUTCOME_ACCEPTED)
        return OK; /* another attempt may have followed: it stays uncertain */
    const Move move = {.message = attempt->message,
                       .from = STATE_UNCERTAIN,
                       .to = STATE_SENT,
                       .cause = "journal",
                       .note = aftermath->note,
                       .gateway_id =
                           *attempt->outcome.gateway_id ? attempt->outcome.gateway_id : NULL,
                       .fence = -1};
    TRY(outbox_move(aftermath->context->db, &move, 1, &done, err));
    aftermath->sent += done;
    return OK;
}

typedef struct Journals {
    Aftermath *aftermath;
    const char *epoch;
} Journals;

static ErrCode journals_body(Db *db, void *state, Err *err)
{
    const Journals *journals = state;
    (void)db;
    journals->aftermath->sent = 0;
    return journal_each(journals->aftermath->journal, journals->epoch, journal_take,
                        journals->aftermath, err);
}

static ErrCode journals_settle(Aftermath *aftermath, Err *err)
{
    AUTO_ROWS rows = NULL;
    int64_t sent = 0;
    TRY(db_query(aftermath->context->db, QUERY_OUTREACH_RECONCILE_EPOCHS, NO_PARAMS, &rows, err));
    while (aftermath->journal && rows_next(rows)) {
        Journals journals = {aftermath,
                             epoch_grouped(aftermath->context->arena, rows_text(rows, 0))};
        TRY(db_transact(aftermath->context->db, journals_body, &journals, err));
        sent += aftermath->sent;
    }
    aftermath->sent = sent;
    return OK;
}

/* What a campaign has after all that. */
static ErrCode campaign_count(Aftermath *aftermath, int64_t id, const char *name, const char *state,
                              Err *err)
{
    int64_t counts[STATE_COUNT], total;
    TRY(outbox_counts(aftermath->context->db, id, counts, &total, err));
    aftermath->kept += counts[STATE_QUEUED];
    if (counts[STATE_QUEUED] + counts[STATE_UNCERTAIN] > 0)
        json_array_append_new(aftermath->campaigns,
                              json_pack("{s:s, s:I, s:s, s:I, s:I}", "campaign", name, "id",
                                        (json_int_t)id, "state", state, "uncertain",
                                        (json_int_t)counts[STATE_UNCERTAIN], "queued",
                                        (json_int_t)counts[STATE_QUEUED]));
    return OK;
}

ErrCode aftermath_settle(Aftermath *aftermath, Err *err)
{
    Db *db = aftermath->context->db;
    AUTO_ROWS before = NULL;
    AUTO_ROWS after = NULL;
    aftermath->campaigns = json_array();
    if (aftermath->pushes)
        TRY(pushes_take(aftermath->context, aftermath->pushes, &aftermath->pushed, err));
    TRY(db_query(db, QUERY_OUTREACH_RECONCILE_CAMPAIGNS, NO_PARAMS, &before, err));
    while (rows_next(before))
        TRY(campaign_settle(aftermath, rows_int(before, 0), err));
    TRY(journals_settle(aftermath, err));
    TRY(db_query(db, QUERY_OUTREACH_RECONCILE_CAMPAIGNS, NO_PARAMS, &after, err));
    while (rows_next(after))
        TRY(campaign_count(aftermath, rows_int(after, 0), rows_text(after, 1), rows_text(after, 2),
                           err));
    return OK;
}

typedef struct Closing {
    const Aftermath *aftermath;
    const char *settled;
} Closing;

static ErrCode close_body(Db *db, void *state, Err *err)
{
    const Closing *closing = state;
    return db_run(db, QUERY_OUTREACH_RECONCILE_MARK,
                  PARAMS(v_text(closing->aftermath->context->user),
                         v_text(closing->aftermath->note), v_text(closing->settled)),
                  NULL, err);
}

/* The home names the base before the base may send: cut off in between, neither does. */
ErrCode aftermath_close(const Aftermath *aftermath, const json_t *settled, Err *err)
{
    Context *context = aftermath->context;
    TRY(epoch_adopt(context->db, context->arena, context->config.home, err));
    char *text = json_dumps(settled, JSON_COMPACT);
    Closing closing = {aftermath, text};
    ErrCode code = db_transact(context->db, close_body, &closing, err);
    if (code == ERR_DB_UNSURE)
        code = db_transact(context->db, close_body, &closing, err);
    free(text);
    return code;
}
