#include "outreach/wording.h"

#include "outreach/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool gap_take(Arena *arena, const char **rest, const char **ret_value)
{
    const char *end = *rest ? strchr(*rest, GAP_SEPARATOR) : NULL;
    if (!*rest)
        return false;
    *ret_value = end ? arena_strndup(arena, *rest, (size_t)(end - *rest)) : *rest;
    *rest = end ? end + 1 : NULL;
    return **ret_value != '\0';
}

bool wording_read(Arena *arena, const Template *template, const char *gaps, Wording *ret_wording)
{
    bool seen[PLACEHOLDER_COUNT] = {false};
    const char *rest = *gaps ? gaps : NULL;
    Wording wording = {.template = template->id, .signature = template->signature};
    for (size_t at = 0; at < template->piece_count; at++) {
        Placeholder gap = template->pieces[at].placeholder;
        if (gap == PLACEHOLDER_NONE || seen[gap])
            continue;
        seen[gap] = true;
        wording.names[wording.count] = placeholder_word(gap);
        if (!gap_take(arena, &rest, &wording.values[wording.count++]))
            return false;
    }
    *ret_wording = wording;
    return rest == NULL;
}

static const char *written(Arena *arena, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (!text)
        abort();
    const char *kept = arena_strdup(arena, text);
    free(text);
    return kept;
}

const char *wording_object(Arena *arena, const Wording *wording)
{
    json_t *object = json_object();
    for (size_t at = 0; at < wording->count; at++)
        json_object_set_new(object, wording->names[at], json_string(wording->values[at]));
    return written(arena, object);
}

const char *wording_list(Arena *arena, const Wording *wording)
{
    json_t *list = json_array();
    for (size_t at = 0; at < wording->count; at++)
        json_array_append_new(list, json_string(wording->values[at]));
    return written(arena, list);
}
