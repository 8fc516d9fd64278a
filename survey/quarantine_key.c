#include "survey/quarantine_key.h"

#include "base/text.h"

#include <inttypes.h>

enum { CHECK_BYTES = 2 };

static const char *check_digits(const Sealer *sealer, Arena *arena, QuarantineKey key)
{
    uint8_t hash[SEAL_HASH_BYTES];
    seal_hash(sealer, "quarantine",
              arena_printf(arena, "%" PRId64 "-%u-%u", key.batch, key.sheet, key.line), hash);
    return seal_hex(arena, hash, CHECK_BYTES);
}

const char *quarantine_key_format(const Sealer *sealer, Arena *arena, QuarantineKey key)
{
    return arena_printf(arena, "B%" PRId64 "-S%u-L%u-%s", key.batch, key.sheet, key.line,
                        check_digits(sealer, arena, key));
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

bool quarantine_key_parse(const Sealer *sealer, Arena *arena, const char *text,
                          QuarantineKey *ret_key)
{
    const char *at = text_key(arena, text);
    int64_t batch, sheet, line;
    if (!take(&at, "b", INT64_MAX, &batch) || !take(&at, "-s", UINT16_MAX, &sheet) ||
        !take(&at, "-l", UINT32_MAX, &line))
        return false;
    QuarantineKey key = {batch, (unsigned)sheet, (unsigned)line};
    if (*at != '\0' && (*at != '-' || strcmp(at + 1, check_digits(sealer, arena, key)) != 0))
        return false;
    *ret_key = key;
    return true;
}
