#include "people/forgotten_row.h"

#include "base/lang.h"
#include "base/text.h"
#include "people/plain.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

/* Plain widths, capital letters, without spaces and dashes. */
static char *squeezed(Arena *arena, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out;
    while (cursor < end) {
        uint32_t c = plain_next(&cursor, end);
        if (c == 0)
            break;
        if (c == ' ' || c == '-')
            continue;
        at += text_encode(c < 0x80 ? (uint32_t)toupper((int)c) : c, at);
    }
    *at = '\0';
    return out;
}

bool row_names(Arena *arena, const char *text, const NamedList *list)
{
    const char *row = squeezed(arena, text);
    for (size_t i = 0; i < list->count; i++) {
        const Named *named = &list->items[i];
        if (named->id_number && strstr(row, named->id_number))
            return true;
        if (named->name && named->phone && strstr(row, named->phone) &&
            strstr(row, squeezed(arena, named->name)))
            return true;
    }
    return false;
}

/* Where a page of the quarantine ended. */
typedef struct Place {
    int64_t batch, sheet, line;
} Place;

/* The row at the place that the first three columns say. */
static ErrCode row_delete(Db *db, const Rows *rows, int64_t *count, Err *err)
{
    Value key[] = {v_int(rows_int(rows, 0)), v_int(rows_int(rows, 1)), v_int(rows_int(rows, 2))};
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_PROBLEMS_OF_ROW, key, 3, NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_ROW, key, 3, NULL, err));
    ++*count;
    return OK;
}

static ErrCode row_forget(Db *db, const Sealer *sealer, const Rows *rows, const NamedList *list,
                          int64_t *count, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    size_t length;
    char *raw;
    const void *sealed = rows_bytes(rows, 3, &length);
    TRY(unseal(sealer, arena, sealed, length, &raw, err));
    return raw && row_names(arena, raw, list) ? row_delete(db, rows, count, err) : OK;
}

ErrCode mended_forget(Db *db, int64_t person, int64_t *ret_count, Err *err)
{
    AUTO_ROWS rows = NULL;
    *ret_count = 0;
    TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_MENDED, PARAMS(v_int(person)), &rows, err));
    while (rows_next(rows))
        TRY(row_delete(db, rows, ret_count, err));
    return OK;
}

ErrCode quarantine_forget(Db *db, const Sealer *sealer, const NamedList *list, int64_t *count,
                          Err *err)
{
    Place after = {0};
    for (uint64_t found = 1; found > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_QUARANTINE,
                     PARAMS(v_int(after.batch), v_int(after.batch), v_int(after.sheet),
                            v_int(after.batch), v_int(after.sheet), v_int(after.line)),
                     &rows, err));
        found = rows_count(rows);
        while (rows_next(rows)) {
            after = (Place){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
            TRY(row_forget(db, sealer, rows, list, count, err));
        }
    }
    return OK;
}

static ErrCode layout_forget(Db *db, const Sealer *sealer, const Rows *rows, const NamedList *list,
                             Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    size_t length;
    char *text;
    const void *sealed = rows_bytes(rows, 2, &length);
    TRY(unseal(sealer, arena, sealed, length, &text, err));
    if (!text || !row_names(arena, text, list))
        return OK;
    json_t *layout = json_loads(text, 0, NULL);
    if (!layout)
        return err_set(err, ERR_SEAL, _("the layout of a sheet in the base is damaged"));
    json_object_set_new(layout, "titles", json_array());
    char *rest = json_dumps(layout, JSON_COMPACT);
    json_decref(layout);
    if (!rest)
        return err_set(err, ERR_SEAL, _("the layout of a sheet in the base is damaged"));
    const uint8_t *again = seal(sealer, arena, rest, strlen(rest), &length);
    free(rest);
    return db_run(
        db, QUERY_PEOPLE_FORGOTTEN_TITLES,
        PARAMS(v_bytes(again, length), v_int(rows_int(rows, 0)), v_int(rows_int(rows, 1))), NULL,
        err);
}

ErrCode titles_forget(Db *db, const Sealer *sealer, const NamedList *list, Err *err)
{
    Place after = {0};
    for (uint64_t found = 1; found > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_LAYOUTS,
                     PARAMS(v_int(after.batch), v_int(after.batch), v_int(after.sheet)), &rows,
                     err));
        found = rows_count(rows);
        while (rows_next(rows)) {
            after = (Place){.batch = rows_int(rows, 0), .sheet = rows_int(rows, 1)};
            TRY(layout_forget(db, sealer, rows, list, err));
        }
    }
    return OK;
}
