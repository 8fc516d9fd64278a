#include "people/pair.h"

#include "base/text.h"
#include "people/name.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_CHARACTERS = 12, NEAR_CHARACTERS = 3, PAIRS_MAX = 2000000 };
#define MEMORY_BYTES ((size_t)8 << 30)

/* Of a person, what the rules look at; texts as 64-bit hashes, 0 = not known. */
typedef struct Sketch {
    int64_t person;
    uint64_t name, employer, phone;
    const char *plain; /* the name; NULL = not known */
    Date birth;
    bool identified;
} Sketch;

/* A person under a key. */
typedef struct Entry {
    uint64_t key;
    uint32_t place; /* among the sketches */
} Entry;

typedef struct EntryList {
    Entry *items;
    size_t count, room;
} EntryList;

typedef struct Search {
    Arena *arena;
    Sketch *sketches;
    size_t sketch_count, sketch_room;
    EntryList near;    /* of PAIR_NEAR_NAME, made while reading */
    EntryList alike;   /* of PAIR_ALIKE_NAME, likewise */
    EntryList entries; /* of the rule at hand */
    Pair *pairs;
    size_t pair_count, pair_room;
    int64_t crowded;
} Search;

const char *pair_rule_word(PairRule rule)
{
    static const char *const WORDS[PAIR_RULE_COUNT] = {
        "name_phone", "name_birth_date", "name_employer", "near_name", "alike_name", "phone"};
    return WORDS[rule];
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t mixed = (a ^ (b + UINT64_C(0x9E3779B97F4A7C15) + (a << 6) + (a >> 2)));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

static uint64_t text_hash(const char *text, size_t length)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    hash = mix(hash, length);
    return hash == 0 ? 1 : hash;
}

static uint64_t bytes_number(const Rows *rows, unsigned column)
{
    uint64_t number = 0;
    size_t length;
    if (rows_null(rows, column))
        return 0;
    const void *bytes = rows_bytes(rows, column, &length);
    memcpy(&number, bytes, length < sizeof number ? length : sizeof number);
    return number == 0 ? 1 : number;
}

static void *grown(Arena *arena, const void *items, size_t count, size_t *room, size_t item_bytes)
{
    *room = count > 0 ? count * 2 : 4096;
    void *more = arena_alloc_array(arena, *room, item_bytes);
    if (count > 0)
        memcpy(more, items, count * item_bytes);
    return more;
}

static void entry_add(Search *search, EntryList *list, size_t place, uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0)
        return;
    if (list->count == list->room)
        list->items =
            grown(search->arena, list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = (Entry){mix(a, b), (uint32_t)place};
}

/* 0 = not known. */
static uint64_t birth_number(const Sketch *sketch)
{
    return sketch->birth == DATE_NONE ? 0 : (uint64_t)(uint32_t)sketch->birth + 1;
}

/* The name, and the name less each of its characters: two that are one character apart share one of
 * these. Names of two characters are too short: one apart, they are two names. */
static void near_add(Search *search, size_t place, const char *name)
{
    const Sketch *sketch = &search->sketches[place];
    if (birth_number(sketch) == 0 || sketch->employer == 0)
        return;
    uint64_t beside = mix(birth_number(sketch), sketch->employer);
    const char *end = name + strlen(name), *starts[NAME_CHARACTERS + 1];
    size_t count = 0;
    char less[128];
    for (const char *at = name; at < end && count <= NAME_CHARACTERS; text_next(&at, end))
        starts[count++] = at;
    size_t length = (size_t)(end - name);
    if (count < NEAR_CHARACTERS || count > NAME_CHARACTERS || length > sizeof less)
        return;
    entry_add(search, &search->near, place, sketch->name, beside);
    starts[count] = end;
    for (size_t i = 0; i < count; i++) {
        size_t head = (size_t)(starts[i] - name), tail = (size_t)(end - starts[i + 1]);
        memcpy(less, name, head);
        memcpy(less + head, starts[i + 1], tail);
        entry_add(search, &search->near, place, text_hash(less, head + tail), beside);
    }
}

/* Names of one length that are read alike, of one shape, or built round one component. */
static void alike_add(Search *search, size_t place)
{
    const Sketch *sketch = &search->sketches[place];
    NameKeys keys = name_keys(sketch->plain);
    entry_add(search, &search->alike, place, keys.sound, birth_number(sketch));
    entry_add(search, &search->alike, place, keys.shape, birth_number(sketch));
    entry_add(search, &search->alike, place, keys.component, birth_number(sketch));
}

static void sketch_read(Search *search, const Rows *rows)
{
    if (search->sketch_count == search->sketch_room)
        search->sketches = grown(search->arena, search->sketches, search->sketch_count,
                                 &search->sketch_room, sizeof *search->sketches);
    Sketch *sketch = &search->sketches[search->sketch_count++];
    const char *name = rows_null(rows, 1) ? NULL : name_plain(search->arena, rows_text(rows, 1)),
               *employer = rows_text(rows, 3);
    *sketch = (Sketch){.person = rows_int(rows, 0),
                       .birth = rows_date(rows, 2),
                       .plain = name,
                       .name = name ? text_hash(name, strlen(name)) : 0,
                       .employer = employer ? text_hash(employer, strlen(employer)) : 0,
                       .phone = bytes_number(rows, 4),
                       .identified = rows_int(rows, 5) != 0};
    if (name) {
        near_add(search, search->sketch_count - 1, name);
        alike_add(search, search->sketch_count - 1);
    }
}

static ErrCode sketches_load(Db *db, Search *search, Err *err)
{
    int64_t after = 0;
    for (uint64_t found = 1; found > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_PAIR_SKETCHES, PARAMS(v_int(after)), &rows, err));
        found = rows_count(rows);
        while (rows_next(rows)) {
            sketch_read(search, rows);
            after = rows_int(rows, 0);
        }
    }
    return OK;
}

static void entries_make(Search *search, PairRule rule)
{
    EntryList *list = &search->entries;
    list->count = 0;
    for (size_t i = 0; i < search->sketch_count; i++) {
        const Sketch *sketch = &search->sketches[i];
        switch (rule) {
        case PAIR_NAME_PHONE:
            entry_add(search, list, i, sketch->name, sketch->phone);
            break;
        case PAIR_NAME_BIRTH:
            entry_add(search, list, i, sketch->name, birth_number(sketch));
            break;
        case PAIR_NAME_EMPLOYER:
            entry_add(search, list, i, sketch->name, sketch->employer);
            break;
        case PAIR_PHONE:
            entry_add(search, list, i, sketch->phone, 1);
            break;
        case PAIR_NEAR_NAME:
        case PAIR_ALIKE_NAME:
        case PAIR_RULE_COUNT:
            break;
        }
    }
}

static int entry_compare(const void *a, const void *b)
{
    const Entry *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

static bool names_alike(const char *a, const char *b)
{
    AUTO_ARENA arena = arena_new(0);
    NameNearness nearness = name_nearness(arena, a, b);
    return nearness > NAME_EQUAL && nearness < NAME_ONE_APART;
}

/* What a rule says against two people who share its key. */
static bool rule_holds(PairRule rule, const Sketch *a, const Sketch *b)
{
    if (a->person == b->person || (a->identified && b->identified && rule != PAIR_NAME_PHONE))
        return false;
    if (rule == PAIR_NAME_EMPLOYER)
        return a->birth == b->birth || a->birth == DATE_NONE || b->birth == DATE_NONE;
    if (rule == PAIR_ALIKE_NAME)
        return a->name != b->name && names_alike(a->plain, b->plain);
    if (rule == PAIR_PHONE || rule == PAIR_NEAR_NAME)
        return a->name != b->name && a->name != 0 && b->name != 0;
    return true;
}

static void pair_add(Search *search, PairRule rule, const Sketch *a, const Sketch *b)
{
    if (!rule_holds(rule, a, b) || search->pair_count == PAIRS_MAX)
        return;
    if (search->pair_count == search->pair_room)
        search->pairs = grown(search->arena, search->pairs, search->pair_count, &search->pair_room,
                              sizeof *search->pairs);
    bool ascending = a->person < b->person;
    search->pairs[search->pair_count++] =
        (Pair){ascending ? a->person : b->person, ascending ? b->person : a->person, 1U << rule};
}

static bool one_name(const Search *search, const Entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (search->sketches[entries[i].place].name != search->sketches[entries[0].place].name)
            return false;
    return true;
}

static void block_compare(Search *search, PairRule rule, const Entry *entries, size_t count)
{
    size_t bare = 0;
    if (rule == PAIR_ALIKE_NAME && one_name(search, entries, count))
        return;
    for (size_t i = 0; i < count; i++)
        bare += !search->sketches[entries[i].place].identified;
    size_t pairs = rule == PAIR_NAME_PHONE ? count * (count - 1) / 2 : bare * count;
    if (pairs > BLOCK_PAIRS) {
        search->crowded++;
        return;
    }
    for (size_t i = 0; pairs > 0 && i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            pair_add(search, rule, &search->sketches[entries[i].place],
                     &search->sketches[entries[j].place]);
}

static void rule_apply(Search *search, PairRule rule)
{
    EntryList *list = rule == PAIR_NEAR_NAME    ? &search->near
                      : rule == PAIR_ALIKE_NAME ? &search->alike
                                                : &search->entries;
    if (list == &search->entries)
        entries_make(search, rule);
    const Entry *entries = list->items;
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, entry_compare);
    for (size_t from = 0, to; from < list->count; from = to) {
        for (to = from + 1; to < list->count && entries[to].key == entries[from].key;)
            to++;
        if (to - from > 1)
            block_compare(search, rule, entries + from, to - from);
    }
}

static int pair_compare(const void *a, const void *b)
{
    const Pair *left = a, *right = b;
    if (left->a != right->a)
        return left->a < right->a ? -1 : 1;
    return (left->b > right->b) - (left->b < right->b);
}

/* Strong before weak, more reasons before fewer, then the surer rule; then by number. */
static int strength_compare(const void *a, const void *b)
{
    const Pair *left = a, *right = b;
    unsigned strong = (left->rules & 1) - (right->rules & 1);
    int reasons = __builtin_popcount(right->rules) - __builtin_popcount(left->rules);
    if (strong != 0)
        return left->rules & 1 ? -1 : 1;
    if (reasons != 0)
        return reasons;
    if (left->rules != right->rules)
        return (left->rules & -left->rules) < (right->rules & -right->rules) ? -1 : 1;
    return pair_compare(a, b);
}

static void pairs_join(Search *search)
{
    size_t kept = 0;
    Pair *pairs = search->pairs;
    if (search->pair_count > 0)
        qsort(pairs, search->pair_count, sizeof *pairs, pair_compare);
    for (size_t i = 0; i < search->pair_count; i++) {
        if (kept > 0 && pair_compare(&pairs[kept - 1], &pairs[i]) == 0)
            pairs[kept - 1].rules |= pairs[i].rules;
        else
            pairs[kept++] = pairs[i];
    }
    search->pair_count = kept;
}

/* Leaves out whom somebody has parted. */
static ErrCode pairs_part(Db *db, Search *search, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_PARTED_PAIRS, NO_PARAMS, &rows, err));
    while (rows_next(rows) && search->pair_count > 0) {
        int64_t a = rows_int(rows, 0), b = rows_int(rows, 1);
        Pair key = {a < b ? a : b, a < b ? b : a, 0};
        Pair *pair = bsearch(&key, search->pairs, search->pair_count, sizeof key, pair_compare);
        if (pair)
            pair->rules = 0;
    }
    size_t kept = 0;
    for (size_t i = 0; i < search->pair_count; i++)
        if (search->pairs[i].rules != 0)
            search->pairs[kept++] = search->pairs[i];
    search->pair_count = kept;
    return OK;
}

ErrCode pairs_find(Db *db, Arena *arena, PairList *ret_list, Err *err)
{
    AUTO_ARENA work = arena_new(MEMORY_BYTES);
    Search search = {.arena = work};
    TRY(sketches_load(db, &search, err));
    for (PairRule rule = 0; rule < PAIR_RULE_COUNT; rule++)
        rule_apply(&search, rule);
    pairs_join(&search);
    TRY(pairs_part(db, &search, err));
    if (search.pair_count > 0)
        qsort(search.pairs, search.pair_count, sizeof *search.pairs, strength_compare);
    *ret_list = (PairList){.count = search.pair_count, .crowded = search.crowded};
    if (search.pair_count > 0)
        ret_list->pairs =
            arena_memdup(arena, search.pairs, search.pair_count * sizeof *search.pairs);
    return OK;
}
