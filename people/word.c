#include "people/fact.h"
#include "people/plain.h"

#include "base/text.h"

#include <string.h>

typedef struct Word {
    Vocabulary vocabulary;
    int64_t code;
    const char *en, *zh;
} Word;

static const Word WORDS[] = {
#define WORD(vocabulary, code, en, zh) {VOCABULARY_##vocabulary, code, en, zh},
#include "people/words.def"
#undef WORD
#define TOWN(code, en, zh) {VOCABULARY_TOWN, code, en, zh},
#include "people/towns.def"
#undef TOWN
};

static const Word TOWN_ALIASES[] = {
#define TOWN_ALIAS(name, code) {VOCABULARY_TOWN, code, NULL, name},
#include "people/town_aliases.def"
#undef TOWN_ALIAS
};

enum { WORD_COUNT = sizeof WORDS / sizeof *WORDS, KEY_BYTES = 128 };

/* What may stand behind a town's bare name; ends with NULL. */
static const char *const TOWN_ENDINGS[] = {"镇", NULL};
static const char *const SUBDISTRICT_ENDINGS[] = {"街道",   "街道办事处", "街道办",
                                                  "办事处", "区",         NULL};
static const char *const ALIAS_ENDINGS[] = {"镇",     "街道", "街道办事处", "街道办",
                                            "办事处", "区",   NULL};
static const char *const PROVINCE_ENDINGS[] = {
    "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", NULL};

/* The word without spaces, in plain forms; false when it is too long to be one. */
static bool key_of(const char *text, char out[KEY_BYTES])
{
    const char *cursor = text, *end = text + strlen(text);
    size_t length = 0;
    for (uint32_t c; (c = plain_next(&cursor, end)) != 0;) {
        if (c == ' ')
            continue;
        if (length + 5 > KEY_BYTES)
            return false;
        length += text_encode(c, out + length);
    }
    out[length] = '\0';
    return length > 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* key has no spaces; the English word's own are passed over. */
static bool same_english(const char *key, const char *english)
{
    for (; *english; english++) {
        if (*english == ' ')
            continue;
        if (lower(*key++) != lower(*english))
            return false;
    }
    return *key == '\0';
}

/* key is the first length bytes of name, with one of the endings or none. */
static bool same_name(const char *key, const char *name, size_t length, const char *const *endings)
{
    if (strncmp(key, name, length) != 0)
        return false;
    const char *rest = key + length;
    if (*rest == '\0')
        return true;
    for (; *endings; endings++)
        if (strcmp(rest, *endings) == 0)
            return true;
    return false;
}

static bool same_town(const char *key, const Word *town)
{
    static const struct {
        const char *zh, *en;
        const char *const *endings;
    } KINDS[] = {{"镇", " Town", TOWN_ENDINGS}, {"街道", " Subdistrict", SUBDISTRICT_ENDINGS}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (!text_ends(town->zh, KINDS[i].zh))
            continue;
        if (same_name(key, town->zh, strlen(town->zh) - strlen(KINDS[i].zh), KINDS[i].endings))
            return true;
        size_t bare = strlen(town->en) - strlen(KINDS[i].en);
        char english[KEY_BYTES];
        memcpy(english, town->en, bare);
        english[bare] = '\0';
        return same_english(key, english) || same_english(key, town->en);
    }
    return strcmp(key, town->zh) == 0 || same_english(key, town->en);
}

static int64_t town_find(const char *key)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (WORDS[i].vocabulary == VOCABULARY_TOWN && same_town(key, &WORDS[i]))
            return WORDS[i].code;
    for (size_t i = 0; i < sizeof TOWN_ALIASES / sizeof *TOWN_ALIASES; i++)
        if (same_name(key, TOWN_ALIASES[i].zh, strlen(TOWN_ALIASES[i].zh), ALIAS_ENDINGS))
            return TOWN_ALIASES[i].code;
    return 0;
}

/* 东莞港 begins with the city's name and is none of its towns' suffixes: so whole first, then
 * without what stands in front. */
static int64_t town_find_anywhere(const char *key)
{
    static const char *const FRONT[] = {"广东省", "东莞市", "东莞"};
    int64_t code = town_find(key);
    for (size_t i = 0; code == 0 && i < sizeof FRONT / sizeof *FRONT; i++)
        if (text_starts(key, FRONT[i])) {
            key += strlen(FRONT[i]);
            code = town_find(key);
        }
    return code;
}

int64_t word_find(Vocabulary vocabulary, const char *key)
{
    char tight[KEY_BYTES];
    if (!key_of(key, tight))
        return 0;
    if (vocabulary == VOCABULARY_TOWN)
        return town_find_anywhere(tight);
    static const char *const NO_ENDINGS[] = {NULL};
    const char *const *endings = vocabulary == VOCABULARY_PROVINCE ? PROVINCE_ENDINGS : NO_ENDINGS;
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (WORDS[i].vocabulary == vocabulary &&
            (same_name(tight, WORDS[i].zh, strlen(WORDS[i].zh), endings) ||
             same_english(tight, WORDS[i].en)))
            return WORDS[i].code;
    return 0;
}

const char *word_show(Vocabulary vocabulary, int64_t code, Lang lang)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (WORDS[i].vocabulary == vocabulary && WORDS[i].code == code)
            return lang == LANG_ZH ? WORDS[i].zh : WORDS[i].en;
    return NULL;
}

size_t word_count(Vocabulary vocabulary)
{
    size_t count = 0;
    for (size_t i = 0; i < WORD_COUNT; i++)
        count += WORDS[i].vocabulary == vocabulary;
    return count;
}

int64_t word_code_at(Vocabulary vocabulary, size_t index)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (WORDS[i].vocabulary == vocabulary && index-- == 0)
            return WORDS[i].code;
    return 0;
}

int64_t word_in_front(Vocabulary vocabulary, const char *text)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (WORDS[i].vocabulary == vocabulary && WORDS[i].zh[0] == text[0] &&
            text_starts(text, WORDS[i].zh))
            return WORDS[i].code;
    return 0;
}
