#include "survey/recall.h"

#include <string.h>

enum { PLACES = 4096 }; /* a power of two */

struct Recall {
    Recalled places[PLACES];
};

Recall *recall_new(Arena *arena)
{
    return arena_alloc(arena, sizeof(Recall));
}

void recall_clear(Recall *recall)
{
    for (size_t i = 0; i < PLACES; i++)
        recall->places[i].length = 0;
}

/* Eight bytes a step; equal texts are compared afterwards, so it need not be better than this. */
static size_t place_of(int what, const char *text, size_t length)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = ((uint64_t)what << 8 | length) * factor;
    for (size_t at = 0; at < length; at += sizeof hash) {
        uint64_t piece = 0;
        memcpy(&piece, text + at, length - at < sizeof piece ? length - at : sizeof piece);
        hash = (hash ^ piece) * factor;
        hash ^= hash >> 29;
    }
    return (size_t)(hash >> 32) % PLACES;
}

Recalled *recall_find(Recall *recall, int what, Date on, const char *text, bool *ret_kept)
{
    *ret_kept = false;
    size_t length = recall ? strlen(text) : 0;
    if (length == 0 || length >= RECALL_TEXT_BYTES)
        return NULL;
    Recalled *place = &recall->places[place_of(what, text, length)];
    *ret_kept = place->length == length && place->what == what && place->on == on &&
                memcmp(place->text, text, length) == 0;
    if (!*ret_kept)
        place->length = 0;
    return place;
}

void recall_keep(Recalled *place, int what, Date on, const char *text)
{
    place->what = what;
    place->on = on;
    place->length = (unsigned)strlen(text);
    memcpy(place->text, text, place->length);
}
