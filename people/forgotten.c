#include "people/forgotten.h"

#include "base/lang.h"
#include "people/forgotten_staged.h"
#include "people/identity.h"
#include "people/keys.h"
#include "people/record.h"

#include <inttypes.h>
#include <string.h>

/* The keys of answers, one after another, and what a tombstone says of each. */
typedef struct KeyList {
    uint8_t (*keys)[SEAL_HASH_BYTES];
    size_t *owners; /* places of the answers */
    size_t count;
} KeyList;

static void answer_keys(const Sealer *sealer, Arena *arena, const Answer *answer, size_t place,
                        KeyList *list)
{
    const FactValue *values = answer->facts.values;
    if (values[FACT_ID_NUMBER].known) {
        list->owners[list->count] = place;
        identity_id_hash(sealer, values[FACT_ID_NUMBER].text, list->keys[list->count++]);
    }
    if (values[FACT_NAME].known && values[FACT_PHONE].known) {
        list->owners[list->count] = place;
        identity_name_phone_hash(sealer, arena, values[FACT_NAME].text, values[FACT_PHONE].text,
                                 list->keys[list->count++]);
    }
}

ErrCode forgotten_match(Db *db, const Sealer *sealer, const Answer *answers, size_t count,
                        bool *ret_forgotten, Err *err)
{
    int64_t any;
    memset(ret_forgotten, 0, count * sizeof *ret_forgotten);
    TRY(db_number(db, QUERY_PEOPLE_FORGOTTEN_ANY, NO_PARAMS, &any, err));
    if (!any)
        return OK;
    AUTO_ARENA arena = arena_new(0);
    AUTO_ARENA scratch = arena_new(0);
    KeyList list = {.keys = arena_alloc_array(arena, 2 * count + 1, SEAL_HASH_BYTES),
                    .owners = arena_array(arena, size_t, 2 * count + 1)};
    for (size_t i = 0; i < count; i++) {
        arena_reset(scratch);
        answer_keys(sealer, scratch, &answers[i], i, &list);
    }
    for (size_t from = 0; from < list.count; from += KEYS_AT_ONCE) {
        AUTO_ROWS rows = NULL;
        size_t at_once = keys_left(from, list.count);
        TRY(db_query(
            db, QUERY_PEOPLE_FORGOTTEN_KEYS,
            PARAMS(v_bytes(list.keys[from], at_once * SEAL_HASH_BYTES), v_int((int64_t)at_once)),
            &rows, err));
        while (rows_next(rows)) {
            size_t place = list.owners[from + (size_t)rows_int(rows, 0)];
            bool only_bare = rows_int(rows, 1) != 0;
            ret_forgotten[place] |=
                !only_bare || !answers[place].facts.values[FACT_ID_NUMBER].known;
        }
    }
    return OK;
}

/* One that is being sent cannot be called back. */
static ErrCode messages_withhold(Db *db, int64_t person, int64_t *ret_count, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_MESSAGES, PARAMS(v_int(person)), &rows, err));
    *ret_count = 0;
    while (rows_next(rows)) {
        int64_t message = rows_int(rows, 0);
        if (strcmp(rows_text(rows, 1), "claimed") == 0) {
            err_set(err, ERR_REFUSED, _("a message to person %" PRId64 " is being sent"), person);
            return err_hint(err, _("try again in a minute"));
        }
        TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_LOG_MESSAGE, PARAMS(v_null(), v_int(message)), NULL,
                   err));
        TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_WITHHOLD_MESSAGE, PARAMS(v_int(message)), NULL, err));
        ++*ret_count;
    }
    return OK;
}

static ErrCode sealed_text(const Rows *rows, unsigned column, const Sealer *sealer, Arena *arena,
                           char **ret_text, Err *err)
{
    size_t length = 0;
    const void *sealed = rows_null(rows, column) ? NULL : rows_bytes(rows, column, &length);
    return unseal(sealer, arena, sealed, length, ret_text, err);
}

static ErrCode secrets_load(Db *db, const Sealer *sealer, Arena *arena, int64_t person,
                            NamedList *ret_list, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_FORGOTTEN_SECRETS, PARAMS(v_int(person)), &rows, err));
    NamedList list = {arena_array(arena, Named, rows_count(rows) + 1), 0};
    while (rows_next(rows)) {
        Named *named = &list.items[list.count++];
        char *id_number, *phone;
        TRY(sealed_text(rows, 1, sealer, arena, &id_number, err));
        TRY(sealed_text(rows, 2, sealer, arena, &phone, err));
        named->name = rows_null(rows, 0) ? NULL : arena_strdup(arena, rows_text(rows, 0));
        named->id_number = id_number;
        named->phone = phone;
    }
    *ret_list = list;
    return OK;
}

ErrCode person_forget(Db *db, const Sealer *sealer, int64_t person, const Decider *decider,
                      Erased *ret_erased, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Relink relink = {.arena = arena};
    Erased erased = {0};
    NamedList secrets;
    AnswerCounts counts;
    uint64_t answers;
    Value of = v_int(person);
    TRY(relink_person(db, &relink, person, err));
    TRY(secrets_load(db, sealer, arena, person, &secrets, err));
    if (secrets.count == 0) {
        err_set(err, ERR_NOT_FOUND, _("there is no person %" PRId64), person);
        return err_hint(err, _("find people with: %s"), "talent people find");
    }
    TRY(messages_withhold(db, person, &erased.messages, err));
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_REPLIES, PARAMS(of), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_SET,
               PARAMS(v_text(decider->why), v_text(decider->user), of, of, of, of), NULL, err));
    TRY(db_run(db, QUERY_PEOPLE_FORMER_FORGET, PARAMS(of), NULL, err));
    TRY(mended_forget(db, person, &erased.quarantined, err));
    TRY(db_run(db, QUERY_PEOPLE_FORGOTTEN_ANSWERS, PARAMS(of), &answers, err));
    TRY(decisions_forget(db, &relink, person, err));
    TRY(relink_run(db, sealer, &relink, &counts, err));
    TRY(quarantine_forget(db, sealer, &secrets, &erased.quarantined, err));
    TRY(titles_forget(db, sealer, &secrets, err));
    TRY(staged_forget(db, sealer, &secrets, &erased.staged, err));
    erased.answers = (int64_t)answers;
    *ret_erased = erased;
    return OK;
}
