/* people/keys.h: many keys in one parameter of one statement.
 * Shape:  hashes (16 bytes each) or person numbers (8 bytes each, big-endian) one after another;
 *         the statement takes them apart and gives each row the place of its key.
 * Units:  at most KEYS_AT_ONCE keys.
 * Owns:   nothing; the packed bytes live in the arena.
 * Errors: none.
 * Source: sql/queries/people/link.sql. */
#ifndef PEOPLE_KEYS_H
#define PEOPLE_KEYS_H

#include "base/arena.h"
#include "sql/value.h"

enum { KEYS_AT_ONCE = 10000 };

/* How many of the keys from `from` on go into the next parameter. */
static inline size_t keys_left(size_t from, size_t total)
{
    return total - from < KEYS_AT_ONCE ? total - from : KEYS_AT_ONCE;
}

/* Writes 8 big-endian bytes. */
static inline void key_put(uint8_t *place, int64_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        place[i] = (uint8_t)(number & 0xFF);
}

static inline int64_t key_get(const uint8_t *place)
{
    int64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | place[i];
    return number;
}

static inline Value keys_numbers(Arena *arena, const int64_t *numbers, size_t count)
{
    uint8_t *bytes = arena_alloc(arena, count * 8 + 1);
    for (size_t i = 0; i < count; i++)
        key_put(bytes + i * 8, numbers[i]);
    return v_bytes(bytes, count * 8);
}

#endif
