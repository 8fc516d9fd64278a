#include "outreach/idlist.h"

#include <assert.h>
#include <stdlib.h>

const char *idlist_take(Arena *arena, json_t *array)
{
    char *text = json_dumps(array, JSON_COMPACT);
    assert(text);
    const char *kept = arena_strdup(arena, text);
    free(text);
    json_decref(array);
    return kept;
}

const char *idlist_text(Arena *arena, const int64_t *ids, size_t count)
{
    json_t *array = json_array();
    for (size_t at = 0; at < count; at++)
        json_array_append_new(array, json_integer((json_int_t)ids[at]));
    return idlist_take(arena, array);
}
