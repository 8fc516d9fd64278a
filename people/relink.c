#include "people/relink.h"

#include "people/link.h"
#include "people/refold.h"

#include <stdlib.h>
#include <string.h>

/* Doubles the room of a list in an arena. */
static void *grown(Arena *arena, const void *items, size_t count, size_t *room, size_t item_bytes)
{
    *room = count > 0 ? count * 2 : 64;
    void *more = arena_alloc_array(arena, *room, item_bytes);
    if (count > 0)
        memcpy(more, items, count * item_bytes);
    return more;
}

void relink_add_key(Relink *relink, const uint8_t *key)
{
    if (relink->key_count == relink->key_room)
        relink->keys = grown(relink->arena, relink->keys, relink->key_count, &relink->key_room,
                             sizeof *relink->keys);
    relink->keys[relink->key_count++] = arena_memdup(relink->arena, key, SEAL_HASH_BYTES);
}

void relink_add_person(Relink *relink, int64_t person)
{
    if (relink->person_count == relink->person_room)
        relink->persons = grown(relink->arena, relink->persons, relink->person_count,
                                &relink->person_room, sizeof *relink->persons);
    relink->persons[relink->person_count++] = person;
}

static ErrCode add_keys(Db *db, Relink *relink, QueryId query, int64_t of, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, query, PARAMS(v_int(of)), &rows, err));
    while (rows_next(rows)) {
        size_t length;
        relink_add_key(relink, rows_bytes(rows, 0, &length));
    }
    return OK;
}

ErrCode relink_person(Db *db, Relink *relink, int64_t person, Err *err)
{
    relink_add_person(relink, person);
    return add_keys(db, relink, QUERY_PEOPLE_DECISION_CONTACTS_OF_PERSON, person, err);
}

ErrCode relink_batch(Db *db, Relink *relink, int64_t batch, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(add_keys(db, relink, QUERY_PEOPLE_ANSWER_CONTACTS_OF_BATCH, batch, err));
    TRY(db_query(db, QUERY_PEOPLE_ANSWER_PERSONS_OF_BATCH, PARAMS(v_int(batch)), &rows, err));
    while (rows_next(rows))
        relink_add_person(relink, rows_int(rows, 0));
    return OK;
}

static int person_compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void persons_sort(Relink *relink)
{
    size_t kept = 0;
    if (relink->person_count > 0)
        qsort(relink->persons, relink->person_count, sizeof *relink->persons, person_compare);
    for (size_t i = 0; i < relink->person_count; i++)
        if (kept == 0 || relink->persons[kept - 1] != relink->persons[i])
            relink->persons[kept++] = relink->persons[i];
    relink->person_count = kept;
}

ErrCode relink_run(Db *db, const Sealer *sealer, Relink *relink, AnswerCounts *ret_counts, Err *err)
{
    LinkPlan plan;
    AnswerCounts counts = {0};
    TRY(link_leave(db, relink->arena, relink->keys, relink->key_count, &plan, err));
    TRY(link_move(db, &plan, err));
    for (size_t i = 0; i < plan.move_count; i++) {
        relink_add_person(relink, plan.moves[i].from);
        relink_add_person(relink, plan.moves[i].to);
    }
    persons_sort(relink);
    TRY(refold_base(db, sealer, relink->persons, relink->person_count, &counts, err));
    *ret_counts = counts;
    return OK;
}
