/* talent survey problems: the rows that wait in quarantine, and the workbook in which they are
 * mended. */
#include "survey/problem_sheets.h"
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

static ErrCode batch_exists(Db *db, int64_t batch, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SURVEY_BATCH_LOAD, PARAMS(v_int(batch)), &rows, err));
    if (rows_next(rows))
        return OK;
    err_set(err, ERR_NOT_FOUND, _("there is no batch %" PRId64), batch);
    return err_hint(err, _("list them with 'talent survey batches'"));
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

/* The rows that wait, and the file that they go into. */
typedef struct Waiting {
    int64_t batch; /* 0 = of all */
    ProblemRow *rows;
    size_t count;
    const char *file;
} Waiting;

static ErrCode write_file(Context *context, const Waiting *waiting, Err *err)
{
    const ProblemSource source = {context->db, context->sealer, context->arena, waiting->batch};
    ProblemSheet *sheets;
    size_t count;
    if (waiting->count == 0)
        return err_set(err, ERR_NOT_FOUND, _("no row waits in quarantine: '%s' was not written"),
                       waiting->file);
    TRY(problem_sheets_load(&source, waiting->rows, waiting->count, &sheets, &count, err));
    return text_ends(waiting->file, ".csv")
               ? problems_write_csv(&source, sheets, count, waiting->file, err)
               : problems_write_book(&source, sheets, count, waiting->file, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Waiting waiting = {.file = option_text(arguments, "o")};
    if (argument_count(arguments) > 0) {
        TRY(argument_number(arguments, 0, &waiting.batch, err));
        TRY(batch_exists(context->db, waiting.batch, err));
    }
    TRY(problem_rows_load(context->db, context->sealer, context->arena, waiting.batch,
                          &waiting.rows, &waiting.count, err));
    if (waiting.file)
        TRY(write_file(context, &waiting, err));
    json_t *list = json_array();
    for (size_t i = 0; i < waiting.count; i++)
        add_problems(context->sealer, context->arena, &waiting.rows[i], list);
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
           "alone."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
};
