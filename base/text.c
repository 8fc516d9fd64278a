#include "base/text.h"

#include <string.h>

uint32_t text_next(const char **cursor, const char *end)
{
    const unsigned char *at = (const unsigned char *)*cursor;
    size_t left = (size_t)(end - *cursor);
    uint32_t first = at[0];
    *cursor += 1;
    if (first < 0x80)
        return first;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || left < length)
        return 0xFFFD;
    uint32_t code_point = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0xFFFD;
        code_point = code_point << 6 | (at[i] & 0x3Fu);
    }
    static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code_point < SMALLEST[length] || code_point > 0x10FFFF ||
        (code_point >= 0xD800 && code_point <= 0xDFFF))
        return 0xFFFD;
    *cursor += length - 1;
    return code_point;
}

size_t text_encode(uint32_t code_point, char *out)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    static const unsigned LEAD[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(LEAD[length] | code_point);
    return length;
}

/* Past what most text is made of: ASCII, eight bytes at once, and Han. */
static const char *past_common(const char *cursor, const char *end)
{
    const uint64_t beyond_ascii = 0x8080808080808080u;
    for (uint64_t piece; end - cursor >= (ptrdiff_t)sizeof piece;) {
        memcpy(&piece, cursor, sizeof piece);
        const unsigned char *at = (const unsigned char *)cursor;
        if ((piece & beyond_ascii) == 0)
            cursor += sizeof piece;
        else if (at[0] < 0x80)
            cursor++;
        else if (at[0] >= 0xE1 && at[0] <= 0xEC && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80)
            cursor += 3;
        else
            break;
    }
    return cursor;
}

bool text_valid(const char *bytes, size_t length, size_t *ret_offset)
{
    const char *cursor = bytes, *end = bytes + length;
    while ((cursor = past_common(cursor, end)) < end) {
        const char *start = cursor;
        /* A written U+FFFD is three bytes; a damaged sequence moves one. */
        if (text_next(&cursor, end) == 0xFFFD && cursor - start == 1) {
            if (ret_offset)
                *ret_offset = (size_t)(start - bytes);
            return false;
        }
    }
    return true;
}

/* text_next for the two kinds of character that fill a questionnaire: ASCII and Han. */
static inline uint32_t next(const char **cursor, const char *end)
{
    const unsigned char *at = (const unsigned char *)*cursor;
    if (at[0] < 0x80) {
        *cursor += 1;
        return at[0];
    }
    if (at[0] >= 0xE1 && at[0] <= 0xEC && end - *cursor >= 3 && (at[1] & 0xC0) == 0x80 &&
        (at[2] & 0xC0) == 0x80) {
        *cursor += 3;
        return (uint32_t)(at[0] & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    }
    return text_next(cursor, end);
}

static inline char *put(uint32_t c, char *out)
{
    if (c >= 0x80)
        return out + text_encode(c, out);
    *out = (char)c;
    return out + 1;
}

static bool zero_width(uint32_t c)
{
    if (c < 0xAD)
        return false;
    return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF || c == 0x00AD ||
           c == 0x200E || c == 0x200F;
}

static uint32_t folded(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c == 0x3000 || c == 0x00A0 || c == 0x2007 || c == 0x202F)
        return ' ';
    return c;
}

char *text_fold_width(Arena *arena, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out; /* a bad byte becomes U+FFFD */
    while (cursor < end)
        at = put(folded(next(&cursor, end)), at);
    *at = '\0';
    return out;
}

static bool space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_key(Arena *arena, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out;
    bool gap = false;
    while (cursor < end) {
        uint32_t c = folded(next(&cursor, end));
        if (zero_width(c))
            continue;
        if (space(c)) {
            gap = at > out;
            continue;
        }
        if (gap)
            *at++ = ' ';
        gap = false;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        at = put(c, at);
    }
    *at = '\0';
    return out;
}

char *text_trim(Arena *arena, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out, *last = out;
    while (cursor < end) {
        uint32_t c = next(&cursor, end);
        bool blank = space(folded(c));
        if (zero_width(c) || (blank && at == out))
            continue;
        at = put(c, at);
        if (!blank)
            last = at;
    }
    *last = '\0';
    return out;
}

bool text_damaged(const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    while (cursor < end) {
        uint32_t c = next(&cursor, end);
        bool control = (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || (c >= 0x7F && c < 0xA0);
        bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        bool private_use = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
        if (c == 0xFFFD || control || bidi || private_use)
            return true;
    }
    return false;
}

static size_t columns_of(uint32_t c)
{
    bool combining = (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
                     (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F) ||
                     (c >= 0xFE20 && c <= 0xFE2F);
    if (c == 0 || combining || zero_width(c))
        return 0;
    static const uint32_t WIDE[][2] = {
        {0x1100, 0x115F}, {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
        {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},
        {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++)
        if (c >= WIDE[i][0] && c <= WIDE[i][1])
            return 2;
    return 1;
}

size_t text_columns(const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    size_t columns = 0;
    while (cursor < end)
        columns += columns_of(text_next(&cursor, end));
    return columns;
}

char *text_cut(Arena *arena, const char *text, size_t columns)
{
    if (text_columns(text) <= columns)
        return arena_strdup(arena, text);
    if (columns == 0)
        return arena_strdup(arena, "");
    const char *cursor = text, *end = text + strlen(text);
    size_t used = 0;
    for (;;) {
        const char *before = cursor;
        used += columns_of(text_next(&cursor, end));
        if (used > columns - 1)
            return arena_printf(arena, "%.*s…", (int)(before - text), text);
    }
}

size_t text_characters(const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    size_t characters = 0;
    while (cursor < end) {
        next(&cursor, end);
        characters++;
    }
    return characters;
}

size_t text_utf16_units(const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    size_t units = 0;
    while (cursor < end)
        units += text_next(&cursor, end) > 0xFFFF ? 2 : 1;
    return units;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix) { /* most differ in their first byte */
        text++;
        prefix++;
    }
    return *prefix == '\0';
}

bool text_ends(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);
    return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

enum { NEAREST_CHARACTERS = 48 };

static size_t decode(const char *text, uint32_t out[NEAREST_CHARACTERS])
{
    const char *cursor = text, *end = text + strlen(text);
    size_t count = 0;
    while (cursor < end && count < NEAREST_CHARACTERS)
        out[count++] = text_next(&cursor, end);
    return count;
}

/* Edits (insert, drop, replace) between two texts, over their first NEAREST_CHARACTERS characters.
 */
static size_t edit_distance(const char *a, const char *b)
{
    uint32_t from[NEAREST_CHARACTERS], to[NEAREST_CHARACTERS];
    size_t rows = decode(a, from), columns = decode(b, to);
    size_t line[NEAREST_CHARACTERS + 1];
    for (size_t j = 0; j <= columns; j++)
        line[j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t diagonal = line[0];
        line[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t replace = diagonal + (from[i - 1] != to[j - 1]);
            size_t drop = line[j] + 1, insert = line[j - 1] + 1;
            diagonal = line[j];
            size_t best = drop < insert ? drop : insert;
            line[j] = replace < best ? replace : best;
        }
    }
    return line[columns];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = text_characters(word) / 2 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, candidates[i]);
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

char *text_mask(Arena *arena, const char *secret)
{
    size_t length = secret ? strlen(secret) : 0;
    if (length < 8)
        return arena_strdup(arena, "****");
    char *masked = arena_strdup(arena, secret);
    memset(masked, '*', length - 4);
    return masked;
}
