#include "survey/stage.h"

#include "base/lang.h"
#include "base/text.h"
#include "survey/problem.h"
#include "survey/staged_row.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ROW_TEXT_BYTES = 15 << 20 }; /* what staged_row.content holds, sealed */

static const char *text_at(const Rows *rows, unsigned column, Arena *arena)
{
    return rows_null(rows, column) ? NULL : arena_strdup(arena, rows_text(rows, column));
}

static const char *option_at(const json_t *options, const char *key, Arena *arena)
{
    const char *text = json_string_value(json_object_get(options, key));
    return text ? arena_strdup(arena, text) : NULL;
}

static Date day_at(const json_t *options, const char *key)
{
    const json_t *day = json_object_get(options, key);
    return json_is_integer(day) ? (Date)json_integer_value(day) : DATE_NONE;
}

static json_t *options_json(const Staged *staged)
{
    json_t *json = json_pack("{s:s, s:s, s:b, s:I, s:s*, s:s*}", "name", staged->name, "container",
                             staged->container, "date_1904", staged->date_1904, "as_of",
                             (json_int_t)staged->as_of, "form", staged->option_form, "source",
                             staged->option_source);
    if (staged->option_surveyed_on != DATE_NONE)
        json_object_set_new(json, "surveyed_on", json_integer(staged->option_surveyed_on));
    return json;
}

static ErrCode options_read(const Rows *rows, Arena *arena, Staged *staged, Err *err)
{
    json_error_t at;
    json_t *options = json_loads(rows_text(rows, 5), 0, &at);
    const char *name = option_at(options, "name", arena);
    if (!name) {
        json_decref(options);
        return err_set(err, ERR_VERSION, _("how batch %" PRId64 " was handed in cannot be read"),
                       staged->batch);
    }
    staged->name = name;
    staged->container = option_at(options, "container", arena);
    staged->date_1904 = json_is_true(json_object_get(options, "date_1904"));
    staged->option_form = option_at(options, "form", arena);
    staged->option_source = option_at(options, "source", arena);
    staged->option_surveyed_on = day_at(options, "surveyed_on");
    staged->as_of = day_at(options, "as_of");
    json_decref(options);
    return OK;
}

ErrCode staged_find(Db *db, Arena *arena, int64_t batch, Staged *ret_staged, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_STAGED_LOAD, PARAMS(v_int(batch)), &rows, err));
    if (!rows_next(rows)) {
        err_set(err, ERR_NOT_FOUND, _("there is no batch %" PRId64), batch);
        return err_hint(err, _("list them with 'talent survey batches'"));
    }
    if (rows_null(rows, 5)) {
        err_set(err, ERR_REFUSED, _("batch %" PRId64 " never waited for review"), batch);
        return err_hint(err, _("list them with 'talent survey batches'"));
    }
    const char *state = rows_text(rows, 0);
    Staged staged = {.batch = batch,
                     .decision = text_equal(state, "staged")    ? STAGED_WAITS
                                 : text_equal(state, "refused") ? STAGED_REFUSED
                                                                : STAGED_ACCEPTED,
                     .undone = text_equal(state, "undone"),
                     .sha256 = text_at(rows, 2, arena),
                     .encoding = text_at(rows, 3, arena),
                     .why = text_at(rows, 4, arena),
                     .preview = text_at(rows, 6, arena),
                     .decided_by = text_at(rows, 7, arena),
                     .decided_why = text_at(rows, 8, arena),
                     .decided_at = text_at(rows, 9, arena),
                     .imported_by = text_at(rows, 10, arena),
                     .imported_at = text_at(rows, 11, arena)};
    TRY(options_read(rows, arena, &staged, err));
    *ret_staged = staged;
    return OK;
}

ErrCode staged_load(Db *db, Arena *arena, int64_t batch, Staged *ret_staged, Err *err)
{
    Staged staged;
    TRY(staged_find(db, arena, batch, &staged, err));
    if (staged.undone)
        return err_set(err, ERR_REFUSED, _("batch %" PRId64 " was taken back already"), batch);
    if (staged.decision == STAGED_ACCEPTED)
        return err_set(err, ERR_REFUSED, _("batch %" PRId64 " was accepted already"), batch);
    if (staged.decision == STAGED_REFUSED) {
        err_set(err, ERR_REFUSED, _("batch %" PRId64 " was refused already"), batch);
        return err_hint(err, _("hand the file in again if it is wanted after all"));
    }
    *ret_staged = staged;
    return OK;
}

ImportJob staged_job(const Staged *staged, const Context *context, Context *then)
{
    *then = *context;
    then->as_of = staged->as_of;
    return (ImportJob){.context = then,
                       .path = staged->name,
                       .name = staged->name,
                       .form = staged->option_form,
                       .source = staged->option_source,
                       .surveyed_on = staged->option_surveyed_on,
                       .staged = staged};
}

/* Rows on their way from the file to staged_row. */
typedef struct Keeping {
    Sheet *sheet;
    const Sealer *sealer;
    int64_t batch, number;
    const PlaceList *forgotten;
    Arena *arena; /* for one row */
    Buffer text;
} Keeping;

static int place_compare(const void *a, const void *b)
{
    const Place *left = a, *right = b;
    if (left->sheet != right->sheet)
        return left->sheet < right->sheet ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static bool row_forgotten(const Keeping *keeping, const Row *row)
{
    const PlaceList *list = keeping->forgotten;
    const Place place = {row->sheet, row->line};
    return list->count > 0 &&
           bsearch(&place, list->items, list->count, sizeof place, place_compare) != NULL;
}

static bool keep_row(void *state, BulkRow *out, Err *err)
{
    Keeping *keeping = state;
    Row row;
    bool more;
    size_t length = 0;
    const uint8_t *sealed = (const uint8_t *)"";
    arena_reset(keeping->arena);
    buffer_clear(&keeping->text);
    if (sheet_next(keeping->sheet, keeping->arena, &row, &more, err) != OK || !more)
        return false;
    staged_row_write(&keeping->text, &row);
    if (buffer_check(&keeping->text, _("a row"), err) != OK)
        return false;
    if (command_interrupted) {
        err_set(err, ERR_INTERRUPTED, _("stopped: nothing of this file was imported"));
        return false;
    }
    if (!row_forgotten(keeping, &row))
        sealed = seal(keeping->sealer, keeping->arena, buffer_string(&keeping->text),
                      keeping->text.length, &length);
    bulk_value(out, v_int(keeping->batch));
    bulk_value(out, v_int(++keeping->number));
    bulk_value(out, v_int(row.sheet));
    bulk_value(out, v_int(row.line));
    bulk_value(out, v_bytes(sealed, length));
    return true;
}

static ErrCode rows_keep(Db *db, const ImportJob *job, const Staged *staged,
                         const PlaceList *forgotten, Err *err)
{
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER nothing = BUFFER(ROW_TEXT_BYTES);
    TRY(sheet_open_as(staged->name, job->path, job->encoding, &sheet, err));
    if (!text_equal(sheet_info(sheet)->sha256, staged->sha256)) {
        err_set(err, ERR_INPUT, _("the file was changed while it was being read"));
        return err_hint(err, _("wait until it is saved and closed, then try again"));
    }
    Keeping keeping = {.sheet = sheet,
                       .sealer = job->context->sealer,
                       .batch = staged->batch,
                       .forgotten = forgotten,
                       .arena = arena,
                       .text = nothing};
    ErrCode code = db_load(db, QUERY_SURVEY_STAGED_ROW_LOAD, keep_row, &keeping, NULL, err);
    nothing = keeping.text;
    return code;
}

ErrCode staged_forgotten(Db *db, Arena *arena, int64_t batch, PlaceList *ret_list, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_STAGED_FORGOTTEN,
                 PARAMS(v_int(batch), v_text(problem_name(PROBLEM_FORGOTTEN))), &rows, err));
    PlaceList list = {arena_array(arena, Place, (size_t)rows_count(rows) + 1), 0};
    while (rows_next(rows))
        list.items[list.count++] =
            (Place){(unsigned)rows_int(rows, 0), (unsigned)rows_int(rows, 1)};
    *ret_list = list;
    return OK;
}

ErrCode staged_erased(Db *db, int64_t batch, int64_t *ret_count, Err *err)
{
    uint64_t count = 0;
    TRY(db_run(db, QUERY_SURVEY_STAGED_ERASED_ROWS, PARAMS(v_int(batch)), &count, err));
    if (count > 0)
        TRY(db_run(db, QUERY_SURVEY_STAGED_ERASED_PROBLEMS,
                   PARAMS(v_text(problem_name(PROBLEM_FORGOTTEN)), v_int(batch)), NULL, err));
    *ret_count = (int64_t)count;
    return OK;
}

ErrCode staged_keep(Db *db, const ImportJob *job, const Staged *staged, const PlaceList *forgotten,
                    Err *err)
{
    json_t *options = options_json(staged);
    char *text = json_dumps(options, JSON_COMPACT);
    ErrCode code = db_run(db, QUERY_SURVEY_STAGED_INSERT,
                          PARAMS(v_int(staged->batch), v_text(staged->why),
                                 v_text(text ? text : "{}"), v_text(staged->preview)),
                          NULL, err);
    free(text);
    json_decref(options);
    TRY(code);
    TRY(db_run(db, QUERY_SURVEY_STAGED_PUT_ASIDE, PARAMS(v_int(staged->batch)), NULL, err));
    return rows_keep(db, job, staged, forgotten, err);
}

/* Says what became of a batch that another decided on. */
static ErrCode leave(Db *db, QueryId query, int64_t batch, Err *err)
{
    uint64_t changed = 0;
    TRY(db_run(db, query, PARAMS(v_int(batch)), &changed, err));
    if (changed == 1)
        return OK;
    AUTO_ARENA arena = arena_new(0);
    Staged staged;
    TRY(staged_load(db, arena, batch, &staged, err));
    return err_set(err, ERR_DB_CONFLICT, _("batch %" PRId64 " is being decided on"), batch);
}

ErrCode staged_let_in(Db *db, int64_t batch, Err *err)
{
    return leave(db, QUERY_SURVEY_STAGED_LET_IN, batch, err);
}

ErrCode staged_turn_away(Db *db, int64_t batch, Err *err)
{
    return leave(db, QUERY_SURVEY_STAGED_TURN_AWAY, batch, err);
}

ErrCode staged_decide(Db *db, const StagedVerdict *verdict, Err *err)
{
    Value batch = v_int(verdict->batch);
    const char *decision = verdict->decision == STAGED_ACCEPTED ? "accepted" : "refused";
    TRY(db_run(db, QUERY_SURVEY_STAGED_ROW_DELETE, PARAMS(batch), NULL, err));
    return db_run(db, QUERY_SURVEY_STAGED_DECIDE,
                  PARAMS(v_text(decision), v_text(verdict->why), v_text(verdict->who), batch), NULL,
                  err);
}
