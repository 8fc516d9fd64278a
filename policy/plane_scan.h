/* policy/plane_scan.h: a program run over planes, BITS_PEOPLE people at a time.
 * Shape:  a Scan stands on one chunk of one block; tests are run when a tree reads them, once a
 *         chunk.
 * Owns:   results live in the arena; what is returned is valid until the next chunk.
 * Errors: none; a damaged plane sets the set's `damaged`. */
#ifndef POLICY_PLANE_SCAN_H
#define POLICY_PLANE_SCAN_H

#include "policy/plane_file.h"
#include "policy/plane_program.h"

typedef struct Scan {
    const PlaneProgram *program;
    PlaneSet *set;
    size_t block, chunk;
    uint32_t number; /* of the chunk, from 1 */
    Truth *results;  /* of tests … */
    uint32_t *result_of;
    Bits *known; /* … and of columns, with the chunk they are of */
    uint32_t *known_of;
    struct TermValues *terms; /* NULL = the program has none */
} Scan;

Scan *scan_new(Arena *arena, const PlaneProgram *program);
/* Goes to a chunk. */
void scan_at(Scan *scan, PlaneSet *set, size_t block, size_t chunk);

const Bits *scan_plane(const Scan *scan, unsigned plane);
const Bits *scan_known(Scan *scan, size_t column);
const Truth *scan_test(Scan *scan, size_t test);
void scan_node(Scan *scan, const PlaneNode *node, Truth *ret);
int64_t bits_count(const Bits *bits);
int64_t bits_count_and(const Bits *a, const Bits *b);

#endif
