#include "survey/staged_row.h"

#include "base/lang.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(double) == sizeof(uint64_t), "a cell's number travels as its bits");

static void text_write(Buffer *out, const char *text)
{
    size_t length = strlen(text);
    buffer_printf(out, "%zu:", length);
    buffer_add(out, text, length);
}

static void cell_write(Buffer *out, const Cell *cell)
{
    uint64_t bits;
    memcpy(&bits, &cell->number, sizeof bits);
    buffer_printf(out, "%d:%d:%016" PRIx64 ":%" PRId64 ":", (int)cell->kind, (int)cell->formula,
                  bits, (int64_t)cell->date);
    text_write(out, cell->text);
}

void staged_row_write(Buffer *text, const Row *row)
{
    buffer_printf(text, "%u:%u:%d:%zu:", row->sheet, row->line, (int)row->hidden, row->count);
    text_write(text, row->sheet_name);
    for (size_t i = 0; i < row->count; i++)
        cell_write(text, &row->cells[i]);
}

/* Where reading stands; a place that does not fit makes it NULL, and so all that follows. */
typedef struct Cursor {
    const char *at, *end;
} Cursor;

static int64_t number_read(Cursor *cursor, int base)
{
    char *end = NULL;
    if (!cursor->at)
        return 0;
    errno = 0;
    int64_t number = base == 16 ? (int64_t)strtoull(cursor->at, &end, 16)
                                : (int64_t)strtoll(cursor->at, &end, 10);
    bool sound = errno == 0 && end != cursor->at && *end == ':';
    cursor->at = sound ? end + 1 : NULL;
    return number;
}

static size_t count_read(Cursor *cursor, int64_t most)
{
    int64_t number = number_read(cursor, 10);
    if (number < 0 || number > most)
        cursor->at = NULL;
    return cursor->at ? (size_t)number : 0;
}

static const char *text_read(Cursor *cursor, Arena *arena)
{
    size_t length = count_read(cursor, SHEET_ROW_BYTES_MAX);
    if (!cursor->at || length > (size_t)(cursor->end - cursor->at)) {
        cursor->at = NULL;
        return "";
    }
    const char *text = length ? arena_strndup(arena, cursor->at, length) : "";
    cursor->at += length;
    return text;
}

static void cell_read(Cursor *cursor, RowBuilder *builder, Cell *ret_cell)
{
    *ret_cell = SHEET_EMPTY_CELL;
    ret_cell->kind = (CellKind)count_read(cursor, CELL_ERROR);
    ret_cell->formula = count_read(cursor, 1) == 1;
    uint64_t bits = (uint64_t)number_read(cursor, 16);
    memcpy(&ret_cell->number, &bits, sizeof bits);
    ret_cell->date = (Date)number_read(cursor, 10);
    ret_cell->text = text_read(cursor, builder->arena);
}

ErrCode staged_row_read(RowBuilder *builder, const char *text, Row *ret_row, Err *err)
{
    Cursor cursor = {text, text + strlen(text)};
    Row row = {.sheet = (unsigned)count_read(&cursor, UINT16_MAX)};
    row.line = (unsigned)count_read(&cursor, UINT32_MAX);
    row.hidden = count_read(&cursor, 1) == 1;
    size_t count = count_read(&cursor, SHEET_COLUMNS_MAX);
    row.sheet_name = text_read(&cursor, builder->arena);
    for (size_t i = 0; i < count && cursor.at; i++) {
        Cell cell;
        cell_read(&cursor, builder, &cell);
        TRY(row_put(builder, i, &cell, err));
    }
    if (cursor.at != cursor.end)
        return err_set(err, ERR_SEAL, _("a row that waits for review is damaged"));
    row_end(builder, &row);
    *ret_row = row;
    return OK;
}
