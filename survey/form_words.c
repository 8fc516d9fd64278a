/* The words file of a form, and looking up headings and words. */
#include "base/lang.h"
#include "base/node.h"
#include "base/text.h"
#include "survey/form.h"

static ErrCode read_texts(Arena *arena, const Node *node, TextList *ret_list, Err *err)
{
    size_t count = 0;
    TRY(node_count(node, &count, err));
    const char **items = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(node, i);
        TRY(node_string(&item, &items[i], err));
        items[i] = form_key(arena, items[i]);
    }
    *ret_list = (TextList){.items = items, .count = count};
    return OK;
}

static ErrCode get_texts(Arena *arena, const Node *node, const char *key, TextList *ret_list,
                         Err *err)
{
    Node list;
    TRY(node_get(node, key, &list, err));
    return read_texts(arena, &list, ret_list, err);
}

static bool flag_code(const char *word, int64_t *ret_code)
{
    *ret_code = strcmp(word, "是") == 0;
    return *ret_code == 1 || strcmp(word, "否") == 0;
}

/* The code that a vocabulary's own word stands for; "" = none, allowed for unclear words only. */
static bool shown_code(FactId fact, const char *shown, bool clear, int64_t *ret_code)
{
    *ret_code = 0;
    if (*shown == '\0')
        return !clear;
    if (fact == FACT_NONE || fact_info(fact)->kind == KIND_FLAG)
        return flag_code(shown, ret_code);
    *ret_code = word_find(fact_info(fact)->vocabulary, shown);
    return *ret_code != 0;
}

/* Appends the words of {"shown word": ["spelling", …]} to a list. FACT_NONE = general yes and no.
 */
static ErrCode read_words(Arena *arena, const Node *node, FactId fact, bool clear, WordList *list,
                          Err *err)
{
    const char *shown;
    json_t *value;
    size_t room = list->count;
    if (!json_is_object(node->value))
        return node_error(node, err, _("expected an object: word → spellings"));
    json_object_foreach(node->value, shown, value) room += json_array_size(value) + 1;
    Word *words = arena_array(arena, Word, room);
    if (list->count > 0)
        memcpy(words, list->words, list->count * sizeof *words);
    json_object_foreach(node->value, shown, value)
    {
        Node item = {.parent = node, .name = shown, .value = value};
        TextList texts;
        int64_t code;
        if (!shown_code(fact, shown, clear, &code))
            return node_error(&item, err, _("'%s' is no word of the vocabulary"), shown);
        TRY(read_texts(arena, &item, &texts, err));
        if (clear)
            words[list->count++] = (Word){form_key(arena, shown), code, true};
        for (size_t i = 0; i < texts.count; i++)
            words[list->count++] = (Word){texts.items[i], code, clear};
    }
    list->words = words;
    return OK;
}

static ErrCode read_vocabularies(Arena *arena, const Node *root, const char *key, bool clear,
                                 FormWords *words, Err *err)
{
    Node lists;
    const char *name;
    json_t *value;
    TRY(node_get(root, key, &lists, err));
    json_object_foreach(lists.value, name, value)
    {
        Node node = {.parent = &lists, .name = name, .value = value};
        FactId fact = fact_find(name);
        bool general = strcmp(name, "flag") == 0;
        bool worded = fact != FACT_NONE &&
                      (fact_info(fact)->kind == KIND_CODE || fact_info(fact)->kind == KIND_FLAG);
        if (!general && !worded)
            return node_error(&node, err, _("'%s' is no fact with a vocabulary"), name);
        TRY(read_words(arena, &node, fact, clear, general ? &words->flag : &words->facts[fact],
                       err));
    }
    return OK;
}

static ErrCode read_fact_texts(Arena *arena, const Node *root, const char *key,
                               TextList lists[FACT_COUNT], Err *err)
{
    Node facts;
    const char *name;
    json_t *value;
    TRY(node_get(root, key, &facts, err));
    json_object_foreach(facts.value, name, value)
    {
        Node node = {.parent = &facts, .name = name, .value = value};
        FactId fact = fact_find(name);
        if (fact == FACT_NONE)
            return node_error(&node, err, _("there is no fact '%s'"), name);
        TRY(read_texts(arena, &node, &lists[fact], err));
    }
    return OK;
}

/* Facts that share a vocabulary share its spellings: every town is spelt as employer_town is. */
static void share_vocabularies(FormWords *words)
{
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        for (FactId other = 0; other < FACT_COUNT && fact_info(fact)->kind == KIND_CODE; other++)
            if (words->facts[fact].count == 0 &&
                fact_info(other)->vocabulary == fact_info(fact)->vocabulary)
                words->facts[fact] = words->facts[other];
}

static ErrCode read_lists(Arena *arena, const Node *root, FormWords *words, Err *err)
{
    Node skip, hukou, schools;
    TRY(get_texts(arena, root, "blank", &words->blank, err));
    TRY(get_texts(arena, root, "none", &words->none, err));
    TRY(get_texts(arena, root, "sequence", &words->sequence, err));
    TRY(get_texts(arena, root, "id_papers", &words->id_papers, err));
    TRY(get_texts(arena, root, "guangdong_cities", &words->cities, err));
    TRY(node_get(root, "skip", &skip, err));
    TRY(get_texts(arena, &skip, "total", &words->total, err));
    TRY(get_texts(arena, &skip, "note", &words->note, err));
    TRY(get_texts(arena, &skip, "example", &words->example, err));
    TRY(node_get(root, "hukou", &hukou, err));
    TRY(get_texts(arena, &hukou, "here", &words->hukou_here, err));
    TRY(get_texts(arena, &hukou, "elsewhere", &words->hukou_elsewhere, err));
    TRY(node_get(root, "school_names", &schools, err));
    return read_words(arena, &schools, FACT_SCHOOL_KIND, true, &words->school_names, err);
}

ErrCode form_words_load(Arena *arena, const char *file, FormWords *ret_words, Err *err)
{
    static const char *const KEYS[] = {
        "about", "blank",    "none",      "words", "unclear",          "silent",       "foreign",
        "skip",  "sequence", "id_papers", "hukou", "guangdong_cities", "school_names", NULL};
    json_t *json;
    TRY(node_load(file, &json, err));
    Node root = node_root(file, json);
    FormWords words = {0};
    ErrCode code = node_keys(&root, KEYS, err);
    if (code == OK)
        code = read_vocabularies(arena, &root, "words", true, &words, err);
    if (code == OK)
        code = read_vocabularies(arena, &root, "unclear", false, &words, err);
    if (code == OK)
        code = read_fact_texts(arena, &root, "silent", words.silent, err);
    if (code == OK)
        code = read_fact_texts(arena, &root, "foreign", words.foreign, err);
    if (code == OK)
        code = read_lists(arena, &root, &words, err);
    json_decref(json);
    TRY(code);
    share_vocabularies(&words);
    *ret_words = words;
    return OK;
}

const char *form_key(Arena *arena, const char *text)
{
    char *key = text_key(arena, text), *out = key;
    for (const char *at = key; *at; at++)
        if (*at != ' ')
            *out++ = *at;
    *out = '\0';
    while (*key == '*')
        key++;
    static const struct {
        const char *text;
        size_t length;
    } TAILS[] = {{"*", 1}, {":", 1}, {"。", sizeof "。" - 1}};
    for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++) {
        size_t length = TAILS[i].length;
        while (out >= key + length && memcmp(out - length, TAILS[i].text, length) == 0)
            *(out -= length) = '\0';
    }
    return key;
}

bool form_plain(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        bool han = at[0] >= 0xE4 && at[0] <= 0xE9;
        if (han && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80)
            at += 3;
        else if ((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || *at == '-' ||
                 *at == '.')
            at++;
        else
            return false;
    }
    return true;
}

static const FormHeading *heading_by_key(const Form *form, const char *key)
{
    for (size_t i = 0; i < form->heading_count; i++)
        if (strcmp(form->headings[i].key, key) == 0)
            return &form->headings[i];
    return NULL;
}

/* "出生日期(年-月-日)" → "出生日期"; NULL when the key has no bracket. */
static const char *without_remark(Arena *arena, const char *key)
{
    const char *open = strchr(key, '(');
    const char *close = open ? strrchr(key, ')') : NULL;
    if (!close || close < open)
        return NULL;
    return form_key(arena, arena_printf(arena, "%.*s%s", (int)(open - key), key, close + 1));
}

const FormHeading *form_heading(const Form *form, Arena *arena, const char *text)
{
    const char *key = form_key(arena, text);
    const FormHeading *heading = heading_by_key(form, key);
    if (heading)
        return heading;
    const char *bare = without_remark(arena, key);
    if (bare && (heading = heading_by_key(form, bare)))
        return heading;
    const char *group_end = strrchr(key, '/');
    return group_end ? heading_by_key(form, group_end + 1) : NULL;
}

bool form_ignores(const Form *form, Arena *arena, const char *text)
{
    const char *key = form_key(arena, text), *bare = without_remark(arena, key);
    return text_list_has(&form->ignored, key) || (bare && text_list_has(&form->ignored, bare));
}

const FormColumn *form_column(const Form *form, Target target)
{
    for (size_t i = 0; i < form->column_count; i++)
        if (form->columns[i].target == target)
            return &form->columns[i];
    return NULL;
}

/* Most keys differ in their first byte, and there are many to compare. */
static inline bool same_key(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}

static const Word *word_by_key(const WordList *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_key(list->words[i].key, key))
            return &list->words[i];
    return NULL;
}

const Word *form_word(const Form *form, Arena *arena, FactId fact, bool invert, const char *key)
{
    const WordList *own = &form->words.facts[fact];
    if (fact_info(fact)->kind == KIND_FLAG)
        return word_by_key(invert || own->count == 0 ? &form->words.flag : own, key);
    const Word *word = word_by_key(own, key);
    if (word)
        return word;
    int64_t code = word_find(fact_info(fact)->vocabulary, key);
    if (code == 0)
        return NULL;
    Word *found = arena_alloc(arena, sizeof *found);
    *found = (Word){key, code, true};
    return found;
}

bool text_list_has(const TextList *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_key(list->items[i], key))
            return true;
    return false;
}

bool text_list_starts(const TextList *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (*list->items[i] && *list->items[i] == *key && text_starts(key, list->items[i]))
            return true;
    return false;
}

bool text_list_within(const TextList *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (*list->items[i] && strstr(text, list->items[i]))
            return true;
    return false;
}
