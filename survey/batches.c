/* talent survey batches: every file that was handed in. */
#include "survey/preview.h"
#include "survey/review_show.h"
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/render.h"
#include "base/text.h"
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
    {"why", N_("why")},
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

static void give_text(json_t *batch, const char *key, const char *text)
{
    if (text)
        json_object_set_new(batch, key, json_string(text));
}

/* Why a batch waits and what is to be done; why one was refused; who decided. */
static void add_review(const Context *context, const Rows *rows, json_t *batch)
{
    Arena *arena = context->arena;
    long long number = (long long)rows_int(rows, 0);
    if (text_equal(rows_text(rows, 1), "staged")) {
        give_text(batch, "why", preview_why(arena, rows_text(rows, 13)));
        give_text(batch, "next", arena_printf(arena, "talent survey review %lld", number));
    }
    give_text(batch, "why", rows_text(rows, 14));
    give_text(batch, "decided_by", rows_text(rows, 15));
    give_text(batch, "decided_at", rows_text(rows, 16));
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
        add_review(context, rows, batch);
        json_array_append_new(list, batch);
    }
    *ret_result = list;
    return OK;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    render_result(&SURVEY_BATCHES, result);
    review_show_waiting(result);
}

const Command SURVEY_BATCHES = {
    .words = "survey batches",
    .summary = N_("list the files that were handed in"),
    .columns = COLUMNS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
