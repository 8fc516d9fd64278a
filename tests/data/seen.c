#include "data/seen.h"

#include <assert.h>
#include <stdlib.h>

static size_t slot_find(const Seen *seen, uint64_t number)
{
    size_t slot = (size_t)(number * UINT64_C(0x9e3779b97f4a7c15)) & (seen->capacity - 1);
    while (seen->slots[slot] && seen->slots[slot] != number)
        slot = (slot + 1) & (seen->capacity - 1);
    return slot;
}

static void seen_grow(Seen *seen)
{
    Seen wider = {.capacity = seen->capacity ? seen->capacity * 2 : 1024, .count = seen->count};
    wider.slots = calloc(wider.capacity, sizeof(uint64_t));
    if (!wider.slots)
        abort();
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->slots[i])
            wider.slots[slot_find(&wider, seen->slots[i])] = seen->slots[i];
    free(seen->slots);
    *seen = wider;
}

bool seen_add(Seen *seen, uint64_t number)
{
    assert(number != 0);
    if (seen->count * 2 >= seen->capacity)
        seen_grow(seen);
    size_t slot = slot_find(seen, number);
    if (seen->slots[slot])
        return false;
    seen->slots[slot] = number;
    seen->count++;
    return true;
}

void seen_done(Seen *seen)
{
    free(seen->slots);
    *seen = (Seen){0};
}
