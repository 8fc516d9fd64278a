/* talent survey batches: every file that was handed in. */
#include "survey/verbs.h"

#include "base/lang.h"
#include "sql/db.h"

static const Column COLUMNS[] = {
    {"batch", N_("batch")},
    {"state", N_("state")},
    {"file", N_("file")},
    {"form", N_("form")},
    {"source", N_("source")},
    {"surveyed_on", N_("surveyed on")},
    {"rows", N_("rows")},
    {"accepted", N_("accepted")},
    {"quarantined", N_("quarantined")},
    {"open", N_("still open")},
    {"normalised_cells", N_("normalised cells")},
    {"imported_by", N_("imported by")},
    {"imported_at", N_("imported at")},
    {0},
};

/* What the batch's report says was normalised, by kind and in all. */
static void add_normalised(json_t *batch, const char *report)
{
    json_t *kinds = report ? json_loads(report, 0, NULL) : NULL;
    json_int_t cells = 0;
    const char *kind;
    const json_t *count;
    json_object_foreach(kinds, kind, count) cells += json_integer_value(count);
    json_object_set_new(batch, "normalised", kinds ? kinds : json_object());
    json_object_set_new(batch, "normalised_cells", json_integer(cells));
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_SURVEY_BATCH_LIST, NO_PARAMS, &rows, err));
    json_t *list = json_array();
    while (rows_next(rows)) {
        char day[11];
        json_t *batch = json_pack(
            "{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:s}", "batch",
            (json_int_t)rows_int(rows, 0), "state", rows_text(rows, 1), "file", rows_text(rows, 2),
            "form", rows_text(rows, 3), "source", rows_text(rows, 4), "surveyed_on",
            date_format(rows_date(rows, 5), day), "rows", (json_int_t)rows_int(rows, 6), "accepted",
            (json_int_t)rows_int(rows, 7), "quarantined", (json_int_t)rows_int(rows, 8), "open",
            (json_int_t)rows_int(rows, 9), "imported_by", rows_text(rows, 10), "imported_at",
            rows_text(rows, 11));
        add_normalised(batch, rows_text(rows, 12));
        json_array_append_new(list, batch);
    }
    *ret_result = list;
    return OK;
}

const Command SURVEY_BATCHES = {
    .words = "survey batches",
    .summary = N_("list the files that were handed in"),
    .columns = COLUMNS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE,
    .run = run,
};
