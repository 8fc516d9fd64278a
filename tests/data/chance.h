/* data/chance.h: chance that comes out the same for the same seed, on every machine.
 * Shape:  a splitmix64 state; each stream of choices has its own, named by a word. Two choices
 *         never stand in one argument list or sum: C leaves open which would be made first.
 * Units:  odds are in per mille.
 * Owns:   nothing.
 * Errors: none; empty ranges are our own broken invariant (asserted).
 * Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014). */
#ifndef DATA_CHANCE_H
#define DATA_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Chance {
    uint64_t state;
} Chance;

/* The stream called word under a seed: streams do not disturb one another. */
Chance chance_stream(uint64_t seed, const char *word);

uint64_t chance_next(Chance *chance);
/* A whole number in low..high, both included. */
int64_t chance_between(Chance *chance, int64_t low, int64_t high);
/* True in per_mille of 1000 cases. */
bool chance_hit(Chance *chance, int per_mille);
/* A place in 0..count-1, all alike; or early ones more often than late ones. */
size_t chance_index(Chance *chance, size_t count);
size_t chance_early(Chance *chance, size_t count);
/* A place in weights, by weight; they must not all be 0. */
size_t chance_weighted(Chance *chance, const int *weights, size_t count);

#define chance_of(chance, array)                                                                   \
    ((array)[chance_index((chance), sizeof(array) / sizeof((array)[0]))])
#define chance_early_of(chance, array)                                                             \
    ((array)[chance_early((chance), sizeof(array) / sizeof((array)[0]))])

#endif
