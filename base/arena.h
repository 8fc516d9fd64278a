/* base/arena.h: memory with one owner and one end: a command, an import chunk, a dispatch batch.
 * Shape:  chunks that only grow; everything is freed together by arena_free or arena_reset.
 * Units:  bytes; alignment 16; allocations are zeroed.
 * Owns:   all it hands out; "lives in arena" in other headers means exactly this.
 * Errors: none are returned: out of memory, or the arena's ceiling, ends the process with one
 *         line; state is in the database, so a restart loses nothing. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

/* A new arena with a ceiling of limit_bytes (0 = 1 GiB). Returns owned; free with arena_free. */
Arena *arena_new(size_t limit_bytes);
void arena_free(Arena *arena); /* takes NULL */

/* Forgets everything allocated, keeps the first chunk for reuse. */
void arena_reset(Arena *arena);

void *arena_alloc(Arena *arena, size_t bytes) __attribute__((malloc, returns_nonnull));

/* A zeroed array of count items of type; count * sizeof must not overflow (asserted). */
#define arena_array(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
void *arena_alloc_array(Arena *arena, size_t count, size_t item_bytes)
    __attribute__((malloc, returns_nonnull));

/* Heap memory as it was got, or, if there was none (NULL), the end of the process, as above. */
void *memory_held(void *bytes) __attribute__((returns_nonnull));

char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t bytes); /* NUL is added */
void *arena_memdup(Arena *arena, const void *bytes, size_t length);
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(Arena *arena, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/* Bytes handed out since creation or reset. */
size_t arena_used_bytes(const Arena *arena);

static inline void arena_auto_free(Arena **arena)
{
    arena_free(*arena);
}
#define AUTO_ARENA __attribute__((cleanup(arena_auto_free))) Arena *

#endif
