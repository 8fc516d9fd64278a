/* outreach/idlist.h: many ids through one `?`: a JSON array, as the statements' JSON_TABLE takes
 * it.
 * Owns:   the text lives in the arena.
 * Errors: none. */
#ifndef OUTREACH_IDLIST_H
#define OUTREACH_IDLIST_H

#include "base/arena.h"

#include <jansson.h>
#include <stdint.h>

/* "[1,2,3]" */
const char *idlist_text(Arena *arena, const int64_t *ids, size_t count);

/* The array as text; takes the reference. */
const char *idlist_take(Arena *arena, json_t *array);

#endif
