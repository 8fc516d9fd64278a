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
        const FactValue *place =
            bsearch(&of[code], values, count, sizeof *values, value_compare);
        index[code] = (uint32_t)(place - values) + 1;
    }
    column->index = index;
    column->values = values;
    column->radix = count + 1;
}

static void table_new(PlaneGroups *groups, size_t capacity)
{
    groups->groups = calloc(capacity, sizeof *groups->groups);
    if (!groups->groups)
        abort();
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
    if (groups->digits <= DIRECT_DIGITS) {
        groups->direct = calloc((size_t)1 << groups->digits, sizeof *groups->direct);
        if (!groups->direct)
            abort();
    }
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

/* The numbers of the 64 people of a word, of up to eight digits more at a time. */
static void numbers_read(const Bits *const *digits, size_t count, size_t word, uint64_t *numbers)
{
    for (size_t first = 0; first < count; first += 8) {
        uint64_t rows[8] = {0};
        for (size_t k = 0; k < 8 && first + k < count; k++)
            rows[k] = digits[first + k]->words[word];
        for (int eight = 0; eight < 8; eight++) {
            uint64_t square = 0;
            for (int k = 0; k < 8; k++)
                square |= (rows[k] >> 8 * eight & 0xFF) << 8 * k;
            square = bits_transpose(square);
            for (int j = 0; j < 8; j++)
                numbers[eight * 8 + j] |= (square >> 8 * j & 0xFF) << first;
        }
    }
}

/* The same for at most sixteen digits. */
static void shorts_read(const Bits *const *digits, size_t count, size_t word, uint16_t *numbers)
{
    uint64_t rows[16] = {0};
    for (size_t k = 0; k < count; k++)
        rows[k] = digits[k]->words[word];
    for (int eight = 0; eight < 8; eight++) {
        uint64_t low = 0, high = 0;
        for (int k = 0; k < 8; k++) {
            low |= (rows[k] >> 8 * eight & 0xFF) << 8 * k;
            high |= (rows[k + 8] >> 8 * eight & 0xFF) << 8 * k;
        }
        low = bits_transpose(low);
        high = count > 8 ? bits_transpose(high) : 0;
        for (int j = 0; j < 8; j++)
            numbers[eight * 8 + j] =
                (uint16_t)((low >> 8 * j & 0xFF) | (high >> 8 * j & 0xFF) << 8);
    }
}

void plane_groups_add(PlaneGroups *groups, const Scan *scan, const Bits class_digits[CLASS_DIGITS])
{
    const Bits *digits[64];
    digits_gather(groups, scan, class_digits, digits);
    for (size_t word = 0; word < BITS_WORDS; word++) {
        uint64_t anyone = class_digits[0].words[word] | class_digits[1].words[word] |
                          class_digits[2].words[word];
        if (anyone == 0)
            continue;
        if (groups->digits <= 16) {
            uint16_t numbers[64];
            shorts_read(digits, groups->digits, word, numbers);
            for (int j = 0; j < 64; j++)
                groups->direct[numbers[j]]++;
            continue;
        }
        uint64_t numbers[64] = {0};
        numbers_read(digits, groups->digits, word, numbers);
        for (int j = 0; j < 64; j++) {
            if (groups->direct)
                groups->direct[numbers[j]]++;
            else if (numbers[j] & (CLASS_COUNT - 1))
                number_add(groups, numbers[j], 1);
        }
    }
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
