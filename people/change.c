#include "people/change.h"

#include "people/keys.h"

#include <stdlib.h>

ErrCode changes_note(Db *db, Arena *arena, const Changes *changes, Err *err)
{
    Value persons = changes->count ? keys_numbers(arena, changes->ids, changes->count) : v_null();
    return db_run(db, QUERY_PEOPLE_CHANGE_ADD,
                  PARAMS(v_int(changes->first), v_int(changes->last), persons), NULL, err);
}

static int range_compare(const void *a, const void *b)
{
    int64_t left = ((const PersonRange *)a)->first, right = ((const PersonRange *)b)->first;
    return (left > right) - (left < right);
}

/* Ranges that meet or lie side by side become one. */
static size_t ranges_join(PersonRange *ranges, size_t count)
{
    size_t kept = 0;
    if (count)
        qsort(ranges, count, sizeof *ranges, range_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || ranges[i].first > ranges[kept - 1].last + 1)
            ranges[kept++] = ranges[i];
        else if (ranges[i].last > ranges[kept - 1].last)
            ranges[kept - 1].last = ranges[i].last;
    }
    return kept;
}

typedef struct Gathering {
    Arena *arena;
    PersonRange *ranges;
    size_t count, capacity;
} Gathering;

static void range_add(Gathering *gathering, int64_t first, int64_t last)
{
    if (first > last)
        return;
    if (gathering->count == gathering->capacity) {
        size_t capacity = gathering->capacity ? gathering->capacity * 2 : 256;
        PersonRange *larger = arena_array(gathering->arena, PersonRange, capacity);
        for (size_t i = 0; i < gathering->count; i++)
            larger[i] = gathering->ranges[i];
        gathering->ranges = larger;
        gathering->capacity = capacity;
    }
    gathering->ranges[gathering->count++] = (PersonRange){first, last};
}

static void line_add(Gathering *gathering, const Rows *rows)
{
    range_add(gathering, rows_int(rows, 1), rows_int(rows, 2));
    if (rows_null(rows, 3))
        return;
    size_t length;
    const uint8_t *keys = rows_bytes(rows, 3, &length);
    for (size_t at = 0; at + 8 <= length; at += 8)
        range_add(gathering, key_get(keys + at), key_get(keys + at));
}

ErrCode changes_since(Db *db, Arena *arena, int64_t version, int64_t until, ChangeList *ret_list,
                      Err *err)
{
    AUTO_ROWS rows = NULL;
    Gathering gathering = {.arena = arena};
    int64_t reached = version;
    bool whole = true;
    TRY(db_query(db, QUERY_PEOPLE_CHANGE_SINCE, PARAMS(v_int(version)), &rows, err));
    while (rows_next(rows) && rows_int(rows, 0) <= until) {
        whole &= rows_int(rows, 0) <= reached + 1;
        reached = rows_int(rows, 0);
        line_add(&gathering, rows);
    }
    *ret_list = (ChangeList){.whole = whole && reached == until,
                             .ranges = gathering.ranges,
                             .count = ranges_join(gathering.ranges, gathering.count)};
    return OK;
}
