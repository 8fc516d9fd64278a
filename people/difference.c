#include "people/difference.h"

#include "people/fold.h"
#include "people/keys.h"

#include <stdlib.h>

/* As many as refold_base writes a line for. */
enum { CHUNK = 4000, FIRST_BITS = 1 << 16 };

/* Persons that were compared already: one may stand in several lines of a version. */
typedef struct SeenSet {
    Arena *arena;
    uint8_t *bits;
    int64_t size; /* in bits */
} SeenSet;

typedef struct View {
    bool exists;
    uint32_t conflicts;
    Record record;
} View;

typedef struct Comparing {
    Db *now, *before;
    const Sealer *sealer;
    Arena *arena; /* of the examples */
    Arena *chunk; /* of one chunk */
    Lang lang;
    SeenSet seen;
    Difference *difference;
} Comparing;

static bool seen_add(SeenSet *seen, int64_t person)
{
    if (person >= seen->size) {
        int64_t size = seen->size ? seen->size : FIRST_BITS;
        while (size <= person)
            size *= 2;
        uint8_t *bits = arena_array(seen->arena, uint8_t, (size_t)(size / 8));
        if (seen->size)
            memcpy(bits, seen->bits, (size_t)(seen->size / 8));
        seen->bits = bits;
        seen->size = size;
    }
    uint8_t bit = (uint8_t)(1u << (person % 8));
    bool was = seen->bits[person / 8] & bit;
    seen->bits[person / 8] |= bit;
    return was;
}

static ErrCode views_read(Db *db, Arena *arena, const int64_t *ids, size_t count, View *views,
                          Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_PERSON_OF_KEYS,
                 PARAMS(keys_numbers(arena, ids, count), v_int((int64_t)count)), &rows, err));
    while (rows_next(rows)) {
        View *view = &views[rows_int(rows, 0)];
        view->exists = true;
        view->conflicts = (uint32_t)rows_int(rows, 1);
        record_read(rows, 3, arena, &view->record);
    }
    return OK;
}

static ErrCode value_show(const Comparing *comparing, FactId fact, const Record *record,
                          const char **ret_text, Err *err)
{
    FactValue value = record->facts->values[fact];
    value.known = record_knows(record, fact);
    if (value.known && fact_info(fact)->kind == KIND_SEALED) {
        char *plain;
        const Sealed *sealed = record_sealed(record, fact);
        TRY(unseal(comparing->sealer, comparing->chunk, sealed->bytes, sealed->length, &plain,
                   err));
        value.text = plain;
    }
    *ret_text = value.known ? fact_show(comparing->arena, fact, value, comparing->lang) : NULL;
    return OK;
}

static bool values_same(FactId fact, const Record *a, const Record *b)
{
    if (fact == FACT_PENSION_MONTHS && a->pension_on != b->pension_on)
        return false;
    if (record_knows(a, fact) != record_knows(b, fact))
        return false;
    return !record_knows(a, fact) || record_compare(fact, a, b) == 0;
}

/* Pension months grow from one survey to the next: that takes nothing back. */
static bool value_grew(FactId fact, const Record *before, const Record *after)
{
    return fact == FACT_PENSION_MONTHS && after->pension_on >= before->pension_on &&
           record_knows(after, fact) && record_compare(fact, before, after) <= 0;
}

static ErrCode fact_compare(Comparing *comparing, FactId fact, int64_t person, const View views[2],
                            bool *replaced, Err *err)
{
    const Record *before = &views[0].record, *after = &views[1].record;
    FactDifference *difference = &comparing->difference->facts[fact];
    difference->people++;
    if (!record_knows(before, fact)) {
        difference->filled++;
        return OK;
    }
    if (value_grew(fact, before, after))
        return OK;
    difference->replaced++;
    *replaced = true;
    if (difference->example_count == DIFFERENCE_EXAMPLES)
        return OK;
    DifferenceExample example = {.person = person};
    TRY(value_show(comparing, fact, before, &example.before, err));
    TRY(value_show(comparing, fact, after, &example.after, err));
    difference->examples[difference->example_count++] = example;
    return OK;
}

static void conflicts_compare(Difference *difference, uint32_t before, uint32_t after)
{
    uint32_t fresh = after & ~before;
    difference->conflicts += fresh != 0;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        difference->facts[fact].conflicts += (fresh >> fact) & 1;
}

static ErrCode person_compare(Comparing *comparing, int64_t person, const View views[2], Err *err)
{
    Difference *difference = comparing->difference;
    const View *before = &views[0], *after = &views[1];
    difference->joined += before->exists && !after->exists;
    if (after->exists)
        conflicts_compare(difference, before->exists ? before->conflicts : 0, after->conflicts);
    if (!before->exists || !after->exists || fold_same(&before->record, &after->record))
        return OK;
    bool replaced = false;
    difference->changed++;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (!values_same(fact, &before->record, &after->record))
            TRY(fact_compare(comparing, fact, person, views, &replaced, err));
    difference->replaced += replaced;
    return OK;
}

static ErrCode persons_compare(Comparing *comparing, int64_t *ids, size_t count, Err *err)
{
    size_t fresh = 0;
    for (size_t i = 0; i < count; i++)
        if (!seen_add(&comparing->seen, ids[i]))
            ids[fresh++] = ids[i];
    if (fresh == 0)
        return OK;
    View *before = arena_array(comparing->chunk, View, fresh);
    View *after = arena_array(comparing->chunk, View, fresh);
    TRY(views_read(comparing->before, comparing->chunk, ids, fresh, before, err));
    TRY(views_read(comparing->now, comparing->chunk, ids, fresh, after, err));
    for (size_t i = 0; i < fresh; i++)
        TRY(person_compare(comparing, ids[i], (const View[]){before[i], after[i]}, err));
    return OK;
}

/* A range is that of new persons as a rule: who of it was there before is asked first. */
static ErrCode range_compare(Comparing *comparing, int64_t first, int64_t last, Err *err)
{
    int64_t *ids = arena_array(comparing->chunk, int64_t, CHUNK);
    while (first <= last) {
        AUTO_ROWS rows = NULL;
        size_t count = 0;
        TRY(db_query(comparing->before, QUERY_PEOPLE_DIFFERENCE_RANGE,
                     PARAMS(v_int(first), v_int(last)), &rows, err));
        while (rows_next(rows))
            ids[count++] = rows_int(rows, 0);
        if (count == 0)
            return OK;
        first = ids[count - 1] + 1;
        TRY(persons_compare(comparing, ids, count, err));
    }
    return OK;
}

static ErrCode line_compare(Comparing *comparing, const Rows *line, Err *err)
{
    TRY(range_compare(comparing, rows_int(line, 1), rows_int(line, 2), err));
    if (rows_null(line, 3))
        return OK;
    size_t length;
    const uint8_t *keys = rows_bytes(line, 3, &length);
    size_t count = length / 8;
    int64_t *ids = arena_array(comparing->chunk, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = key_get(keys + i * 8);
    for (size_t from = 0; from < count; from += CHUNK)
        TRY(persons_compare(comparing, ids + from, count - from < CHUNK ? count - from : CHUNK,
                            err));
    return OK;
}

static ErrCode lines_compare(Comparing *comparing, Err *err)
{
    int64_t version;
    TRY(db_number(comparing->now, QUERY_PEOPLE_DIFFERENCE_VERSION, NO_PARAMS, &version, err));
    for (int64_t id = 0;;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(comparing->now, QUERY_PEOPLE_DIFFERENCE_NEXT,
                     PARAMS(v_int(version), v_int(id)), &rows, err));
        if (!rows_next(rows))
            return OK;
        id = rows_int(rows, 0);
        arena_reset(comparing->chunk);
        TRY(line_compare(comparing, rows, err));
    }
}

ErrCode difference_read(Db *db, const Sealer *sealer, Arena *arena, Lang lang,
                        Difference *ret_difference, Err *err)
{
    AUTO_ARENA chunk = arena_new(0);
    AUTO_ARENA bits = arena_new(0);
    Difference *difference = arena_alloc(arena, sizeof *difference);
    *difference = (Difference){0};
    Comparing comparing = {.now = db,
                           .sealer = sealer,
                           .arena = arena,
                           .chunk = chunk,
                           .lang = lang,
                           .seen = {.arena = bits},
                           .difference = difference};
    TRY(db_open_again(db, &comparing.before, err));
    ErrCode code = lines_compare(&comparing, err);
    db_close(comparing.before);
    if (code == OK)
        *ret_difference = *difference;
    return code;
}
