/* One worksheet, row by row: expat is paused at the end of each row and goes on with the next call.
 */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

#include <math.h>

enum {
    LINE_MAX_XLSX = 1048576,
    VALUE_BYTES_MAX = 7 * SHEET_CELL_CHARACTERS_MAX,
    COLUMN_LETTERS_MAX = 3,
};
#define WHOLE_NUMBER_MAX 999999999999999UL /* 15 digits: exact in a double */

typedef enum CellType {
    TYPE_NUMBER,
    TYPE_SHARED,
    TYPE_TEXT, /* "str" and "inlineStr" */
    TYPE_BOOL,
    TYPE_ERROR,
    TYPE_DATE,
    TYPE_UNKNOWN,
} CellType;

struct SheetRows {
    Book *book;
    const BookSheet *sheet;
    Part part;
    RowBuilder *builder;
    unsigned line; /* of the row being read, or of the last one */
    bool row_hidden, row_ready;
    bool in_data, in_row, in_cell, in_inline, in_phonetic, in_text;
    size_t column; /* of the cell being read */
    CellType type;
    size_t style;
    bool formula;
    Buffer value;
};

/* Stops with part.failure, which lacks its place: the current cell or row. */
static void stop_here(SheetRows *rows)
{
    Err *failure = &rows->part.failure;
    if (rows->in_cell)
        err_wrap(failure, _("cell %s"), cell_name(rows->builder->arena, rows->column, rows->line));
    else
        err_wrap(failure, _("row %u"), rows->line);
    part_stop(&rows->part);
}

static void fail_here(SheetRows *rows, const char *what)
{
    err_set(&rows->part.failure, ERR_INPUT, "%s", what);
    stop_here(rows);
}

/* Digits only, within max; false otherwise. */
static bool parse_number(const char *text, unsigned long max, unsigned long *ret_number)
{
    unsigned long number = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        number = number * 10 + (unsigned long)(*text - '0');
        if (number > max)
            return false;
    }
    *ret_number = number;
    return true;
}

/* "AB12" → column 27, line 12. */
static bool parse_reference(const char *text, size_t *ret_column, unsigned long *ret_line)
{
    size_t column = 0, letters = 0;
    for (; *text >= 'A' && *text <= 'Z' && letters < COLUMN_LETTERS_MAX; text++, letters++)
        column = column * 26 + (size_t)(*text - 'A') + 1;
    if (!letters || !parse_number(text, LINE_MAX_XLSX, ret_line))
        return false;
    *ret_column = column - 1;
    return true;
}

static void row_start(SheetRows *rows, const char **attributes)
{
    unsigned long line = rows->line + 1UL;
    const char *place = xml_attribute(attributes, "r");
    if (rows->in_row) {
        fail_here(rows, _("another row begins inside it"));
        return;
    }
    bool bad = (place && !parse_number(place, LINE_MAX_XLSX, &line)) || line <= rows->line ||
               line > LINE_MAX_XLSX;
    if (bad) {
        fail_here(rows, _("the row after it has a wrong number"));
        return;
    }
    rows->line = (unsigned)line;
    rows->in_row = true;
    rows->row_hidden = xml_true(xml_attribute(attributes, "hidden"));
    row_begin(rows->builder, rows->builder->arena);
    rows->column = 0;
}

static CellType type_of(const char *name)
{
    static const struct {
        const char *name;
        CellType type;
    } TYPES[] = {
        {"s", TYPE_SHARED}, {"n", TYPE_NUMBER}, {"str", TYPE_TEXT}, {"inlineStr", TYPE_TEXT},
        {"b", TYPE_BOOL},   {"e", TYPE_ERROR},  {"d", TYPE_DATE},
    };
    if (!name)
        return TYPE_NUMBER;
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (strcmp(name, TYPES[i].name) == 0)
            return TYPES[i].type;
    return TYPE_UNKNOWN;
}

/* Where the cell stands: by its reference, else right of the one before. rows->column is then its
 * own. */
static bool place_cell(SheetRows *rows, const char *place)
{
    unsigned long line = rows->line;
    if (place && (!parse_reference(place, &rows->column, &line) || line != rows->line ||
                  rows->column < rows->builder->count))
        return false;
    return true;
}

static void cell_start(SheetRows *rows, const char **attributes)
{
    const char *place = NULL, *type = NULL, *style = NULL;
    for (; *attributes; attributes += 2) {
        const char *name = xml_local(attributes[0]);
        if (strcmp(name, "r") == 0)
            place = attributes[1];
        else if (strcmp(name, "t") == 0)
            type = attributes[1];
        else if (strcmp(name, "s") == 0)
            style = attributes[1];
    }
    unsigned long style_number = 0;
    bool placed = !rows->in_cell && place_cell(rows, place);
    rows->in_cell = true;
    rows->type = type_of(type);
    rows->formula = false;
    buffer_clear(&rows->value);
    if (!placed)
        fail_here(rows, _("this cell or the one after it is out of place"));
    else if (rows->type == TYPE_UNKNOWN)
        fail_here(rows, _("the cell is of an unknown type"));
    else if (style && !parse_number(style, UINT32_MAX, &style_number))
        fail_here(rows, _("the cell's style is no number"));
    else if (rows->book->format_count && style_number >= rows->book->format_count)
        fail_here(rows, _("the cell's style does not exist"));
    rows->style = style_number;
}

static ErrCode number_cell(SheetRows *rows, const char *value, Cell *cell, Err *err)
{
    unsigned long whole = 0;
    double number = 0;
    if (parse_number(value, WHOLE_NUMBER_MAX, &whole)) {
        number = (double)whole;
    } else {
        char *end = NULL;
        number = strtod(value, &end);
        if (end == value || *end || !isfinite(number) || strpbrk(value, "xXpP"))
            return err_set(err, ERR_INPUT, _("the number cannot be read"));
    }
    CellFormat format = {FORMAT_GENERAL, 0};
    if (rows->style < rows->book->format_count)
        format = rows->book->formats[rows->style];
    bool formula = cell->formula;
    *cell = value_of_number(rows->builder->arena, number, format, rows->book->date_1904);
    cell->formula = formula;
    return OK;
}

static ErrCode text_cell(SheetRows *rows, const char *text, size_t length, CellKind kind,
                         Cell *cell, Err *err)
{
    if (!length)
        return OK;
    cell->kind = kind;
    return row_text(rows->builder, text, length, &cell->text, err);
}

static ErrCode shared_cell(SheetRows *rows, const char *value, Cell *cell, Err *err)
{
    unsigned long number = 0;
    size_t length = 0;
    const char *text = NULL;
    if (parse_number(value, UINT32_MAX, &number))
        text = strings_at(&rows->book->strings, number, &length);
    if (!text)
        return err_set(err, ERR_INPUT, _("the cell's text is not among the workbook's texts"));
    return text_cell(rows, text, length, CELL_TEXT, cell, err);
}

/* The cell's value; white space around it means nothing but in texts. */
static const char *trimmed_value(SheetRows *rows, size_t *ret_length)
{
    static const char BLANKS[] = " \t\r\n";
    Buffer *value = &rows->value;
    if (rows->type == TYPE_TEXT || !value->length) {
        *ret_length = value->length;
        return buffer_string(value);
    }
    while (value->length && strchr(BLANKS, value->bytes[value->length - 1]))
        value->length--;
    value->bytes[value->length] = '\0';
    size_t skip = strspn(value->bytes, BLANKS);
    *ret_length = value->length - skip;
    return value->bytes + skip;
}

static ErrCode cell_value(SheetRows *rows, Cell *cell, Err *err)
{
    size_t length = 0;
    const char *value = trimmed_value(rows, &length);
    if (rows->value.overflow)
        return err_set(err, ERR_LIMIT, _("the cell holds more than %d characters"),
                       SHEET_CELL_CHARACTERS_MAX);
    if (!length)
        return OK;
    switch (rows->type) {
    case TYPE_NUMBER:
        return number_cell(rows, value, cell, err);
    case TYPE_SHARED:
        return shared_cell(rows, value, cell, err);
    case TYPE_TEXT:
        length = value_unescape(rows->value.bytes, length);
        return text_cell(rows, value, length, CELL_TEXT, cell, err);
    case TYPE_ERROR:
        return text_cell(rows, value, length, CELL_ERROR, cell, err);
    case TYPE_BOOL:
        cell->kind = CELL_BOOL;
        cell->number = xml_true(value);
        cell->text = xml_true(value) ? "TRUE" : "FALSE";
        return OK;
    case TYPE_DATE:
        if (length > 64)
            return text_cell(rows, value, length, CELL_TEXT, cell, err);
        bool formula = cell->formula;
        *cell = value_of_iso_date(rows->builder->arena, value, rows->book->date_1904);
        cell->formula = formula;
        return OK;
    case TYPE_UNKNOWN:
    default:
        return OK;
    }
}

static void cell_end(SheetRows *rows)
{
    Err *failure = &rows->part.failure;
    Cell cell = SHEET_EMPTY_CELL;
    cell.formula = rows->formula;
    if (cell_value(rows, &cell, failure) != OK ||
        row_put(rows->builder, rows->column, &cell, failure) != OK) {
        stop_here(rows);
        return;
    }
    rows->in_cell = false;
    rows->column++;
}

static void sheet_start(void *user, const char *name, const char **attributes)
{
    Part *part = user;
    SheetRows *rows = part->state;
    const char *local = xml_local(name);
    if (part->failure.code != OK)
        return; /* expat may still call after part_stop */
    if (!rows->in_data) {
        rows->in_data = strcmp(local, "sheetData") == 0;
    } else if (rows->in_row && strcmp(local, "c") == 0) {
        cell_start(rows, attributes);
    } else if (rows->in_cell) {
        if (strcmp(local, "v") == 0 || (strcmp(local, "t") == 0 && rows->in_inline))
            rows->in_text = !rows->in_phonetic;
        else if (strcmp(local, "f") == 0)
            rows->formula = true;
        else if (strcmp(local, "is") == 0)
            rows->in_inline = true;
        else if (strcmp(local, "rPh") == 0)
            rows->in_phonetic = true;
    } else if (strcmp(local, "row") == 0) {
        row_start(rows, attributes);
    }
}

static void sheet_end(void *user, const char *name)
{
    Part *part = user;
    SheetRows *rows = part->state;
    const char *local = xml_local(name);
    if (part->failure.code != OK)
        return;
    if (rows->in_cell) {
        rows->in_text = false;
        if (strcmp(local, "c") == 0)
            cell_end(rows);
        else if (strcmp(local, "is") == 0)
            rows->in_inline = false;
        else if (strcmp(local, "rPh") == 0)
            rows->in_phonetic = false;
    } else if (rows->in_row && strcmp(local, "row") == 0) {
        rows->in_row = false;
        rows->row_ready = true;
        part_pause(part);
    } else if (strcmp(local, "sheetData") == 0) {
        rows->in_data = false;
    }
}

static void sheet_text(void *user, const char *bytes, int length)
{
    Part *part = user;
    SheetRows *rows = part->state;
    if (rows->in_text)
        buffer_add(&rows->value, bytes, (size_t)length);
}

ErrCode sheet_rows_open(Book *book, const BookSheet *sheet, Arena *arena, SheetRows **ret_rows,
                        Err *err)
{
    static const PartHandlers HANDLERS = {sheet_start, sheet_end, sheet_text};
    SheetRows *rows = arena_alloc(arena, sizeof *rows);
    rows->book = book;
    rows->sheet = sheet;
    rows->value = BUFFER(VALUE_BYTES_MAX);
    *ret_rows = rows;
    if (part_open(&book->archive, sheet->part, &HANDLERS, rows, &rows->part, err) != OK)
        return err_wrap(err, _("sheet '%s'"), sheet->name);
    return OK;
}

ErrCode sheet_rows_next(SheetRows *rows, RowBuilder *builder, Row *ret_row, bool *ret_more,
                        Err *err)
{
    rows->builder = builder;
    rows->row_ready = false;
    while (!rows->row_ready && !rows->part.ended) {
        if (part_step(&rows->part, err) == OK)
            continue;
        if (rows->part.failure.code != OK)
            return err_wrap(err, _("sheet '%s'"), rows->sheet->name);
        return err_wrap(err, _("sheet '%s', after row %u"), rows->sheet->name, rows->line);
    }
    *ret_more = rows->row_ready;
    if (!rows->row_ready)
        return OK;
    ret_row->sheet = rows->sheet->number;
    ret_row->sheet_name = rows->sheet->name;
    ret_row->line = rows->line;
    ret_row->hidden = rows->row_hidden || rows->sheet->hidden;
    row_end(builder, ret_row);
    return OK;
}

void sheet_rows_close(SheetRows *rows)
{
    if (!rows)
        return;
    part_close(&rows->part);
    buffer_done(&rows->value);
}
