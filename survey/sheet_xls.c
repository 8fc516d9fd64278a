/* An old workbook as one run of rows: its worksheets one after another. */
#include "survey/sheet_xls.h"

#include "base/lang.h"

typedef struct Xls {
    XlsBook book;
    size_t strings_length, index_length; /* of the texts that all sheets share */
    size_t sheet;                        /* the next to be read; the one before is open */
    bool open;
    XlsCells cells;
    size_t next; /* cell */
} Xls;

static ErrCode xls_open(const SheetFile *file, SheetInfo *info, void **ret_state, Err *err)
{
    Xls *xls = arena_alloc(file->arena, sizeof *xls);
    xls->cells.cells = BUFFER((size_t)XLS_CELLS_MAX * sizeof(XlsCell));
    *ret_state = xls;
    TRY(xls_book_open(file, &xls->book, err));
    xls->strings_length = xls->book.strings.text.length;
    xls->index_length = xls->book.strings.index.length;
    info->date_1904 = xls->book.date_1904;
    info->encoding = "UTF-16LE";
    return OK;
}

static const char *error_text(uint8_t code)
{
    switch (code) {
    case 0x00:
        return "#NULL!";
    case 0x07:
        return "#DIV/0!";
    case 0x0F:
        return "#VALUE!";
    case 0x17:
        return "#REF!";
    case 0x1D:
        return "#NAME?";
    case 0x24:
        return "#NUM!";
    default:
        return "#N/A";
    }
}

static XlsCell cell_at(const Xls *xls, size_t index)
{
    XlsCell cell;
    memcpy(&cell, xls->cells.cells.bytes + index * sizeof cell, sizeof cell);
    return cell;
}

static ErrCode put_text(const Xls *xls, const XlsCell *from, RowBuilder *builder, Cell *cell,
                        Err *err)
{
    size_t length = 0;
    const char *text = xls_text_at(&xls->book.strings, from->value.text, &length);
    if (!text || length == 0)
        return OK;
    cell->kind = CELL_TEXT;
    return row_text(builder, text, length, &cell->text, err);
}

static ErrCode put_cell(const Xls *xls, const XlsCell *from, RowBuilder *builder, Err *err)
{
    Cell cell = SHEET_EMPTY_CELL;
    CellFormat format = {FORMAT_GENERAL, 0};
    if (from->xf < xls->book.format_count)
        format = xls->book.formats[from->xf];
    switch ((XlsKind)from->kind) {
    case XLS_CELL_NUMBER:
        cell = value_of_number(builder->arena, from->value.number, format, xls->book.date_1904);
        break;
    case XLS_CELL_TEXT:
        TRY(put_text(xls, from, builder, &cell, err));
        break;
    case XLS_CELL_BOOL:
        cell.kind = CELL_BOOL;
        cell.number = from->value.code != 0;
        cell.text = from->value.code ? "TRUE" : "FALSE";
        break;
    case XLS_CELL_ERROR:
        cell.kind = CELL_ERROR;
        cell.text = error_text(from->value.code);
        break;
    case XLS_CELL_EMPTY:
    default:
        break;
    }
    cell.formula = from->formula;
    return row_put(builder, from->column, &cell, err);
}

/* Opens the next sheet; false in *ret_more after the last. */
static ErrCode next_sheet(Xls *xls, bool *ret_more, Err *err)
{
    *ret_more = xls->sheet < xls->book.sheet_count;
    if (!*ret_more)
        return OK;
    const XlsSheet *sheet = &xls->book.sheets[xls->sheet++];
    xls->book.strings.text.length = xls->strings_length;
    xls->book.strings.index.length = xls->index_length;
    xls->next = 0;
    if (xls_cells_read(&xls->book, sheet, &xls->cells, err) != OK)
        return err_wrap(err, _("sheet '%s'"), sheet->name);
    return OK;
}

static ErrCode xls_next(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err)
{
    Xls *xls = state;
    *ret_more = true;
    while (xls->next == xls->cells.count && *ret_more)
        TRY(next_sheet(xls, ret_more, err));
    if (!*ret_more)
        return OK;
    const XlsSheet *sheet = &xls->book.sheets[xls->sheet - 1];
    uint16_t row = cell_at(xls, xls->next).row;
    row_begin(builder, builder->arena);
    for (; xls->next < xls->cells.count; xls->next++) {
        XlsCell cell = cell_at(xls, xls->next);
        if (cell.row != row)
            break;
        if (put_cell(xls, &cell, builder, err) != OK) {
            err_wrap(err, _("cell %s"), cell_name(builder->arena, cell.column, row + 1U));
            return err_wrap(err, _("sheet '%s'"), sheet->name);
        }
    }
    ret_row->sheet = sheet->number;
    ret_row->sheet_name = sheet->name;
    ret_row->line = row + 1U;
    ret_row->hidden = sheet->hidden || xls->cells.hidden[row / 8] >> row % 8 & 1;
    row_end(builder, ret_row);
    return OK;
}

static void xls_close(void *state)
{
    Xls *xls = state;
    if (!xls)
        return;
    buffer_done(&xls->cells.cells);
    xls_book_done(&xls->book);
}

const SheetReader SHEET_XLS = {"xls", xls_open, xls_next, xls_close};
