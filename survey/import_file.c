#include "base/guard.h"
#include "survey/import_form.h"
#include "survey/import_run.h"
#include "survey/sheet_staged.h"

#include "base/text.h"
#include "people/intake.h"

#include <assert.h>

/* A file of LARGE_BYTES is worth a second connection. */
enum {
    FILE_CHARACTERS = 255,
    SOURCE_CHARACTERS = 120,
    FORM_BYTES = 65,
    LARGE_BYTES = 1 << 20,
};

/* The batch that holds a file already. */
typedef struct Duplicate {
    int64_t batch; /* 0 = none */
    char form[FORM_BYTES];
    bool waits; /* for review */
} Duplicate;

/* What one transaction does; everything of a failed try is thrown away and made anew. */
typedef struct Attempt {
    const ImportJob *job;
    const FormChoice *choice;
    const char *sha256;
    const char *source;
    Date surveyed_on;
    Moment started_ms;
    Db *writer; /* of the answers; NULL = the connection of all else */
    Duplicate duplicate;
    bool finished;  /* a dry run got to its end */
    bool written;   /* the writer has committed */
    bool alone;     /* it must be done again without the writer */
    json_t *review; /* what import_review says */
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
    const Context *context = job->context;
    if (job->staged)
        return sheet_staged_open(context->db, context->sealer, job->staged, ret_sheet, err);
    return sheet_open_as(job_name(job), job->path, job->encoding, ret_sheet, err);
}

static ErrCode find_duplicate(Db *db, QueryId query, const char *sha256, Duplicate *ret_duplicate,
                              Err *err)
{
    AUTO_ROWS rows = NULL;
    *ret_duplicate = (Duplicate){.batch = 0};
    TRY(db_query(db, query, PARAMS(v_text(sha256)), &rows, err));
    if (rows_next(rows)) {
        ret_duplicate->batch = rows_int(rows, 0);
        snprintf(ret_duplicate->form, sizeof ret_duplicate->form, "%s", rows_text(rows, 1));
        ret_duplicate->waits = text_equal(rows_text(rows, 2), "staged");
    }
    return OK;
}

/* The batch that is to be filled: a new one, or the one that waited. */
static ErrCode claim_batch(Db *db, Attempt *attempt, Err *err)
{
    if (attempt->job->staged)
        return staged_let_in(db, attempt->job->staged->batch, err);
    TRY(find_duplicate(db, QUERY_SURVEY_BATCH_OF_FILE, attempt->sha256, &attempt->duplicate, err));
    return attempt->duplicate.batch == 0
               ? OK
               : err_set(err, ERR_REFUSED, _("the file is in the base already"));
}

static ErrCode insert_batch(ImportRun *run, const Attempt *attempt, const SheetInfo *info, Err *err)
{
    Arena *arena = run->file_arena;
    if (attempt->job->staged) {
        run->batch = attempt->job->staged->batch;
        return OK;
    }
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
    json_object_update(json, attempt->review);
    if (attempt->job->dry_run)
        json_object_set_new(json, "dry_run", json_true());
    json_decref(counts);
    return json;
}

static ErrCode finish_batch(ImportRun *run, Attempt *attempt, const SheetInfo *info, Err *err)
{
    const ImportReport *report = &run->report;
    assert(report->rows == report->accepted + report->quarantined);
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

/* What import_rest works on. */
typedef struct Inside {
    ImportRun *run;
    Attempt *attempt;
    Sheet *sheet;
} Inside;

/* What is to be put aside is taken back first, which two connections cannot do together. */
static ErrCode review(const Inside *inside, Err *err)
{
    Attempt *attempt = inside->attempt;
    json_decref(attempt->review);
    attempt->review = NULL;
    ErrCode code = import_review(inside->run, sheet_info(inside->sheet), &attempt->review, err);
    attempt->alone = inside->run->alone;
    return code;
}

/* The rows of the file, and all persons that come of them. */
static ErrCode import_people(ImportRun *run, Sheet *sheet, Err *err)
{
    AnswerCounts last = {0};
    TRY(import_pipe(run, sheet, err));
    if (run->intake)
        TRY(intake_end(run->intake, run->db, run->job->context->sealer, &last, err));
    import_count(run, &last);
    return OK;
}

/* All that follows the batch's own row; in a transaction of the writer, where there is one. */
static ErrCode import_rest(Db *db, void *state, Err *err)
{
    const Inside *inside = state;
    ImportRun *run = inside->run;
    if (run->writer)
        TRY(intake_begin(run->db, db, run->batch, &run->intake, err));
    TRY(import_begin_review(run, err));
    ErrCode code = import_people(run, inside->sheet, err);
    inside->attempt->alone = run->intake && intake_alone(run->intake);
    intake_free(run->intake);
    TRY(code);
    if (run->report.rows == 0 && run->report.skipped[ROW_MENDED] > 0)
        return err_set(err, ERR_INPUT,
                       _("every row of the file was mended before, and says the same"));
    if (run->report.rows == 0)
        return err_set(err, ERR_INPUT, _("no row below the heading is filled in"));
    TRY(settle_people(run, err));
    TRY(review(inside, err));
    TRY(finish_batch(run, inside->attempt, sheet_info(inside->sheet), err));
    if (!inside->attempt->job->dry_run)
        return OK;
    inside->attempt->finished = true; /* an error is how a transaction is taken back */
    return err_set(err, ERR_REFUSED, _("a dry run changes nothing"));
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
    Inside inside = {run, attempt, sheet};
    if (!run->writer)
        return import_rest(run->db, &inside, err);
    TRY(db_transact_within(run->db, run->writer, import_rest, &inside, err));
    attempt->written = true;
    return OK;
}

static ErrCode attempt_once(Db *db, void *state, Err *err)
{
    Attempt *attempt = state;
    attempt->finished = false;
    TRY(attempt->writer ? answers_lock_beside(db, err) : answers_lock(db, err));
    TRY(claim_batch(db, attempt, err));
    AUTO_ARENA file_arena = arena_new(0);
    AUTO_ARENA row_arena = arena_new(0);
    const Context *context = attempt->job->context;
    ImportRun run = {.job = attempt->job,
                     .db = db,
                     .writer = attempt->writer,
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
    return code;
}

static json_t *duplicate_json(const Attempt *attempt)
{
    bool waits = attempt->duplicate.waits;
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:I, s:i, s:i, s:i, s:I}", "file", job_name(attempt->job), "sha256",
        attempt->sha256, "form", attempt->duplicate.form, waits ? "batch" : "duplicate_of",
        (json_int_t)attempt->duplicate.batch, "rows", 0, "accepted", 0, "quarantined", 0,
        "elapsed_ms", (json_int_t)(moment_now() - attempt->started_ms));
    if (waits) {
        json_object_set_new(json, "state", json_string("staged"));
        json_object_set_new(json, "why", json_string(_("the file waits for review already")));
    }
    return json;
}

/* What the transaction's outcome means. A commit whose answer was lost is looked up. */
static ErrCode outcome(Attempt *attempt, ErrCode code, Err *err)
{
    Duplicate committed = {.batch = 0};
    Err again = {0};
    if (attempt->duplicate.batch != 0 || attempt->finished)
        return OK;
    if (code == ERR_DB_UNSURE && attempt->result &&
        find_duplicate(attempt->job->context->db, QUERY_SURVEY_BATCH_SEEN, attempt->sha256,
                       &committed, &again) == OK &&
        committed.batch != 0 && !(attempt->job->staged && committed.waits))
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
            return guard_off(title->cell.text);
    }
    return choice->form->title_zh;
}

static ErrCode only_lock(Db *db, void *state, Err *err)
{
    (void)state;
    return answers_lock(db, err);
}

/* The answers whose batch was not committed after them. */
static void take_back(Db *db)
{
    Err ignored = {0};
    if (db_transact(db, only_lock, NULL, &ignored) != OK)
        return; /* whoever folds people next does it */
}

/* The transaction of a new file. The answers of a large one are written beside the rest. */
static ErrCode attempt_beside(Attempt *attempt, Err *err)
{
    Db *db = attempt->job->context->db;
    TRY(intake_writer(db, &attempt->writer, err));
    db_see_uncommitted(db, attempt->writer != NULL);
    ErrCode code = db_transact(db, attempt_once, attempt, err);
    db_see_uncommitted(db, false);
    db_close(attempt->writer);
    attempt->writer = NULL;
    if (code != OK && attempt->written)
        take_back(db);
    return code;
}

static ErrCode attempt_all(Attempt *attempt, bool large, Err *err)
{
    const ImportJob *job = attempt->job;
    if (large && !job->stage && !job->staged) {
        ErrCode code = attempt_beside(attempt, err);
        if (!attempt->alone)
            return code;
    }
    return db_transact(job->context->db, attempt_once, attempt, err);
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
    bool large = sheet_info(sheet)->bytes >= LARGE_BYTES;
    ErrCode code = outcome(attempt, attempt_all(attempt, large, err), err);
    if (code == OK && attempt->duplicate.batch != 0)
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
        if (!job->staged)
            code = find_duplicate(job->context->db, QUERY_SURVEY_BATCH_SEEN, attempt.sha256,
                                  &attempt.duplicate, err);
    }
    if (code == OK && attempt.duplicate.batch != 0)
        attempt.result = duplicate_json(&attempt);
    else if (code == OK)
        code = import_new(&attempt, arena, sheet, err);
    json_decref(attempt.review);
    if (code != OK) {
        json_decref(attempt.result);
        return err_wrap(err, _("cannot import '%s'"), job_name(job));
    }
    *ret_result = attempt.result;
    *ret_quarantined = attempt.quarantined;
    return OK;
}
