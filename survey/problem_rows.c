#include "survey/problem_rows.h"

#include "base/guard.h"
#include "base/lang.h"

#include <math.h>

enum { SERIAL_1904 = 1462 };

static ErrCode open_text(const Rows *rows, unsigned column, const Sealer *sealer, Arena *arena,
                         char **ret_text, Err *err)
{
    size_t length;
    const void *sealed = rows_bytes(rows, column, &length);
    return unseal(sealer, arena, sealed, length, ret_text, err);
}

static QuarantineKey key_at(const Rows *rows, unsigned column)
{
    return (QuarantineKey){rows_int(rows, column), (unsigned)rows_int(rows, column + 1),
                           (unsigned)rows_int(rows, column + 2)};
}

static bool same_key(QuarantineKey a, QuarantineKey b)
{
    return a.batch == b.batch && a.sheet == b.sheet && a.line == b.line;
}

static ErrCode read_problem(const Rows *rows, const Sealer *sealer, Arena *arena,
                            Problem *ret_problem, Err *err)
{
    char *value;
    const char *fact = rows_text(rows, 3);
    TRY(open_text(rows, 6, sealer, arena, &value, err));
    ProblemCode code = problem_find(rows_text(rows, 5));
    if (code == PROBLEM_COUNT)
        return err_set(err, ERR_VERSION,
                       _("the base holds a problem '%s' that this program does not know"),
                       rows_text(rows, 5));
    *ret_problem = (Problem){.code = code,
                             .severity = problem_severity(code),
                             .target = fact ? target_find(fact) : TARGET_NONE,
                             .cell = arena_strdup(arena, rows_text(rows, 4)),
                             .value = value ? value : ""};
    return OK;
}

/* Both lists come in the same order: each row takes the problems that follow under its key. */
static ErrCode load_problems(Db *db, const Sealer *sealer, Arena *arena, const Value range[2],
                             ProblemRow *rows, size_t count, Err *err)
{
    AUTO_ROWS found = NULL;
    TRY(db_query(db, QUERY_SURVEY_PROBLEM_LIST, range, 2, &found, err));
    Problem *problems = arena_array(arena, Problem, (size_t)rows_count(found) + 1);
    size_t at = 0, row = 0;
    while (rows_next(found)) {
        while (row < count && !same_key(rows[row].key, key_at(found, 0)))
            row++;
        if (row == count)
            break; /* the row was resolved between the two queries */
        TRY(read_problem(found, sealer, arena, &problems[at], err));
        if (rows[row].problem_count++ == 0)
            rows[row].problems = &problems[at];
        at++;
    }
    return OK;
}

ErrCode problem_rows_load(Db *db, const Sealer *sealer, Arena *arena, int64_t batch,
                          ProblemRow **ret_rows, size_t *ret_count, Err *err)
{
    Value range[2] = {v_int(batch), v_int(batch == 0 ? INT64_MAX : batch)};
    AUTO_ROWS found = NULL;
    TRY(db_query(db, QUERY_SURVEY_QUARANTINE_LIST, range, 2, &found, err));
    size_t count = 0;
    ProblemRow *rows = arena_array(arena, ProblemRow, (size_t)rows_count(found) + 1);
    while (rows_next(found)) {
        char *json;
        TRY(open_text(found, 3, sealer, arena, &json, err));
        TRY(raw_row_read(arena, json, &rows[count].raw, err));
        rows[count].shown = key_at(found, 4);
        rows[count++].key = key_at(found, 0);
    }
    TRY(load_problems(db, sealer, arena, range, rows, count, err));
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

const char *problem_cell_text(Arena *arena, const ProblemRow *row, const RawCell *cell)
{
    bool date = cell->target == TARGET_SURVEYED_ON || cell->target == TARGET_PENSION_START ||
                (cell->target >= 0 && cell->target < FACT_COUNT &&
                 fact_info((FactId)cell->target)->kind == KIND_DATE);
    if (cell->kind == CELL_NUMBER && date && row->raw.date_1904 && cell->number > 10000)
        return arena_printf(arena, "%.0f", floor(cell->number) + SERIAL_1904);
    if (cell->kind == CELL_NUMBER && cell->number >= 1e15)
        return arena_printf(
            arena, "%.5E", cell->number); /* its last digits were lost: it must not read as whole */
    return guard_on(arena, cell->text);
}
