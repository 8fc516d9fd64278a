#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK_BYTES = 64 * 1024, LARGEST_STEP_BYTES = 4 * 1024 * 1024, ALIGNMENT = 16 };

typedef struct Chunk {
    struct Chunk *older;
    size_t capacity, used;
    _Alignas(ALIGNMENT) char bytes[];
} Chunk;

struct Arena {
    Chunk *newest;
    size_t limit_bytes, total_bytes, used_bytes;
};

static _Noreturn void out_of_memory(size_t bytes)
{
    fprintf(stderr, "talent: out of memory: cannot hold %zu more bytes\n", bytes);
    exit(1);
}

void *memory_held(void *bytes)
{
    if (!bytes) {
        fputs("talent: out of memory\n", stderr);
        exit(1);
    }
    return bytes;
}

static Chunk *chunk_new(size_t capacity)
{
    Chunk *chunk = malloc(sizeof(Chunk) + capacity);
    if (!chunk)
        out_of_memory(capacity);
    chunk->older = NULL;
    chunk->capacity = capacity;
    chunk->used = 0;
    return chunk;
}

Arena *arena_new(size_t limit_bytes)
{
    Arena *arena = malloc(sizeof *arena);
    if (!arena)
        out_of_memory(sizeof *arena);
    arena->newest = chunk_new(FIRST_CHUNK_BYTES);
    arena->limit_bytes = limit_bytes ? limit_bytes : (size_t)1 << 30;
    arena->total_bytes = FIRST_CHUNK_BYTES;
    arena->used_bytes = 0;
    return arena;
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    for (Chunk *chunk = arena->newest; chunk;) {
        Chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    free(arena);
}

void arena_reset(Arena *arena)
{
    Chunk *chunk = arena->newest;
    while (chunk->older) {
        Chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    chunk->used = 0;
    arena->newest = chunk;
    arena->total_bytes = chunk->capacity;
    arena->used_bytes = 0;
}

void *arena_alloc(Arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        out_of_memory(bytes);
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Chunk *chunk = arena->newest;
    if (chunk->capacity - chunk->used < rounded) {
        size_t step =
            chunk->capacity * 2 < LARGEST_STEP_BYTES ? chunk->capacity * 2 : LARGEST_STEP_BYTES;
        size_t capacity = rounded > step ? rounded : step;
        if (arena->total_bytes + capacity > arena->limit_bytes)
            out_of_memory(bytes);
        chunk = chunk_new(capacity);
        chunk->older = arena->newest;
        arena->newest = chunk;
        arena->total_bytes += capacity;
    }
    void *memory = chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->used_bytes += rounded;
    return memset(memory, 0, bytes);
}

void *arena_alloc_array(Arena *arena, size_t count, size_t item_bytes)
{
    assert(item_bytes == 0 || count <= SIZE_MAX / 2 / item_bytes);
    return arena_alloc(arena, count * item_bytes);
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_strndup(Arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);
    memcpy(copy, text, bytes);
    return copy;
}

void *arena_memdup(Arena *arena, const void *bytes, size_t length)
{
    void *copy = arena_alloc(arena, length ? length : 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_vprintf(Arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

size_t arena_used_bytes(const Arena *arena)
{
    return arena->used_bytes;
}
