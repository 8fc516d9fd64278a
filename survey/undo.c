/* talent survey undo: takes a batch back, as if it had never been. */
#include "survey/verbs.h"

#include "base/lang.h"
#include "people/answer.h"

#include <inttypes.h>

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
} Undo;

static ErrCode load_batch(Db *db, Undo *undo, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_LOAD, PARAMS(v_int(undo->batch)), &rows, err));
    if (!rows_next(rows)) {
        err_set(err, ERR_NOT_FOUND, _("there is no batch %" PRId64), undo->batch);
        return err_hint(err, _("list them with 'talent survey batches'"));
    }
    if (strcmp(rows_text(rows, 0), "active") != 0)
        return err_set(err, ERR_REFUSED, _("batch %" PRId64 " was taken back already"),
                       undo->batch);
    undo->file = arena_strdup(undo->context->arena, rows_text(rows, 1));
    undo->accepted = rows_int(rows, 4);
    return OK;
}

/* Refuses while a message relies on an answer of the batch: taking it back would leave a message
 * without its reason. */
static ErrCode refuse_relied_on(Db *db, const Undo *undo, Err *err)
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
    TRY(db_transact(context->db, undo_once, &undo, err));
    *ret_result = json_pack("{s:I, s:s, s:s, s:I, s:I, s:{s:I, s:I}}", "batch",
                            (json_int_t)undo.batch, "state", "undone", "file", undo.file, "answers",
                            (json_int_t)undo.accepted, "reopened", (json_int_t)undo.reopened,
                            "people", "changed", (json_int_t)undo.people.people_changed,
                            "unchanged", (json_int_t)undo.people.people_unchanged);
    return OK;
}

const Command SURVEY_UNDO = {
    .words = "survey undo",
    .summary = N_("take a batch back, as if it had never been"),
    .details = N_("Its answers and its quarantined rows go, the people are computed anew from what "
                  "is left. It is refused while a "
                  "message that was sent relies on one of its answers."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
