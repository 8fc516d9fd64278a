#include "data/identity.h"

#include <assert.h>

char identity_check(const char *digits)
{
    static const int WEIGHTS[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += WEIGHTS[i] * (digits[i] - '0');
    return "10X98765432"[sum % 11];
}

const char *identity_number(Arena *arena, int area, Civil birth, int sequence)
{
    char *number = arena_printf(arena, "%06d%04d%02d%02d%03d?", area, birth.year, birth.month,
                                birth.day, sequence);
    number[17] = identity_check(number);
    return number;
}

const char *identity_short(Arena *arena, const char *number)
{
    assert(strlen(number) == 18 && strncmp(number + 6, "19", 2) == 0);
    return arena_printf(arena, "%.6s%.9s", number, number + 8);
}

const char *identity_certificate(Arena *arena, int year, int office, int level, int serial)
{
    /* 19 is Guangdong among the offices, 0 the kind of the organisation. */
    return arena_printf(arena, "%02d19%02d0%03d%d%05d", year % 100, office / 1000 % 100,
                        office % 1000, level, serial);
}
