/* talent db purge: what has been kept as long as it must be, and no longer may be, is erased: not
 * that something was sent, asked or refused, but to whom and in which words. */
#include "base/text.h"
#include "sql/db.h"
#include "sql/verbs.h"

enum { WHY_CHARACTERS = 150, PUSHES_AT_ONCE = 2000 };

typedef enum Erased {
    ERASED_MESSAGES,
    ERASED_SUPPRESSIONS,
    ERASED_REPLIES,
    ERASED_PUSHES,
    ERASED_OPTOUTS,
    ERASED_QUARANTINE,
    ERASED_CELLS,
    ERASED_COUNT
} Erased;

static const struct {
    const char *table, *what;
} KINDS[ERASED_COUNT] = {
    [ERASED_MESSAGES] = {"message", N_("to whom a message went, and its text")},
    [ERASED_SUPPRESSIONS] = {"suppression", N_("who was left out by a campaign")},
    [ERASED_REPLIES] = {"reply", N_("who replied, and in which words")},
    [ERASED_PUSHES] = {"receipt", N_("what a gateway pushed, as it came")},
    [ERASED_OPTOUTS] = {"optout", N_("the number of an opt-out that was taken back")},
    [ERASED_QUARANTINE] = {"quarantine", N_("a row in quarantine, with its problems")},
    [ERASED_CELLS] = {"answer", N_("the raw cells of an answer; its facts stay")},
};

typedef struct Purge {
    Context *context;
    bool dry_run;
    const char *why;
    Date proof_before, rows_before; /* rows_before DATE_NONE = raw rows are kept */
    int64_t counts[ERASED_COUNT];
} Purge;

/* One statement in a transaction of its own; run again until it finds nothing more. */
typedef struct Step {
    QueryId query;
    const Value *params;
    size_t count;
    uint64_t affected;
} Step;

static ErrCode step_body(Db *db, void *state, Err *err)
{
    Step *step = state;
    return db_run(db, step->query, step->params, step->count, &step->affected, err);
}

static ErrCode step_run(Purge *purge, QueryId query, const Value *params, size_t count,
                        uint64_t *ret_affected, Err *err)
{
    Step step = {.query = query, .params = params, .count = count};
    ErrCode code = db_transact(purge->context->db, step_body, &step, err);
    if (code == ERR_DB_UNSURE) /* what was erased is not found again */
        code = db_transact(purge->context->db, step_body, &step, err);
    TRY(code);
    if (command_interrupted)
        return err_set(err, ERR_INTERRUPTED, _("stopped; run it again to go on"));
    *ret_affected = step.affected;
    return OK;
}

static ErrCode step_pages(Purge *purge, QueryId query, int64_t id, Err *err)
{
    uint64_t affected = 1;
    while (affected > 0)
        TRY(step_run(purge, query, PARAMS(v_int(id)), &affected, err));
    return OK;
}

static ErrCode campaigns(Purge *purge, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(purge->context->db, QUERY_SQL_PURGE_CAMPAIGNS,
                 PARAMS(v_date(purge->proof_before), v_date(purge->proof_before)), &rows, err));
    while (rows_next(rows)) {
        purge->counts[ERASED_MESSAGES] += rows_int(rows, 1);
        purge->counts[ERASED_SUPPRESSIONS] += rows_int(rows, 2);
        if (purge->dry_run)
            continue;
        TRY(step_pages(purge, QUERY_SQL_PURGE_MESSAGES, rows_int(rows, 0), err));
        TRY(step_pages(purge, QUERY_SQL_PURGE_SUPPRESSIONS, rows_int(rows, 0), err));
    }
    return OK;
}

static ErrCode pushes(Purge *purge, Err *err)
{
    AUTO_ROWS rows = NULL;
    Value day = v_date(purge->proof_before);
    uint64_t affected;
    TRY(db_query(purge->context->db, QUERY_SQL_PURGE_PUSHES_COUNT, PARAMS(day, day, day), &rows,
                 err));
    if (!rows_next(rows))
        return OK;
    purge->counts[ERASED_PUSHES] = rows_int(rows, 0);
    purge->counts[ERASED_REPLIES] = rows_int(rows, 1);
    int64_t last =
        purge->counts[ERASED_PUSHES] + purge->counts[ERASED_REPLIES] ? rows_int(rows, 2) : 0;
    for (int64_t first = 1; first <= last && !purge->dry_run; first += PUSHES_AT_ONCE) {
        const Value params[] = {v_int(first), v_int(first + PUSHES_AT_ONCE - 1), day};
        TRY(step_run(purge, QUERY_SQL_PURGE_REPLIES, params, 3, &affected, err));
        TRY(step_run(purge, QUERY_SQL_PURGE_PUSHES, params, 3, &affected, err));
    }
    return OK;
}

static ErrCode optouts(Purge *purge, Err *err)
{
    uint64_t affected;
    const Value day = v_date(purge->proof_before);
    TRY(db_number(purge->context->db, QUERY_SQL_PURGE_OPTOUTS_COUNT, PARAMS(day),
                  &purge->counts[ERASED_OPTOUTS], err));
    return purge->dry_run ? OK
                          : step_run(purge, QUERY_SQL_PURGE_OPTOUTS, PARAMS(day), &affected, err);
}

/* All of a batch, or nothing. */
static ErrCode batch_body(Db *db, void *state, Err *err)
{
    static const QueryId STEPS[] = {QUERY_SQL_PURGE_PROBLEMS, QUERY_SQL_PURGE_QUARANTINE,
                                    QUERY_SQL_PURGE_LAYOUTS, QUERY_SQL_PURGE_CELLS,
                                    QUERY_SQL_PURGE_BATCH};
    const int64_t *batch = state;
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        TRY(db_run(db, STEPS[i], PARAMS(v_int(*batch)), NULL, err));
    return OK;
}

static ErrCode batches(Purge *purge, Err *err)
{
    AUTO_ROWS rows = NULL;
    Db *db = purge->context->db;
    if (purge->rows_before == DATE_NONE)
        return OK;
    TRY(db_query(db, QUERY_SQL_PURGE_BATCHES, PARAMS(v_date(purge->rows_before)), &rows, err));
    while (rows_next(rows)) {
        int64_t batch = rows_int(rows, 0);
        purge->counts[ERASED_QUARANTINE] += rows_int(rows, 1);
        purge->counts[ERASED_CELLS] += rows_int(rows, 2);
        if (purge->dry_run)
            continue;
        ErrCode code = db_transact(db, batch_body, &batch, err);
        if (code == ERR_DB_UNSURE)
            code = db_transact(db, batch_body, &batch, err);
        TRY(code);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped; run it again to go on"));
    }
    return OK;
}

static json_t *lines_make(const Purge *purge)
{
    json_t *lines = json_array();
    for (int kind = 0; kind < ERASED_COUNT; kind++)
        json_array_append_new(lines, json_pack("{s:s, s:s, s:I}", "table", KINDS[kind].table,
                                               "what", _(KINDS[kind].what), "rows",
                                               (json_int_t)purge->counts[kind]));
    return lines;
}

typedef struct Recording {
    const Purge *purge;
    const char *erased;
} Recording;

static ErrCode record_body(Db *db, void *state, Err *err)
{
    const Recording *recording = state;
    const Purge *purge = recording->purge;
    return db_run(db, QUERY_SQL_PURGE_RECORD,
                  PARAMS(v_text(purge->context->user), v_text(purge->why),
                         v_date(purge->proof_before), v_date(purge->rows_before),
                         v_text(recording->erased)),
                  NULL, err);
}

static ErrCode record(const Purge *purge, Err *err)
{
    json_t *counts = json_object();
    for (int kind = 0; kind < ERASED_COUNT; kind++)
        json_object_set_new(counts, KINDS[kind].table, json_integer(purge->counts[kind]));
    char *text = json_dumps(counts, JSON_COMPACT);
    json_decref(counts);
    Recording recording = {purge, text};
    ErrCode code = db_transact(purge->context->db, record_body, &recording, err);
    free(text);
    return code;
}

static ErrCode purge_all(Purge *purge, Err *err)
{
    TRY(campaigns(purge, err));
    TRY(pushes(purge, err));
    TRY(optouts(purge, err));
    TRY(batches(purge, err));
    return purge->dry_run ? OK : record(purge, err);
}

static ErrCode asked(Purge *purge, const Arguments *arguments, Err *err)
{
    purge->dry_run = option_flag(arguments, "dry-run");
    purge->why = option_text(arguments, "why");
    bool reason = purge->why && *text_trim(purge->context->arena, purge->why) &&
                  text_characters(purge->why) <= WHY_CHARACTERS;
    if (purge->dry_run != (purge->why != NULL) && (purge->dry_run || reason))
        return OK;
    err_set(err, ERR_USAGE, _("give --dry-run, or --why with 1 to %d characters"), WHY_CHARACTERS);
    return err_hint(err, _("look with --dry-run first: what is erased does not come back"));
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const Config *config = &context->config;
    /* a day to come makes nothing older than it is */
    Date today = context->as_of < date_today() ? context->as_of : date_today();
    Purge purge = {.context = context,
                   .proof_before = date_add_months(today, -config->proof_months),
                   .rows_before = config->rows_months ? date_add_months(today, -config->rows_months)
                                                      : DATE_NONE};
    char proof[11], raw[11];
    TRY(asked(&purge, arguments, err));
    TRY(purge_all(&purge, err));
    *ret_result =
        json_pack("{s:b, s:s, s:s?, s:o}", "dry_run", purge.dry_run, "proof_before",
                  date_format(purge.proof_before, proof), "rows_before",
                  purge.rows_before == DATE_NONE ? NULL : date_format(purge.rows_before, raw),
                  "tables", lines_make(&purge));
    return OK;
}

static void show(const Context *context, const json_t *result)
{
    const char *raw = json_string_value(json_object_get(result, "rows_before"));
    size_t index;
    json_t *line;
    (void)context;
    printf(json_is_true(json_object_get(result, "dry_run"))
               ? _("would erase, of what is older than %s:\n")
               : _("erased, of what is older than %s:\n"),
           json_string_value(json_object_get(result, "proof_before")));
    json_array_foreach(json_object_get(result, "tables"), index, line)
        printf("  %-12s %10lld  %s\n", json_string_value(json_object_get(line, "table")),
               (long long)json_integer_value(json_object_get(line, "rows")),
               json_string_value(json_object_get(line, "what")));
    if (raw)
        printf(_("raw rows: of files handed in before %s\n"), raw);
    else
        puts(_("raw rows of files are kept: \"retention\": {\"rows_months\": N} in talent.json "
               "would bound that"));
}

const Command DB_PURGE = {
    .words = "db purge",
    .summary = N_("erase whom and what old records name, once they have been kept long enough"),
    .details = N_(
        "Proof of what was sent, of consent and of opt-outs is kept 36 months (\"retention\": "
        "{\"proof_months\": N} in talent.json, at least 6): the law wants records of SMS for six "
        "months (MIIT order 74 of 2026; Cybersecurity Law article 21), processing records for "
        "three years (PIPL articles 55 and 56), and personal data no longer than needed (PIPL "
        "article 19). Then number, text and person are erased from campaigns that are over; that a "
        "message was sent, when, and what became of it, stays, and so do all counts. Opt-outs in "
        "force stay. Raw rows of files go when rows_months is given; the facts stay."),
    .options = (const Option[]){{.name = "dry-run",
                                 .kind = OPTION_FLAG,
                                 .help = N_("only say what would be erased, by table")},
                                {.name = "why",
                                 .kind = OPTION_TEXT,
                                 .value = "TEXT",
                                 .help = N_("erase; the reason is kept")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
    .show = show,
};
