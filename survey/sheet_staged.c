#include "survey/sheet_staged.h"

#include "survey/sheet_reader.h"
#include "survey/staged_row.h"

#include <stdlib.h>

typedef struct StagedRows {
    Db *db;
    const Sealer *sealer;
    int64_t batch, number; /* of the row before */
    Rows *page;            /* NULL = the next one is not read yet */
    bool ended;
    Arena *arena; /* holds this */
    Arena *plain; /* one row unsealed */
} StagedRows;

static ErrCode page_turn(StagedRows *rows, Err *err)
{
    rows_close(rows->page);
    rows->page = NULL;
    TRY(db_query(rows->db, QUERY_SURVEY_STAGED_ROW_NEXT,
                 PARAMS(v_int(rows->batch), v_int(rows->number)), &rows->page, err));
    rows->ended = rows_count(rows->page) == 0;
    return OK;
}

static ErrCode row_read(StagedRows *rows, RowBuilder *builder, Row *ret_row, Err *err)
{
    size_t length;
    char *text;
    const void *sealed = rows_bytes(rows->page, 1, &length);
    arena_reset(rows->plain);
    TRY(unseal(rows->sealer, rows->plain, sealed, length, &text, err));
    row_begin(builder, builder->arena);
    return staged_row_read(builder, text, ret_row, err);
}

static ErrCode staged_next(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err)
{
    StagedRows *rows = state;
    for (;;) {
        while (!rows->ended && (!rows->page || !rows_next(rows->page)))
            TRY(page_turn(rows, err));
        *ret_more = !rows->ended;
        if (rows->ended)
            return OK;
        size_t length;
        rows->number = rows_int(rows->page, 0);
        rows_bytes(rows->page, 1, &length);
        if (length > 0)
            return row_read(rows, builder, ret_row, err);
    }
}

static void staged_close(void *state)
{
    StagedRows *rows = state;
    if (!rows)
        return;
    rows_close(rows->page);
    db_close(rows->db);
    arena_free(rows->plain);
    arena_free(rows->arena);
}

static const SheetReader STAGED = {"staged", NULL, staged_next, staged_close};

ErrCode sheet_staged_open(Db *db, const Sealer *sealer, const Staged *staged, Sheet **ret_sheet,
                          Err *err)
{
    Db *own;
    TRY(db_open_again(db, &own, err));
    Arena *arena = arena_new(0);
    StagedRows *rows = arena_alloc(arena, sizeof *rows);
    *rows = (StagedRows){
        .db = own, .sealer = sealer, .batch = staged->batch, .arena = arena, .plain = arena_new(0)};
    SheetInfo info = {.container = staged->container,
                      .encoding = staged->encoding,
                      .date_1904 = staged->date_1904};
    snprintf(info.sha256, sizeof info.sha256, "%s", staged->sha256);
    *ret_sheet = sheet_over(staged->name, &STAGED, rows, &info);
    return OK;
}
