#include "survey/sheet_xlsx_grid.h"

#include "base/lang.h"

enum { LINE_MAX_XLSX = 1048576 };

void grid_begin(Grid *grid, Book *book)
{
    Buffer value = grid->value.bytes ? grid->value : BUFFER(GRID_VALUE_BYTES_MAX);
    *grid = (Grid){.book = book, .builder = grid->builder, .value = value};
}

void grid_done(Grid *grid)
{
    buffer_done(&grid->value);
}

static void fail_at_row(Grid *grid, const char *what)
{
    err_set(&grid->failure, ERR_INPUT, "%s", what);
    err_wrap(&grid->failure, _("row %u"), grid->line);
}

static void row_start(Grid *grid, const XmlAttribute *attributes, size_t count)
{
    unsigned long line = grid->line + 1UL;
    bool bad = false;
    grid->row_hidden = false;
    if (grid->in_row) {
        fail_at_row(grid, _("another row begins inside it"));
        return;
    }
    for (size_t i = count; i-- > 0;) { /* of two with other prefixes the first counts */
        XmlSlice name = attributes[i].local, value = attributes[i].value;
        if (slice_is(name, "r"))
            bad = !grid_number(value, LINE_MAX_XLSX, &line);
        else if (slice_is(name, "hidden"))
            grid->row_hidden =
                slice_is(value, "1") || slice_is(value, "true") || slice_is(value, "on");
    }
    if (bad || line <= grid->line || line > LINE_MAX_XLSX) {
        fail_at_row(grid, _("the row after it has a wrong number"));
        return;
    }
    grid->line = (unsigned)line;
    grid->in_row = true;
    row_begin(grid->builder, grid->builder->arena);
    grid->column = 0;
}

static void cell_element(Grid *grid, const XmlAttribute *attributes, size_t count)
{
    ScanCell mark = {.place = {NULL, 0}};
    for (size_t i = 0; i < count; i++) {
        XmlSlice name = attributes[i].local;
        if (name.length != 1)
            continue;
        if (*name.bytes == 'r')
            mark.place = attributes[i].value;
        else if (*name.bytes == 't')
            mark.type = attributes[i].value;
        else if (*name.bytes == 's')
            mark.style = attributes[i].value;
    }
    grid_cell_start(grid, &mark);
    buffer_clear(&grid->value);
}

static void inside_cell(Grid *grid, XmlSlice local)
{
    if (slice_is(local, "v") || (slice_is(local, "t") && grid->in_inline))
        grid->in_text = !grid->in_phonetic;
    else if (slice_is(local, "f"))
        grid->formula = true;
    else if (slice_is(local, "is"))
        grid->in_inline = true;
    else if (slice_is(local, "rPh"))
        grid->in_phonetic = true;
}

void grid_start(Grid *grid, XmlSlice local, const XmlAttribute *attributes, size_t count)
{
    if (!grid->in_data)
        grid->in_data = slice_is(local, "sheetData");
    else if (grid->in_row && slice_is(local, "c"))
        cell_element(grid, attributes, count);
    else if (grid->in_cell)
        inside_cell(grid, local);
    else if (slice_is(local, "row"))
        row_start(grid, attributes, count);
}

/* The value; what was too much for the buffer is too long in any case. */
static XmlSlice gathered(const Grid *grid)
{
    size_t length = grid->value.overflow ? GRID_VALUE_BYTES_MAX + 1 : grid->value.length;
    return (XmlSlice){buffer_string(&grid->value), length};
}

void grid_end(Grid *grid, XmlSlice local)
{
    if (grid->in_cell) {
        grid->in_text = false;
        if (slice_is(local, "c"))
            grid_cell_end(grid, gathered(grid));
        else if (slice_is(local, "is"))
            grid->in_inline = false;
        else if (slice_is(local, "rPh"))
            grid->in_phonetic = false;
    } else if (grid->in_row && slice_is(local, "row")) {
        grid->in_row = false;
        grid->row_ready = true;
    } else if (slice_is(local, "sheetData")) {
        grid->in_data = false;
    }
}

void grid_text(Grid *grid, const char *bytes, size_t length)
{
    if (grid->in_text)
        buffer_add(&grid->value, bytes, length);
}

bool grid_scan_cell(Grid *grid, XmlScan *scan)
{
    ScanCell cell;
    if (!grid->in_row || grid->in_cell || !scan_cell(scan, &cell))
        return false;
    grid_cell_start(grid, &cell);
    if (grid->failure.code == OK)
        grid_cell_end(grid, cell.value);
    return true;
}
