#include "people/former.h"

#include "people/keys.h"

#include <string.h>

ErrCode formers_look_up(Db *db, Linker *linker, Err *err)
{
    int64_t any;
    TRY(db_number(db, QUERY_PEOPLE_FORMER_ANY, NO_PARAMS, &any, err));
    if (!any) /* as in most imports */
        return OK;
    for (size_t from = 0; from < linker->contact_count; from += KEYS_AT_ONCE) {
        size_t count = keys_left(from, linker->contact_count);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_FORMER_FIND,
                     PARAMS(contacts_packed(linker, from, count), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows)) {
            Contact *contact = &linker->contacts[from + (size_t)rows_int(rows, 0)];
            contact->former = rows_int(rows, 1);
            contact->former_free = rows_int(rows, 2) != 0;
            contact->former_due = contact->former_free && rows_int(rows, 3) != 0;
        }
    }
    return OK;
}

ErrCode formers_keep(Db *db, const LinkMove *moves, size_t count, Err *err)
{
    for (size_t from = 0; from < count; from += KEYS_AT_ONCE) {
        AUTO_ARENA arena = arena_new(0);
        size_t some = keys_left(from, count);
        uint8_t *hashes = arena_alloc(arena, some * SEAL_HASH_BYTES);
        int64_t *persons = arena_array(arena, int64_t, some);
        for (size_t i = 0; i < some; i++) {
            memcpy(hashes + i * SEAL_HASH_BYTES, moves[from + i].name_phone_hash, SEAL_HASH_BYTES);
            persons[i] = moves[from + i].from;
        }
        TRY(db_run(db, QUERY_PEOPLE_FORMER_KEEP,
                   PARAMS(v_bytes(hashes, some * SEAL_HASH_BYTES),
                          keys_numbers(arena, persons, some), v_int((int64_t)some)),
                   NULL, err));
    }
    return OK;
}
