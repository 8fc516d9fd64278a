#include "survey/preview.h"

#include "base/lang.h"

static bool beyond(double limit, int64_t count, int64_t of)
{
    return limit >= 0 && of > 0 && (double)count > limit * (double)of;
}

static void reason_add(Preview *preview, const char *reason, int64_t count, int64_t of,
                       double limit)
{
    json_array_append_new(preview->reasons,
                          json_pack("{s:s, s:I, s:I, s:f}", "reason", reason, "count",
                                    (json_int_t)count, "of", (json_int_t)of, "limit", limit));
}

static void examples_add(json_t *list, const char *fact, const FactDifference *difference)
{
    for (size_t i = 0; i < difference->example_count; i++) {
        const DifferenceExample *example = &difference->examples[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s?, s:s?}", "fact", fact, "label",
                                              "", "person", (json_int_t)example->person, "before",
                                              example->before, "after", example->after));
    }
}

static json_t *facts_json(const Difference *difference, json_t *examples)
{
    json_t *list = json_array();
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        const FactDifference *one = &difference->facts[fact];
        const char *name = fact_info(fact)->name;
        if (one->people == 0 && one->conflicts == 0)
            continue;
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "fact", name, "label", "", "people",
                            (json_int_t)one->people, "filled", (json_int_t)one->filled, "replaced",
                            (json_int_t)one->replaced, "conflicts", (json_int_t)one->conflicts));
        examples_add(examples, name, one);
    }
    return list;
}

static json_t *counts_json(const ImportReport *report, const Difference *difference)
{
    const AnswerCounts *people = &report->people;
    int64_t known = people->people_changed + people->people_unchanged;
    json_t *examples = json_array();
    json_t *facts = facts_json(difference, examples);
    int64_t changed = difference->changed < known ? difference->changed : known;
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I, s:I}, s:I, s:I, s:o, s:o}", "rows",
        (json_int_t)report->rows, "accepted", (json_int_t)report->accepted, "quarantined",
        (json_int_t)report->quarantined, "forgotten", (json_int_t)report->forgotten, "resolved",
        (json_int_t)report->resolved, "people", "new", (json_int_t)people->people_new, "changed",
        (json_int_t)changed, "unchanged", (json_int_t)(known - changed), "joined",
        (json_int_t)difference->joined, "replaced", (json_int_t)difference->replaced, "conflicts",
        (json_int_t)difference->conflicts, "facts", facts, "examples", examples);
}

static ErrCode quarantine_json(ImportRun *run, json_t **ret_list, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(run->db, QUERY_SURVEY_STAGED_REASONS, PARAMS(v_int(run->batch)), &rows, err));
    json_t *list = json_array();
    while (rows_next(rows)) {
        ProblemCode code = problem_find(rows_text(rows, 0));
        if (code != PROBLEM_COUNT && problem_severity(code) == SEVERITY_NOTE)
            continue;
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I}", "code", rows_text(rows, 0), "message",
                                        "", "rows", (json_int_t)rows_int(rows, 1)));
    }
    *ret_list = list;
    return OK;
}

ErrCode preview_make(ImportRun *run, Preview *preview, Err *err)
{
    const Context *context = run->job->context;
    Difference difference;
    json_t *reasons;
    if (preview->json)
        return OK;
    TRY(difference_read(run->db, context->sealer, run->file_arena, context->lang, &difference,
                        err));
    TRY(quarantine_json(run, &reasons, err));
    preview->json = counts_json(&run->report, &difference);
    json_object_set_new(preview->json, "reasons", reasons);
    return OK;
}

/* Who only gained a fact, or whose pension months grew, loses nothing: such people are known only
 * once all that changes is compared, which is done when their number is beyond the limit with
 * them. */
static ErrCode changed_reason(ImportRun *run, Preview *preview, Err *err)
{
    double limit = run->job->context->config.review_changed_share;
    const AnswerCounts *people = &run->report.people;
    int64_t all = people->people_new + people->people_changed + people->people_unchanged;
    if (!beyond(limit, people->people_changed, all))
        return OK;
    TRY(preview_make(run, preview, err));
    int64_t replaced = json_integer_value(json_object_get(preview->json, "replaced"));
    if (beyond(limit, replaced, all))
        reason_add(preview, "changed_share", replaced, all, limit);
    return OK;
}

/* A mended row that is still wrong waits where it did, and a forgotten one does not wait. */
static ErrCode quarantined_reason(ImportRun *run, Preview *preview, Err *err)
{
    double limit = run->job->context->config.review_quarantined_share;
    int64_t waiting;
    if (!beyond(limit, run->report.quarantined, run->report.rows))
        return OK;
    TRY(db_number(run->db, QUERY_SURVEY_STAGED_WAITING, PARAMS(v_int(run->batch)), &waiting, err));
    if (beyond(limit, waiting, run->report.rows))
        reason_add(preview, "quarantined_share", waiting, run->report.rows, limit);
    return OK;
}

ErrCode preview_reasons(ImportRun *run, Preview *preview, Err *err)
{
    preview->reasons = json_array();
    if (run->job->stage)
        json_array_append_new(preview->reasons, json_pack("{s:s}", "reason", "asked"));
    if (run->report.rows < run->job->context->config.review_rows_at_least)
        return OK;
    TRY(changed_reason(run, preview, err));
    return quarantined_reason(run, preview, err);
}

void preview_done(Preview *preview)
{
    json_decref(preview->json);
    json_decref(preview->reasons);
    *preview = (Preview){0};
}
