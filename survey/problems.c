/* talent survey problems: the rows that wait in quarantine, and the workbook in which they are
 * mended. */
#include "survey/problem_sheets.h"
#include "survey/stage.h"
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/text.h"

#include <inttypes.h>

static const Positional POSITIONALS[] = {
    {.name = "BATCH", .help = N_("only of this batch; else of all"), .optional = true},
    {0},
};

static const Option OPTIONS[] = {
    {.name = "o",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = N_("write the rows as a questionnaire to be mended and imported again"),
     .endings = "xlsx csv"},
    {0},
};

static const Column COLUMNS[] = {
    {"batch", N_("batch")},       {"sheet", N_("sheet")},           {"line", N_("line")},
    {"cell", N_("cell")},         {"field", N_("field")},           {"value", N_("value")},
    {"severity", N_("severity")}, {"message", N_("what is wrong")}, {0},
};

static ErrCode batch_exists(Db *db, int64_t batch, bool *ret_waits, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_LOAD, PARAMS(v_int(batch)), &rows, err));
    bool found = rows_next(rows);
    *ret_waits = found && text_equal(rows_text(rows, 0), "staged");
    if (found)
        return OK;
    err_set(err, ERR_NOT_FOUND, _("there is no batch %" PRId64), batch);
    return err_hint(err, _("list them with 'talent survey batches'"));
}

typedef struct Look {
    const Context *context;
    int64_t batch; /* 0 = all */
    ProblemRow *rows;
    size_t count;
    ProblemSheet *sheets; /* when a file is to be written */
    size_t sheet_count;
    const char *file; /* NULL = none */
} Look;

static ErrCode look(Db *db, void *state, Err *err)
{
    Look *look = state;
    const Context *context = look->context;
    const ProblemSource source = {db, context->sealer, context->arena, look->batch};
    TRY(problem_rows_load(db, context->sealer, context->arena, look->batch, &look->rows,
                          &look->count, err));
    if (!look->file || look->count == 0)
        return OK;
    return problem_sheets_load(&source, look->rows, look->count, &look->sheets, &look->sheet_count,
                               err);
}

/* The rows that a batch which waits for review would put into quarantine: it is let in, looked at,
 * and taken back. */
static ErrCode look_staged(Look *state, Err *err)
{
    Staged staged;
    Context then;
    json_t *result;
    int64_t quarantined;
    const Context *context = state->context;
    TRY(staged_load(context->db, context->arena, state->batch, &staged, err));
    ImportJob job = staged_job(&staged, context, &then);
    job.dry_run = true;
    job.look = look;
    job.look_state = state;
    TRY(import_file(&job, &result, &quarantined, err));
    json_decref(result);
    return OK;
}

static void add_problems(const Sealer *sealer, Arena *arena, const ProblemRow *row, json_t *list)
{
    for (size_t i = 0; i < row->problem_count; i++) {
        const Problem *problem = &row->problems[i];
        const char *field = problem->target == TARGET_NONE ? "" : target_name(problem->target);
        json_array_append_new(
            list,
            json_pack("{s:I, s:i, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "batch",
                      (json_int_t)row->key.batch, "sheet", (int)row->key.sheet, "line",
                      (json_int_t)row->key.line, "cell", problem->cell, "field", field, "value",
                      problem_value_shown(arena, problem->target, problem->value), "code",
                      problem_name(problem->code), "message", problem_sentence(problem->code),
                      "severity", problem->severity == SEVERITY_NOTE ? "note" : "quarantine", "key",
                      quarantine_key_format(sealer, arena, row->shown)));
    }
}

static ErrCode write_file(const Look *found, Err *err)
{
    const Context *context = found->context;
    const ProblemSource source = {context->db, context->sealer, context->arena, found->batch};
    if (found->count == 0)
        return err_set(err, ERR_NOT_FOUND, _("no row waits in quarantine: '%s' was not written"),
                       found->file);
    return text_ends(found->file, ".csv")
               ? problems_write_csv(&source, found->sheets, found->sheet_count, found->file, err)
               : problems_write_book(&source, found->sheets, found->sheet_count, found->file, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    bool waits = false;
    Look found = {.context = context, .file = option_text(arguments, "o")};
    if (argument_count(arguments) > 0) {
        TRY(argument_number(arguments, 0, &found.batch, err));
        TRY(batch_exists(context->db, found.batch, &waits, err));
    }
    TRY(waits ? look_staged(&found, err) : look(context->db, &found, err));
    if (found.file)
        TRY(write_file(&found, err));
    json_t *list = json_array();
    for (size_t i = 0; i < found.count; i++)
        add_problems(context->sealer, context->arena, &found.rows[i], list);
    *ret_result = list;
    return OK;
}

const Command SURVEY_PROBLEMS = {
    .words = "survey problems",
    .summary = N_("show the rows that wait in quarantine, with everything that is wrong with each"),
    .details =
        N_("With -o the rows are written as their senders laid them out, each bad cell red with "
           "the reason in a comment. Mend some there and import the file: a number in its "
           "hidden last column resolves exactly the rows that were mended, the others go "
           "on waiting. The file holds whole ID numbers and phones; it is readable by you "
           "alone. Of a batch that waits for review they are the rows that it would put there."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
};
