#include "people/forgotten_row.h"

#include "base/text.h"
#include "people/plain.h"

#include <ctype.h>
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

static ErrCode row_forget(Db *db, const Sealer *sealer, const Rows *rows, const NamedList *list,
                          int64_t *count, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    size_t length;
    char *raw;
    const void *sealed = rows_bytes(rows, 3, &length);
    TRY(unseal(sealer, arena, sealed, length, &raw, err));
    if (!raw || !row_names(arena, raw, list))
        return OK;
    Value key[] = {v_int(rows_int(rows, 0)), v_int(rows_int(rows, 1)), v_int(rows_int(rows, 2))};
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_PROBLEMS_OF_ROW, key, 3, NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_ROW, key, 3, NULL, err));
    ++*count;
    return OK;
}

ErrCode quarantine_forget(Db *db, const Sealer *sealer, const NamedList *list, int64_t *ret_count,
                          Err *err)
{
    Place after = {0};
    *ret_count = 0;
    for (uint64_t found = 1; found > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_QUARANTINE,
                     PARAMS(v_int(after.batch), v_int(after.batch), v_int(after.sheet),
                            v_int(after.batch), v_int(after.sheet), v_int(after.line)),
                     &rows, err));
        found = rows_count(rows);
        while (rows_next(rows)) {
            after = (Place){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
            TRY(row_forget(db, sealer, rows, list, ret_count, err));
        }
    }
    return OK;
}
