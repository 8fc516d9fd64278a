#include "survey/import_form.h"
#include "survey/import_run.h"

#include "base/text.h"

#include <assert.h>

enum { FILE_CHARACTERS = 255, SOURCE_CHARACTERS = 120 };

/* What one transaction does; everything of a failed try is thrown away and made anew. */
typedef struct Attempt {
    const ImportJob *job;
    const FormChoice *choice;
    const char *sha256;
    const char *source;
    Date surveyed_on;
    Moment started_ms;
    int64_t duplicate_of; /* 0 = none */
    bool finished;        /* a dry run got to its end */
    json_t *result;
    int64_t quarantined;
} Attempt;

/* At most `characters` of a text, control characters as '?': a file name may hold line breaks. */
static const char *fitting(Arena *arena, const char *text, size_t characters)
{
    char *copy = arena_strdup(arena, text);
    const char *cursor = copy, *end = copy + strlen(copy);
    for (size_t i = 0; i < characters && cursor < end; i++)
        text_next(&cursor, end);
    copy[cursor - copy] = '\0';
    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    return copy;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static const char *job_name(const ImportJob *job)
{
    return job->name ? job->name : job->path;
}

static ErrCode open_sheet(const ImportJob *job, Sheet **ret_sheet, Err *err)
{
    return sheet_open_as(job_name(job), job->path, job->encoding, ret_sheet, err);
}

static ErrCode find_duplicate(Db *db, QueryId query, const char *sha256, int64_t *ret_batch,
                              Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, query, PARAMS(v_text(sha256)), &rows, err));
    *ret_batch = rows_next(rows) ? rows_int(rows, 0) : 0;
    return OK;
}

static ErrCode insert_batch(ImportRun *run, const Attempt *attempt, const SheetInfo *info, Err *err)
{
    Arena *arena = run->file_arena;
    return db_insert(
        run->db, QUERY_SURVEY_BATCH_INSERT,
        PARAMS(v_text(fitting(arena, base_name(job_name(attempt->job)), FILE_CHARACTERS)),
               v_text(info->sha256), v_text(run->form->id),
               v_text(fitting(arena, attempt->source, SOURCE_CHARACTERS)),
               v_int(run->form->credibility), v_date(run->surveyed_on), v_text(info->encoding),
               v_text(attempt->job->context->user)),
        &run->batch, err);
}

/* A person whose answers went in with two chunks was counted by both: count people, not calls. */
static ErrCode settle_people(ImportRun *run, Err *err)
{
    AnswerCounts *people = &run->report.people;
    int64_t all;
    if (run->takes <= 1 && people->moved == 0)
        return OK;
    TRY(db_number(run->db, QUERY_SURVEY_BATCH_PEOPLE, PARAMS(v_int(run->batch)), &all, err));
    if (people->moved > 0) /* new ones were joined with others, or split off from them */
        TRY(db_number(run->db, QUERY_SURVEY_BATCH_NEW_PEOPLE, PARAMS(v_int(run->batch)),
                      &people->people_new, err));
    int64_t known = all - people->people_new;
    people->people_changed = people->people_changed < known ? people->people_changed : known;
    people->people_unchanged = known - people->people_changed;
    return OK;
}

static json_t *result_json(const ImportRun *run, const Attempt *attempt, const SheetInfo *info,
                           json_t *details)
{
    const ImportReport *report = &run->report;
    char day[11];
    json_t *people = json_pack("{s:I, s:I, s:I}", "new", (json_int_t)report->people.people_new,
                               "changed", (json_int_t)report->people.people_changed, "unchanged",
                               (json_int_t)report->people.people_unchanged);
    json_t *json =
        json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "batch", (json_int_t)run->batch, "file",
                  job_name(attempt->job), "sha256", attempt->sha256, "form", run->form->id,
                  "source", attempt->source, "surveyed_on", date_format(run->surveyed_on, day));
    json_t *counts = json_pack(
        "{s:I, s:I, s:I, s:I, s:o, s:I, s:s}", "rows", (json_int_t)report->rows, "accepted",
        (json_int_t)report->accepted, "quarantined", (json_int_t)report->quarantined, "resolved",
        (json_int_t)report->resolved, "people", people, "elapsed_ms",
        (json_int_t)(moment_now() - attempt->started_ms), "encoding", info->encoding);
    json_object_update(json, counts);
    json_object_update(json, details);
    if (attempt->job->dry_run)
        json_object_set_new(json, "dry_run", json_true());
    json_decref(counts);
    return json;
}

static ErrCode finish_batch(ImportRun *run, Attempt *attempt, const SheetInfo *info, Err *err)
{
    const ImportReport *report = &run->report;
    assert(report->rows == report->accepted + report->quarantined);
    TRY(settle_people(run, err));
    json_t *details = import_report_json(report);
    char *text = json_dumps(details, JSON_COMPACT);
    ErrCode code =
        db_run(run->db, QUERY_SURVEY_BATCH_FINISH,
               PARAMS(v_int(report->rows), v_int(report->accepted), v_int(report->quarantined),
                      v_int(report->people.people_new), v_int(report->people.people_changed),
                      v_int(report->people.people_unchanged), v_text(text ? text : "{}"),
                      v_int(moment_now() - attempt->started_ms), v_int(run->batch)),
               NULL, err);
    free(text);
    if (code == OK) {
        json_decref(attempt->result);
        attempt->result = result_json(run, attempt, info, details);
        attempt->quarantined = report->quarantined - report->forgotten;
    }
    json_decref(details);
    return code;
}

static ErrCode run_import(ImportRun *run, Attempt *attempt, Err *err)
{
    AUTO_SHEET sheet = NULL;
    TRY(open_sheet(attempt->job, &sheet, err));
    const SheetInfo *info = sheet_info(sheet);
    if (strcmp(info->sha256, attempt->sha256) != 0) {
        err_set(err, ERR_INPUT, _("the file was changed while it was being read"));
        return err_hint(err, _("wait until it is saved and closed, then try again"));
    }
    run->date_1904 = info->date_1904;
    int64_t tombstones;
    TRY(db_number(run->db, QUERY_PEOPLE_FORGOTTEN_ANY, NO_PARAMS, &tombstones, err));
    run->tombstones = tombstones != 0;
    TRY(insert_batch(run, attempt, info, err));
    TRY(import_pipe(run, sheet, err));
    if (run->report.rows == 0)
        return err_set(err, ERR_INPUT, _("no row below the heading is filled in"));
    return finish_batch(run, attempt, info, err);
}

static ErrCode attempt_once(Db *db, void *state, Err *err)
{
    Attempt *attempt = state;
    attempt->finished = false;
    TRY(answers_lock(db, err));
    TRY(find_duplicate(db, QUERY_SURVEY_BATCH_OF_FILE, attempt->sha256, &attempt->duplicate_of,
                       err));
    if (attempt->duplicate_of != 0)
        return err_set(err, ERR_REFUSED, _("the file is in the base already"));
    AUTO_ARENA file_arena = arena_new(0);
    AUTO_ARENA row_arena = arena_new(0);
    const Context *context = attempt->job->context;
    ImportRun run = {.job = attempt->job,
                     .db = db,
                     .form = attempt->choice->form,
                     .forms = attempt->choice->forms,
                     .form_count = attempt->choice->form_count,
                     .surveyed_on = attempt->surveyed_on,
                     .file_arena = file_arena,
                     .row_arena = row_arena,
                     .progress =
                         progress_start(!context->quiet, base_name(job_name(attempt->job)), 0),
                     .report = import_report_new()};
    ErrCode code = run_import(&run, attempt, err);
    progress_end(&run.progress);
    import_report_done(&run.report);
    if (code == OK && attempt->job->dry_run) {
        attempt->finished = true; /* an error is how a transaction is taken back */
        return err_set(err, ERR_REFUSED, _("a dry run changes nothing"));
    }
    return code;
}

static json_t *duplicate_json(const Attempt *attempt)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:i, s:i, s:i, s:I}", "file", job_name(attempt->job),
                     "sha256", attempt->sha256, "form",
                     attempt->choice ? attempt->choice->form->id : "", "duplicate_of",
                     (json_int_t)attempt->duplicate_of, "rows", 0, "accepted", 0, "quarantined", 0,
                     "elapsed_ms", (json_int_t)(moment_now() - attempt->started_ms));
}

/* What the transaction's outcome means. A commit whose answer was lost is looked up. */
static ErrCode outcome(Attempt *attempt, ErrCode code, Err *err)
{
    int64_t committed = 0;
    Err again = {0};
    if (attempt->duplicate_of != 0 || attempt->finished)
        return OK;
    if (code == ERR_DB_UNSURE && attempt->result &&
        find_duplicate(attempt->job->context->db, QUERY_SURVEY_BATCH_SEEN, attempt->sha256,
                       &committed, &again) == OK &&
        committed != 0)
        return OK;
    if (code == ERR_DB_UNSURE)
        return err_hint(err, _("run the import again: a file that went in is recognised"));
    return code;
}

static const char *source_of(const ImportJob *job, const FormChoice *choice)
{
    const TitleValue *titles = choice->heading.titles;
    if (job->source)
        return job->source;
    for (size_t i = 0; i < 2; i++) {
        const TitleValue *title = &titles[i == 0 ? FACT_EMPLOYER : FACT_SCHOOL];
        if (title->line != 0)
            return title->cell.text;
    }
    return choice->form->title_zh;
}

static ErrCode import_new(Attempt *attempt, Arena *arena, Sheet *sheet, Err *err)
{
    const ImportJob *job = attempt->job;
    FormChoice choice = {0};
    bool date_1904 = sheet_info(sheet)->date_1904;
    TRY(import_choose_form(job, arena, sheet, &choice, err));
    TRY(import_sheet_date(job, &choice.heading, date_1904, arena, job->context->as_of,
                          &attempt->surveyed_on, err));
    attempt->choice = &choice;
    attempt->source = source_of(job, &choice);
    ErrCode code = outcome(attempt, db_transact(job->context->db, attempt_once, attempt, err), err);
    if (code == OK && attempt->duplicate_of != 0)
        attempt->result = duplicate_json(attempt);
    attempt->choice = NULL;
    return code;
}

ErrCode import_file(const ImportJob *job, json_t **ret_result, int64_t *ret_quarantined, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_SHEET sheet = NULL;
    Attempt attempt = {.job = job, .started_ms = moment_now()};
    ErrCode code = open_sheet(job, &sheet, err);
    if (code == OK) {
        attempt.sha256 = arena_strdup(arena, sheet_info(sheet)->sha256);
        code = find_duplicate(job->context->db, QUERY_SURVEY_BATCH_SEEN, attempt.sha256,
                              &attempt.duplicate_of, err);
    }
    if (code == OK && attempt.duplicate_of != 0)
        attempt.result = duplicate_json(&attempt);
    else if (code == OK)
        code = import_new(&attempt, arena, sheet, err);
    if (code != OK) {
        json_decref(attempt.result);
        return err_wrap(err, _("cannot import '%s'"), job_name(job));
    }
    *ret_result = attempt.result;
    *ret_quarantined = attempt.quarantined;
    return OK;
}
