#include "people/decision.h"

#include "base/lang.h"
#include "people/link.h"

#include <inttypes.h>
#include <string.h>

/* A merge in force. */
typedef struct Merge {
    int64_t id;
    uint8_t a[SEAL_HASH_BYTES], b[SEAL_HASH_BYTES];
    int64_t b_person; /* 0 = no person gave up its number */
    bool cut_off;     /* on b's side of the one that is being taken back */
} Merge;

typedef struct MergeList {
    Merge *items;
    size_t count;
} MergeList;

static Value key_value(const uint8_t *key)
{
    return v_bytes(key, SEAL_HASH_BYTES);
}

static bool same_key(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, SEAL_HASH_BYTES) == 0;
}

static void key_read(const Rows *rows, unsigned column, uint8_t ret_key[SEAL_HASH_BYTES])
{
    size_t length;
    const void *bytes = rows_bytes(rows, column, &length);
    memcpy(ret_key, bytes, SEAL_HASH_BYTES);
}

/* The key that stands for a person. */
static ErrCode key_of(Db *db, int64_t person, uint8_t ret_key[SEAL_HASH_BYTES], Err *err)
{
    AUTO_ROWS rows = NULL;
    int64_t exists;
    TRY(db_number(db, QUERY_PEOPLE_DECISION_PERSON_EXISTS, PARAMS(v_int(person)), &exists, err));
    if (exists)
        TRY(db_query(db, QUERY_PEOPLE_DECISION_KEY_OF,
                     PARAMS(v_int(person), v_int(person), v_int(person)), &rows, err));
    if (!exists || !rows_next(rows)) {
        err_set(err, ERR_NOT_FOUND, _("there is no person %" PRId64), person);
        return err_hint(err, _("find people with: %s"), "talent people find");
    }
    key_read(rows, 0, ret_key);
    return OK;
}

static ErrCode key_keep(Db *db, const uint8_t *key, int64_t person, Err *err)
{
    return db_run(db, QUERY_PEOPLE_DECISION_KEEP_KEY, PARAMS(key_value(key), v_int(person)), NULL,
                  err);
}

/* Keys that no decision names any more are linked by rule again. */
static ErrCode keys_release(Db *db, Relink *relink, int64_t person, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_IDLE_KEYS, PARAMS(v_int(person)), &rows, err));
    while (rows_next(rows)) {
        uint8_t key[SEAL_HASH_BYTES];
        key_read(rows, 0, key);
        relink_add_key(relink, key);
        TRY(db_run(db, QUERY_PEOPLE_DECISION_DROP_KEY, PARAMS(key_value(key)), NULL, err));
    }
    return OK;
}

static ErrCode merges_of(Db *db, Arena *arena, int64_t person, MergeList *ret_list, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_MERGES_OF, PARAMS(v_int(person)), &rows, err));
    MergeList list = {arena_array(arena, Merge, rows_count(rows) + 1), 0};
    while (rows_next(rows)) {
        Merge *merge = &list.items[list.count++];
        merge->id = rows_int(rows, 0);
        key_read(rows, 1, merge->a);
        key_read(rows, 2, merge->b);
        merge->b_person = rows_int(rows, 3);
    }
    *ret_list = list;
    return OK;
}

/* A person and every merge that made it, of which one is being taken back. */
typedef struct Cut {
    int64_t person, number; /* number: of b's side from now on */
    MergeList merges;
    size_t at;
    const uint8_t **side; /* the keys on b's side */
    size_t side_count;
} Cut;

static bool on_side(const Cut *cut, const uint8_t *key)
{
    for (size_t i = 0; i < cut->side_count; i++)
        if (same_key(cut->side[i], key))
            return true;
    return false;
}

/* All keys that hang together with b once the merge is gone. */
static void cut_side(Cut *cut, Arena *arena)
{
    const Merge *merges = cut->merges.items;
    cut->side = arena_array(arena, const uint8_t *, cut->merges.count + 1);
    cut->side[cut->side_count++] = merges[cut->at].b;
    for (bool grew = true; grew;) {
        grew = false;
        for (size_t i = 0; i < cut->merges.count; i++) {
            if (i == cut->at || on_side(cut, merges[i].a) == on_side(cut, merges[i].b))
                continue;
            cut->side[cut->side_count++] = on_side(cut, merges[i].a) ? merges[i].b : merges[i].a;
            grew = true;
        }
    }
}

/* Gives the side's keys and the answers that have them to the side's own number. */
static ErrCode cut_move(Db *db, const Cut *cut, Err *err)
{
    for (size_t i = 0; i < cut->side_count; i++) {
        Value key = key_value(cut->side[i]);
        TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_KEY, PARAMS(v_int(cut->number), key), NULL, err));
        TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_ANSWERS_OF_KEY,
                   PARAMS(v_int(cut->number), v_int(cut->person), key, key), NULL, err));
    }
    return OK;
}

/* Takes a merge of the person back; the keys stay decided until keys_release. */
static ErrCode merge_cut(Db *db, Relink *relink, int64_t person, int64_t merge, const char *user,
                         Cut *ret_cut, Err *err)
{
    Cut cut = {.person = person};
    TRY(merges_of(db, relink->arena, person, &cut.merges, err));
    while (cut.at < cut.merges.count && cut.merges.items[cut.at].id != merge)
        cut.at++;
    if (cut.at == cut.merges.count)
        return err_set(err, ERR_NOT_FOUND, _("there is no person %" PRId64), person);
    cut_side(&cut, relink->arena);
    cut.number = cut.merges.items[cut.at].b_person;
    if (cut.number == 0)
        TRY(link_numbers(db, 1, &cut.number, err));
    TRY(relink_person(db, relink, person, err));
    relink_add_person(relink, cut.number);
    TRY(db_run(db, QUERY_PEOPLE_DECISION_END, PARAMS(v_text(user), v_int(merge)), NULL, err));
    *ret_cut = cut;
    return cut_move(db, &cut, err);
}

ErrCode decision_merge(Db *db, Relink *relink, int64_t a, int64_t b, const Decider *decider,
                       Err *err)
{
    uint8_t a_key[SEAL_HASH_BYTES], b_key[SEAL_HASH_BYTES];
    if (a == b)
        return err_set(err, ERR_USAGE, _("a person is merged with another one"));
    TRY(key_of(db, a, a_key, err));
    TRY(key_of(db, b, b_key, err));
    TRY(relink_person(db, relink, a, err));
    TRY(relink_person(db, relink, b, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_INSERT,
               PARAMS(v_text("merge"), key_value(a_key), key_value(b_key), v_int(a), v_int(b),
                      v_null(), v_text(decider->why), v_text(decider->user)),
               NULL, err));
    TRY(key_keep(db, a_key, a, err));
    TRY(key_keep(db, b_key, a, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_KEYS, PARAMS(v_int(a), v_int(b)), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_ANSWERS, PARAMS(v_int(a), v_int(b)), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_REPLIES, PARAMS(v_int(a), v_int(b)), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_MOVE_MESSAGES, PARAMS(v_int(a), v_int(b)), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_END_PARTS_WITHIN,
               PARAMS(v_text(decider->user), v_int(a), v_int(a)), NULL, err));
    return keys_release(db, relink, a, err);
}

/* Where a number went: to the person who holds its keys now, by which merge; 0 = nowhere. */
static ErrCode number_find(Db *db, int64_t number, int64_t *ret_person, int64_t *ret_merge,
                           Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_OF_NUMBER, PARAMS(v_int(number)), &rows, err));
    bool found = rows_next(rows);
    *ret_merge = found ? rows_int(rows, 0) : 0;
    *ret_person = found ? rows_int(rows, 1) : 0;
    return OK;
}

static ErrCode part_insert(Db *db, const uint8_t *a_key, const uint8_t *b_key, int64_t a, int64_t b,
                           const Decider *decider, Err *err)
{
    TRY(db_run(db, QUERY_PEOPLE_DECISION_INSERT,
               PARAMS(v_text("part"), key_value(a_key), key_value(b_key), v_int(a), v_int(b),
                      v_null(), v_text(decider->why), v_text(decider->user)),
               NULL, err));
    TRY(key_keep(db, a_key, a, err));
    return key_keep(db, b_key, b, err);
}

ErrCode decision_part(Db *db, Relink *relink, int64_t a, int64_t b, const Decider *decider,
                      bool *ret_split, Err *err)
{
    uint8_t a_key[SEAL_HASH_BYTES], b_key[SEAL_HASH_BYTES];
    int64_t holder, merge;
    if (a == b)
        return err_set(err, ERR_USAGE, _("a person is parted from another one"));
    TRY(number_find(db, b, &holder, &merge, err));
    if (merge == 0) {
        int64_t b_holder = b;
        b = a, a = b_holder;
        TRY(number_find(db, b, &holder, &merge, err));
    }
    if (merge != 0) {
        Cut cut;
        if (holder != a) {
            err_set(err, ERR_REFUSED, _("person %" PRId64 " is no part of person %" PRId64), b, a);
            return err_hint(err, _("it was merged into person %" PRId64), holder);
        }
        TRY(merge_cut(db, relink, a, merge, decider->user, &cut, err));
        const Merge *gone = &cut.merges.items[cut.at];
        *ret_split = true;
        return part_insert(db, gone->a, gone->b, a, b, decider, err);
    }
    TRY(key_of(db, a, a_key, err));
    TRY(key_of(db, b, b_key, err));
    *ret_split = false;
    bool parted;
    TRY(decision_parted(db, a, b, &parted, err));
    if (parted)
        return OK;
    TRY(relink_person(db, relink, a, err));
    TRY(relink_person(db, relink, b, err));
    return part_insert(db, a_key, b_key, a, b, decider, err);
}

ErrCode decision_rename(Db *db, Relink *relink, int64_t person, const uint8_t *new_key,
                        int64_t batch, const Decider *decider, Err *err)
{
    uint8_t key[SEAL_HASH_BYTES];
    TRY(key_of(db, person, key, err));
    TRY(relink_person(db, relink, person, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_INSERT,
               PARAMS(v_text("merge"), key_value(key), key_value(new_key), v_int(person), v_null(),
                      v_int(batch), v_text(decider->why), v_text(decider->user)),
               NULL, err));
    TRY(key_keep(db, key, person, err));
    return key_keep(db, new_key, person, err);
}

ErrCode decisions_leave(Db *db, Relink *relink, int64_t batch, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_OF_BATCH, PARAMS(v_int(batch)), &rows, err));
    while (rows_next(rows)) {
        Cut cut;
        TRY(merge_cut(db, relink, rows_int(rows, 1), rows_int(rows, 0), "undo", &cut, err));
        TRY(keys_release(db, relink, cut.person, err));
        TRY(keys_release(db, relink, cut.number, err));
    }
    return OK;
}

ErrCode decisions_forget(Db *db, Relink *relink, int64_t person, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_PARTNERS, PARAMS(v_int(person), v_int(person)), &rows,
                 err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_FORGET_A, PARAMS(v_int(person)), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_DECISION_FORGET_B, PARAMS(v_int(person)), NULL, err));
    TRY(keys_release(db, relink, person, err));
    while (rows_next(rows))
        TRY(keys_release(db, relink, rows_int(rows, 0), err));
    return OK;
}

ErrCode decision_parted(Db *db, int64_t a, int64_t b, bool *ret_parted, Err *err)
{
    int64_t one, other;
    TRY(db_number(db, QUERY_PEOPLE_DECISION_PARTED, PARAMS(v_int(a), v_int(b)), &one, err));
    TRY(db_number(db, QUERY_PEOPLE_DECISION_PARTED, PARAMS(v_int(b), v_int(a)), &other, err));
    *ret_parted = one + other > 0;
    return OK;
}
