#include "people/fact.h"

#include "base/buffer.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* The names stand in capitals in facts.def; fact_names makes them lower case before main. */
static FactInfo infos[FACT_COUNT] = {
#define FACT(name, kind, vocabulary, unit, en, zh, sight)                                          \
    {#name, KIND_##kind, VOCABULARY_##vocabulary, unit, en, zh, SIGHT_##sight},
#include "people/facts.def"
#undef FACT
};
_Static_assert(FACT_COUNT <= 32, "conflicts are a 32-bit set of facts");

enum { NAME_BYTES = 32, NUMBER_MAX = 1200 };

static const struct {
    const char *yes, *no;
} YES_NO[] = {{"yes", "no"}, {"是", "否"}, {"有", "无"}, {"y", "n"}, {"1", "0"}, {"true", "false"}};

__attribute__((constructor)) static void fact_names(void)
{
    static char names[FACT_COUNT][NAME_BYTES];
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        const char *capitals = infos[fact].name;
        assert(strlen(capitals) < NAME_BYTES);
        for (size_t i = 0; capitals[i]; i++)
            names[fact][i] = capitals[i] >= 'A' && capitals[i] <= 'Z'
                                 ? (char)(capitals[i] + ('a' - 'A'))
                                 : capitals[i];
        infos[fact].name = names[fact];
    }
}

const FactInfo *fact_info(FactId fact)
{
    assert(fact > FACT_NONE && fact < FACT_COUNT);
    return &infos[fact];
}

FactId fact_find(const char *name)
{
    for (int fact = 0; fact < FACT_COUNT; fact++)
        if (strcmp(infos[fact].name, name) == 0)
            return (FactId)fact;
    return FACT_NONE;
}

const char *fact_label(FactId fact, Lang lang)
{
    const FactInfo *info = fact_info(fact);
    return lang == LANG_ZH ? info->zh : info->en;
}

const char *fact_show(Arena *arena, FactId fact, FactValue value, Lang lang)
{
    if (!value.known)
        return NULL;
    const FactInfo *info = fact_info(fact);
    switch (info->kind) {
    case KIND_TEXT:
        return arena_strdup(arena, value.text);
    case KIND_SEALED:
        return text_mask(arena, value.text);
    case KIND_DATE: {
        char day[11];
        return arena_strdup(arena, date_format((Date)value.number, day));
    }
    case KIND_FLAG:
        if (lang == LANG_ZH)
            return value.number ? "是" : "否";
        return value.number ? "yes" : "no";
    case KIND_CODE: {
        const char *word = word_show(info->vocabulary, value.number, lang);
        if (word)
            return word;
        break;
    }
    case KIND_NUMBER:
        break;
    }
    return arena_printf(arena, "%" PRId64, value.number);
}

/* Digits only, at most NUMBER_MAX or nine of them for a code. */
static bool number_parse(const char *key, int64_t max, int64_t *ret_number)
{
    size_t length = strlen(key);
    if (length == 0 || length > 9 || strspn(key, "0123456789") != length)
        return false;
    int64_t number = 0;
    for (; *key; key++)
        number = number * 10 + (*key - '0');
    if (number > max)
        return false;
    *ret_number = number;
    return true;
}

/* 1, 0, or -1 for neither. */
static int yes_or_no(const char *key)
{
    for (size_t i = 0; i < sizeof YES_NO / sizeof *YES_NO; i++) {
        if (strcmp(key, YES_NO[i].yes) == 0)
            return 1;
        if (strcmp(key, YES_NO[i].no) == 0)
            return 0;
    }
    return -1;
}

/* The code that a word or a number stands for; 0 = none. */
static int64_t code_parse(Vocabulary vocabulary, const char *key)
{
    int64_t code;
    if (number_parse(key, INT32_MAX, &code))
        return word_show(vocabulary, code, LANG_EN) ? code : 0;
    code = word_find(vocabulary, key);
    if (code == 0 && vocabulary == VOCABULARY_INTENTION) {
        int answer = yes_or_no(key);
        return answer == 1   ? word_find(vocabulary, "yes")
               : answer == 0 ? word_find(vocabulary, "no")
                             : 0;
    }
    return code;
}

/* What may be written for a code: the nearest word if one is near, else all of them. */
static ErrCode hint_words(Vocabulary vocabulary, const char *key, Err *err)
{
    const char *words[2 * 64];
    size_t count = word_count(vocabulary);
    assert(count <= 64);
    for (size_t i = 0; i < count; i++) {
        int64_t code = word_code_at(vocabulary, i);
        words[2 * i] = word_show(vocabulary, code, LANG_ZH);
        words[2 * i + 1] = word_show(vocabulary, code, LANG_EN);
    }
    const char *nearest = text_nearest(key, words, 2 * count);
    if (nearest)
        return err_hint(err, _("did you mean '%s'?"), nearest);
    AUTO_BUFFER list = BUFFER(ERR_TEXT_BYTES);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&list, "%s%s", i ? ", " : "",
                      word_show(vocabulary, word_code_at(vocabulary, i), lang_now()));
    return err_hint(err, _("it is one of: %s"), buffer_string(&list));
}

static ErrCode parse_code(const FactInfo *info, const char *key, FactValue *ret_value, Err *err)
{
    int64_t code = code_parse(info->vocabulary, key);
    if (code == 0) {
        err_set(err, ERR_INPUT, _("'%s' is not a value of '%s'"), key, info->name);
        return hint_words(info->vocabulary, key, err);
    }
    *ret_value = (FactValue){.known = true, .number = code};
    return OK;
}

ErrCode fact_parse(Arena *arena, FactId fact, const char *text, FactValue *ret_value, Err *err)
{
    const FactInfo *info = fact_info(fact);
    char *key = text_key(arena, text);
    int64_t number = 0;
    Date date = DATE_NONE;
    switch (info->kind) {
    case KIND_TEXT:
        *ret_value = (FactValue){.known = true, .text = text_trim(arena, text)};
        return OK;
    case KIND_SEALED: /* not repeated: it may be a whole ID number */
        return err_set(err, ERR_INPUT, _("'%s' is sealed and cannot be given here"), info->name);
    case KIND_CODE:
        return parse_code(info, key, ret_value, err);
    case KIND_FLAG:
        number = yes_or_no(key);
        if (number < 0) {
            err_set(err, ERR_INPUT, _("'%s' is not a value of '%s'"), key, info->name);
            return err_hint(err, _("it is one of: %s"), "yes, no, 是, 否, 有, 无");
        }
        break;
    case KIND_NUMBER:
        if (!number_parse(key, NUMBER_MAX, &number)) {
            err_set(err, ERR_INPUT, _("'%s' is not a value of '%s'"), key, info->name);
            return err_hint(err, _("it is a whole number from 0 to %d"), NUMBER_MAX);
        }
        break;
    case KIND_DATE:
        if (!date_parse(key, &date)) {
            err_set(err, ERR_INPUT, _("'%s' is not a value of '%s'"), key, info->name);
            return err_hint(err, _("it is a date like %s"), "2012-09-27");
        }
        number = date;
        break;
    }
    *ret_value = (FactValue){.known = true, .number = number};
    return OK;
}

bool fact_same(FactId fact, FactValue a, FactValue b)
{
    if (a.known != b.known || !a.known)
        return a.known == b.known;
    FactKind kind = fact_info(fact)->kind;
    if (kind == KIND_TEXT || kind == KIND_SEALED)
        return text_equal(a.text, b.text);
    return a.number == b.number;
}
