#include "base/render.h"
#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/export.h"
#include "outreach/test_message.h"
#include "outreach/verbs.h"

#include <inttypes.h>

/* Columns of campaign_log: the message, then the event. */
enum {
    COLUMN_MESSAGE,
    COLUMN_PERSON,
    COLUMN_PHONE,
    COLUMN_STATE,
    COLUMN_TEXT,
    COLUMN_SEGMENTS,
    COLUMN_ATTEMPTS,
    COLUMN_GATEWAY,
    COLUMN_REFERENCE,
    COLUMN_GATEWAY_ID,
    COLUMN_ERROR_CODE,
    COLUMN_AT,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_ATTEMPT,
    COLUMN_CAUSE,
    COLUMN_CODE,
    COLUMN_NOTE,
    COLUMN_COUNT
};

static const char *const HEADINGS[] = {N_("message"),
                                       N_("person"),
                                       N_("to"),
                                       N_("state now"),
                                       N_("text"),
                                       N_("segments"),
                                       N_("attempts"),
                                       N_("gateway"),
                                       N_("our reference"),
                                       N_("its id"),
                                       N_("error"),
                                       N_("at"),
                                       N_("from"),
                                       N_("became"),
                                       N_("attempt"),
                                       N_("cause"),
                                       N_("code"),
                                       N_("note"),
                                       NULL};
_Static_assert(sizeof HEADINGS / sizeof HEADINGS[0] == COLUMN_COUNT + 1, "a heading per column");

/* Where the log goes: into a JSON array of messages, or row by row into a file. */
typedef struct Log {
    Context *context;
    Export *export;
    json_t *messages; /* NULL when exporting */
    json_t *events;   /* of the last message, borrowed */
    int64_t message;  /* the last one seen */
    int64_t message_count, event_count;
} Log;

static json_t *text_or_null(const Rows *rows, unsigned column)
{
    const char *text = rows_text(rows, column);
    return text ? json_string(text) : json_null();
}

static void message_add(Log *log, const Rows *rows, const char *to)
{
    log->events = json_array();
    json_array_append_new(log->messages,
                          json_pack("{sI, sI, ss, ss, ss, sI, sI, so, so, so, so, so}", "message",
                                    (json_int_t)rows_int(rows, COLUMN_MESSAGE), "person",
                                    (json_int_t)rows_int(rows, COLUMN_PERSON), "to", to, "state",
                                    rows_text(rows, COLUMN_STATE), "text",
                                    rows_text(rows, COLUMN_TEXT), "segments",
                                    (json_int_t)rows_int(rows, COLUMN_SEGMENTS), "attempts",
                                    (json_int_t)rows_int(rows, COLUMN_ATTEMPTS), "gateway",
                                    text_or_null(rows, COLUMN_GATEWAY), "reference",
                                    text_or_null(rows, COLUMN_REFERENCE), "gateway_id",
                                    text_or_null(rows, COLUMN_GATEWAY_ID), "error_code",
                                    text_or_null(rows, COLUMN_ERROR_CODE), "events", log->events));
}

static void event_add(json_t *events, const Rows *rows)
{
    json_array_append_new(
        events, json_pack("{ss, so, ss, sI, ss, so, so}", "at", rows_text(rows, COLUMN_AT), "from",
                          text_or_null(rows, COLUMN_FROM), "to", rows_text(rows, COLUMN_TO),
                          "attempt", (json_int_t)rows_int(rows, COLUMN_ATTEMPT), "cause",
                          rows_text(rows, COLUMN_CAUSE), "code", text_or_null(rows, COLUMN_CODE),
                          "note", text_or_null(rows, COLUMN_NOTE)));
}

static void event_export(Log *log, const Rows *rows, Arena *arena, const char *to)
{
    const char *cells[COLUMN_COUNT];
    for (unsigned at = 0; at < COLUMN_COUNT; at++) {
        bool number = at == COLUMN_MESSAGE || at == COLUMN_PERSON || at == COLUMN_SEGMENTS ||
                      at == COLUMN_ATTEMPTS || at == COLUMN_ATTEMPT;
        cells[at] = at == COLUMN_PHONE ? to
                    : number           ? arena_printf(arena, "%" PRId64, rows_int(rows, at))
                                       : rows_text(rows, at);
    }
    export_row(log->export, cells);
}

static ErrCode row_take(Log *log, const Rows *rows, Arena *arena, Err *err)
{
    size_t length = 0;
    char *phone = NULL;
    const void *sealed = rows_bytes(rows, COLUMN_PHONE, &length);
    TRY(unseal(log->context->sealer, arena, sealed, length, &phone, err));
    const char *to = text_mask(arena, phone);
    bool begins = rows_int(rows, COLUMN_MESSAGE) != log->message;
    log->message = rows_int(rows, COLUMN_MESSAGE);
    log->message_count += begins;
    log->event_count++;
    if (log->export) {
        event_export(log, rows, arena, to);
        return OK;
    }
    if (begins)
        message_add(log, rows, to);
    event_add(log->events, rows);
    return OK;
}

static ErrCode pages_take(Log *log, int64_t campaign, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    for (uint64_t count = 1; count > 0;) {
        AUTO_ROWS rows = NULL;
        arena_reset(arena);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("interrupted"));
        TRY(db_query(log->context->db, QUERY_OUTREACH_CAMPAIGN_LOG,
                     PARAMS(v_int(campaign), v_int(log->message)), &rows, err));
        count = rows_count(rows);
        while (rows_next(rows))
            TRY(row_take(log, rows, arena, err));
    }
    return OK;
}

static ErrCode log_export(Log *log, const Campaign *campaign, const char *file, json_t **ret_result,
                          Err *err)
{
    const char *headings[COLUMN_COUNT + 1];
    for (size_t at = 0; at < COLUMN_COUNT; at++)
        headings[at] = _(HEADINGS[at]);
    headings[COLUMN_COUNT] = NULL;
    TRY(export_open(file, headings, &log->export, err));
    ErrCode code = pages_take(log, campaign->id, err);
    Err ignored;
    ErrCode closed = export_close(log->export, code == OK, code == OK ? err : &ignored);
    TRY(code);
    TRY(closed);
    *ret_result = campaign_json(campaign);
    json_object_set_new(*ret_result, "file", json_string(file));
    json_object_set_new(*ret_result, "messages", json_integer(log->message_count));
    json_object_set_new(*ret_result, "events", json_integer(log->event_count));
    return OK;
}

static ErrCode log_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Campaign campaign;
    Log log = {.context = context};
    const char *file = option_text(arguments, "o");
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    if (option_flag(arguments, "tests"))
        return test_messages_json(context->db, campaign.id, ret_result, err);
    if (file)
        return log_export(&log, &campaign, file, ret_result, err);
    log.messages = json_array();
    ErrCode code = pages_take(&log, campaign.id, err);
    if (code != OK)
        json_decref(log.messages);
    else
        *ret_result = log.messages;
    return code;
}

static const Column TEST_COLUMNS[] = {{"id", N_("no.")},
                                      {"at", N_("at")},
                                      {"sent_by", N_("sent by")},
                                      {"colleague", N_("colleague")},
                                      {"gateway", N_("gateway")},
                                      {"outcome", N_("outcome")},
                                      {"code", N_("code")},
                                      {"text", N_("text")},
                                      {0}};

static void log_show(const Context *context, const json_t *result)
{
    (void)context;
    if (json_object_get(json_array_get(result, 0), "colleague"))
        render_table(stdout, TEST_COLUMNS, result);
    else
        render_result(&OUTREACH_LOG, result);
}

const Command OUTREACH_LOG = {
    .words = "outreach log",
    .summary = N_("show every message of a campaign with every event"),
    .details = N_("Phone numbers are masked. With -o the log is written to a file, a row for each "
                  "event."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "o",
                                 .kind = OPTION_OUTPUT,
                                 .value = "FILE",
                                 .help = N_("write it to this file"),
                                 .endings = "xlsx csv"},
                                {.name = "tests",
                                 .kind = OPTION_FLAG,
                                 .help = N_("show what was sent to colleagues instead")},
                                {0}},
    .columns = (const Column[]){{"message", N_("message")},
                                {"person", N_("person")},
                                {"to", N_("to")},
                                {"state", N_("state now")},
                                {"attempts", N_("attempts")},
                                {"gateway_id", N_("its id")},
                                {"error_code", N_("error")},
                                {"text", N_("text")},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | SENDS,
    .run = log_run,
    .show = log_show,
};
