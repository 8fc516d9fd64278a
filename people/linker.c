#include "people/linker.h"

#include "people/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int holder_key_compare(const void *key, const void *item)
{
    return hash_compare(key, ((const Holder *)item)->id_hash);
}

Holder *holder_find(const Linker *linker, const uint8_t *id_hash)
{
    if (linker->holder_count == 0)
        return NULL;
    return bsearch(id_hash, linker->holders, linker->holder_count, sizeof *linker->holders,
                   holder_key_compare);
}

void contact_identify(Contact *contact, const uint8_t *id_hash, Owner *owner)
{
    if (!contact->id_hash) {
        contact->id_hash = id_hash;
        contact->identified = owner;
    } else if (hash_compare(contact->id_hash, id_hash) != 0) {
        contact->several = true;
    }
}

ErrCode holders_look_up(Db *db, Linker *linker, Err *err)
{
    uint8_t *packed = arena_alloc(linker->arena, (size_t)KEYS_AT_ONCE * SEAL_HASH_BYTES);
    for (size_t from = 0; from < linker->holder_count; from += KEYS_AT_ONCE) {
        size_t count = keys_left(from, linker->holder_count);
        for (size_t i = 0; i < count; i++)
            memcpy(packed + i * SEAL_HASH_BYTES, linker->holders[from + i].id_hash,
                   SEAL_HASH_BYTES);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_HOLDERS,
                     PARAMS(v_bytes(packed, count * SEAL_HASH_BYTES), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows)) {
            Holder *holder = &linker->holders[from + (size_t)rows_int(rows, 0)];
            holder->owner.person = rows_int(rows, 1);
            holder->known = true;
        }
    }
    return OK;
}

/* One old answer with the contact's name and phone. */
static void contact_read(Linker *linker, Contact *contact, const Rows *rows)
{
    int64_t person = rows_int(rows, 2);
    if (rows_null(rows, 1)) {
        assert(contact->bare_person == 0 || contact->bare_person == person);
        contact->bare_person = person;
        contact->bare_identified = rows_int(rows, 3) != 0;
        return;
    }
    size_t length;
    const uint8_t *id_hash = rows_bytes(rows, 1, &length);
    assert(length == SEAL_HASH_BYTES);
    Holder *holder = holder_find(linker, id_hash);
    if (!holder && !contact->id_hash)
        contact->in_base.person = person;
    contact_identify(contact, arena_memdup(linker->arena, id_hash, length),
                     holder ? &holder->owner : &contact->in_base);
}

ErrCode contacts_look_up(Db *db, Linker *linker, Err *err)
{
    uint8_t *packed = arena_alloc(linker->arena, (size_t)KEYS_AT_ONCE * SEAL_HASH_BYTES);
    for (size_t from = 0; from < linker->contact_count; from += KEYS_AT_ONCE) {
        size_t count = keys_left(from, linker->contact_count);
        for (size_t i = 0; i < count; i++)
            memcpy(packed + i * SEAL_HASH_BYTES, linker->contacts[from + i].hash, SEAL_HASH_BYTES);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_CONTACTS,
                     PARAMS(v_bytes(packed, count * SEAL_HASH_BYTES), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows))
            contact_read(linker, &linker->contacts[from + (size_t)rows_int(rows, 0)], rows);
    }
    return OK;
}
