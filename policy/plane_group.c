#include "policy/plane_group.h"

#include <stdlib.h>

enum { DIRECT_DIGITS = 20 }; /* of numbers that are counted in an array */

/* One grouping fact. */
typedef struct GroupColumn {
    const PlaneColumn *column;
    unsigned shift;        /* of its code in the number */
    const uint32_t *index; /* of a code: the place of its group's value, 0 = unknown */
    const FactValue *values;
    uint64_t radix; /* how many values, unknown included */
} GroupColumn;

typedef struct Group {
    uint64_t key; /* places of the values, the first fact's highest; + 1, 0 = free */
    int64_t people[CLASS_COUNT];
} Group;

struct PlaneGroups {
    Arena *arena;
    GroupColumn columns[GROUPINGS_AT_MOST];
    size_t count;
    unsigned digits;
    uint32_t *direct; /* people by number */
    Group *groups;    /* a hash table */
    size_t group_count, capacity;
};

static int value_compare(const void *a, const void *b)
{
    int64_t left = ((const FactValue *)a)->number, right = ((const FactValue *)b)->number;
    return (left > right) - (left < right);
}

static size_t values_join(FactValue *values, size_t count)
{
    size_t kept = 0;
    qsort(values, count, sizeof *values, value_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || values[kept - 1].number != values[i].number)
            values[kept++] = values[i];
    }
    return kept;
}

static void column_make(Arena *arena, const Sizing *sizing, const Grouping *by, GroupColumn *column)
{
    uint32_t top = plane_top(column->column);
    uint32_t *index = arena_array(arena, uint32_t, (size_t)top + 1);
    FactValue *values = arena_array(arena, FactValue, (size_t)top + 1);
    FactValue *of = arena_array(arena, FactValue, (size_t)top + 1);
    for (uint32_t code = 1; code <= top; code++) {
        FactValue value = {.known = true, .number = plane_value(column->column, code)};
        values[code - 1] = of[code] = grouping_value(by, value, sizing->as_of);
    }
    size_t count = values_join(values, top);
    for (uint32_t code = 1; code <= top; code++) {
        const FactValue *place = bsearch(&of[code], values, count, sizeof *values, value_compare);
        index[code] = (uint32_t)(place - values) + 1;
    }
    column->index = index;
    column->values = values;
    column->radix = count + 1;
}

static void table_new(PlaneGroups *groups, size_t capacity)
{
    groups->groups = memory_held(calloc(capacity, sizeof *groups->groups));
    groups->capacity = capacity;
    groups->group_count = 0;
}

PlaneGroups *plane_groups_new(Arena *arena, const PlaneLayout *layout, const Sizing *sizing)
{
    PlaneGroups *groups = arena_alloc(arena, sizeof *groups);
    groups->arena = arena;
    groups->digits = CLASS_DIGITS;
    for (size_t i = 0; i < sizing->by_count; i++) {
        GroupColumn *column = &groups->columns[groups->count++];
        column->column = layout_column(layout, (int)sizing->by[i].fact);
        if (!column->column)
            return NULL;
        column->shift = groups->digits;
        groups->digits += column->column->width;
        column_make(arena, sizing, &sizing->by[i], column);
    }
    if (groups->digits > 64)
        return NULL;
    if (groups->digits <= DIRECT_DIGITS)
        groups->direct = memory_held(calloc((size_t)1 << groups->digits, sizeof *groups->direct));
    table_new(groups, 1024);
    return groups;
}

void plane_groups_free(PlaneGroups *groups)
{
    if (!groups)
        return;
    free(groups->direct);
    free(groups->groups);
}

static Group *table_place(const PlaneGroups *groups, uint64_t key)
{
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (groups->capacity - 1);
    while (groups->groups[at].key != 0 && groups->groups[at].key != key + 1)
        at = (at + 1) & (groups->capacity - 1);
    return &groups->groups[at];
}

static void table_grow(PlaneGroups *groups)
{
    Group *old = groups->groups;
    size_t capacity = groups->capacity;
    table_new(groups, capacity * 4);
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].key) {
            *table_place(groups, old[i].key - 1) = old[i];
            groups->group_count++;
        }
    }
    free(old);
}

static Group *group_of(PlaneGroups *groups, uint64_t key)
{
    Group *group = table_place(groups, key);
    if (group->key)
        return group;
    if (groups->group_count * 2 >= groups->capacity) {
        table_grow(groups);
        group = table_place(groups, key);
    }
    group->key = key + 1;
    groups->group_count++;
    return group;
}

static void number_add(PlaneGroups *groups, uint64_t number, int64_t people)
{
    uint64_t key = 0;
    for (size_t i = 0; i < groups->count; i++) {
        const GroupColumn *column = &groups->columns[i];
        uint64_t code = number >> column->shift & ((UINT64_C(1) << column->column->width) - 1);
        key = key * column->radix + column->index[code];
    }
    group_of(groups, key)->people[number & (CLASS_COUNT - 1)] += people;
}

/* All digits of a chunk's people, lowest first. */
static void digits_gather(const PlaneGroups *groups, const Scan *scan,
                          const Bits class_digits[CLASS_DIGITS], const Bits **digits)
{
    size_t count = 0;
    for (size_t i = 0; i < CLASS_DIGITS; i++)
        digits[count++] = &class_digits[i];
    for (size_t i = 0; i < groups->count; i++) {
        const PlaneColumn *column = groups->columns[i].column;
        for (unsigned k = 0; k < column->width; k++)
            digits[count++] = scan_plane(scan, column->first + k);
    }
}

/* Eight digits of a chunk's people as a byte each, in an order that is the same for all digits. */
typedef struct Octets {
    uint64_t squares[8][BITS_WORDS];
} Octets;

/* Exchanges the bytes (shift 8, 16, 32) of two rows of words, as one step of a transposition. */
static inline void rows_exchange(uint64_t *restrict a, uint64_t *restrict b, int shift,
                                 uint64_t mask)
{
    BITS_EACH(i)
    {
        uint64_t t = ((a[i] >> shift) ^ b[i]) & mask;
        b[i] ^= t;
        a[i] ^= t << shift;
    }
}

/* First bytes change places between the eight rows, then the bits within each square of eight bytes
 * (Hacker's Delight 7-3). */
FOR_WIDE_WORDS static void octets_read(const Bits *const *digits, size_t count, Octets *ret)
{
    for (size_t k = 0; k < 8; k++) {
        if (k < count)
            memcpy(ret->squares[k], digits[k]->words, sizeof digits[k]->words);
        else
            memset(ret->squares[k], 0, sizeof ret->squares[k]);
    }
    for (int k = 0; k < 8; k += 2)
        rows_exchange(ret->squares[k], ret->squares[k + 1], 8, UINT64_C(0x00FF00FF00FF00FF));
    for (int k = 0; k < 8; k += k % 4 == 1 ? 3 : 1)
        rows_exchange(ret->squares[k], ret->squares[k + 2], 16, UINT64_C(0x0000FFFF0000FFFF));
    for (int k = 0; k < 4; k++)
        rows_exchange(ret->squares[k], ret->squares[k + 4], 32, UINT64_C(0x00000000FFFFFFFF));
    for (int k = 0; k < 8; k++) {
        BITS_EACH(i)
        {
            uint64_t x = ret->squares[k][i];
            uint64_t t = (x ^ (x >> 7)) & UINT64_C(0x00AA00AA00AA00AA);
            x ^= t ^ (t << 7);
            t = (x ^ (x >> 14)) & UINT64_C(0x0000CCCC0000CCCC);
            x ^= t ^ (t << 14);
            t = (x ^ (x >> 28)) & UINT64_C(0x00000000F0F0F0F0);
            ret->squares[k][i] = x ^ t ^ (t << 28);
        }
    }
}

/* Numbers of at most sixteen digits. */
static void count_shorts(uint32_t *restrict direct, const Octets *low, const Octets *high)
{
    const uint8_t *lows = (const uint8_t *)low, *highs = (const uint8_t *)high;
    for (size_t i = 0; i < BITS_PEOPLE; i++)
        direct[lows[i] | (size_t)highs[i] << 8]++;
}

static void count_longs(PlaneGroups *groups, const Octets *octets, size_t count)
{
    for (size_t i = 0; i < BITS_PEOPLE; i++) {
        uint64_t number = 0;
        for (size_t k = 0; k < count; k++)
            number |= (uint64_t)((const uint8_t *)&octets[k])[i] << 8 * k;
        if (groups->direct)
            groups->direct[number]++;
        else if (number & (CLASS_COUNT - 1))
            number_add(groups, number, 1);
    }
}

void plane_groups_add(PlaneGroups *groups, const Scan *scan, const Bits class_digits[CLASS_DIGITS])
{
    const Bits *digits[64];
    Octets octets[8];
    size_t count = (groups->digits + 7) / 8;
    digits_gather(groups, scan, class_digits, digits);
    for (size_t k = 0; k < count; k++)
        octets_read(digits + k * 8, groups->digits - k * 8, &octets[k]);
    if (count == 1)
        memset(&octets[1], 0, sizeof octets[1]);
    if (count <= 2)
        count_shorts(groups->direct, &octets[0], &octets[1]);
    else
        count_longs(groups, octets, count);
}

/* Numbers that were counted in the array become groups. */
static void direct_end(PlaneGroups *groups)
{
    for (uint64_t number = 0; groups->direct && number >> groups->digits == 0; number++) {
        if (groups->direct[number] && number & (CLASS_COUNT - 1)) {
            number_add(groups, number, groups->direct[number]);
            groups->direct[number] = 0;
        }
    }
}

void plane_groups_join(PlaneGroups *groups, const PlaneGroups *others)
{
    for (uint64_t number = 0; others->direct && number >> others->digits == 0; number++)
        groups->direct[number] += others->direct[number];
    for (size_t i = 0; i < others->capacity; i++) {
        const Group *other = &others->groups[i];
        if (!other->key)
            continue;
        Group *group = group_of(groups, other->key - 1);
        for (int k = 0; k < CLASS_COUNT; k++)
            group->people[k] += other->people[k];
    }
}

static int group_compare(const void *a, const void *b)
{
    uint64_t left = ((const Group *)a)->key, right = ((const Group *)b)->key;
    return (left > right) - (left < right);
}

static void group_show(const PlaneGroups *groups, const Group *group, Funnel *funnel)
{
    FactValue facts[GROUPINGS_AT_MOST] = {0};
    uint64_t key = group->key - 1;
    for (size_t i = groups->count; i-- > 0;) {
        const GroupColumn *column = &groups->columns[i];
        uint64_t place = key % column->radix;
        key /= column->radix;
        if (place)
            facts[i] = column->values[place - 1];
    }
    funnel_add_group(funnel, facts, group->people, group->people[CLASS_UNKNOWN]);
}

void plane_groups_end(PlaneGroups *groups, Funnel *funnel)
{
    direct_end(groups);
    qsort(groups->groups, groups->capacity, sizeof *groups->groups, group_compare);
    for (size_t i = 0; i < groups->capacity; i++) {
        if (groups->groups[i].key)
            group_show(groups, &groups->groups[i], funnel);
    }
}
