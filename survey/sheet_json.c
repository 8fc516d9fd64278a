/* Answers exported as JSON by KoboToolbox or ODK. Questions that were skipped are absent from an
 * item, so the columns are the union of all keys, gathered in a first pass over the file; the
 * second pass gives the rows. A question inside groups has the key "group/subgroup/name", as one
 * key or as objects in objects; its column is called "name", unless two questions would then be
 * called the same. */
#include "base/lang.h"
#include "survey/sheet_json_items.h"
#include "survey/sheet_xlsx_value.h"

enum { KEY_BYTES_MAX = 4096 };

typedef struct JsonSheet {
    JsonItems items;
    json_t *columns; /* full key → column, in order of first appearance */
    json_t *values;  /* scratch: full key → value of one item */
    bool headed;     /* the row of keys was given */
} JsonSheet;

/* Flattens an object into `values`; arrays stay whole. The depth is bounded by JSON_DEPTH_MAX. */
static ErrCode flatten(json_t *object, const char *prefix, json_t *values, Err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        AUTO_BUFFER full = BUFFER(KEY_BYTES_MAX);
        buffer_printf(&full, "%s%s%s", prefix, *prefix ? "/" : "", key);
        TRY(buffer_check(&full, _("a key"), err));
        if (json_is_object(value))
            TRY(flatten(value, buffer_string(&full), values, err));
        else if (json_object_get(values, buffer_string(&full)))
            return err_set(err, ERR_INPUT,
                           _("the key '%s' stands there twice, once inside a group"),
                           buffer_string(&full));
        else
            json_object_set(values, buffer_string(&full), value);
    }
    return OK;
}

/* The next item's values by full key; *ret_values is borrowed until the next call, NULL at the end.
 */
static ErrCode next_values(JsonSheet *sheet, json_t **ret_values, Err *err)
{
    json_t *item = NULL;
    TRY(items_next(&sheet->items, &item, err));
    *ret_values = NULL;
    if (!item)
        return OK;
    json_object_clear(sheet->values);
    ErrCode code = flatten(item, "", sheet->values, err);
    json_decref(item);
    if (code != OK)
        return err_wrap(err, _("item %u"), sheet->items.item);
    *ret_values = sheet->values;
    return OK;
}

static ErrCode gather_columns(JsonSheet *sheet, Err *err)
{
    for (json_t *values = NULL;;) {
        TRY(next_values(sheet, &values, err));
        if (!values)
            break;
        const char *key;
        json_t *value;
        json_object_foreach(values, key, value)
        {
            size_t count = json_object_size(sheet->columns);
            if (json_object_get(sheet->columns, key))
                continue;
            if (count == SHEET_COLUMNS_MAX)
                return err_set(err, ERR_LIMIT,
                               _("item %u: the file has more than %d different keys"),
                               sheet->items.item, SHEET_COLUMNS_MAX);
            json_object_set_new(sheet->columns, key, json_integer((json_int_t)count));
        }
    }
    if (json_object_size(sheet->columns) == 0)
        return err_set(err, ERR_INPUT, _("the file holds no answers"));
    return OK;
}

static const char *last_part(const char *key)
{
    const char *slash = strrchr(key, '/');
    return slash && slash[1] ? slash + 1 : key;
}

/* Row 0: each column's name. */
static ErrCode title_row(const JsonSheet *sheet, RowBuilder *builder, Err *err)
{
    json_t *uses = json_object(); /* last part → how many keys have it */
    const char *key;
    json_t *column;
    json_object_foreach(sheet->columns, key, column)
    {
        json_int_t count = json_integer_value(json_object_get(uses, last_part(key)));
        json_object_set_new(uses, last_part(key), json_integer(count + 1));
    }
    ErrCode code = OK;
    json_object_foreach(sheet->columns, key, column)
    {
        const char *title = last_part(key);
        if (json_integer_value(json_object_get(uses, title)) > 1)
            title = key;
        code = row_put_text(builder, builder->count, title, strlen(title), err);
        if (code != OK)
            break;
    }
    json_decref(uses);
    return code;
}

/* A choice of several answers becomes "a b c", as ODK writes it elsewhere; a repeated group stays
 * JSON. */
static ErrCode array_text(const json_t *array, RowBuilder *builder, const char **ret_text, Err *err)
{
    AUTO_BUFFER joined = BUFFER(SHEET_CELL_BYTES_MAX);
    size_t index;
    json_t *value;
    bool plain = true;
    json_array_foreach(array, index, value) plain =
        plain && (json_is_string(value) || json_is_null(value));
    if (plain) {
        json_array_foreach(array, index, value)
        {
            if (joined.length && json_is_string(value))
                buffer_char(&joined, ' ');
            buffer_text(&joined, json_is_string(value) ? json_string_value(value) : "");
        }
    } else {
        char *dump = json_dumps(array, JSON_COMPACT);
        buffer_text(&joined, dump ? dump : "");
        free(dump);
    }
    TRY(buffer_check(&joined, _("the list"), err));
    return row_text(builder, buffer_string(&joined), joined.length, ret_text, err);
}

static ErrCode value_cell(const json_t *value, RowBuilder *builder, Cell *cell, Err *err)
{
    *cell = SHEET_EMPTY_CELL;
    switch (json_typeof(value)) {
    case JSON_STRING:
        TRY(row_text(builder, json_string_value(value), json_string_length(value), &cell->text,
                     err));
        break;
    case JSON_ARRAY:
        TRY(array_text(value, builder, &cell->text, err));
        break;
    case JSON_INTEGER: /* exact, also with 18 digits */
        cell->number = (double)json_integer_value(value);
        cell->text = arena_printf(builder->arena, "%lld", (long long)json_integer_value(value));
        cell->kind = CELL_NUMBER;
        return OK;
    case JSON_REAL:
        *cell = value_of_number(builder->arena, json_real_value(value),
                                (CellFormat){FORMAT_GENERAL, 0}, false);
        return OK;
    case JSON_TRUE:
    case JSON_FALSE:
        cell->text = json_is_true(value) ? "true" : "false";
        cell->number = json_is_true(value);
        cell->kind = CELL_BOOL;
        return OK;
    case JSON_OBJECT: /* flattened before */
    case JSON_NULL:
    default:
        return OK;
    }
    cell->kind = *cell->text ? CELL_TEXT : CELL_EMPTY;
    return OK;
}

static ErrCode value_row(const JsonSheet *sheet, const json_t *values, RowBuilder *builder,
                         Err *err)
{
    const char *key;
    json_t *column;
    json_object_foreach(sheet->columns, key, column)
    {
        const json_t *value = json_object_get(values, key);
        Cell cell = SHEET_EMPTY_CELL;
        if (value && value_cell(value, builder, &cell, err) != OK)
            return err_wrap(err, _("item %u, key '%s'"), sheet->items.item, key);
        TRY(row_put(builder, (size_t)json_integer_value(column), &cell, err));
    }
    return OK;
}

static ErrCode json_next(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err)
{
    JsonSheet *sheet = state;
    row_begin(builder, builder->arena);
    if (!sheet->headed) {
        sheet->headed = true;
        TRY(title_row(sheet, builder, err));
    } else {
        json_t *values = NULL;
        TRY(next_values(sheet, &values, err));
        *ret_more = values != NULL;
        if (!values)
            return OK;
        TRY(value_row(sheet, values, builder, err));
        ret_row->line = sheet->items.item;
    }
    *ret_more = true;
    row_end(builder, ret_row);
    return OK;
}

static ErrCode json_open(const SheetFile *file, SheetInfo *info, void **ret_state, Err *err)
{
    JsonSheet *sheet = arena_alloc(file->arena, sizeof *sheet);
    items_start(&sheet->items, file->fd, file->arena);
    sheet->columns = json_object();
    sheet->values = json_object();
    *ret_state = sheet;
    info->encoding = "UTF-8";
    TRY(gather_columns(sheet, err));
    items_rewind(&sheet->items);
    return OK;
}

static void json_close(void *state)
{
    JsonSheet *sheet = state;
    if (!sheet)
        return;
    items_done(&sheet->items);
    json_decref(sheet->columns);
    json_decref(sheet->values);
}

const SheetReader SHEET_JSON = {"json", json_open, json_next, json_close};
