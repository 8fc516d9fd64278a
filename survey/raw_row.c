#include "survey/raw_row.h"

#include "base/guard.h"
#include "survey/layout.h"

json_t *raw_cell_write(size_t column, const char *fact, const Cell *cell)
{
    json_t *json = json_pack("{s:I, s:s, s:i}", "column", (json_int_t)column, "text", cell->text,
                             "kind", (int)cell->kind);
    if (fact)
        json_object_set_new(json, "fact", json_string(fact));
    if (cell->kind == CELL_NUMBER || cell->kind == CELL_DATE)
        json_object_set_new(json, "number", json_real(cell->number));
    return json;
}

/* Every cell, but for those that a quarantine workbook has beyond its sender's. */
static json_t *cells_json(const CheckSetting *setting, const Row *row)
{
    const Heading *heading = setting->heading;
    json_t *cells = json_array();
    for (size_t column = 0; column < row->count; column++) {
        Cell cell = row->cells[column];
        if (cell.kind == CELL_EMPTY || !*cell.text ||
            (setting->own_export && layout_adds(heading, column)))
            continue;
        if (setting->own_export)
            cell.text = guard_off(cell.text);
        const FormHeading *known = column < heading->width ? heading->columns[column] : NULL;
        json_array_append_new(
            cells, raw_cell_write(column, known ? target_name(known->target) : NULL, &cell));
    }
    return cells;
}

const char *raw_row_write(Arena *arena, const CheckSetting *setting, const Row *row,
                          const char *whom)
{
    char day[11];
    json_t *json = json_pack("{s:s, s:o, s:b, s:b}", "form", setting->heading->form->id, "cells",
                             cells_json(setting, row), "date_1904", setting->date_1904,
                             "date_fixed", setting->date_fixed);
    if (setting->credibility != 0) {
        json_object_set_new(json, "surveyed_on",
                            json_string(date_format(setting->surveyed_on, day)));
        json_object_set_new(json, "credibility", json_integer(setting->credibility));
    }
    if (whom)
        json_object_set_new(json, "whom", json_string(whom));
    char *text = json_dumps(json, JSON_COMPACT);
    const char *copy = arena_strdup(arena, text ? text : "{}");
    free(text);
    json_decref(json);
    return copy;
}

static const char *string_of(Arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? arena_strdup(arena, text) : NULL;
}

RawCell raw_cell_read(Arena *arena, const json_t *json)
{
    const char *fact = json_string_value(json_object_get(json, "fact"));
    const char *text = string_of(arena, json, "text");
    const json_t *column = json_object_get(json, "column");
    return (RawCell){.column = column ? (size_t)json_integer_value(column) : COLUMN_NONE,
                     .target = fact ? target_find(fact) : TARGET_NONE,
                     .text = text ? text : "",
                     .kind = (CellKind)json_integer_value(json_object_get(json, "kind")),
                     .number = json_real_value(json_object_get(json, "number"))};
}

ErrCode raw_row_read(Arena *arena, const char *json, RawRow *ret_row, Err *err)
{
    json_t *root = json ? json_loads(json, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const json_t *cells = json_object_get(root, "cells");
    if (!json_is_array(cells)) {
        json_decref(root);
        return err_set(err, ERR_SEAL, _("a quarantined row in the base is damaged"));
    }
    RawRow row = {.count = json_array_size(cells), .implied = FACT_NONE};
    RawCell *list = arena_array(arena, RawCell, row.count);
    for (size_t i = 0; i < row.count; i++)
        list[i] = raw_cell_read(arena, json_array_get(cells, i));
    row.cells = list;
    row.form = string_of(arena, root, "form");
    row.date_1904 = json_is_true(json_object_get(root, "date_1904"));
    row.date_fixed = json_is_true(json_object_get(root, "date_fixed"));
    const char *day = json_string_value(json_object_get(root, "surveyed_on"));
    if (!day || !date_parse(day, &row.surveyed_on))
        row.surveyed_on = DATE_NONE;
    row.credibility = (int)json_integer_value(json_object_get(root, "credibility"));
    const char *fact;
    json_t *word;
    json_object_foreach(json_object_get(root, "implied"), fact, word)
    {
        row.implied = fact_find(fact);
        row.implied_word = json_is_string(word) ? arena_strdup(arena, json_string_value(word)) : "";
    }
    json_decref(root);
    *ret_row = row;
    return OK;
}
