/* The end of an import inside its transaction: it goes in, or it waits for review, or it is a batch
 * that waited and is looked at or let in. */
#include "survey/preview.h"
#include "survey/stage.h"

#include "base/lang.h"

#include <stdlib.h>

ErrCode import_begin_review(ImportRun *run, Err *err)
{
    int64_t erased;
    if (!run->job->staged)
        return db_run(run->db, QUERY_SURVEY_STAGED_SAVEPOINT, NO_PARAMS, NULL, err);
    TRY(staged_erased(run->db, run->batch, &erased, err));
    run->report.rows += erased;
    run->report.quarantined += erased;
    run->report.forgotten += erased;
    return OK;
}

static void say(Preview *preview, const ImportRun *run, json_t *json)
{
    if (!preview->json)
        return;
    preview_label(preview->json, run->job->context->lang);
    json_object_set(json, "preview", preview->json);
}

static void say_why(Arena *arena, const char *reasons, json_t *json)
{
    json_object_set_new(json, "why", json_string(preview_why(arena, reasons)));
}

static char *json_text(Arena *arena, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    char *kept = arena_strdup(arena, text ? text : "null");
    free(text);
    return kept;
}

/* Numbers only: the base keeps no second copy of what a person says. */
static char *numbers_text(Arena *arena, const json_t *preview)
{
    json_t *numbers = json_copy((json_t *)(uintptr_t)preview);
    json_object_del(numbers, "examples");
    char *text = json_text(arena, numbers);
    json_decref(numbers);
    return text;
}

/* Takes back what was written and keeps the rows instead. */
static ErrCode put_aside(ImportRun *run, const SheetInfo *info, Preview *preview, json_t *json,
                         Err *err)
{
    const ImportJob *job = run->job;
    Arena *arena = run->file_arena;
    PlaceList forgotten;
    TRY(preview_make(run, preview, err));
    TRY(staged_forgotten(run->db, arena, run->batch, &forgotten, err));
    Staged staged = {.batch = run->batch,
                     .name = job->name ? job->name : job->path,
                     .sha256 = info->sha256,
                     .container = info->container,
                     .date_1904 = info->date_1904,
                     .option_form = job->form,
                     .option_source = job->source,
                     .option_surveyed_on = job->surveyed_on,
                     .as_of = job->context->as_of,
                     .why = json_text(arena, preview->reasons),
                     .preview = numbers_text(arena, preview->json)};
    TRY(db_run(run->db, QUERY_SURVEY_STAGED_TAKE_BACK, NO_PARAMS, NULL, err));
    TRY(staged_keep(run->db, job, &staged, &forgotten, err));
    json_object_set_new(json, "state", json_string("staged"));
    say_why(arena, staged.why, json);
    return OK;
}

/* A batch that waited, read again: what it changes now, beside what it would have changed then. */
static ErrCode read_again(ImportRun *run, Preview *preview, json_t *json, Err *err)
{
    const Staged *staged = run->job->staged;
    json_error_t at;
    TRY(preview_make(run, preview, err));
    json_t *then = json_loads(staged->preview, 0, &at);
    json_object_set_new(json, "differs", preview_differs(then, preview->json));
    json_decref(then);
    if (run->job->dry_run) {
        json_object_set_new(json, "state", json_string("staged"));
        say_why(run->file_arena, staged->why, json);
        return OK;
    }
    StagedVerdict verdict = {
        .batch = staged->batch, .decision = STAGED_ACCEPTED, .who = run->job->context->user};
    json_object_set_new(json, "state", json_string("active"));
    return staged_decide(run->db, &verdict, err);
}

static ErrCode decide(ImportRun *run, const SheetInfo *info, Preview *preview, json_t *json,
                      Err *err)
{
    const ImportJob *job = run->job;
    if (job->look)
        TRY(job->look(run->db, job->look_state, err));
    if (job->staged)
        return read_again(run, preview, json, err);
    TRY(preview_reasons(run, preview, err));
    bool waits = json_array_size(preview->reasons) > 0;
    run->alone = waits && run->writer && !job->dry_run;
    if (run->alone)
        return err_set(err, ERR_REFUSED, _("the file is to be reviewed"));
    if (waits && !job->dry_run)
        return put_aside(run, info, preview, json, err);
    if (!job->dry_run) {
        json_object_set_new(json, "state", json_string("active"));
        preview_done(preview); /* made to decide; nobody asked for it */
        return OK;
    }
    if (waits)
        say_why(run->file_arena, json_text(run->file_arena, preview->reasons), json);
    return preview_make(run, preview, err);
}

ErrCode import_review(ImportRun *run, const SheetInfo *info, json_t **ret_json, Err *err)
{
    Preview preview = {0};
    json_t *json = json_object();
    ErrCode code = decide(run, info, &preview, json, err);
    if (code == OK) {
        say(&preview, run, json);
        *ret_json = json;
    } else {
        json_decref(json);
    }
    preview_done(&preview);
    return code;
}
