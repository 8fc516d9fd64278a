#include "survey/layout.h"

#include "base/guard.h"
#include "base/lang.h"
#include "base/text.h"
#include "survey/raw_row.h"
#include "survey/sheet_row.h"

static bool is_explanation(const Row *row)
{
    return row->count > 0 && text_starts(row->cells[0].text, LAYOUT_MARK);
}

bool layout_adds(const Heading *heading, size_t column)
{
    return column == heading->column_of[TARGET_QUARANTINE_KEY] ||
           (column < heading->width && strcmp(heading->keys[column], LAYOUT_REASONS) == 0);
}

static json_t *row_json(const Heading *heading, const Row *row)
{
    bool own = heading->column_of[TARGET_QUARANTINE_KEY] != COLUMN_NONE;
    bool title = row->line < heading->line;
    json_t *cells = json_array();
    for (size_t column = 0; column < row->count; column++) {
        Cell cell = row->cells[column];
        if (cell.kind == CELL_EMPTY || !*cell.text ||
            (own && !title && layout_adds(heading, column)))
            continue;
        if (own)
            cell.text = guard_off(cell.text);
        json_array_append_new(cells, raw_cell_write(column, NULL, &cell));
    }
    return json_pack("{s:I, s:o}", "line", (json_int_t)row->line, "cells", cells);
}

const char *layout_write(Arena *arena, const Heading *heading, const Row *rows, size_t count,
                         bool date_1904)
{
    json_t *titles = json_array(), *headings = json_array();
    for (size_t i = 0; i < count && rows[i].line <= heading->last; i++)
        if (!is_explanation(&rows[i]))
            json_array_append_new(rows[i].line < heading->line ? titles : headings,
                                  row_json(heading, &rows[i]));
    json_t *json = json_pack("{s:s, s:o, s:o, s:b}", "name", heading->sheet_name, "titles", titles,
                             "heading", headings, "date_1904", date_1904);
    char *text = json_dumps(json, JSON_COMPACT);
    const char *copy = arena_strdup(arena, text ? text : "{}");
    free(text);
    json_decref(json);
    return copy;
}

static Row row_read(Arena *arena, const json_t *json)
{
    const json_t *list = json_object_get(json, "cells");
    size_t listed = json_array_size(list), width = 0;
    RawCell *raw = arena_array(arena, RawCell, listed);
    for (size_t i = 0; i < listed; i++) {
        raw[i] = raw_cell_read(arena, json_array_get(list, i));
        bool sane = raw[i].column < SHEET_COLUMNS_MAX;
        width = sane && raw[i].column >= width ? raw[i].column + 1 : width;
    }
    Cell *cells = arena_array(arena, Cell, width);
    for (size_t column = 0; column < width; column++)
        cells[column] = SHEET_EMPTY_CELL;
    for (size_t i = 0; i < listed; i++)
        if (raw[i].column < width)
            cells[raw[i].column] = (Cell){.kind = raw[i].kind,
                                          .text = raw[i].text,
                                          .number = raw[i].number,
                                          .date = DATE_NONE};
    return (Row){.sheet = 1,
                 .sheet_name = "",
                 .line = (unsigned)json_integer_value(json_object_get(json, "line")),
                 .count = width,
                 .cells = cells};
}

/* The heading is found as it will be when the rows come back. */
static ErrCode read_heading(Arena *arena, const Form *form, Layout *layout, Err *err)
{
    bool found;
    TRY(heading_find(form, arena, layout->rows, layout->count, &layout->heading, &found, err));
    return found ? OK
                 : err_set(err, ERR_INPUT,
                           _("the form '%s' does not read the heading of '%s' any more"), form->id,
                           layout->sheet_name);
}

ErrCode layout_read(Arena *arena, const Form *form, const char *json, Layout *ret_layout, Err *err)
{
    json_t *root = json ? json_loads(json, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const json_t *titles = json_object_get(root, "titles");
    const json_t *headings = json_object_get(root, "heading");
    size_t above = json_array_size(titles), count = above + json_array_size(headings);
    if (count == above) {
        json_decref(root);
        return err_set(err, ERR_SEAL, _("the layout of a sheet in the base is damaged"));
    }
    Row *rows = arena_array(arena, Row, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = row_read(arena, i < above ? json_array_get(titles, i)
                                            : json_array_get(headings, i - above));
    const char *name = json_string_value(json_object_get(root, "name"));
    *ret_layout = (Layout){.sheet_name = arena_strdup(arena, name ? name : ""),
                           .rows = rows,
                           .count = count,
                           .date_1904 = json_is_true(json_object_get(root, "date_1904"))};
    json_decref(root);
    return read_heading(arena, form, ret_layout, err);
}

static Cell text_cell(const char *text)
{
    return (Cell){.kind = CELL_TEXT, .text = text, .date = DATE_NONE};
}

ErrCode layout_of_form(Arena *arena, const Form *form, Layout *ret_layout, Err *err)
{
    Row *rows = arena_array(arena, Row, 2);
    Cell *title = arena_array(arena, Cell, 1);
    Cell *headings = arena_array(arena, Cell, form->column_count);
    size_t width = 0;
    for (size_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden)
            headings[width++] = text_cell(form->columns[i].heading);
    title[0] = text_cell(form->title_zh);
    rows[0] = (Row){.sheet = 1, .sheet_name = "", .line = 1, .count = 1, .cells = title};
    rows[1] = (Row){.sheet = 1, .sheet_name = "", .line = 2, .count = width, .cells = headings};
    *ret_layout = (Layout){.sheet_name = form->id, .rows = rows, .count = 2};
    return read_heading(arena, form, ret_layout, err);
}

const Form *layout_form(const Form *const *forms, size_t form_count, const Row *rows, size_t count)
{
    if (count == 0 || !is_explanation(&rows[0]))
        return NULL;
    const char *id = rows[0].cells[0].text + strlen(LAYOUT_MARK);
    for (size_t i = 0; i < form_count; i++) {
        size_t length = strlen(forms[i]->id);
        if (text_starts(id, forms[i]->id) && text_starts(id + length, "】"))
            return forms[i];
    }
    return NULL;
}
