/* Rows that come back from a quarantine workbook: each names the row that it mends and keeps its
 * date and credibility. */
#include "survey/import_run.h"
#include "survey/raw_row.h"
#include "survey/sheet_row.h"

#include "base/buffer.h"
#include "base/guard.h"
#include "base/text.h"

/* A row of the quarantine as it was found. */
typedef struct Found {
    Mended mended;
    RawRow raw;
    bool is, waits, moved;
    QuarantineKey next; /* where it went, when moved: it waits on there, or is an answer */
    bool hashed;
    uint8_t hash[SEAL_HASH_BYTES]; /* of what it was mended to */
} Found;

static QuarantineKey key_at(const Rows *rows, unsigned batch, unsigned sheet, unsigned line)
{
    return (QuarantineKey){rows_int(rows, batch), (unsigned)rows_int(rows, sheet),
                           (unsigned)rows_int(rows, line)};
}

static ErrCode read_found(const ImportRun *run, const Rows *rows, Found *ret_found, Err *err)
{
    size_t length, hash_length;
    char *json;
    Found found = {
        .mended = {.key = key_at(rows, 8, 9, 10)}, .is = true, .waits = rows_int(rows, 3) == 1};
    const void *sealed = rows_bytes(rows, 2, &length);
    const void *hash = rows_bytes(rows, 7, &hash_length);
    TRY(unseal(run->job->context->sealer, run->row_arena, sealed, length, &json, err));
    found.raw = (RawRow){.surveyed_on = DATE_NONE, .implied = FACT_NONE};
    if (json && *json) /* of a person that asked to be forgotten nothing is left */
        TRY(raw_row_read(run->row_arena, json, &found.raw, err));
    bool own = found.raw.surveyed_on != DATE_NONE;
    found.mended.surveyed_on = own ? found.raw.surveyed_on : rows_date(rows, 0);
    found.mended.credibility = own ? found.raw.credibility : (int)rows_int(rows, 1);
    found.mended.date_fixed = found.raw.date_fixed;
    found.moved = !found.waits && !rows_null(rows, 5);
    if (found.moved)
        found.next = key_at(rows, 4, 5, 6);
    found.hashed = hash && hash_length == sizeof found.hash;
    if (found.hashed)
        memcpy(found.hash, hash, sizeof found.hash);
    *ret_found = found;
    return OK;
}

static const char *cell_said(Arena *arena, const Heading *heading, const Row *row, Target target)
{
    size_t column = heading->column_of[target];
    return column < row->count ? text_trim(arena, guard_off(row->cells[column].text)) : "";
}

static const char *raw_said(Arena *arena, const RawRow *raw, Target target)
{
    for (size_t i = 0; i < raw->count; i++)
        if (raw->cells[i].target == target)
            return text_trim(arena, raw->cells[i].text);
    return (FactId)target == raw->implied ? raw->implied_word : "";
}

static bool is_untouched(Arena *arena, const Heading *heading, const Row *row, const RawRow *raw)
{
    for (Target target = 0; target < TARGET_QUARANTINE_KEY; target++)
        if (!text_equal(cell_said(arena, heading, row, target), raw_said(arena, raw, target)))
            return false;
    return true;
}

static ErrCode find_one(ImportRun *run, QueryId query, QuarantineKey key, Found *ret_found,
                        Err *err)
{
    AUTO_ROWS rows = NULL;
    import_borrow(run);
    ErrCode code = db_query(
        run->db, query, PARAMS(v_int(key.batch), v_int(key.sheet), v_int(key.line)), &rows, err);
    import_give_back(run);
    TRY(code);
    *ret_found = (Found){.is = false};
    return rows_next(rows) ? read_found(run, rows, ret_found, err) : OK;
}

/* The row of a number; one that was mended, and is still wrong, where it waits on. An older copy of
 * the workbook may say what the row said at any place of that way: then nothing was touched. */
static ErrCode find_last(ImportRun *run, const Heading *heading, const Row *row, QuarantineKey key,
                         Found *ret_found, Err *err)
{
    Found found;
    TRY(find_one(run, QUERY_SURVEY_QUARANTINE_FIND, key, &found, err));
    if (!found.is)
        TRY(find_one(run, QUERY_SURVEY_QUARANTINE_FIND_MOVED, key, &found, err));
    bool untouched = false;
    *ret_found = found;
    while (found.is) {
        untouched |= is_untouched(run->row_arena, heading, row, &found.raw);
        *ret_found = found;
        ret_found->mended.untouched = untouched;
        if (!found.moved)
            break;
        TRY(find_one(run, QUERY_SURVEY_QUARANTINE_FIND, found.next, &found, err));
    }
    return OK;
}

static void hash_of(const ImportRun *run, const Heading *heading, const Row *row,
                    uint8_t ret_hash[SEAL_HASH_BYTES])
{
    AUTO_BUFFER text = BUFFER(SHEET_ROW_BYTES_MAX + TARGET_COUNT);
    for (Target target = 0; target < TARGET_QUARANTINE_KEY; target++)
        buffer_printf(&text, "%s\x1f", cell_said(run->row_arena, heading, row, target));
    seal_hash(run->job->context->sealer, "mended", buffer_string(&text), ret_hash);
}

static bool is_as_mended(const Found *found)
{
    return found->hashed && memcmp(found->hash, found->mended.hash, sizeof found->hash) == 0;
}

static void note(ImportRun *run, const Row *row, size_t column, ProblemCode code)
{
    import_report_note(&run->report, run->row_arena, row, code,
                       cell_name(run->row_arena, column, row->line));
}

ErrCode mended_find(ImportRun *run, const Heading *heading, const Row *row, Mended *ret_mended,
                    Err *err)
{
    *ret_mended = (Mended){.kind = MENDED_NOT};
    size_t column = heading->column_of[TARGET_QUARANTINE_KEY];
    if (column >= row->count || check_blank(heading->form, run->row_arena, row->cells[column].text))
        return OK;
    QuarantineKey key;
    Found found = {0};
    if (!quarantine_key_parse(run->job->context->sealer, run->row_arena, row->cells[column].text,
                              &key)) {
        note(run, row, column, PROBLEM_KEY_DAMAGED);
        return OK;
    }
    TRY(find_last(run, heading, row, key, &found, err));
    if (!found.is) {
        note(run, row, column, PROBLEM_KEY_UNKNOWN);
        return OK;
    }
    found.mended.origin = key;
    hash_of(run, heading, row, found.mended.hash);
    if (found.waits) {
        found.mended.kind = MENDED_WAITS;
    } else if (found.mended.untouched || is_as_mended(&found)) {
        found.mended.kind = MENDED_AGAIN;
    } else {
        found.mended.kind = MENDED_LATER;
        note(run, row, column, PROBLEM_KEY_RESOLVED);
    }
    *ret_mended = found.mended;
    return OK;
}

ErrCode mended_resolve(ImportRun *run, const Mended *mended, const Row *row, bool still_wrong,
                       Err *err)
{
    run->report.resolved += !still_wrong;
    import_borrow(run);
    ErrCode code = db_run(run->db, QUERY_SURVEY_QUARANTINE_RESOLVE,
                          PARAMS(v_int(run->batch), v_bytes(mended->hash, sizeof mended->hash),
                                 v_int(row->sheet), v_int(row->line), v_int(mended->key.batch),
                                 v_int(mended->key.sheet), v_int(mended->key.line)),
                          NULL, err);
    import_give_back(run);
    return code;
}
