#include "survey/quarantine_key.h"

#include "base/text.h"

#include <inttypes.h>

const char *quarantine_key_format(Arena *arena, QuarantineKey key)
{
    return arena_printf(arena, "B%" PRId64 "-S%u-L%u", key.batch, key.sheet, key.line);
}

/* The letter and a whole number from 1 to max; moves on past it. */
static bool take(const char **at, const char *letter, int64_t max, int64_t *ret_number)
{
    if (!text_starts(*at, letter))
        return false;
    *at += strlen(letter);
    size_t digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    *ret_number = strtoll(*at, NULL, 10);
    *at += digits;
    return *ret_number >= 1 && *ret_number <= max;
}

bool quarantine_key_parse(Arena *arena, const char *text, QuarantineKey *ret_key)
{
    const char *at = text_key(arena, text);
    int64_t batch, sheet, line;
    if (!take(&at, "b", INT64_MAX, &batch) || !take(&at, "-s", UINT16_MAX, &sheet) ||
        !take(&at, "-l", UINT32_MAX, &line) || *at != '\0')
        return false;
    *ret_key = (QuarantineKey){batch, (unsigned)sheet, (unsigned)line};
    return true;
}
