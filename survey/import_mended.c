/* Rows that come back from a quarantine workbook: each names the row that it mends and keeps its
 * date and credibility. */
#include "survey/import_run.h"
#include "survey/quarantine_key.h"
#include "survey/raw_row.h"

static ErrCode find_waiting(ImportRun *run, QuarantineKey key, Rows **ret_rows, Err *err)
{
    import_borrow(run);
    ErrCode code =
        db_query(run->db, QUERY_SURVEY_QUARANTINE_FIND,
                 PARAMS(v_int(key.batch), v_int(key.sheet), v_int(key.line)), ret_rows, err);
    import_give_back(run);
    return code;
}

ErrCode mended_find(ImportRun *run, const Heading *heading, const Row *row, Mended *ret_mended,
                    Err *err)
{
    *ret_mended = (Mended){.is = false};
    size_t column = heading->column_of[TARGET_QUARANTINE_KEY];
    if (column >= row->count || check_blank(heading->form, run->row_arena, row->cells[column].text))
        return OK;
    QuarantineKey key = {0};
    AUTO_ROWS found = NULL;
    if (quarantine_key_parse(run->row_arena, row->cells[column].text, &key))
        TRY(find_waiting(run, key, &found, err));
    if (!found || !rows_next(found)) {
        import_report_note(&run->report, run->row_arena, row, PROBLEM_KEY_UNKNOWN,
                           cell_name(run->row_arena, column, row->line));
        return OK;
    }
    size_t length;
    const void *sealed = rows_bytes(found, 2, &length);
    char *json;
    RawRow raw;
    TRY(unseal(run->job->context->sealer, run->row_arena, sealed, length, &json, err));
    TRY(raw_row_read(run->row_arena, json, &raw, err));
    *ret_mended = (Mended){.is = true,
                           .batch = key.batch,
                           .sheet = key.sheet,
                           .line = key.line,
                           .surveyed_on = rows_date(found, 0),
                           .credibility = (int)rows_int(found, 1),
                           .date_fixed = raw.date_fixed};
    return OK;
}

ErrCode mended_resolve(ImportRun *run, const Mended *mended, Err *err)
{
    run->report.resolved++;
    import_borrow(run);
    ErrCode code = db_run(
        run->db, QUERY_SURVEY_QUARANTINE_RESOLVE,
        PARAMS(v_int(run->batch), v_int(mended->batch), v_int(mended->sheet), v_int(mended->line)),
        NULL, err);
    import_give_back(run);
    return code;
}
