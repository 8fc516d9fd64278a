#include "people/ask_key.h"

#include "base/text.h"

/* What is sealed: a word that no other sealed value begins with, then the fields. */
enum {
    WORD_BYTES = 4,
    FACT_BYTES = 4,
    PLAIN_BYTES = WORD_BYTES + 1 + FACT_BYTES + SEAL_HASH_BYTES
};
static const char WORD[] = "ask1";

const char *ask_key_format(const Sealer *sealer, Arena *arena, const AskKey *key)
{
    uint8_t plain[PLAIN_BYTES];
    size_t length;
    memcpy(plain, WORD, WORD_BYTES);
    plain[WORD_BYTES] = key->by_id ? 'i' : 'c';
    for (int i = 0; i < FACT_BYTES; i++)
        plain[WORD_BYTES + 1 + i] = (uint8_t)(key->facts >> 8 * i & 0xFF);
    memcpy(plain + WORD_BYTES + 1 + FACT_BYTES, key->hash, SEAL_HASH_BYTES);
    const uint8_t *sealed = seal(sealer, arena, plain, sizeof plain, &length);
    return seal_hex(arena, sealed, length);
}

static int hex_digit(char digit)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = digit ? strchr(DIGITS, digit) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

/* The bytes of exactly `length` pairs of hex digits; NULL when text is something else. */
static uint8_t *unhex(Arena *arena, const char *text, size_t length)
{
    uint8_t *bytes = arena_alloc(arena, length);
    if (strlen(text) != 2 * length)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return NULL;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return bytes;
}

bool ask_key_parse(const Sealer *sealer, Arena *arena, const char *text, AskKey *ret_key)
{
    Err ignored = {0};
    char *plain;
    size_t length = PLAIN_BYTES + SEAL_OVERHEAD_BYTES;
    const uint8_t *sealed = unhex(arena, text_key(arena, text), length);
    if (!sealed || unseal(sealer, arena, sealed, length, &plain, &ignored) != OK ||
        memcmp(plain, WORD, WORD_BYTES) != 0)
        return false;
    AskKey key = {.by_id = plain[WORD_BYTES] == 'i'};
    for (int i = 0; i < FACT_BYTES; i++)
        key.facts |= (uint32_t)(uint8_t)plain[WORD_BYTES + 1 + i] << 8 * i;
    memcpy(key.hash, plain + WORD_BYTES + 1 + FACT_BYTES, SEAL_HASH_BYTES);
    *ret_key = key;
    return true;
}
