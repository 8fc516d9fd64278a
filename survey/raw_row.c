#include "survey/raw_row.h"

#include "survey/check_line.h"

#include <jansson.h>

static json_t *cell_json(const char *fact, const char *heading, const Cell *cell)
{
    json_t *json = json_pack("{s:s, s:i}", "text", cell->text, "kind", (int)cell->kind);
    if (fact)
        json_object_set_new(json, "fact", json_string(fact));
    if (heading && *heading)
        json_object_set_new(json, "heading", json_string(heading));
    if (cell->kind == CELL_NUMBER || cell->kind == CELL_DATE)
        json_object_set_new(json, "number", json_real(cell->number));
    return json;
}

/* The cell as it would stand under the form's own heading: the sheet's heading may have asked for
 * the opposite, or for years. What was not understood stays as it is. */
static Cell under_own_heading(const CheckSetting *setting, Arena *arena, const FormHeading *known,
                              Cell cell)
{
    const char *key = form_key(arena, cell.text);
    if (known && known->invert) {
        const Word *word =
            form_word(setting->heading->form, arena, (FactId)known->target, true, key);
        bool yes = cell.kind == CELL_BOOL ? cell.number != 0 : word && word->code == 1;
        if (word || cell.kind == CELL_BOOL)
            return (Cell){.kind = CELL_TEXT, .text = yes ? "否" : "是"};
    }
    if (known && known->target == FACT_PENSION_MONTHS && known->unit != UNIT_MONTHS &&
        months_bare(&cell, key))
        return (Cell){.kind = CELL_TEXT,
                      .text = arena_printf(arena, known->unit == UNIT_YEARS ? "%s年" : "%s?", key)};
    return cell;
}

/* The row's own cells, then the values above the table that stand for it. */
static json_t *cells_json(Arena *arena, const CheckSetting *setting, const Row *row)
{
    const Heading *heading = setting->heading;
    json_t *cells = json_array();
    for (size_t column = 0; column < row->count; column++) {
        const Cell *cell = &row->cells[column];
        if (cell->kind == CELL_EMPTY || !*cell->text)
            continue;
        const FormHeading *known = column < heading->width ? heading->columns[column] : NULL;
        const char *text = column < heading->width ? heading->texts[column] : NULL;
        Cell own = under_own_heading(setting, arena, known, *cell);
        json_array_append_new(cells,
                              cell_json(known ? target_name(known->target) : NULL, text, &own));
    }
    for (Target target = 0; target < TARGET_COUNT; target++)
        if (heading->column_of[target] == COLUMN_NONE && heading->titles[target].line != 0)
            json_array_append_new(
                cells, cell_json(target_name(target), NULL, &heading->titles[target].cell));
    return cells;
}

const char *raw_row_write(Arena *arena, const CheckSetting *setting, const Row *row,
                          const Checked *checked)
{
    json_t *json = json_pack("{s:s, s:o, s:b, s:b}", "form", setting->heading->form->id, "cells",
                             cells_json(arena, setting, row), "date_1904", setting->date_1904,
                             "date_fixed", setting->date_fixed);
    if (checked->implied != FACT_NONE) {
        const FactInfo *info = fact_info(checked->implied);
        json_object_set_new(json, "implied",
                            json_pack("{s:s}", info->name,
                                      word_show(info->vocabulary, checked->implied_code, LANG_ZH)));
    }
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

static RawCell cell_of(Arena *arena, const json_t *json)
{
    const char *fact = json_string_value(json_object_get(json, "fact"));
    const char *text = string_of(arena, json, "text");
    return (RawCell){.target = fact ? target_find(fact) : TARGET_NONE,
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
        list[i] = cell_of(arena, json_array_get(cells, i));
    row.cells = list;
    row.form = string_of(arena, root, "form");
    row.date_1904 = json_is_true(json_object_get(root, "date_1904"));
    row.date_fixed = json_is_true(json_object_get(root, "date_fixed"));
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
