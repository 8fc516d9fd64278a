#include "policy/plane_set.h"

#include <stdlib.h>

/* How far values may go on growing before the planes must be laid out anew: years to come for days
 * on which people are asked, graduate or get certificates, and some for those who are older than
 * anyone before. */
enum { ROOM_BELOW_DAYS = 400, ROOM_ABOVE_DAYS = 1100, ROOM_MONTHS = 60 };

static unsigned width_of(uint64_t top)
{
    unsigned width = 1;
    while (top >> width)
        width++;
    return width;
}

/* Numbers begin at 0 as they did; days begin a little before the first. */
static void column_narrow(PlaneColumn *column, uint32_t low, uint32_t high)
{
    if (column->values)
        return;
    bool days = column->width == WIDTH_AT_MOST;
    uint32_t room = days ? ROOM_ABOVE_DAYS : ROOM_MONTHS;
    uint32_t shift = days && low > ROOM_BELOW_DAYS && low <= high ? low - ROOM_BELOW_DAYS : 0;
    uint32_t top = (low <= high ? high : 1) + room - shift;
    column->base += shift;
    if (width_of(top) < column->width)
        column->width = width_of(top);
}

/* Takes a constant from all known codes of a word of 64 people, digit by digit. */
static void word_subtract(uint64_t *digits, unsigned width, uint32_t constant)
{
    uint64_t known = 0, borrow = 0;
    for (unsigned i = 0; i < width; i++)
        known |= digits[i];
    for (unsigned i = 0; i < width; i++) {
        uint64_t digit = digits[i], minus = constant >> i & 1 ? known : 0;
        digits[i] = digit ^ minus ^ borrow;
        borrow = (~digit & (minus | borrow)) | (minus & borrow);
    }
}

static void block_narrow(const PlaneSet *wide, size_t block, PlaneSet *narrow)
{
    memcpy(block_plane(narrow, block, 0), block_plane(wide, block, 0),
           BLOCK_WORDS * sizeof(uint64_t));
    for (size_t i = 0; i < wide->layout.count; i++) {
        const PlaneColumn *from = &wide->layout.columns[i], *to = &narrow->layout.columns[i];
        const uint64_t *source = block_plane(wide, block, from->first);
        uint64_t *target = block_plane(narrow, block, to->first);
        for (size_t word = 0; word < BLOCK_WORDS; word++) {
            uint64_t digits[WIDTH_AT_MOST];
            for (size_t k = 0; k < from->width; k++)
                digits[k] = source[k * BLOCK_WORDS + word];
            if (to->base != from->base)
                word_subtract(digits, from->width, (uint32_t)(to->base - from->base));
            for (size_t k = 0; k < to->width; k++)
                target[k * BLOCK_WORDS + word] = digits[k];
        }
    }
}

PlaneSet *plane_set_narrow(PlaneSet *wide, const PlaneExtent *extent)
{
    PlaneLayout layout = wide->layout;
    layout.planes = 1;
    for (size_t i = 0; i < layout.count; i++) {
        PlaneColumn *column = &layout.columns[i];
        column_narrow(column, extent->low[i], extent->high[i]);
        column->first = layout.planes;
        layout.planes += column->width;
    }
    PlaneSet *narrow = plane_set_new(&layout);
    for (size_t block = 0; block < wide->block_count; block++) {
        plane_set_add_block(narrow);
        block_narrow(wide, block, narrow);
        free(wide->blocks[block]);
        wide->blocks[block] = NULL;
    }
    narrow->slots = wide->slots;
    narrow->runs = wide->runs;
    narrow->run_count = wide->run_count;
    narrow->run_capacity = wide->run_capacity;
    wide->runs = NULL;
    plane_set_free(wide);
    return narrow;
}
