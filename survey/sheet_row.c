#include "survey/sheet_row.h"

#include "base/lang.h"
#include "base/text.h"

#include <assert.h>

const Cell SHEET_EMPTY_CELL = {.kind = CELL_EMPTY, .text = "", .date = DATE_NONE};

void row_begin(RowBuilder *builder, Arena *arena)
{
    builder->arena = arena;
    builder->count = 0;
    builder->text_bytes = 0;
}

ErrCode row_text(RowBuilder *builder, const char *bytes, size_t length, const char **ret_text,
                 Err *err)
{
    if (length > SHEET_CELL_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the cell holds more than %d characters"),
                       SHEET_CELL_CHARACTERS_MAX);
    builder->text_bytes += length;
    if (builder->text_bytes > SHEET_ROW_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the row holds more than %d bytes of text"),
                       SHEET_ROW_BYTES_MAX);
    const char *text = arena_strndup(builder->arena, bytes, length);
    if (length > SHEET_CELL_CHARACTERS_MAX && text_characters(text) > SHEET_CELL_CHARACTERS_MAX)
        return err_set(err, ERR_LIMIT, _("the cell holds more than %d characters"),
                       SHEET_CELL_CHARACTERS_MAX);
    *ret_text = text;
    return OK;
}

ErrCode row_put(RowBuilder *builder, size_t column, const Cell *cell, Err *err)
{
    assert(column >= builder->count);
    bool blank = cell->kind == CELL_EMPTY && !cell->formula;
    if (column >= SHEET_COLUMNS_MAX && blank)
        return OK; /* a whole line that was given a colour */
    if (column >= SHEET_COLUMNS_MAX)
        return err_set(err, ERR_LIMIT, _("the row has more than %d columns"), SHEET_COLUMNS_MAX);
    while (builder->count < column)
        builder->cells[builder->count++] = SHEET_EMPTY_CELL;
    builder->cells[builder->count++] = *cell;
    return OK;
}

ErrCode row_put_text(RowBuilder *builder, size_t column, const char *bytes, size_t length, Err *err)
{
    Cell cell = SHEET_EMPTY_CELL;
    if (length) {
        cell.kind = CELL_TEXT;
        TRY(row_text(builder, bytes, length, &cell.text, err));
    }
    return row_put(builder, column, &cell, err);
}

void row_end(RowBuilder *builder, Row *ret_row)
{
    size_t count = builder->count;
    while (count && builder->cells[count - 1].kind == CELL_EMPTY &&
           !builder->cells[count - 1].formula)
        count--;
    ret_row->count = count;
    ret_row->cells = arena_memdup(builder->arena, builder->cells, count * sizeof(Cell));
}
