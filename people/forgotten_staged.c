#include "people/forgotten_staged.h"

static ErrCode row_forget(Db *db, const Sealer *sealer, const Rows *rows, const NamedList *list,
                          int64_t *count, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    size_t length;
    char *text;
    const void *sealed = rows_bytes(rows, 2, &length);
    TRY(unseal(sealer, arena, sealed, length, &text, err));
    if (!text || !row_names(arena, text, list))
        return OK;
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_STAGED_ROW,
               PARAMS(v_int(rows_int(rows, 0)), v_int(rows_int(rows, 1))), NULL, err));
    ++*count;
    return OK;
}

ErrCode staged_forget(Db *db, const Sealer *sealer, const NamedList *list, int64_t *ret_count,
                      Err *err)
{
    int64_t batch = 0, number = 0;
    *ret_count = 0;
    for (uint64_t found = 1; found > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_STAGED,
                     PARAMS(v_int(batch), v_int(batch), v_int(number)), &rows, err));
        found = rows_count(rows);
        while (rows_next(rows)) {
            batch = rows_int(rows, 0);
            number = rows_int(rows, 1);
            TRY(row_forget(db, sealer, rows, list, ret_count, err));
        }
    }
    return OK;
}
