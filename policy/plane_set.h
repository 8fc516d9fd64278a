/* policy/plane_set.h: people as bit planes: for each coded fact its binary digits, one bit a
 * person.
 * Shape:  a person has a slot; slots lie in blocks of BLOCK_PEOPLE, a block holds one run of words
 *         per plane. A fact's code is 0 = unknown, else the place of the value in its vocabulary
 *         from 1, or value - base. Plane 0 says who lives in a slot; everything else of an empty
 *         slot is 0. Runs say which persons have which slots; slots are in no particular order.
 * Units:  words of 64 people.
 * Owns:   a set owns its blocks (or its mapped file); planes_free.
 * Errors: none; plane_code is false for a value that has no code, and such people cannot be laid
 *         out: then the base itself is asked.
 * Source: people/facts.def; O'Neil, Quass 1997 (bit-sliced indexes). */
#ifndef POLICY_PLANE_SET_H
#define POLICY_PLANE_SET_H

#include "people/fact.h"
#include "policy/bits.h"

#include <stddef.h>

enum {
    BLOCK_WORDS = 512, /* a plane of a block is a page */
    BLOCK_PEOPLE = BLOCK_WORDS * 64,
    BLOCK_CHUNKS = BLOCK_WORDS / BITS_WORDS,
    COLUMNS_AT_MOST = FACT_COUNT + 1,
    WIDTH_AT_MOST = 18,
    FACT_PENSION_ON = FACT_COUNT, /* the column of Facts.pension_on */
};

typedef struct PlaneColumn {
    int fact;              /* FactId or FACT_PENSION_ON */
    const int64_t *values; /* of codes 1.., ascending; NULL = base + code */
    size_t value_count;
    const uint8_t *codes; /* of values[0].., 0 = no such value */
    int64_t base;
    unsigned first, width; /* planes */
} PlaneColumn;

typedef struct PlaneLayout {
    PlaneColumn columns[COLUMNS_AT_MOST]; /* pension_on, then facts in their order */
    size_t count;
    unsigned planes;
    uint64_t stamp; /* of the vocabularies: another program's files are not read */
} PlaneLayout;

typedef struct PlaneRun {
    int64_t person; /* persons person.. */
    uint64_t slot;  /* … have slots slot.. */
    uint64_t count;
} PlaneRun;

/* A person as a row of codes, in the order of the columns. */
typedef struct PlaneRow {
    int64_t person;
    bool gone;
    uint32_t codes[COLUMNS_AT_MOST];
} PlaneRow;

typedef struct PlaneSet {
    PlaneLayout layout;
    uint64_t slots;
    uint64_t **blocks; /* block_count of them; planes * BLOCK_WORDS words each */
    size_t block_count, block_capacity;
    PlaneRun *runs; /* ascending by person */
    size_t run_count, run_capacity;
    void *map; /* of a file: */
    size_t map_bytes;
    const uint64_t *sums; /* of each plane of each block */
    uint8_t *checked;
    bool damaged; /* some plane that was read is not what was written */
} PlaneSet;

/* The layout that takes every value that can be laid out at all: days of 1800 to 2517, 0..4094
 * months, words of the vocabularies. values live in the arena. */
void layout_widest(Arena *arena, PlaneLayout *ret_layout);
const PlaneColumn *layout_column(const PlaneLayout *layout, int fact); /* NULL = is not laid out */

/* The code of a known value; false when it has none here. */
bool plane_code(const PlaneColumn *column, int64_t value, uint32_t *ret_code);
int64_t plane_value(const PlaneColumn *column, uint32_t code); /* code > 0 */
/* The smallest code whose value is at least this; plane_top + 1 when there is none. */
uint32_t plane_code_from(const PlaneColumn *column, int64_t value);
uint32_t plane_top(const PlaneColumn *column); /* the greatest code */

PlaneSet *plane_set_new(const PlaneLayout *layout);
void plane_set_free(PlaneSet *set); /* takes NULL */
/* A copy that can be changed. */
PlaneSet *plane_set_copy(const PlaneSet *set);
/* An empty block behind the others. */
void plane_set_add_block(PlaneSet *set);
/* Rows ascending by person: puts each in its slot, or in a new one. */
void plane_set_put(PlaneSet *set, const PlaneRow *rows, size_t count);
/* The slot of a person; false = has none. */
bool plane_set_find(const PlaneSet *set, int64_t person, uint64_t *ret_slot);
void plane_set_row(const PlaneSet *set, int64_t person, uint64_t slot, PlaneRow *ret_row);
/* The smallest and greatest known code of each column; low > high = nobody's is known. */
typedef struct PlaneExtent {
    uint32_t low[COLUMNS_AT_MOST], high[COLUMNS_AT_MOST];
} PlaneExtent;
/* Codes of dates and numbers count from the smallest value there is, with room for what comes; the
 * set it was made from is spent. */
PlaneSet *plane_set_narrow(PlaneSet *wide, const PlaneExtent *extent);

static inline uint64_t *block_plane(const PlaneSet *set, size_t block, unsigned plane)
{
    return set->blocks[block] + (size_t)plane * BLOCK_WORDS;
}

static inline uint32_t slot_code(const PlaneSet *set, uint64_t slot, const PlaneColumn *column)
{
    const uint64_t *plane = block_plane(set, slot / BLOCK_PEOPLE, column->first);
    size_t word = slot % BLOCK_PEOPLE / 64;
    uint32_t code = 0;
    for (unsigned i = 0; i < column->width; i++, plane += BLOCK_WORDS)
        code |= (uint32_t)(plane[word] >> slot % 64 & 1) << i;
    return code;
}

#endif
