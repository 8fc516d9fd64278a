#include "people/intake.h"

#include "base/lang.h"
#include "base/text.h"
#include "people/taking.h"

#include <pthread.h>
#include <string.h>

/* The persons of one call: its answers are in the base, they are not. */
typedef struct Backlog {
    Arena *arena; /* of all below */
    Singles singles;
    IdList folded;
    LinkHolder *holders;
    size_t holder_count;
} Backlog;

struct Intake {
    Arena *arena; /* holds the Intake itself */
    Db *writer;
    Backlog backlog;
    bool alone;
};

/* *ret_server is NULL where this cannot be done; lives in the arena. */
static ErrCode server_of(Db *db, Arena *arena, const char **ret_server, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_INTAKE_SERVER, NO_PARAMS, &rows, err));
    const char *server = rows_next(rows) ? rows_text(rows, 0) : NULL;
    *ret_server = server ? arena_strdup(arena, server) : NULL;
    return OK;
}

ErrCode intake_writer(Db *db, Db **ret_writer, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *ours, *theirs;
    Db *writer;
    *ret_writer = NULL;
    TRY(server_of(db, arena, &ours, err));
    if (!ours)
        return OK;
    TRY(db_open_again(db, &writer, err));
    ErrCode code = server_of(writer, arena, &theirs, err);
    if (code == OK && text_equal(ours, theirs))
        *ret_writer = writer;
    else
        db_close(writer);
    return code;
}

ErrCode intake_lock(Db *db, Err *err)
{
    AUTO_ROWS left = NULL;
    TRY(db_run(db, QUERY_PEOPLE_INTAKE_LOCK, NO_PARAMS, NULL, err));
    TRY(db_query(db, QUERY_PEOPLE_INTAKE_LEFT, NO_PARAMS, &left, err));
    if (!rows_next(left))
        return OK;
    return db_run(db, QUERY_PEOPLE_ANSWER_DELETE_BATCH, PARAMS(v_int(rows_int(left, 0))), NULL,
                  err);
}

ErrCode intake_begin(Db *db, Db *writer, int64_t batch, Intake **ret_intake, Err *err)
{
    int64_t seen;
    TRY(db_run(writer, QUERY_PEOPLE_INTAKE_SESSION, NO_PARAMS, NULL, err));
    TRY(intake_lock(writer, err));
    TRY(db_run(writer, QUERY_PEOPLE_INTAKE_NOTE, PARAMS(v_int(batch)), NULL, err));
    TRY(db_number(db, QUERY_PEOPLE_INTAKE_SEEN, PARAMS(v_int(batch)), &seen, err));
    if (!seen) /* another node of a cluster, or a connection that was opened anew meanwhile */
        return err_set(err, ERR_DB_GONE, _("two connections to the database do not meet"));
    Arena *arena = arena_new(0);
    Intake *intake = arena_alloc(arena, sizeof *intake);
    *intake = (Intake){
        .arena = arena, .writer = writer, .backlog = {.arena = arena_new(0), .singles.first = 1}};
    *ret_intake = intake;
    return OK;
}

bool intake_alone(const Intake *intake)
{
    return intake->alone;
}

void intake_free(Intake *intake)
{
    if (!intake)
        return;
    arena_free(intake->backlog.arena);
    arena_free(intake->arena);
}

void intake_await(const Intake *intake, LinkPlan *plan)
{
    plan->awaited = intake->backlog.holders;
    plan->awaited_count = intake->backlog.holder_count;
}

static Backlog backlog_of(const Taking *taking, Arena *arena)
{
    const LinkPlan *plan = &taking->plan;
    IdList folded = taking_folded(taking);
    Backlog backlog = {
        .arena = arena,
        .singles = taking_singles(taking),
        .folded = {arena_memdup(arena, folded.ids, folded.count * sizeof(int64_t)), folded.count},
        .holders = arena_array(arena, LinkHolder, plan->holder_count),
        .holder_count = plan->holder_count};
    for (size_t i = 0; i < plan->holder_count; i++)
        backlog.holders[i] =
            (LinkHolder){arena_memdup(arena, plan->holders[i].id_hash, SEAL_HASH_BYTES),
                         plan->holders[i].person};
    return backlog;
}

/* A new person of one answer is that answer; all others are folded from what the base holds, which
 * may be answers of the next call too: then that call folds them again. */
ErrCode intake_end(Intake *intake, Db *db, const Sealer *sealer, AnswerCounts *counts, Err *err)
{
    const Backlog *backlog = &intake->backlog;
    TRY(refold_singles(db, &backlog->singles, counts, err));
    return refold_base(db, sealer, backlog->folded.ids, backlog->folded.count, counts, err);
}

/* The writer's part of one call, in a thread of its own. */
typedef struct Beside {
    const Taking *taking;
    Db *writer;
    ErrCode code;
    Err err;
} Beside;

static void *write_beside(void *state)
{
    Beside *beside = state;
    beside->code = taking_write(beside->taking, beside->writer, &beside->err);
    return NULL;
}

ErrCode intake_take(Intake *intake, const Taking *taking, AnswerCounts *counts, Err *err)
{
    Beside beside = {.taking = taking, .writer = intake->writer};
    pthread_t thread;
    int reason = pthread_create(&thread, NULL, write_beside, &beside);
    if (reason != 0)
        return err_errno(err, ERR_IO, reason, _("cannot start a thread that writes answers"));
    ErrCode code = intake_end(intake, taking->db, taking->sealer, counts, err);
    const AnswerBatch *batch = taking->batch;
    if (code == OK && batch->meanwhile)
        code = batch->meanwhile(batch->state, err);
    pthread_join(thread, NULL);
    if (code == OK && beside.code != OK) {
        *err = beside.err;
        code = beside.code;
    }
    TRY(code);
    TRY(link_moves_others(intake->writer, &taking->plan, batch->batch, &intake->alone, err));
    if (intake->alone)
        return err_set(err, ERR_REFUSED, _("answers of other files belong to other people now"));
    TRY(link_move(intake->writer, &taking->plan, err));
    arena_reset(intake->backlog.arena);
    intake->backlog = backlog_of(taking, intake->backlog.arena);
    return OK;
}
