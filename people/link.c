#include "people/link.h"

#include "people/former.h"
#include "people/keys.h"
#include "people/linker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A hash on its way to its place in a sorted list. */
typedef struct Key {
    uint64_t prefix; /* big-endian, so that the order of numbers is that of bytes */
    const uint8_t *hash;
    size_t record;
} Key;

static Key key_of(const uint8_t *hash, size_t record)
{
    Key key = {.hash = hash, .record = record};
    for (int i = 0; i < 8; i++)
        key.prefix = key.prefix << 8 | hash[i];
    return key;
}

static int key_compare(const void *a, const void *b)
{
    const Key *left = a, *right = b;
    if (left->prefix != right->prefix)
        return left->prefix < right->prefix ? -1 : 1;
    return hash_compare(left->hash, right->hash);
}

static bool key_begins(const Key *keys, size_t place)
{
    return place == 0 || key_compare(&keys[place - 1], &keys[place]) != 0;
}

/* Sorts, returns how many different ones there are. */
static size_t keys_sort(Key *keys, size_t count)
{
    size_t different = 0;
    if (count > 0)
        qsort(keys, count, sizeof *keys, key_compare);
    for (size_t i = 0; i < count; i++)
        different += key_begins(keys, i);
    return different;
}

static void linker_holders(Linker *linker, Key *keys, size_t count)
{
    linker->holder_count = keys_sort(keys, count);
    linker->holders = arena_array(linker->arena, Holder, linker->holder_count);
    Holder *next = linker->holders;
    for (size_t i = 0; i < count; i++) {
        if (key_begins(keys, i))
            (next++)->id_hash = keys[i].hash;
        linker->holder_of[keys[i].record] = next - 1;
    }
}

static void linker_contacts(Linker *linker, Key *keys, size_t count)
{
    linker->contact_count = keys_sort(keys, count);
    linker->contacts = arena_array(linker->arena, Contact, linker->contact_count);
    Contact *next = linker->contacts;
    for (size_t i = 0; i < count; i++) {
        if (key_begins(keys, i))
            (next++)->hash = keys[i].hash;
        if (linker->count > 0)
            linker->contact_of[keys[i].record] = next - 1;
    }
}

/* The different ID numbers and contacts of the new answers. */
static void linker_fill(Linker *linker, const Record *records, size_t count)
{
    Key *keys = arena_array(linker->arena, Key, count);
    linker->count = count;
    linker->holder_of = arena_array(linker->arena, Holder *, count);
    linker->contact_of = arena_array(linker->arena, Contact *, count);
    size_t key_count = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i].id_number.hash)
            keys[key_count++] = key_of(records[i].id_number.hash, i);
    linker_holders(linker, keys, key_count);
    key_count = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i].name_phone_hash)
            keys[key_count++] = key_of(records[i].name_phone_hash, i);
    linker_contacts(linker, keys, key_count);
}

/* Which contacts the new answers show with an ID number. */
static void linker_identify(const Linker *linker)
{
    for (size_t i = 0; i < linker->count; i++) {
        Holder *holder = linker->holder_of[i];
        Contact *contact = linker->contact_of[i];
        assert(holder || contact); /* others never come here */
        if (holder && contact)
            contact_identify(contact, holder->id_hash, &holder->owner);
    }
}

/* To whom a contact's answers without ID number belong. */
static Owner *contact_owner(Contact *contact)
{
    bool led = contact->id_hash && !contact->several && !contact->decided;
    return led ? contact->identified : &contact->own;
}

static Owner *answer_owner(const Linker *linker, size_t place)
{
    Holder *holder = linker->holder_of[place];
    return holder ? &holder->owner : contact_owner(linker->contact_of[place]);
}

/* A new person with an ID number takes over the number of the person without one whose answers it
 * gains: the smallest, should there be several. */
static void holders_take_over(const Linker *linker)
{
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        Owner *owner = contact_owner(contact);
        int64_t bare = contact->bare_person;
        if (bare == 0 || contact->bare_identified || owner == &contact->own)
            continue;
        Holder *holder = holder_find(linker, contact->id_hash);
        if (holder && !holder->known && (owner->person == 0 || bare < owner->person))
            owner->person = bare;
    }
}

/* Whose number it was before claims it first; who can go back to another one claims it last. */
static int claim_rank(const Contact *contact)
{
    return contact->former == contact->bare_person ? 0 : contact->former_free ? 2 : 1;
}

static int claim_compare(const void *a, const void *b)
{
    const Contact *left = *(Contact *const *)a, *right = *(Contact *const *)b;
    if (left->bare_person != right->bare_person)
        return left->bare_person < right->bare_person ? -1 : 1;
    if (claim_rank(left) != claim_rank(right))
        return claim_rank(left) - claim_rank(right);
    return hash_compare(left->hash, right->hash);
}

/* Answers that belong to no ID number stay with the person who holds them, unless that person is an
 * ID'd one, or one whose number a decision has fixed for others. When someone lost the last answer
 * with an ID number, the contacts left have their former numbers back; of those that had none, the
 * first keeps the number, and the others become persons of their own. A contact that split off
 * while somebody new had its number has it back, too, as soon as that one is gone. */
static void contacts_keep(const Linker *linker)
{
    Contact **claims = arena_array(linker->arena, Contact *, linker->contact_count);
    size_t count = 0;
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        if (contact->bare_person == 0 || contact_owner(contact) != &contact->own)
            continue;
        contact->own.answers++;
        if (contact->decided)
            continue;
        if (!contact->bare_identified && !contact->former_due)
            claims[count++] = contact;
    }
    if (count > 0)
        qsort(claims, count, sizeof *claims, claim_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || claims[i]->bare_person != claims[i - 1]->bare_person)
            claims[i]->own.person = claims[i]->bare_person;
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        if (contact->former_free && contact->own.person == 0 && !contact->decided &&
            contact_owner(contact) == &contact->own)
            contact->own.person = contact->former;
    }
}

/* Marks a person that needs a new number with -1, -2, …. */
static void ask(Owner *owner, size_t *wanted)
{
    if (owner->person == 0)
        owner->person = -(int64_t)++ * wanted;
}

/* Persons of one new answer come first, in the order of the answers; then those of several, and the
 * contacts that split off. */
static size_t numbers_ask(Linker *linker, size_t *ret_singles)
{
    size_t wanted = 0;
    for (size_t i = 0; i < linker->count; i++)
        answer_owner(linker, i)->answers++;
    for (size_t i = 0; i < linker->count; i++)
        if (answer_owner(linker, i)->answers == 1)
            ask(answer_owner(linker, i), &wanted);
    *ret_singles = wanted;
    for (size_t i = 0; i < linker->count; i++)
        ask(answer_owner(linker, i), &wanted);
    for (size_t i = 0; i < linker->contact_count; i++)
        if (linker->contacts[i].bare_person != 0)
            ask(contact_owner(&linker->contacts[i]), &wanted);
    return wanted;
}

/* A person asked for is the place of its number, from -1 down. */
static void give(Owner *owner, int64_t first)
{
    if (owner->person < 0)
        owner->person = first - 1 - owner->person;
}

ErrCode link_numbers(Db *db, size_t count, int64_t *ret_first, Err *err)
{
    int64_t last;
    TRY(db_run(db, QUERY_PEOPLE_LINK_NUMBERS, PARAMS(v_int((int64_t)count)), NULL, err));
    TRY(db_number(db, QUERY_PEOPLE_LINK_LAST_NUMBER, NO_PARAMS, &last, err));
    *ret_first = last - (int64_t)count + 1;
    return OK;
}

static ErrCode numbers_give(Db *db, Linker *linker, LinkPlan *plan, Err *err)
{
    size_t singles, wanted = numbers_ask(linker, &singles);
    int64_t first;
    TRY(link_numbers(db, wanted, &first, err));
    for (size_t i = 0; i < linker->holder_count; i++)
        give(&linker->holders[i].owner, first);
    for (size_t i = 0; i < linker->contact_count; i++)
        give(&linker->contacts[i].own, first);
    plan->first_single = singles ? first : 1;
    plan->last_single = singles ? first + (int64_t)singles - 1 : 0;
    return OK;
}

static void moves_list(const Linker *linker, LinkPlan *plan)
{
    LinkMove *moves = arena_array(linker->arena, LinkMove, linker->contact_count);
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        int64_t from = contact->bare_person, to = contact_owner(contact)->person;
        if (from != 0 && from != to)
            moves[plan->move_count++] = (LinkMove){contact->hash, from, to};
    }
    plan->moves = moves;
}

static void led_list(const Linker *linker, LinkPlan *plan)
{
    LinkMove *led = arena_array(linker->arena, LinkMove, linker->contact_count);
    for (size_t i = 0; i < linker->contact_count; i++) {
        Contact *contact = &linker->contacts[i];
        Owner *owner = contact_owner(contact);
        if (contact->bare_person != 0 && !contact->bare_identified && owner != &contact->own)
            led[plan->led_count++] = (LinkMove){contact->hash, contact->bare_person, owner->person};
    }
    plan->led = led;
}

static ErrCode linker_decide(Db *db, Linker *linker, LinkPlan *plan, Err *err)
{
    TRY(contacts_look_up(db, linker, err));
    TRY(formers_look_up(db, linker, err));
    holders_take_over(linker);
    contacts_keep(linker);
    TRY(numbers_give(db, linker, plan, err));
    moves_list(linker, plan);
    led_list(linker, plan);
    return OK;
}

/* Persons of the call before, whom the base does not show yet; both lists are sorted. */
static void holders_await(const Linker *linker, const LinkPlan *plan)
{
    size_t at = 0;
    for (size_t i = 0; i < linker->holder_count; i++) {
        Holder *holder = &linker->holders[i];
        while (at < plan->awaited_count &&
               hash_compare(plan->awaited[at].id_hash, holder->id_hash) < 0)
            at++;
        if (at == plan->awaited_count)
            return;
        if (hash_compare(plan->awaited[at].id_hash, holder->id_hash) == 0) {
            holder->owner.person = plan->awaited[at].person;
            holder->known = true;
        }
    }
}

static void holders_list(const Linker *linker, LinkPlan *plan)
{
    LinkHolder *holders = arena_array(linker->arena, LinkHolder, linker->holder_count);
    for (size_t i = 0; i < linker->holder_count; i++)
        holders[i] = (LinkHolder){linker->holders[i].id_hash, linker->holders[i].owner.person};
    plan->holders = holders;
    plan->holder_count = linker->holder_count;
}

ErrCode link_take(Db *db, Arena *arena, Record *records, size_t count, LinkPlan *plan, Err *err)
{
    Linker linker = {.arena = arena};
    linker_fill(&linker, records, count);
    TRY(holders_look_up(db, &linker, err));
    holders_await(&linker, plan);
    TRY(decided_look_up(db, &linker, err));
    linker_identify(&linker);
    TRY(linker_decide(db, &linker, plan, err));
    holders_list(&linker, plan);
    for (size_t i = 0; i < count; i++)
        records[i].person = answer_owner(&linker, i)->person;
    return OK;
}

ErrCode link_leave(Db *db, Arena *arena, const uint8_t *const *name_phone_hashes, size_t count,
                   LinkPlan *ret_plan, Err *err)
{
    Linker linker = {.arena = arena};
    Key *keys = arena_array(arena, Key, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of(name_phone_hashes[i], i);
    linker_contacts(&linker, keys, count);
    TRY(decided_look_up(db, &linker, err));
    *ret_plan = (LinkPlan){.move_count = 0};
    return linker_decide(db, &linker, ret_plan, err);
}

/* Some of the moves of a plan, as statements take them. */
typedef struct PackedMoves {
    Value hashes, persons, count;
} PackedMoves;

static PackedMoves moves_pack(Arena *arena, const LinkPlan *plan, size_t from)
{
    size_t count = keys_left(from, plan->move_count);
    uint8_t *hashes = arena_alloc(arena, count * SEAL_HASH_BYTES);
    int64_t *persons = arena_array(arena, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        const LinkMove *move = &plan->moves[from + i];
        memcpy(hashes + i * SEAL_HASH_BYTES, move->name_phone_hash, SEAL_HASH_BYTES);
        persons[i] = move->to;
    }
    return (PackedMoves){.hashes = v_bytes(hashes, count * SEAL_HASH_BYTES),
                         .persons = keys_numbers(arena, persons, count),
                         .count = v_int((int64_t)count)};
}

ErrCode link_moves_others(Db *db, const LinkPlan *plan, int64_t batch, bool *ret_moves, Err *err)
{
    int64_t others = 0;
    for (size_t from = 0; from < plan->move_count && others == 0; from += KEYS_AT_ONCE) {
        AUTO_ARENA arena = arena_new(0);
        PackedMoves moves = moves_pack(arena, plan, from);
        TRY(db_number(db, QUERY_PEOPLE_LINK_MOVES_OTHERS,
                      PARAMS(moves.hashes, moves.persons, moves.count, v_int(batch)), &others,
                      err));
    }
    *ret_moves = others > 0;
    return OK;
}

ErrCode link_move(Db *db, const LinkPlan *plan, Err *err)
{
    TRY(formers_keep(db, plan->led, plan->led_count, err));
    for (size_t from = 0; from < plan->move_count; from += KEYS_AT_ONCE) {
        AUTO_ARENA arena = arena_new(0);
        PackedMoves moves = moves_pack(arena, plan, from);
        TRY(db_run(db, QUERY_PEOPLE_LINK_MOVE, PARAMS(moves.hashes, moves.persons, moves.count),
                   NULL, err));
    }
    return OK;
}
