#include "people/record.h"

#include "people/identity.h"

#include <assert.h>
#include <string.h>

/* No other fact is sealed: a new one needs its own hash column and its own place in Record. */
const Sealed *record_sealed(const Record *record, FactId fact)
{
    assert(fact == FACT_ID_NUMBER || fact == FACT_PHONE);
    return fact == FACT_ID_NUMBER ? &record->id_number : &record->phone;
}

static uint8_t *hash_place(Arena *arena)
{
    return arena_alloc(arena, SEAL_HASH_BYTES);
}

static void seal_into(const Sealer *sealer, Arena *arena, const char *plain, Sealed *ret_sealed)
{
    ret_sealed->bytes = seal(sealer, arena, plain, strlen(plain), &ret_sealed->length);
}

void record_make(const Sealer *sealer, Arena *arena, const Facts *facts, Date surveyed_on,
                 Record *ret_record)
{
    Record record = {.facts = facts, .surveyed_on = surveyed_on, .pension_on = DATE_NONE};
    const FactValue *name = &facts->values[FACT_NAME];
    const FactValue *id_number = &facts->values[FACT_ID_NUMBER];
    const FactValue *phone = &facts->values[FACT_PHONE];
    if (id_number->known) {
        uint8_t *hash = hash_place(arena);
        identity_id_hash(sealer, id_number->text, hash);
        record.id_number.hash = hash;
        seal_into(sealer, arena, id_number->text, &record.id_number);
    }
    if (phone->known) {
        uint8_t *hash = hash_place(arena);
        identity_phone_hash(sealer, phone->text, hash);
        record.phone.hash = hash;
        seal_into(sealer, arena, phone->text, &record.phone);
    }
    if (name->known && phone->known) {
        uint8_t *hash = hash_place(arena);
        identity_name_phone_hash(sealer, arena, name->text, phone->text, hash);
        record.name_phone_hash = hash;
    }
    if (facts->values[FACT_PENSION_MONTHS].known)
        record.pension_on = facts->pension_on == DATE_NONE ? surveyed_on : facts->pension_on;
    *ret_record = record;
}

Value record_value(FactId fact, FactValue value)
{
    if (!value.known)
        return v_null();
    switch (fact_info(fact)->kind) {
    case KIND_TEXT:
        return v_text(value.text);
    case KIND_DATE:
        return v_date((Date)value.number);
    case KIND_NUMBER:
    case KIND_FLAG:
    case KIND_CODE:
        return v_int(value.number);
    case KIND_SEALED:
        break;
    }
    return v_null(); /* a sealed fact has no plain value here */
}

static Value hash_value(const uint8_t *hash)
{
    return v_bytes(hash, SEAL_HASH_BYTES);
}

void record_write(BulkRow *row, const Record *record)
{
    bulk_value(row, hash_value(record->id_number.hash));
    bulk_value(row, hash_value(record->name_phone_hash));
    bulk_value(row, hash_value(record->phone.hash));
    bulk_value(row, v_date(record->pension_on));
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact_info(fact)->kind == KIND_SEALED) {
            const Sealed *sealed = record_sealed(record, fact);
            bulk_value(row, v_bytes(sealed->bytes, sealed->length));
        } else {
            bulk_value(row, record_value(fact, record->facts->values[fact]));
        }
}

static const uint8_t *bytes_read(const Rows *rows, unsigned column, Arena *arena,
                                 size_t *ret_length)
{
    *ret_length = 0;
    if (rows_null(rows, column))
        return NULL;
    const void *bytes = rows_bytes(rows, column, ret_length);
    return arena_memdup(arena, bytes, *ret_length);
}

static const uint8_t *hash_read(const Rows *rows, unsigned column, Arena *arena)
{
    size_t length;
    const uint8_t *hash = bytes_read(rows, column, arena, &length);
    assert(!hash || length == SEAL_HASH_BYTES);
    return hash;
}

FactValue record_fact(const Rows *rows, unsigned column, FactId fact, Arena *arena)
{
    FactValue value = {.known = !rows_null(rows, column)};
    if (!value.known)
        return value;
    switch (fact_info(fact)->kind) {
    case KIND_TEXT:
        value.text = arena_strdup(arena, rows_text(rows, column));
        break;
    case KIND_DATE:
        value.number = rows_date(rows, column);
        break;
    case KIND_NUMBER:
    case KIND_FLAG:
    case KIND_CODE:
        value.number = rows_int(rows, column);
        break;
    case KIND_SEALED:
        break;
    }
    return value;
}

void record_read(const Rows *rows, unsigned first, Arena *arena, Record *ret_record)
{
    Facts *facts = arena_alloc(arena, sizeof *facts);
    Record record = {.facts = facts};
    record.id_number.hash = hash_read(rows, first, arena);
    record.name_phone_hash = hash_read(rows, first + 1, arena);
    record.phone.hash = hash_read(rows, first + 2, arena);
    record.pension_on = rows_date(rows, first + 3);
    facts->pension_on = record.pension_on;
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        unsigned column = first + 4 + (unsigned)fact;
        facts->values[fact] = record_fact(rows, column, fact, arena);
        if (fact == FACT_ID_NUMBER)
            record.id_number.bytes = bytes_read(rows, column, arena, &record.id_number.length);
        else if (fact == FACT_PHONE)
            record.phone.bytes = bytes_read(rows, column, arena, &record.phone.length);
    }
    *ret_record = record;
}

bool record_knows(const Record *record, FactId fact)
{
    return record->facts->values[fact].known;
}

int hash_compare(const uint8_t *a, const uint8_t *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return memcmp(a, b, SEAL_HASH_BYTES);
}

int record_compare(FactId fact, const Record *a, const Record *b)
{
    const FactValue *left = &a->facts->values[fact], *right = &b->facts->values[fact];
    switch (fact_info(fact)->kind) {
    case KIND_TEXT:
        return strcmp(left->text, right->text);
    case KIND_SEALED:
        return hash_compare(record_sealed(a, fact)->hash, record_sealed(b, fact)->hash);
    case KIND_DATE:
    case KIND_NUMBER:
    case KIND_FLAG:
    case KIND_CODE:
        break;
    }
    return (left->number > right->number) - (left->number < right->number);
}
