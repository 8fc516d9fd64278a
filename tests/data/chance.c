#include "data/chance.h"

#include <assert.h>

Chance chance_stream(uint64_t seed, const char *word)
{
    uint64_t mixed = seed ^ UINT64_C(0x5eed);
    for (; *word; word++)
        mixed = (mixed ^ (unsigned char)*word) * UINT64_C(0x100000001b3);
    Chance chance = {mixed};
    chance_next(&chance);
    return chance;
}

uint64_t chance_next(Chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t chance_between(Chance *chance, int64_t low, int64_t high)
{
    assert(low <= high);
    return low + (int64_t)(chance_next(chance) % (uint64_t)(high - low + 1));
}

bool chance_hit(Chance *chance, int per_mille)
{
    return chance_between(chance, 0, 999) < per_mille;
}

size_t chance_index(Chance *chance, size_t count)
{
    assert(count > 0);
    return (size_t)(chance_next(chance) % count);
}

size_t chance_early(Chance *chance, size_t count)
{
    size_t first = chance_index(chance, count), second = chance_index(chance, count);
    return first < second ? first : second;
}

size_t chance_weighted(Chance *chance, const int *weights, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    assert(sum > 0);
    int64_t left = chance_between(chance, 0, sum - 1);
    size_t place = 0;
    while (left >= weights[place])
        left -= weights[place++];
    return place;
}
