#include "people/name.h"

#include "base/text.h"
#include "people/character.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CHARACTERS_MAX = 100 };

/* Characters that are written for each other, group by group. */
static const char *const LOOKALIKES[] = {
    "己已巳", "戊戌戍", "未末",   "日曰", "人入八", "土士",   "干千于", "天夫", "大太犬",
    "王玉",   "刀力",   "甲由申", "候侯", "治冶",   "今令",   "兔免",   "鸟乌", "氏氐",
    "曳曵",   "毋母",   "祇衹",   "汨汩", "晴睛",   "茶荼",   "徒徙",   "市巿", "壬王",
    "历厉",   "辨辩",   "崇祟",   "宜宣", "袁哀",   "段叚殷", "丐丏",   "仑仓", "昂昴",
};

typedef struct Name {
    uint32_t at[CHARACTERS_MAX];
    size_t count;
} Name;

const char *name_nearness_word(NameNearness nearness)
{
    static const char *const WORDS[] = {"equal",       "variant",   "same_sound",
                                        "looks_alike", "one_apart", "differs"};
    return WORDS[nearness];
}

static bool middle_dot(uint32_t c)
{
    return c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x22C5 || c == 0x30FB || c == 0xFF65 ||
           c == 0x25CF || c == '.' || c == 0x00B7;
}

char *name_plain(Arena *arena, const char *name)
{
    const char *cursor = text_key(arena, name), *end = cursor + strlen(cursor);
    char *out = arena_alloc(arena, (size_t)(end - cursor) * 2 + 1), *at = out;
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        if (c == ' ')
            continue;
        at += text_encode(middle_dot(c) ? 0x00B7 : c, at);
    }
    *at = '\0';
    return out;
}

static Name name_read(const char *plain)
{
    Name name = {.count = 0};
    const char *end = plain + strlen(plain);
    while (plain < end && name.count < CHARACTERS_MAX)
        name.at[name.count++] = text_next(&plain, end);
    return name;
}

static int code_compare(const void *key, const void *item)
{
    uint32_t code = *(const uint32_t *)key, other = ((const Character *)item)->code_point;
    return (code > other) - (code < other);
}

static const Character *character_find(uint32_t c)
{
    return bsearch(&c, CHARACTERS, CHARACTER_COUNT, sizeof *CHARACTERS, code_compare);
}

/* From 1; 0 = in none. */
static uint32_t lookalike_group(uint32_t c)
{
    for (uint32_t i = 0; i < sizeof LOOKALIKES / sizeof *LOOKALIKES; i++) {
        const char *at = LOOKALIKES[i], *end = at + strlen(at);
        while (at < end)
            if (text_next(&at, end) == c)
                return i + 1;
    }
    return 0;
}

static bool look_alike(uint32_t a, uint32_t b, const Character *one, const Character *other)
{
    uint32_t group = lookalike_group(a);
    if (group != 0 && group == lookalike_group(b))
        return true;
    if (!one || !other)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (one->phonetic[i / 2] != 0 && one->phonetic[i / 2] == other->phonetic[i % 2])
            return true;
    int strokes = (int)one->strokes - (int)other->strokes;
    return one->corners != 0 && one->corners == other->corners && abs(strokes) <= 1;
}

static NameNearness character_nearness(uint32_t a, uint32_t b)
{
    if (a == b)
        return NAME_EQUAL;
    const Character *one = character_find(a), *other = character_find(b);
    if (one && other && one->simplified == other->simplified)
        return NAME_VARIANT;
    if (one && other && one->sound != 0 && one->sound == other->sound)
        return NAME_SAME_SOUND;
    return look_alike(a, b, one, other) ? NAME_LOOKS_ALIKE : NAME_DIFFERS;
}

/* One character other, more or fewer, or two neighbours exchanged. */
static bool one_apart(const Name *a, const Name *b)
{
    if (a->count < b->count)
        return one_apart(b, a);
    size_t head = 0, tail = 0;
    while (head < b->count && a->at[head] == b->at[head])
        head++;
    while (tail < b->count - head && a->at[a->count - 1 - tail] == b->at[b->count - 1 - tail])
        tail++;
    size_t left = a->count - head - tail, right = b->count - head - tail;
    if (left <= 1 && right <= 1)
        return b->count > 1;
    return left == 2 && right == 2 && a->at[head] == b->at[head + 1] &&
           a->at[head + 1] == b->at[head];
}

NameNearness name_nearness(Arena *arena, const char *a, const char *b)
{
    Name left = name_read(name_plain(arena, a)), right = name_read(name_plain(arena, b));
    NameNearness nearness = left.count == right.count ? NAME_EQUAL : NAME_DIFFERS;
    size_t looks = 0;
    for (size_t i = 0; i < left.count && nearness < NAME_ONE_APART; i++) {
        NameNearness here = character_nearness(left.at[i], right.at[i]);
        looks += here == NAME_LOOKS_ALIKE;
        nearness = looks > 1 ? NAME_DIFFERS : here > nearness ? here : nearness;
    }
    if (nearness == NAME_DIFFERS && one_apart(&left, &right))
        return NAME_ONE_APART;
    return nearness;
}

static uint64_t key_add(uint64_t key, uint64_t part)
{
    key = (key ^ part) * UINT64_C(0x9E3779B97F4A7C15);
    return key ^ (key >> 29);
}

/* Numbers beyond all code points: a class of characters in place of one. */
#define GROUP_MARK UINT64_C(0x200000)
#define SHAPE_MARK UINT64_C(0x400000)
#define SOUND_MARK UINT64_C(0x100000000)

NameKeys name_keys(const char *plain)
{
    Name name = name_read(plain);
    NameKeys keys = {1, 2, 3};
    for (size_t i = 0; i < name.count; i++) {
        const Character *character = character_find(name.at[i]);
        uint32_t c = name.at[i], group = lookalike_group(c);
        uint64_t corners = character ? character->corners : 0,
                 component = character ? character->phonetic[1] : 0;
        keys.sound = key_add(keys.sound, character ? SOUND_MARK + character->sound : c);
        keys.shape = key_add(keys.shape, group     ? GROUP_MARK + group
                                         : corners ? SHAPE_MARK + corners
                                                   : c);
        keys.component = key_add(keys.component, component ? SHAPE_MARK + component : c);
    }
    return keys;
}
