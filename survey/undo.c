/* talent survey undo: takes a batch back, as if it had never been. */
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/render.h"
#include "people/answer.h"

#include <inttypes.h>
#include <stdio.h>

enum { MESSAGES_SHOWN = 20 };

static const Positional POSITIONALS[] = {
    {.name = "BATCH", .help = N_("its number in 'talent survey batches'")}, {0}};

static const Option OPTIONS[] = {
    {.name = "force",
     .kind = OPTION_FLAG,
     .help = N_("also when messages went out on the strength of its answers")},
    {0},
};

typedef struct Undo {
    Context *context;
    int64_t batch;
    bool force;
    char *file;
    int64_t accepted;
    uint64_t reopened;
    AnswerCounts people;
    json_t *messages; /* that rely on it; NULL = it is not refused for them */
} Undo;

static ErrCode load_batch(Db *db, Undo *undo, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_LOAD, PARAMS(v_int(undo->batch)), &rows, err));
    if (!rows_next(rows)) {
        err_set(err, ERR_NOT_FOUND, _("there is no batch %" PRId64), undo->batch);
        return err_hint(err, _("list them with 'talent survey batches'"));
    }
    if (strcmp(rows_text(rows, 0), "staged") == 0) {
        err_set(err, ERR_REFUSED, _("batch %" PRId64 " waits for review: nothing of it counts yet"),
                undo->batch);
        return err_hint(err, _("turn it away with: talent survey refuse %" PRId64 " --why TEXT"),
                        undo->batch);
    }
    if (strcmp(rows_text(rows, 0), "refused") == 0)
        return err_set(err, ERR_REFUSED, _("batch %" PRId64 " was refused already"), undo->batch);
    if (strcmp(rows_text(rows, 0), "active") != 0)
        return err_set(err, ERR_REFUSED, _("batch %" PRId64 " was taken back already"),
                       undo->batch);
    undo->file = arena_strdup(undo->context->arena, rows_text(rows, 1));
    undo->accepted = rows_int(rows, 4);
    return OK;
}

static ErrCode messages_list(Db *db, Undo *undo, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_MESSAGES, PARAMS(v_int(undo->batch)), &rows, err));
    json_decref(undo->messages); /* of a try before */
    undo->messages = json_array();
    while (rows_next(rows))
        json_array_append_new(undo->messages,
                              json_pack("{s:I, s:s, s:s, s:I}", "message",
                                        (json_int_t)rows_int(rows, 0), "campaign",
                                        rows_text(rows, 1), "state", rows_text(rows, 2), "person",
                                        (json_int_t)rows_int(rows, 3)));
    return OK;
}

/* Refuses while a message relies on an answer of the batch: taking it back would leave a message
 * without its reason. */
static ErrCode refuse_relied_on(Db *db, Undo *undo, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_CAMPAIGNS, PARAMS(v_int(undo->batch)), &rows, err));
    const char *names = NULL;
    int64_t messages = 0;
    Arena *arena = undo->context->arena;
    while (rows_next(rows)) {
        names = names ? arena_printf(arena, "%s, '%s'", names, rows_text(rows, 0))
                      : arena_printf(arena, "'%s'", rows_text(rows, 0));
        messages += rows_int(rows, 1);
    }
    if (messages == 0)
        return OK;
    TRY(messages_list(db, undo, err));
    err_set(
        err, ERR_REFUSED,
        ngettext("%" PRId64 " message relied on answers of batch %" PRId64 ", in the campaign %s",
                 "%" PRId64 " messages relied on answers of batch %" PRId64 ", in the campaigns %s",
                 (unsigned long)messages),
        messages, undo->batch, names);
    return err_hint(err,
                    _("correct the people concerned, or take it back all the same with --force"));
}

static ErrCode undo_once(Db *db, void *state, Err *err)
{
    Undo *undo = state;
    uint64_t changed, reopened;
    Value batch[] = {v_int(undo->batch)};
    TRY(answers_lock(db, err));
    TRY(load_batch(db, undo, err));
    if (!undo->force)
        TRY(refuse_relied_on(db, undo, err));
    TRY(answers_withdraw(db, undo->context->sealer, undo->batch, &undo->people, err));
    TRY(db_run(db, QUERY_SURVEY_QUARANTINE_HAND_BACK, batch, 1, &undo->reopened, err));
    TRY(db_run(db, QUERY_SURVEY_PROBLEM_DELETE, batch, 1, NULL, err));
    TRY(db_run(db, QUERY_SURVEY_QUARANTINE_DELETE, batch, 1, NULL, err));
    TRY(db_run(db, QUERY_SURVEY_LAYOUT_DELETE, batch, 1, NULL, err));
    TRY(db_run(db, QUERY_SURVEY_QUARANTINE_REOPEN, batch, 1, &reopened, err));
    undo->reopened += reopened;
    return db_run(db, QUERY_SURVEY_BATCH_UNDO,
                  PARAMS(v_text(undo->context->user), v_int(undo->batch)), &changed, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Undo undo = {.context = context, .force = option_flag(arguments, "force")};
    TRY(argument_number(arguments, 0, &undo.batch, err));
    ErrCode code = db_transact(context->db, undo_once, &undo, err);
    if (code == ERR_REFUSED && undo.messages)
        *ret_result = json_pack("{s:I, s:s, s:s, s:o}", "batch", (json_int_t)undo.batch, "state",
                                "active", "file", undo.file, "messages", undo.messages);
    else
        json_decref(undo.messages);
    if (code != OK)
        return code;
    *ret_result = json_pack("{s:I, s:s, s:s, s:I, s:I, s:{s:I, s:I}}", "batch",
                            (json_int_t)undo.batch, "state", "undone", "file", undo.file, "answers",
                            (json_int_t)undo.accepted, "reopened", (json_int_t)undo.reopened,
                            "people", "changed", (json_int_t)undo.people.people_changed,
                            "unchanged", (json_int_t)undo.people.people_unchanged);
    return OK;
}

static const Column MESSAGE_COLUMNS[] = {{"message", N_("message")},
                                         {"campaign", N_("campaign")},
                                         {"state", N_("state")},
                                         {"person", N_("person")},
                                         {0}};

static void show(const Context *context, const json_t *result)
{
    const json_t *messages = json_object_get(result, "messages");
    size_t count = json_array_size(messages);
    (void)context;
    if (!messages) {
        render_result(&SURVEY_UNDO, result);
        return;
    }
    json_t *some = json_array();
    for (size_t i = 0; i < count && i < MESSAGES_SHOWN; i++)
        json_array_append(some, json_array_get(messages, i));
    render_table(stdout, MESSAGE_COLUMNS, some);
    if (count > MESSAGES_SHOWN)
        printf(_("%zu messages in all; --json lists them\n"), count);
    json_decref(some);
}

const Command SURVEY_UNDO = {
    .words = "survey undo",
    .summary = N_("take a batch back, as if it had never been"),
    .details = N_("Its answers and its quarantined rows go, the people are computed anew from what "
                  "is left. It is refused while a "
                  "message that was sent relies on one of its answers; these messages are listed. "
                  "With --force it is done all the same: messages and their log stay as they are, "
                  "only the people are without the answers."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
    .show = show,
};
