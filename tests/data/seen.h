/* data/seen.h: numbers that were given out, so that no two invented people get the same one.
 * Shape:  a set of nonzero 64-bit numbers, open addressing.
 * Owns:   heap memory, released by seen_done; starts as {0}.
 * Errors: none; out of memory ends the program. */
#ifndef DATA_SEEN_H
#define DATA_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Seen {
    uint64_t *slots; /* 0 = free */
    size_t capacity, count;
} Seen;

/* Adds a number; false when it was there already. */
bool seen_add(Seen *seen, uint64_t number);
void seen_done(Seen *seen);

#endif
