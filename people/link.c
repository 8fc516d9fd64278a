#include "people/link.h"

#include "people/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Someone with an ID number among the new answers. */
typedef struct Holder {
    const uint8_t *id_hash;
    int64_t person; /* 0 = not in the base yet */
    bool known;     /* was in the base before */
} Holder;

/* A name with a phone, and what all answers that have it, old and new, say of it. */
typedef struct Contact {
    const uint8_t *hash;
    const uint8_t *id_hash; /* of the first ID'd person seen with it; NULL = none */
    int64_t id_person;      /* that person if in the base */
    bool several;           /* more than one ID'd person has it */
    bool fresh;             /* a new answer has it without an ID number */
    int64_t bare_person;    /* who holds the old answers without ID number; 0 = there are none */
    bool bare_identified;   /* that person has other answers with an ID number */
    int64_t own;            /* the person without ID number of this contact; 0 = none or not made yet */
} Contact;

typedef struct Linker {
    Arena *arena;
    Holder *holders; /* sorted by hash */
    size_t holder_count;
    Contact *contacts; /* sorted by hash */
    size_t contact_count;
} Linker;

static int hash_pointer_compare(const void *a, const void *b)
{
    return hash_compare(*(const uint8_t *const *)a, *(const uint8_t *const *)b);
}

/* Sorts, drops doubles, returns how many are left. */
static size_t hashes_distinct(const uint8_t **hashes, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(hashes, count, sizeof *hashes, hash_pointer_compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || hash_compare(hashes[kept - 1], hashes[i]) != 0)
            hashes[kept++] = hashes[i];
    return kept;
}

static int holder_key_compare(const void *key, const void *item)
{
    return hash_compare(key, ((const Holder *)item)->id_hash);
}

static int contact_key_compare(const void *key, const void *item)
{
    return hash_compare(key, ((const Contact *)item)->hash);
}

static Holder *holder_find(const Linker *linker, const uint8_t *id_hash)
{
    if (linker->holder_count == 0)
        return NULL;
    return bsearch(id_hash, linker->holders, linker->holder_count, sizeof *linker->holders,
                   holder_key_compare);
}

static Contact *contact_find(const Linker *linker, const uint8_t *hash)
{
    Contact *contact = bsearch(hash, linker->contacts, linker->contact_count,
                               sizeof *linker->contacts, contact_key_compare);
    assert(contact);
    return contact;
}

static void contact_identify(Contact *contact, const uint8_t *id_hash, int64_t person)
{
    if (!contact->id_hash)
        contact->id_hash = id_hash;
    else if (hash_compare(contact->id_hash, id_hash) != 0)
        contact->several = true;
    if (person != 0 && !contact->several)
        contact->id_person = person;
}

static void linker_contacts(Linker *linker, const uint8_t **hashes, size_t count)
{
    linker->contact_count = hashes_distinct(hashes, count);
    linker->contacts = arena_array(linker->arena, Contact, linker->contact_count);
    for (size_t i = 0; i < linker->contact_count; i++)
        linker->contacts[i].hash = hashes[i];
}

/* The distinct ID numbers and contacts of the new answers. */
static void linker_fill(Linker *linker, const Record *records, size_t count)
{
    const uint8_t **ids = arena_array(linker->arena, const uint8_t *, count);
    const uint8_t **contacts = arena_array(linker->arena, const uint8_t *, count);
    size_t id_count = 0, contact_count = 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *id_hash = records[i].id_number.hash, *contact = records[i].name_phone_hash;
        assert(id_hash || contact); /* others never come here */
        if (id_hash)
            ids[id_count++] = id_hash;
        if (contact)
            contacts[contact_count++] = contact;
    }
    linker->holder_count = hashes_distinct(ids, id_count);
    linker->holders = arena_array(linker->arena, Holder, linker->holder_count);
    for (size_t i = 0; i < linker->holder_count; i++)
        linker->holders[i].id_hash = ids[i];
    linker_contacts(linker, contacts, contact_count);
    for (size_t i = 0; i < count; i++) {
        if (!records[i].name_phone_hash)
            continue;
        Contact *contact = contact_find(linker, records[i].name_phone_hash);
        if (records[i].id_number.hash)
            contact_identify(contact, records[i].id_number.hash, 0);
        else
            contact->fresh = true;
    }
}

static ErrCode holders_look_up(Db *db, Linker *linker, Err *err)
{
    uint8_t *packed = arena_alloc(linker->arena, (size_t)KEYS_AT_ONCE * SEAL_HASH_BYTES);
    for (size_t from = 0; from < linker->holder_count; from += KEYS_AT_ONCE) {
        size_t count = linker->holder_count - from;
        if (count > KEYS_AT_ONCE)
            count = KEYS_AT_ONCE;
        for (size_t i = 0; i < count; i++)
            memcpy(packed + i * SEAL_HASH_BYTES, linker->holders[from + i].id_hash,
                   SEAL_HASH_BYTES);
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_HOLDERS,
                     PARAMS(v_bytes(packed, count * SEAL_HASH_BYTES), v_int((int64_t)count)), &rows,
                     err));
        while (rows_next(rows)) {
            Holder *holder = &linker->holders[from + (size_t)rows_int(rows, 0)];
            holder->person = rows_int(rows, 1);
            holder->known = true;
        }
    }
    return OK;
}

static void contact_read(Linker *linker, Contact *contact, const Rows *rows)
{
    int64_t person = rows_int(rows, 2);
    if (rows_null(rows, 1)) {
        assert(contact->bare_person == 0 || contact->bare_person == person);
        contact->bare_person = person;
        contact->bare_identified = rows_int(rows, 3) != 0;
    } else {
        size_t length;
        const void *id_hash = rows_bytes(rows, 1, &length);
        assert(length == SEAL_HASH_BYTES);
        contact_identify(contact, arena_memdup(linker->arena, id_hash, length), person);
    }
}

static ErrCode contacts_look_up(Db *db, Linker *linker, Err *err)
{
    uint8_t *packed = arena_alloc(linker->arena, (size_t)KEYS_AT_ONCE * SEAL_HASH_BYTES);
    for (size_t from = 0; from < linker->contact_count; from += KEYS_AT_ONCE) {
        size_t count = linker->contact_count - from;
        if (count > KEYS_AT_ONCE)
            count = KEYS_AT_ONCE;
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

/* Where the person stands to whom a contact's answers without ID number belong. */
static int64_t *owner_place(const Linker *linker, Contact *contact)
{
    if (!contact->id_hash || contact->several)
        return &contact->own;
    Holder *holder = holder_find(linker, contact->id_hash);
    if (holder)
        return &holder->person;
    assert(contact->id_person != 0);
    return &contact->id_person;
}

static int64_t *record_place(const Linker *linker, const Record *record)
{
    if (record->id_number.hash)
        return &holder_find(linker, record->id_number.hash)->person;
    return owner_place(linker, contact_find(linker, record->name_phone_hash));
}

/* A new person with an ID number takes over the number of the person without one whose answers it
 * gains: the smallest, should there be several. */
static void holders_take_over(const Linker *linker)
{
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        int64_t *place = owner_place(linker, contact), bare = contact->bare_person;
        bool gained = bare != 0 && !contact->bare_identified && place != &contact->own;
        Holder *holder = gained ? holder_find(linker, contact->id_hash) : NULL;
        if (holder && !holder->known && (*place == 0 || bare < *place))
            *place = bare;
    }
}

static int claim_compare(const void *a, const void *b)
{
    const Contact *left = *(Contact *const *)a, *right = *(Contact *const *)b;
    if (left->bare_person != right->bare_person)
        return left->bare_person < right->bare_person ? -1 : 1;
    return hash_compare(left->hash, right->hash);
}

/* Answers that belong to no ID number stay with the person who holds them, unless that person is an
 * ID'd one. When someone lost the last answer with an ID number, the first of the contacts left
 * keeps the number. */
static void contacts_keep(const Linker *linker)
{
    Contact **claims = arena_array(linker->arena, Contact *, linker->contact_count);
    size_t count = 0;
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        if (contact->bare_person != 0 && !contact->bare_identified &&
            owner_place(linker, contact) == &contact->own)
            claims[count++] = contact;
    }
    if (count > 0)
        qsort(claims, count, sizeof *claims, claim_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || claims[i]->bare_person != claims[i - 1]->bare_person)
            claims[i]->own = claims[i]->bare_person;
}

/* Marks a place that needs a new number with -1, -2, …. */
static void ask(int64_t *place, int64_t *wanted)
{
    if (*place == 0)
        *place = -++*wanted;
}

static void give(int64_t *place, const int64_t *numbers)
{
    if (*place < 0)
        *place = numbers[-1 - *place];
}

static ErrCode numbers_take(Db *db, int64_t *numbers, size_t wanted, Err *err)
{
    for (size_t taken = 0; taken < wanted;) {
        size_t count = wanted - taken < KEYS_AT_ONCE ? wanted - taken : KEYS_AT_ONCE;
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_PEOPLE_LINK_NUMBERS, PARAMS(v_int((int64_t)count)), &rows, err));
        assert(rows_count(rows) == count);
        while (rows_next(rows))
            numbers[taken++] = rows_int(rows, 0);
    }
    return OK;
}

/* New numbers in the order of the answers, then of the contacts that split off. */
static ErrCode numbers_give(Db *db, Linker *linker, const Record *records, size_t count,
                            int64_t *ret_first_new, Err *err)
{
    int64_t wanted = 0;
    for (size_t i = 0; i < count; i++)
        ask(record_place(linker, &records[i]), &wanted);
    for (size_t i = 0; i < linker->contact_count; i++)
        if (linker->contacts[i].bare_person != 0)
            ask(owner_place(linker, &linker->contacts[i]), &wanted);
    int64_t *numbers = arena_array(linker->arena, int64_t, (size_t)wanted + 1);
    numbers[0] = INT64_MAX;
    TRY(numbers_take(db, numbers, (size_t)wanted, err));
    for (size_t i = 0; i < linker->holder_count; i++)
        give(&linker->holders[i].person, numbers);
    for (size_t i = 0; i < linker->contact_count; i++)
        give(&linker->contacts[i].own, numbers);
    *ret_first_new = numbers[0];
    return OK;
}

static void moves_list(const Linker *linker, LinkPlan *plan)
{
    LinkMove *moves = arena_array(linker->arena, LinkMove, linker->contact_count);
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        if (contact->bare_person == 0)
            continue;
        int64_t owner = *owner_place(linker, contact);
        if (owner != contact->bare_person)
            moves[plan->move_count++] = (LinkMove){contact->hash, contact->bare_person, owner};
    }
    plan->moves = moves;
}

static ErrCode linker_decide(Db *db, Linker *linker, Record *records, size_t count,
                             LinkPlan *ret_plan, Err *err)
{
    LinkPlan plan = {.move_count = 0};
    TRY(contacts_look_up(db, linker, err));
    holders_take_over(linker);
    contacts_keep(linker);
    TRY(numbers_give(db, linker, records, count, &plan.first_new, err));
    for (size_t i = 0; i < count; i++)
        records[i].person = *record_place(linker, &records[i]);
    moves_list(linker, &plan);
    *ret_plan = plan;
    return OK;
}

ErrCode link_take(Db *db, Arena *arena, Record *records, size_t count, LinkPlan *ret_plan, Err *err)
{
    Linker linker = {.arena = arena};
    linker_fill(&linker, records, count);
    TRY(holders_look_up(db, &linker, err));
    return linker_decide(db, &linker, records, count, ret_plan, err);
}

ErrCode link_leave(Db *db, Arena *arena, const uint8_t **name_phone_hashes, size_t count,
                   LinkPlan *ret_plan, Err *err)
{
    Linker linker = {.arena = arena};
    linker_contacts(&linker, name_phone_hashes, count);
    return linker_decide(db, &linker, NULL, 0, ret_plan, err);
}

ErrCode link_move(Db *db, const LinkPlan *plan, Err *err)
{
    for (size_t from = 0; from < plan->move_count; from += KEYS_AT_ONCE) {
        AUTO_ARENA arena = arena_new(0);
        size_t count = plan->move_count - from;
        if (count > KEYS_AT_ONCE)
            count = KEYS_AT_ONCE;
        uint8_t *hashes = arena_alloc(arena, count * SEAL_HASH_BYTES);
        int64_t *persons = arena_array(arena, int64_t, count);
        for (size_t i = 0; i < count; i++) {
            const LinkMove *move = &plan->moves[from + i];
            memcpy(hashes + i * SEAL_HASH_BYTES, move->name_phone_hash, SEAL_HASH_BYTES);
            persons[i] = move->to;
        }
        TRY(db_run(db, QUERY_PEOPLE_LINK_MOVE,
                   PARAMS(v_bytes(hashes, count * SEAL_HASH_BYTES),
                          keys_numbers(arena, persons, count), v_int((int64_t)count)),
                   NULL, err));
    }
    return OK;
}
