/* One cell of a worksheet: its place, its type, and what its value becomes. */
#include "survey/sheet_xlsx_grid.h"

#include "base/lang.h"

#include <math.h>

enum { COLUMN_LETTERS_MAX = 3 };
#define WHOLE_NUMBER_MAX 999999999999999UL /* 15 digits: exact in a double */

bool grid_number(XmlSlice text, unsigned long max, unsigned long *ret_number)
{
    unsigned long number = 0;
    if (!text.length)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned char)text.bytes[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        number = number * 10 + digit;
        if (number > max)
            return false;
    }
    *ret_number = number;
    return true;
}

/* "AB12" → column 27, line 12. */
static bool parse_reference(XmlSlice text, size_t *ret_column, unsigned long *ret_line)
{
    size_t column = 0, letters = 0;
    for (; letters < text.length && letters < COLUMN_LETTERS_MAX; letters++) {
        char letter = text.bytes[letters];
        if (letter < 'A' || letter > 'Z')
            break;
        column = column * 26 + (size_t)(letter - 'A') + 1;
    }
    XmlSlice digits = {text.bytes + letters, text.length - letters};
    if (!letters || !grid_number(digits, UINT32_MAX, ret_line))
        return false;
    *ret_column = column - 1;
    return true;
}

static void fail_at_cell(Grid *grid, const char *what)
{
    if (what)
        err_set(&grid->failure, ERR_INPUT, "%s", what);
    err_wrap(&grid->failure, _("cell %s"),
             cell_name(grid->builder->arena, grid->column, grid->line));
}

static CellType type_of(XmlSlice name)
{
    static const struct {
        const char *name;
        CellType type;
    } TYPES[] = {
        {"str", TYPE_TEXT}, {"inlineStr", TYPE_TEXT}, {"b", TYPE_BOOL},
        {"e", TYPE_ERROR},  {"d", TYPE_DATE},
    };
    if (!name.bytes || (name.length == 1 && *name.bytes == 'n'))
        return TYPE_NUMBER;
    if (name.length == 1 && *name.bytes == 's')
        return TYPE_SHARED;
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (slice_is(name, TYPES[i].name))
            return TYPES[i].type;
    return TYPE_UNKNOWN;
}

/* Where the cell stands: by its reference, else right of the one before. grid->column is then its
 * own. */
static bool place_cell(Grid *grid, XmlSlice place)
{
    unsigned long line = grid->line;
    return !place.bytes || (parse_reference(place, &grid->column, &line) && line == grid->line &&
                            grid->column >= grid->builder->count);
}

void grid_cell_start(Grid *grid, const ScanCell *mark)
{
    unsigned long style = 0;
    bool placed = !grid->in_cell && place_cell(grid, mark->place);
    grid->in_cell = true;
    grid->type = type_of(mark->type);
    grid->formula = false;
    if (!placed)
        fail_at_cell(grid, _("this cell or the one after it is out of place"));
    else if (grid->type == TYPE_UNKNOWN)
        fail_at_cell(grid, _("the cell is of an unknown type"));
    else if (mark->style.bytes && !grid_number(mark->style, UINT32_MAX, &style))
        fail_at_cell(grid, _("the cell's style is no number"));
    else if (grid->book->format_count && style >= grid->book->format_count)
        fail_at_cell(grid, _("the cell's style does not exist"));
    grid->style = style;
}

static ErrCode number_cell(Grid *grid, XmlSlice value, Cell *cell, Err *err)
{
    unsigned long whole = 0;
    double number = 0;
    if (grid_number(value, WHOLE_NUMBER_MAX, &whole)) {
        number = (double)whole;
    } else {
        const char *text = arena_strndup(grid->builder->arena, value.bytes, value.length);
        char *end = NULL;
        number = strtod(text, &end);
        if (end == text || *end || !isfinite(number) || strpbrk(text, "xXpP"))
            return err_set(err, ERR_INPUT, _("the number cannot be read"));
    }
    CellFormat format = {FORMAT_GENERAL, 0};
    if (grid->style < grid->book->format_count)
        format = grid->book->formats[grid->style];
    *cell = value_of_number(grid->builder->arena, number, format, grid->book->date_1904);
    return OK;
}

static ErrCode text_cell(Grid *grid, XmlSlice text, CellKind kind, Cell *cell, Err *err)
{
    if (!text.length)
        return OK;
    cell->kind = kind;
    return row_text(grid->builder, text.bytes, text.length, &cell->text, err);
}

static ErrCode shared_cell(Grid *grid, XmlSlice value, Cell *cell, Err *err)
{
    unsigned long number = 0;
    XmlSlice text = {NULL, 0};
    if (grid_number(value, UINT32_MAX, &number))
        TRY(strings_at(&grid->book->strings, number, &text.bytes, &text.length, err));
    if (!text.bytes)
        return err_set(err, ERR_INPUT, _("the cell's text is not among the workbook's texts"));
    return text_cell(grid, text, CELL_TEXT, cell, err);
}

static ErrCode plain_cell(Grid *grid, XmlSlice value, Cell *cell, Err *err)
{
    if (!memchr(value.bytes, '_', value.length))
        return text_cell(grid, value, CELL_TEXT, cell, err);
    char *text = arena_strndup(grid->builder->arena, value.bytes, value.length);
    return text_cell(grid, (XmlSlice){text, value_unescape(text, value.length)}, CELL_TEXT, cell,
                     err);
}

static void date_cell(Grid *grid, XmlSlice value, Cell *cell)
{
    Arena *arena = grid->builder->arena;
    *cell = value_of_iso_date(arena, arena_strndup(arena, value.bytes, value.length),
                              grid->book->date_1904);
}

/* White space around a value means nothing but in texts. */
static XmlSlice trimmed(XmlSlice value)
{
    static const char BLANKS[] = " \t\r\n";
    while (value.length && memchr(BLANKS, value.bytes[value.length - 1], 4))
        value.length--;
    for (; value.length && memchr(BLANKS, *value.bytes, 4); value.length--)
        value.bytes++;
    return value;
}

static ErrCode cell_value(Grid *grid, XmlSlice value, Cell *cell, Err *err)
{
    enum { ISO_DATE_BYTES_MAX = 64 };
    if (value.length > GRID_VALUE_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the cell holds more than %d characters"),
                       SHEET_CELL_CHARACTERS_MAX);
    if (grid->type != TYPE_TEXT)
        value = trimmed(value);
    if (!value.length)
        return OK;
    switch (grid->type) {
    case TYPE_NUMBER:
        return number_cell(grid, value, cell, err);
    case TYPE_SHARED:
        return shared_cell(grid, value, cell, err);
    case TYPE_TEXT:
        return plain_cell(grid, value, cell, err);
    case TYPE_ERROR:
        return text_cell(grid, value, CELL_ERROR, cell, err);
    case TYPE_BOOL:
        cell->kind = CELL_BOOL;
        cell->number = slice_is(value, "1") || slice_is(value, "true") || slice_is(value, "on");
        cell->text = cell->number != 0 ? "TRUE" : "FALSE";
        return OK;
    case TYPE_DATE:
        if (value.length > ISO_DATE_BYTES_MAX)
            return text_cell(grid, value, CELL_TEXT, cell, err);
        date_cell(grid, value, cell);
        return OK;
    case TYPE_UNKNOWN:
    default:
        return OK;
    }
}

void grid_cell_end(Grid *grid, XmlSlice value)
{
    Cell cell = SHEET_EMPTY_CELL;
    ErrCode code = cell_value(grid, value, &cell, &grid->failure);
    cell.formula = grid->formula;
    if (code == OK)
        code = row_put(grid->builder, grid->column, &cell, &grid->failure);
    if (code != OK) {
        fail_at_cell(grid, NULL);
        return;
    }
    grid->in_cell = false;
    grid->column++;
}
