#include "people/refold.h"

#include "people/change.h"
#include "people/fold.h"
#include "people/keys.h"

#include <assert.h>
#include <stdlib.h>

/* CHUNK keys travel in one parameter; person.answers is SMALLINT UNSIGNED. */
enum { CHUNK = 4000, ANSWERS_SHOWN_MAX = 65535 };
_Static_assert((int)CHUNK <= (int)KEYS_AT_ONCE, "see people/keys.h");

/* A row of table person. */
typedef struct PersonRow {
    int64_t id;
    bool exists;
    Record record;
    uint32_t conflicts;
    int64_t answers;
} PersonRow;

/* An answer read back, with the place of its person among the chunk's. */
typedef struct Placed {
    Record record;
    size_t place;
} Placed;

typedef struct Chunk {
    Db *db;
    const Sealer *sealer;
    Arena *arena;
    const int64_t *ids;
    size_t count;
    PersonRow *before, *after; /* one of each for each id */
} Chunk;

typedef struct PersonSource {
    const PersonRow *rows;
    size_t count, at;
} PersonSource;

static bool person_source(void *state, BulkRow *row, Err *err)
{
    PersonSource *source = state;
    (void)err;
    if (source->at == source->count)
        return false;
    const PersonRow *person = &source->rows[source->at++];
    bulk_value(row, v_int(person->id));
    bulk_value(row, v_int(person->conflicts));
    bulk_value(row, v_int(person->answers));
    record_write(row, &person->record);
    return true;
}

static ErrCode persons_load(Db *db, const PersonRow *rows, size_t count, Err *err)
{
    PersonSource source = {.rows = rows, .count = count};
    if (count == 0)
        return OK;
    return db_load(db, QUERY_PEOPLE_PERSON_LOAD, person_source, &source, NULL, err);
}

static ErrCode row_fold(const Sealer *sealer, Arena *arena, const Record **answers, size_t count,
                        PersonRow *ret_row, Err *err)
{
    Fold fold;
    fold_answers(arena, answers, count, &fold);
    TRY(fold_link(&fold, answers, count, sealer, arena, err));
    ret_row->exists = true;
    ret_row->record = fold.person;
    ret_row->conflicts = fold.conflicts;
    ret_row->answers = count > ANSWERS_SHOWN_MAX ? ANSWERS_SHOWN_MAX : (int64_t)count;
    return OK;
}

static ErrCode chunk_read_persons(Chunk *chunk, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(
        chunk->db, QUERY_PEOPLE_PERSON_OF_KEYS,
        PARAMS(keys_numbers(chunk->arena, chunk->ids, chunk->count), v_int((int64_t)chunk->count)),
        &rows, err));
    while (rows_next(rows)) {
        PersonRow *row = &chunk->before[rows_int(rows, 0)];
        row->exists = true;
        row->conflicts = (uint32_t)rows_int(rows, 1);
        row->answers = rows_int(rows, 2);
        record_read(rows, 3, chunk->arena, &row->record);
    }
    return OK;
}

static int placed_compare(const void *a, const void *b)
{
    size_t left = ((const Placed *)a)->place, right = ((const Placed *)b)->place;
    return (left > right) - (left < right);
}

static ErrCode chunk_read_answers(Chunk *chunk, Placed **ret_answers, size_t *ret_count, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(
        chunk->db, QUERY_PEOPLE_ANSWER_OF_PERSONS,
        PARAMS(keys_numbers(chunk->arena, chunk->ids, chunk->count), v_int((int64_t)chunk->count)),
        &rows, err));
    size_t count = 0;
    Placed *answers = arena_array(chunk->arena, Placed, rows_count(rows));
    while (rows_next(rows)) {
        Placed *answer = &answers[count++];
        answer->place = (size_t)rows_int(rows, 0);
        record_read(rows, 3, chunk->arena, &answer->record);
        answer->record.surveyed_on = rows_date(rows, 1);
        answer->record.credibility = (int)rows_int(rows, 2);
    }
    if (count > 0)
        qsort(answers, count, sizeof *answers, placed_compare);
    *ret_answers = answers;
    *ret_count = count;
    return OK;
}

static ErrCode chunk_fold(Chunk *chunk, Placed *answers, size_t count, Err *err)
{
    const Record **group = arena_array(chunk->arena, const Record *, count);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && answers[to].place == answers[from].place; to++)
            group[to] = &answers[to].record;
        TRY(row_fold(chunk->sealer, chunk->arena, group + from, to - from,
                     &chunk->after[answers[from].place], err));
    }
    return OK;
}

/* Everything but the number of answers is as it was; the hashes follow from the facts. */
static bool row_same(const PersonRow *before, const PersonRow *after)
{
    return before->conflicts == after->conflicts && fold_same(&before->record, &after->record);
}

static void chunk_count(const PersonRow *before, const PersonRow *after, AnswerCounts *counts)
{
    if (!before->exists)
        counts->people_new += after->exists;
    else if (!after->exists)
        counts->people_gone++;
    else if (fold_same(&before->record, &after->record))
        counts->people_unchanged++;
    else
        counts->people_changed++;
}

/* Persons whose rows stay: see person_go_on. */
typedef struct Going {
    int64_t *ids, *answers, *conflicts, *months, *days;
    size_t count;
} Going;

static Going going_new(Arena *arena, size_t most)
{
    return (Going){arena_array(arena, int64_t, most), arena_array(arena, int64_t, most),
                   arena_array(arena, int64_t, most), arena_array(arena, int64_t, most),
                   arena_array(arena, int64_t, most), 0};
}

static void going_add(Going *going, const PersonRow *person)
{
    enum { NOT_KNOWN = 65535 };
    size_t at = going->count++;
    FactValue months = person->record.facts->values[FACT_PENSION_MONTHS];
    Date on = person->record.pension_on;
    Civil day = on == DATE_NONE ? (Civil){0} : date_civil(on);
    going->ids[at] = person->id;
    going->answers[at] = person->answers;
    going->conflicts[at] = person->conflicts;
    going->months[at] = months.known ? months.number : NOT_KNOWN;
    going->days[at] = (day.year * 100 + day.month) * 100 + day.day;
}

static ErrCode going_write(Db *db, Arena *arena, const Going *going, Err *err)
{
    size_t count = going->count;
    if (count == 0)
        return OK;
    return db_run(db, QUERY_PEOPLE_PERSON_GO_ON,
                  PARAMS(keys_numbers(arena, going->ids, count),
                         keys_numbers(arena, going->answers, count),
                         keys_numbers(arena, going->conflicts, count),
                         keys_numbers(arena, going->months, count),
                         keys_numbers(arena, going->days, count), v_int((int64_t)count)),
                  NULL, err);
}

/* Corrects in their place the rows of which only that differs which each survey changes, replaces
 * the others that differ. */
static ErrCode chunk_write(Chunk *chunk, AnswerCounts *counts, Err *err)
{
    Arena *arena = chunk->arena;
    Going going = going_new(arena, chunk->count);
    int64_t *gone = arena_array(arena, int64_t, chunk->count);
    int64_t *changed = arena_array(arena, int64_t, chunk->count);
    PersonRow *rows = arena_array(arena, PersonRow, chunk->count);
    Changes changes = {.first = 1, .last = 0, .ids = changed};
    size_t gone_count = 0, row_count = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        const PersonRow *before = &chunk->before[i], *after = &chunk->after[i];
        chunk_count(before, after, counts);
        bool both = before->exists && after->exists;
        if (!both || !row_same(before, after))
            changed[changes.count++] = before->id;
        if (both && fold_same_but_pension(&before->record, &after->record)) {
            going_add(&going, after);
            continue;
        }
        if (before->exists)
            gone[gone_count++] = before->id;
        if (after->exists)
            rows[row_count++] = *after;
    }
    TRY(going_write(chunk->db, arena, &going, err));
    if (gone_count > 0)
        TRY(db_run(chunk->db, QUERY_PEOPLE_PERSON_DELETE,
                   PARAMS(keys_numbers(arena, gone, gone_count), v_int((int64_t)gone_count)), NULL,
                   err));
    TRY(persons_load(chunk->db, rows, row_count, err));
    return changes.count ? changes_note(chunk->db, arena, &changes, err) : OK;
}

static ErrCode chunk_read_and_fold(Chunk *chunk, Err *err)
{
    Placed *answers;
    size_t count;
    chunk->before = arena_array(chunk->arena, PersonRow, chunk->count);
    chunk->after = arena_array(chunk->arena, PersonRow, chunk->count);
    for (size_t i = 0; i < chunk->count; i++)
        chunk->before[i].id = chunk->after[i].id = chunk->ids[i];
    TRY(chunk_read_persons(chunk, err));
    TRY(chunk_read_answers(chunk, &answers, &count, err));
    return chunk_fold(chunk, answers, count, err);
}

static ErrCode chunk_refold(Chunk *chunk, AnswerCounts *counts, Err *err)
{
    TRY(chunk_read_and_fold(chunk, err));
    return chunk_write(chunk, counts, err);
}

ErrCode refold_check(Db *db, const Sealer *sealer, const int64_t *ids, size_t count, int64_t *wrong,
                     size_t *ret_wrong, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    size_t wrong_count = 0;
    for (size_t from = 0; from < count; from += CHUNK) {
        arena_reset(arena);
        Chunk chunk = {.db = db, .sealer = sealer, .arena = arena, .ids = ids + from};
        chunk.count = count - from < CHUNK ? count - from : CHUNK;
        TRY(chunk_read_and_fold(&chunk, err));
        for (size_t i = 0; i < chunk.count; i++) {
            const PersonRow *before = &chunk.before[i], *after = &chunk.after[i];
            if (before->exists != after->exists || before->answers != after->answers ||
                !row_same(before, after))
                wrong[wrong_count++] = before->id;
        }
    }
    *ret_wrong = wrong_count;
    return OK;
}

ErrCode refold_base(Db *db, const Sealer *sealer, const int64_t *ids, size_t count,
                    AnswerCounts *counts, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    for (size_t from = 0; from < count; from += CHUNK) {
        arena_reset(arena);
        Chunk chunk = {.db = db, .sealer = sealer, .arena = arena, .ids = ids + from};
        chunk.count = count - from < CHUNK ? count - from : CHUNK;
        TRY(chunk_refold(&chunk, counts, err));
    }
    return OK;
}

ErrCode refold_singles(Db *db, const Singles *singles, AnswerCounts *counts, Err *err)
{
    uint64_t written = 0;
    if (singles->last < singles->first)
        return OK;
    TRY(db_run(db, QUERY_PEOPLE_PERSON_FROM_ANSWER,
               PARAMS(v_int(singles->batch), v_int(singles->first_sheet),
                      v_int(singles->last_sheet), v_int(singles->first_line),
                      v_int(singles->last_line), v_int(singles->first), v_int(singles->last)),
               &written, err));
    counts->people_new += (int64_t)written;
    AUTO_ARENA arena = arena_new(0);
    const Changes changes = {.first = singles->first, .last = singles->last};
    return changes_note(db, arena, &changes, err);
}
