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
    } else if (hash_compare(contact->id_hash, id_hash) != 0 &&
               (owner->person == 0 || owner->person != contact->identified->person)) {
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

/* Hands each key that a decision names, with its person, to `tell`. */
typedef void (*DecidedTell)(Linker *linker, size_t place, int64_t person);

static ErrCode keys_decided(Db *db, Linker *linker,
                            const uint8_t *(*key_at)(const Linker *, size_t), size_t total,
                            DecidedTell tell, Err *err)
{
    uint8_t *packed = arena_alloc(linker->arena, (size_t)KEYS_AT_ONCE * SEAL_HASH_BYTES);
    for (size_t from = 0; from < total; from += KEYS_AT_ONCE) {
        size_t count = keys_left(from, total);
        for (size_t i = 0; i < count; i++)
            memcpy(packed + i * SEAL_HASH_BYTES, key_at(linker, from + i), SEAL_HASH_BYTES);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_DECIDED,
                     PARAMS(v_bytes(packed, count * SEAL_HASH_BYTES), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows))
            tell(linker, from + (size_t)rows_int(rows, 0), rows_int(rows, 1));
    }
    return OK;
}

static const uint8_t *holder_key(const Linker *linker, size_t place)
{
    return linker->holders[place].id_hash;
}

static void holder_decided(Linker *linker, size_t place, int64_t person)
{
    linker->holders[place].owner.person = person;
    linker->holders[place].known = true;
}

static const uint8_t *contact_key(const Linker *linker, size_t place)
{
    return linker->contacts[place].hash;
}

static void contact_decided(Linker *linker, size_t place, int64_t person)
{
    linker->contacts[place].own.person = person;
    linker->contacts[place].decided = true;
}

ErrCode decided_look_up(Db *db, Linker *linker, Err *err)
{
    int64_t any;
    TRY(db_number(db, QUERY_PEOPLE_LINK_ANY_DECIDED, NO_PARAMS, &any, err));
    if (!any) /* as in most imports */
        return OK;
    TRY(keys_decided(db, linker, holder_key, linker->holder_count, holder_decided, err));
    return keys_decided(db, linker, contact_key, linker->contact_count, contact_decided, err);
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
    Owner other = {.person = person}; /* only compared */
    Owner *owner = contact->id_hash ? &other : &contact->in_base;
    owner->person = person;
    contact_identify(contact, arena_memdup(linker->arena, id_hash, length),
                     holder ? &holder->owner : owner);
}

Value contacts_packed(const Linker *linker, size_t from, size_t count)
{
    uint8_t *packed = arena_alloc(linker->arena, count * SEAL_HASH_BYTES);
    for (size_t i = 0; i < count; i++)
        memcpy(packed + i * SEAL_HASH_BYTES, linker->contacts[from + i].hash, SEAL_HASH_BYTES);
    return v_bytes(packed, count * SEAL_HASH_BYTES);
}

ErrCode contacts_look_up(Db *db, Linker *linker, Err *err)
{
    for (size_t from = 0; from < linker->contact_count; from += KEYS_AT_ONCE) {
        size_t count = keys_left(from, linker->contact_count);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_CONTACTS,
                     PARAMS(contacts_packed(linker, from, count), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows))
            contact_read(linker, &linker->contacts[from + (size_t)rows_int(rows, 0)], rows);
    }
    return OK;
}
