/* The cells of one sheet of an old workbook. Writers may put them in any order, and a formula's
 * text comes in a record of its own; so a sheet is read whole, then sorted. */
#include "survey/sheet_xls.h"

#include "base/lang.h"

#include <math.h>

enum { CELL_HEAD_BYTES = 6, NO_CELL = -1 };

typedef struct Reader {
    XlsBook *book;
    XlsStream *stream;
    XlsCells *cells;
    ptrdiff_t waiting; /* the formula whose text comes next, NO_CELL = none */
} Reader;

static ErrCode add_cell(Reader *reader, const XlsCell *cell, Err *err)
{
    if (cell->column >= XLS_COLUMNS)
        return ole_damaged(err);
    buffer_add(&reader->cells->cells, cell, sizeof *cell);
    if (reader->cells->cells.overflow)
        return err_set(err, ERR_LIMIT, _("the sheet has more than %d cells"), XLS_CELLS_MAX);
    reader->cells->count++;
    return OK;
}

/* The six bytes with which every cell begins. */
static ErrCode cell_head(const Reader *reader, XlsKind kind, size_t rest, XlsCell *ret_cell,
                         Err *err)
{
    const uint8_t *data = reader->stream->data;
    TRY(xls_want(reader->stream, CELL_HEAD_BYTES + rest, err));
    *ret_cell = (XlsCell){.row = ole_u16(data),
                          .column = ole_u16(data + 2),
                          .xf = ole_u16(data + 4),
                          .kind = (uint8_t)kind};
    return OK;
}

static double double_of(const uint8_t *bytes)
{
    uint64_t bits = ole_u32(bytes) | (uint64_t)ole_u32(bytes + 4) << 32;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* A number in four bytes: 30 bits of a whole number or of the upper half of a double, perhaps of
 * its hundredfold. */
static double rk_number(uint32_t rk)
{
    double number;
    if (rk & 2) {
        uint32_t bits = rk >> 2;
        number = (double)(int64_t)bits - (bits & 0x20000000 ? 0x40000000 : 0);
    } else {
        uint64_t bits = (uint64_t)(rk & ~3u) << 32;
        memcpy(&number, &bits, sizeof number);
    }
    return rk & 1 ? number / 100 : number;
}

static ErrCode add_number(Reader *reader, XlsCell *cell, double number, Err *err)
{
    if (!isfinite(number))
        return err_set(err, ERR_INPUT, _("the number cannot be read"));
    cell->value.number = number;
    return add_cell(reader, cell, err);
}

static ErrCode number_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    bool whole = reader->stream->type == XLS_NUMBER;
    TRY(cell_head(reader, XLS_CELL_NUMBER, whole ? 8 : 4, &cell, err));
    const uint8_t *value = reader->stream->data + CELL_HEAD_BYTES;
    return add_number(reader, &cell, whole ? double_of(value) : rk_number(ole_u32(value)), err);
}

/* A row's neighbouring numbers: row, first column, {format, number} …, last column. */
static ErrCode numbers_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    const XlsStream *stream = reader->stream;
    TRY(cell_head(reader, XLS_CELL_NUMBER, 6, &cell, err));
    size_t count = (stream->length - CELL_HEAD_BYTES) / 6;
    for (size_t i = 0; i < count; i++, cell.column++) {
        const uint8_t *item = stream->data + 4 + 6 * i;
        cell.xf = ole_u16(item);
        TRY(add_number(reader, &cell, rk_number(ole_u32(item + 2)), err));
    }
    return OK;
}

static ErrCode shared_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    TRY(cell_head(reader, XLS_CELL_TEXT, 4, &cell, err));
    cell.value.text = ole_u32(reader->stream->data + CELL_HEAD_BYTES);
    if (cell.value.text >= reader->book->strings.index.length / sizeof(uint32_t))
        return err_set(err, ERR_INPUT, _("the cell's text is not among the workbook's texts"));
    return add_cell(reader, &cell, err);
}

static ErrCode text_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    TRY(cell_head(reader, XLS_CELL_TEXT, 3, &cell, err));
    size_t characters = ole_u16(reader->stream->data + CELL_HEAD_BYTES);
    reader->stream->at = CELL_HEAD_BYTES + 2;
    TRY(xls_book_text(reader->book, characters, &cell.value.text, err));
    return add_cell(reader, &cell, err);
}

static ErrCode truth_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    TRY(cell_head(reader, XLS_CELL_BOOL, 2, &cell, err));
    const uint8_t *value = reader->stream->data + CELL_HEAD_BYTES;
    cell.kind = value[1] ? XLS_CELL_ERROR : XLS_CELL_BOOL;
    cell.value.code = value[0];
    return add_cell(reader, &cell, err);
}

/* A formula by its last value: a number, or 0xFFFF behind what else it is. */
static ErrCode formula_cell(Reader *reader, Err *err)
{
    XlsCell cell;
    TRY(cell_head(reader, XLS_CELL_NUMBER, 8, &cell, err));
    const uint8_t *value = reader->stream->data + CELL_HEAD_BYTES;
    cell.formula = true;
    if (ole_u16(value + 6) != 0xFFFF)
        return add_number(reader, &cell, double_of(value), err);
    cell.value.code = value[2];
    cell.kind = value[0] == 1 ? XLS_CELL_BOOL : value[0] == 2 ? XLS_CELL_ERROR : XLS_CELL_EMPTY;
    if (value[0] == 0)
        reader->waiting = (ptrdiff_t)reader->cells->count;
    return add_cell(reader, &cell, err);
}

static ErrCode formula_text(Reader *reader, Err *err)
{
    if (reader->waiting == NO_CELL)
        return OK;
    uint32_t number;
    TRY(xls_want(reader->stream, 3, err));
    size_t characters = ole_u16(reader->stream->data);
    reader->stream->at = 2;
    TRY(xls_book_text(reader->book, characters, &number, err));
    XlsCell cell;
    char *place = reader->cells->cells.bytes + (size_t)reader->waiting * sizeof cell;
    memcpy(&cell, place, sizeof cell);
    cell.kind = XLS_CELL_TEXT;
    cell.value.text = number;
    memcpy(place, &cell, sizeof cell);
    reader->waiting = NO_CELL;
    return OK;
}

static ErrCode row_record(Reader *reader, Err *err)
{
    enum { ZERO_HEIGHT = 0x20 };
    const uint8_t *data = reader->stream->data;
    TRY(xls_want(reader->stream, 16, err));
    uint16_t row = ole_u16(data);
    if (data[12] & ZERO_HEIGHT)
        reader->cells->hidden[row / 8] |= (uint8_t)(1 << row % 8);
    return OK;
}

static ErrCode sheet_record(Reader *reader, Err *err)
{
    switch (reader->stream->type) {
    case XLS_NUMBER:
    case XLS_RK:
        return number_cell(reader, err);
    case XLS_MULRK:
        return numbers_cell(reader, err);
    case XLS_LABELSST:
        return shared_cell(reader, err);
    case XLS_LABEL:
    case XLS_RSTRING:
        return text_cell(reader, err);
    case XLS_BOOLERR:
        return truth_cell(reader, err);
    case XLS_FORMULA:
        return formula_cell(reader, err);
    case XLS_STRING:
        return formula_text(reader, err);
    case XLS_ROW:
        return row_record(reader, err);
    default:
        return OK;
    }
}

static int cell_order(const void *a, const void *b)
{
    XlsCell left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    int rows = (left.row > right.row) - (left.row < right.row);
    return rows ? rows : (left.column > right.column) - (left.column < right.column);
}

/* Brings the cells in order; a place with two values has none. */
static ErrCode cells_sort(const Reader *reader, Err *err)
{
    XlsCells *cells = reader->cells;
    if (cells->count < 2)
        return OK;
    qsort(cells->cells.bytes, cells->count, sizeof(XlsCell), cell_order);
    for (size_t i = 1; i < cells->count; i++) {
        XlsCell cell;
        const char *place = cells->cells.bytes + i * sizeof cell;
        if (cell_order(place - sizeof cell, place) != 0)
            continue;
        memcpy(&cell, place, sizeof cell);
        return err_set(err, ERR_INPUT, _("cell %s stands in the file twice"),
                       cell_name(reader->book->arena, cell.column, cell.row + 1U));
    }
    return OK;
}

ErrCode xls_cells_read(XlsBook *book, const XlsSheet *sheet, XlsCells *cells, Err *err)
{
    Reader reader = {.book = book, .stream = book->stream, .cells = cells, .waiting = NO_CELL};
    XlsStream *stream = book->stream;
    buffer_clear(&cells->cells);
    cells->count = 0;
    memset(cells->hidden, 0, sizeof cells->hidden);
    stream->next = sheet->place;
    TRY(xls_record(stream, err));
    if (stream->type != XLS_BOF)
        return ole_damaged(err);
    for (unsigned depth = 1; depth > 0;) { /* a chart inside the sheet is a sheet of its own */
        TRY(xls_record(stream, err));
        if (stream->type == XLS_BOF)
            depth++;
        else if (stream->type == XLS_EOF)
            depth--;
        else if (depth == 1 && sheet_record(&reader, err) != OK)
            return err_wrap(err, _("row %u"), ole_u16(stream->data) + 1U);
    }
    return cells_sort(&reader, err);
}
