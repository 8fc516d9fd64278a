#include "outreach/audience.h"

#include "outreach/text.h"
#include "people/person.h"
#include "people/phone.h"

#include <assert.h>

/* Columns of audience_page behind those of a person (id, conflicts, answers, pension_on, then every
 * fact). */
enum {
    COLUMN_FIRST_FACT = 4,
    COLUMN_PHONE_HASH = COLUMN_FIRST_FACT + FACT_COUNT,
    COLUMN_VERDICT,
    COLUMN_ROUTE,
    COLUMN_OPTED_OUT,
    COLUMN_TOLD_PERSON,
    COLUMN_TOLD_PHONE,
    COLUMN_PLANNED_PERSON,
    COLUMN_PLANNED_PHONE,
    COLUMN_FORGOTTEN,
};

/* The phones that already get a message: open addressing over hashes that are random by themselves.
 */
typedef struct PhoneSet {
    uint8_t (*slots)[SEAL_HASH_BYTES]; /* all zero = free: no keyed hash is */
    size_t capacity;                   /* power of two */
    size_t count;
} PhoneSet;

struct Audience {
    Db *db;
    const Sealer *sealer;
    const AudienceRequest *request;
    Arena *arena; /* of the phone set and the page's expressions */
    PhoneSet taken;
    int64_t after; /* the last person walked */
};

static const SqlExpr *inside_expr(Arena *arena, const AudienceRequest *request, const char *alias)
{
    return request->where ? where_expr(arena, request->where, alias) : expr_true(arena);
}

static void count_group(const AudienceRequest *request, const Rows *rows, AudienceCounts *counts)
{
    int64_t verdict = rows_int(rows, 0), people = rows_int(rows, 3);
    assert(verdict >= 1 && verdict <= VERDICT_COUNT);
    counts->people += people;
    if (!request->verdicts[verdict])
        counts->other[verdict] += people;
    else if (rows_null(rows, 1))
        counts->unknown_where += people;
    else if (rows_int(rows, 1) == 0)
        counts->outside_where += people;
    else if (request->reminder_of && rows_null(rows, 2))
        counts->untold += people;
    else if (request->reminder_of && rows_int(rows, 2) != 0)
        counts->replied += people;
    else
        counts->addressed += people;
}

ErrCode audience_count(Db *db, Arena *arena, const AudienceRequest *request,
                       AudienceCounts *ret_counts, Err *err)
{
    const Hole holes[] = {
        {"verdict", policy_verdict_expr(arena, request->policy, request->as_of, "p")},
        {"inside", inside_expr(arena, request, "p")},
    };
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(db, QUERY_OUTREACH_AUDIENCE_COUNT, PARAMS(v_int(request->reminder_of)),
                        holes, sizeof holes / sizeof *holes, &rows, err));
    AudienceCounts counts = {0};
    while (rows_next(rows))
        count_group(request, rows, &counts);
    *ret_counts = counts;
    return OK;
}

Audience *audience_open(Db *db, const Sealer *sealer, const AudienceRequest *request)
{
    Arena *arena = arena_new(0);
    Audience *audience = arena_alloc(arena, sizeof *audience);
    *audience = (Audience){.db = db, .sealer = sealer, .request = request, .arena = arena};
    return audience;
}

void audience_close(Audience *audience)
{
    if (audience)
        arena_free(audience->arena);
}

static uint8_t *phone_slot(const PhoneSet *set, const uint8_t *hash)
{
    static const uint8_t FREE[SEAL_HASH_BYTES];
    size_t at = 0;
    memcpy(&at, hash, sizeof at);
    for (;; at++) {
        uint8_t *slot = set->slots[at & (set->capacity - 1)];
        if (memcmp(slot, FREE, SEAL_HASH_BYTES) == 0 || memcmp(slot, hash, SEAL_HASH_BYTES) == 0)
            return slot;
    }
}

static void phones_grow(Audience *audience)
{
    PhoneSet *set = &audience->taken, old = *set;
    set->capacity = old.capacity ? old.capacity * 2 : 4096;
    set->slots = arena_alloc_array(audience->arena, set->capacity, SEAL_HASH_BYTES);
    for (size_t at = 0; at < old.capacity; at++)
        memcpy(phone_slot(set, old.slots[at]), old.slots[at], SEAL_HASH_BYTES);
}

/* Takes the phone for one message; false when another person of this audience has it already. */
static bool phone_take(Audience *audience, const uint8_t *hash)
{
    if (audience->taken.count * 2 >= audience->taken.capacity)
        phones_grow(audience);
    uint8_t *slot = phone_slot(&audience->taken, hash);
    if (memcmp(slot, hash, SEAL_HASH_BYTES) == 0)
        return false;
    memcpy(slot, hash, SEAL_HASH_BYTES);
    audience->taken.count++;
    return true;
}

static bool phone_bad(const char *digits)
{
    Phone phone;
    return phone_check(digits, &phone) != PHONE_FINE || phone.may_text == MAY_TEXT_NO;
}

/* What stands against texting this person before any text is made, in the order of
 * suppressions.def. */
static Suppression person_reason(const AudienceRequest *request, const Facts *facts,
                                 const Rows *rows)
{
    bool capped =
        request->cap_days > 0 && (rows_int(rows, COLUMN_TOLD_PERSON) >= request->cap_messages ||
                                  rows_int(rows, COLUMN_TOLD_PHONE) >= request->cap_messages);
    FactValue phone = facts->values[FACT_PHONE], consent = facts->values[FACT_CONSENT_SMS];
    if (!phone.known || rows_null(rows, COLUMN_PHONE_HASH))
        return SUPPRESSION_NO_PHONE;
    if (phone_bad(phone.text))
        return SUPPRESSION_BAD_PHONE;
    if (consent.known && consent.number == 0)
        return SUPPRESSION_NO_CONSENT;
    if (rows_int(rows, COLUMN_OPTED_OUT))
        return SUPPRESSION_OPTED_OUT;
    if (rows_int(rows, COLUMN_FORGOTTEN))
        return SUPPRESSION_FORGOTTEN;
    if (rows_int(rows, COLUMN_PLANNED_PERSON))
        return SUPPRESSION_ALREADY_PLANNED;
    if (capped)
        return SUPPRESSION_RECENTLY_TOLD;
    if (request->template->uses[PLACEHOLDER_ROUTE_REASON] && rows_null(rows, COLUMN_ROUTE))
        return SUPPRESSION_UNDECIDED;
    return SUPPRESSION_NONE;
}

static ErrCode member_read(Audience *audience, Arena *arena, const Rows *rows,
                           AudienceMember *member, Err *err)
{
    const AudienceRequest *request = audience->request;
    Person person;
    size_t hash_length = 0;
    TRY(person_read(rows, 0, audience->sealer, arena, &person, err));
    member->person = person.id;
    member->verdict = (Verdict)rows_int(rows, COLUMN_VERDICT);
    member->reason = person_reason(request, &person.facts, rows);
    if (member->reason != SUPPRESSION_NONE)
        return OK;

    const char *reason = NULL;
    member->route = "";
    if (!rows_null(rows, COLUMN_ROUTE)) {
        size_t route = (size_t)rows_int(rows, COLUMN_ROUTE);
        member->route = policy_route_id(request->policy, route);
        reason = policy_route_reason(request->policy, route);
    }
    if (sms_text_render(arena, request->template, &person.facts, reason, &member->text) !=
        TEXT_FINE) {
        member->reason = SUPPRESSION_BAD_TEXT;
        return OK;
    }
    const void *hash = rows_bytes(rows, COLUMN_PHONE_HASH, &hash_length);
    assert(hash_length == SEAL_HASH_BYTES);
    if (rows_int(rows, COLUMN_PLANNED_PHONE) || !phone_take(audience, hash)) {
        member->reason = SUPPRESSION_SHARED_PHONE;
        return OK;
    }
    const void *phone = rows_bytes(rows, COLUMN_FIRST_FACT + FACT_PHONE, &member->phone_length);
    member->phone_hash = arena_memdup(arena, hash, hash_length);
    member->phone = arena_memdup(arena, phone, member->phone_length);
    member->segments = sms_text_segments(member->text.text);
    return OK;
}

/* True for those whom the campaign addresses: a wanted verdict, and inside --where. */
static const SqlExpr *addressed_expr(Arena *arena, const AudienceRequest *request)
{
    const SqlExpr *wanted[VERDICT_COUNT];
    size_t count = 0;
    for (int verdict = 1; verdict <= VERDICT_COUNT; verdict++) {
        if (request->verdicts[verdict])
            wanted[count++] = expr_value(arena, v_int(verdict));
    }
    const SqlExpr *verdict = policy_verdict_expr(arena, request->policy, request->as_of, "p");
    const SqlExpr *both[] = {expr_in(arena, verdict, wanted, count),
                             inside_expr(arena, request, "p")};
    return expr_and(arena, both, 2);
}

ErrCode audience_next(Audience *audience, Arena *arena, const AudienceMember **ret_members,
                      size_t *ret_count, Err *err)
{
    const AudienceRequest *request = audience->request;
    const Hole holes[] = {
        {"addressed", addressed_expr(arena, request)},
        {"verdict", policy_verdict_expr(arena, request->policy, request->as_of, "page")},
        {"route", policy_route_expr(arena, request->policy, request->as_of, "page")},
    };
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(audience->db, QUERY_OUTREACH_AUDIENCE_PAGE,
                        PARAMS(v_int(request->reminder_of), v_int(request->cap_days),
                               v_int(audience->after), v_int(request->reminder_of)),
                        holes, sizeof holes / sizeof *holes, &rows, err));
    size_t count = 0;
    AudienceMember *members = arena_array(arena, AudienceMember, rows_count(rows) + 1);
    while (rows_next(rows)) {
        TRY(member_read(audience, arena, rows, &members[count], err));
        audience->after = members[count++].person;
    }
    *ret_members = members;
    *ret_count = count;
    return OK;
}
