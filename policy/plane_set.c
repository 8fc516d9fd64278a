#include "policy/plane_set.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { MONTHS_WIDTH = 12, BLOCK_ALIGNMENT = 4096 };
static const int64_t FLAG_VALUES[] = {0, 1};
static const uint8_t FLAG_CODES[] = {1, 2};

static unsigned width_of(uint64_t top)
{
    unsigned width = 1;
    while (top >> width)
        width++;
    return width;
}

static int number_compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void column_words(Arena *arena, Vocabulary vocabulary, PlaneColumn *column)
{
    size_t count = word_count(vocabulary);
    int64_t *values = arena_array(arena, int64_t, count);
    for (size_t i = 0; i < count; i++)
        values[i] = word_code_at(vocabulary, i);
    qsort(values, count, sizeof *values, number_compare);
    size_t span = (size_t)(values[count - 1] - values[0]) + 1;
    uint8_t *codes = arena_alloc(arena, span);
    assert(count < UINT8_MAX && span < 65536);
    for (size_t i = 0; i < count; i++)
        codes[values[i] - values[0]] = (uint8_t)(i + 1);
    column->values = values;
    column->codes = codes;
    column->value_count = count;
}

/* False for facts that have no codes: texts, and what is sealed. */
static bool column_of(Arena *arena, int fact, PlaneColumn *ret_column)
{
    PlaneColumn column = {.fact = fact};
    FactKind kind = fact == FACT_PENSION_ON ? KIND_DATE : fact_info((FactId)fact)->kind;
    if (kind == KIND_TEXT || kind == KIND_SEALED)
        return false;
    if (kind == KIND_DATE) {
        column.base = date_of(1800, 1, 1) - 1;
        column.width = WIDTH_AT_MOST;
    } else if (kind == KIND_NUMBER) {
        column.base = -1;
        column.width = MONTHS_WIDTH;
    } else if (kind == KIND_FLAG) {
        column.values = FLAG_VALUES;
        column.codes = FLAG_CODES;
        column.value_count = 2;
    } else {
        column_words(arena, fact_info((FactId)fact)->vocabulary, &column);
    }
    if (column.values)
        column.width = width_of(column.value_count);
    *ret_column = column;
    return true;
}

/* FNV-1a over what codes mean. */
static uint64_t stamp_add(uint64_t stamp, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        stamp = (stamp ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    return stamp;
}

void layout_widest(Arena *arena, PlaneLayout *ret_layout)
{
    PlaneLayout layout = {.planes = 1, .stamp = UINT64_C(0xcbf29ce484222325)};
    for (int i = -1; i < FACT_COUNT; i++) {
        PlaneColumn *column = &layout.columns[layout.count];
        int fact = i < 0 ? (int)FACT_PENSION_ON : i;
        if (!column_of(arena, fact, column))
            continue;
        const char *name = i < 0 ? "pension_on" : fact_info((FactId)i)->name;
        column->first = layout.planes;
        layout.planes += column->width;
        layout.count++;
        layout.stamp = stamp_add(layout.stamp, name, strlen(name) + 1);
        layout.stamp =
            stamp_add(layout.stamp, column->values, column->value_count * sizeof(int64_t));
    }
    *ret_layout = layout;
}

const PlaneColumn *layout_column(const PlaneLayout *layout, int fact)
{
    for (size_t i = 0; i < layout->count; i++) {
        if (layout->columns[i].fact == fact)
            return &layout->columns[i];
    }
    return NULL;
}

uint32_t plane_top(const PlaneColumn *column)
{
    return column->values ? (uint32_t)column->value_count : (UINT32_C(1) << column->width) - 1;
}

uint32_t plane_code_from(const PlaneColumn *column, int64_t value)
{
    uint32_t top = plane_top(column);
    if (!column->values) {
        if (value <= column->base)
            return 1;
        return value > column->base + top ? top + 1 : (uint32_t)(value - column->base);
    }
    uint32_t code = 1;
    while (code <= top && column->values[code - 1] < value)
        code++;
    return code;
}

int64_t plane_value(const PlaneColumn *column, uint32_t code)
{
    return column->values ? column->values[code - 1] : column->base + code;
}

bool plane_code(const PlaneColumn *column, int64_t value, uint32_t *ret_code)
{
    uint32_t top = plane_top(column);
    int64_t code = value - column->base;
    if (column->values)
        code = value >= column->values[0] && value <= column->values[top - 1]
                   ? column->codes[value - column->values[0]]
                   : 0;
    if (code < 1 || code > top)
        return false;
    *ret_code = (uint32_t)code;
    return true;
}

PlaneSet *plane_set_new(const PlaneLayout *layout)
{
    PlaneSet *set = memory_held(calloc(1, sizeof *set));
    set->layout = *layout;
    return set;
}

static size_t block_bytes(const PlaneLayout *layout)
{
    return (size_t)layout->planes * BLOCK_WORDS * sizeof(uint64_t);
}

void plane_set_add_block(PlaneSet *set)
{
    if (set->block_count == set->block_capacity) {
        set->block_capacity = set->block_capacity ? set->block_capacity * 2 : 16;
        set->blocks = memory_held(realloc(set->blocks, set->block_capacity * sizeof *set->blocks));
    }
    uint64_t *block = memory_held(aligned_alloc(BLOCK_ALIGNMENT, block_bytes(&set->layout)));
    memset(block, 0, block_bytes(&set->layout));
    set->blocks[set->block_count++] = block;
}

PlaneSet *plane_set_copy(const PlaneSet *set)
{
    PlaneSet *copy = plane_set_new(&set->layout);
    copy->slots = set->slots;
    for (size_t i = 0; i < set->block_count; i++) {
        plane_set_add_block(copy);
        memcpy(copy->blocks[i], set->blocks[i], block_bytes(&set->layout));
    }
    copy->run_count = copy->run_capacity = set->run_count;
    copy->runs = memory_held(malloc((set->run_count + 1) * sizeof *copy->runs));
    if (set->run_count)
        memcpy(copy->runs, set->runs, set->run_count * sizeof *copy->runs);
    return copy;
}

bool plane_set_find(const PlaneSet *set, int64_t person, uint64_t *ret_slot)
{
    size_t low = 0, high = set->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->runs[middle].person <= person)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    const PlaneRun *run = &set->runs[low - 1];
    if ((uint64_t)(person - run->person) >= run->count)
        return false;
    *ret_slot = run->slot + (uint64_t)(person - run->person);
    return true;
}

static void slot_put(PlaneSet *set, uint64_t slot, const PlaneRow *row)
{
    uint64_t *word = block_plane(set, slot / BLOCK_PEOPLE, 0) + slot % BLOCK_PEOPLE / 64;
    uint64_t bit = UINT64_C(1) << slot % 64;
    *word = row->gone ? *word & ~bit : *word | bit;
    for (size_t i = 0; i < set->layout.count; i++) {
        const PlaneColumn *column = &set->layout.columns[i];
        uint64_t *place = word + (size_t)column->first * BLOCK_WORDS;
        uint32_t code = row->gone ? 0 : row->codes[i];
        for (unsigned k = 0; k < column->width; k++, place += BLOCK_WORDS)
            *place = code >> k & 1 ? *place | bit : *place & ~bit;
    }
}

/* Bit j of byte i changes places with bit i of byte j (Hacker's Delight 7-3). */
static uint64_t bits_transpose(uint64_t x)
{
    uint64_t t = (x ^ (x >> 7)) & UINT64_C(0x00AA00AA00AA00AA);
    x ^= t ^ (t << 7);
    t = (x ^ (x >> 14)) & UINT64_C(0x0000CCCC0000CCCC);
    x ^= t ^ (t << 14);
    t = (x ^ (x >> 28)) & UINT64_C(0x00000000F0F0F0F0);
    return x ^ t ^ (t << 28);
}

/* 64 rows into 64 empty slots of one word, byte by byte of their codes. */
static void word_put(PlaneSet *set, uint64_t slot, const PlaneRow *rows)
{
    uint64_t *word = block_plane(set, slot / BLOCK_PEOPLE, 0) + slot % BLOCK_PEOPLE / 64;
    for (int j = 0; j < 64; j++)
        *word |= (uint64_t)!rows[j].gone << j;
    for (size_t i = 0; i < set->layout.count; i++) {
        const PlaneColumn *column = &set->layout.columns[i];
        uint64_t *place = word + (size_t)column->first * BLOCK_WORDS;
        for (unsigned byte = 0; byte < (column->width + 7) / 8; byte++) {
            uint64_t digits[8] = {0};
            for (int eight = 0; eight < 8; eight++) {
                uint64_t square = 0;
                for (int j = 0; j < 8; j++)
                    square |= (uint64_t)(rows[eight * 8 + j].codes[i] >> byte * 8 & 0xFF) << 8 * j;
                square = bits_transpose(square);
                for (int k = 0; k < 8; k++)
                    digits[k] |= (square >> 8 * k & 0xFF) << 8 * eight;
            }
            for (unsigned k = byte * 8; k < column->width && k < byte * 8 + 8; k++)
                place[(size_t)k * BLOCK_WORDS] = digits[k % 8];
        }
    }
}

static bool run_compare_before(const PlaneRun *a, const PlaneRun *b)
{
    return a->person < b->person;
}

static int64_t last_person(const PlaneSet *set)
{
    const PlaneRun *end = set->run_count ? &set->runs[set->run_count - 1] : NULL;
    return end ? end->person + (int64_t)end->count - 1 : INT64_MIN;
}

/* Merges the new runs, which are ascending as well, with those there were. */
static void set_add_runs(PlaneSet *set, const PlaneRun *fresh, size_t count)
{
    size_t total = set->run_count + count;
    if (total > set->run_capacity) {
        set->run_capacity = total + total / 2;
        set->runs = memory_held(realloc(set->runs, set->run_capacity * sizeof *set->runs));
    }
    size_t old = set->run_count, at = total;
    while (count > 0) { /* from the end, in place */
        bool old_last = old > 0 && run_compare_before(&fresh[count - 1], &set->runs[old - 1]);
        set->runs[--at] = old_last ? set->runs[--old] : fresh[--count];
    }
    set->run_count = total;
}

static bool run_goes_on(const PlaneRun *run, int64_t person, uint64_t slot)
{
    return run->person + (int64_t)run->count == person && run->slot + run->count == slot;
}

static uint64_t slot_take(PlaneSet *set)
{
    if (set->slots / BLOCK_PEOPLE >= set->block_count)
        plane_set_add_block(set);
    return set->slots++;
}

/* The new persons of one call, as runs; the last run of the set may go on. */
typedef struct Fresh {
    PlaneRun *runs;
    size_t count;
} Fresh;

static void fresh_add(PlaneSet *set, Fresh *fresh, int64_t person, uint64_t slot)
{
    PlaneRun *last = fresh->count     ? &fresh->runs[fresh->count - 1]
                     : set->run_count ? &set->runs[set->run_count - 1]
                                      : NULL;
    if (last && run_goes_on(last, person, slot))
        last->count++;
    else
        fresh->runs[fresh->count++] = (PlaneRun){.person = person, .slot = slot, .count = 1};
}

void plane_set_put(PlaneSet *set, const PlaneRow *rows, size_t count)
{
    Fresh fresh = {.runs = memory_held(malloc((count + 1) * sizeof(PlaneRun)))};
    int64_t known = last_person(set);
    for (size_t i = 0; i < count;) {
        uint64_t slot = 0;
        if (rows[i].person > known && set->slots % 64 == 0 && count - i >= 64) {
            for (size_t end = i + 64; i < end; i++) {
                slot = slot_take(set);
                fresh_add(set, &fresh, rows[i].person, slot);
            }
            word_put(set, slot - 63, &rows[i - 64]);
            continue;
        }
        if (rows[i].person > known || !plane_set_find(set, rows[i].person, &slot)) {
            slot = slot_take(set);
            fresh_add(set, &fresh, rows[i].person, slot);
        }
        slot_put(set, slot, &rows[i++]);
    }
    set_add_runs(set, fresh.runs, fresh.count);
    free(fresh.runs);
}

void plane_set_row(const PlaneSet *set, int64_t person, uint64_t slot, PlaneRow *ret_row)
{
    const uint64_t *alive = block_plane(set, slot / BLOCK_PEOPLE, 0);
    *ret_row =
        (PlaneRow){.person = person, .gone = !(alive[slot % BLOCK_PEOPLE / 64] >> slot % 64 & 1)};
    for (size_t i = 0; i < set->layout.count; i++)
        ret_row->codes[i] = slot_code(set, slot, &set->layout.columns[i]);
}

void plane_set_free(PlaneSet *set)
{
    if (!set)
        return;
    if (set->map)
        munmap(set->map, set->map_bytes);
    else
        for (size_t i = 0; i < set->block_count; i++)
            free(set->blocks[i]);
    if (!set->map)
        free(set->runs);
    free(set->checked);
    free(set->blocks);
    free(set);
}
