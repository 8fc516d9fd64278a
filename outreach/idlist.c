#include "outreach/idlist.h"

#include "base/buffer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

enum { LIST_BYTES_MAX = 32 * 1024 * 1024 };

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
    AUTO_BUFFER text = BUFFER(LIST_BYTES_MAX);
    for (size_t at = 0; at < count; at++)
        buffer_printf(&text, "%c%" PRId64, at == 0 ? '[' : ',', ids[at]);
    buffer_text(&text, count == 0 ? "[]" : "]");
    assert(!text.overflow);
    return arena_strndup(arena, buffer_string(&text), text.length);
}
