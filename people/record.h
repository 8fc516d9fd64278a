/* people/record.h: an answer or a person as the tables hold it: what is sealed stays sealed.
 * Shape:  facts without the texts of sealed ones, their sealed bytes and hashes beside.
 *         RECORD columns: id_hash, name_phone_hash, phone_hash, pension_on, then each fact of
 *         people/facts.def in its order; statements that load or select records list these.
 * Units:  credibility 1..9.
 * Owns:   nothing; what is pointed to lives in the arena given, or in the Answer it came from.
 * Errors: none.
 * Source: sql/schema/0002_people.sql; sql/queries/people/answer.sql, person.sql. */
#ifndef PEOPLE_RECORD_H
#define PEOPLE_RECORD_H

#include "base/seal.h"
#include "people/fact.h"
#include "sql/db.h"

typedef struct Sealed {
    const uint8_t *hash; /* SEAL_HASH_BYTES of them; NULL = not known */
    const uint8_t *bytes;
    size_t length;
} Sealed;

typedef struct Record {
    const Facts *facts; /* texts of sealed facts are not looked at */
    Sealed id_number, phone;
    const uint8_t *name_phone_hash; /* NULL unless name and phone are known */
    Date pension_on;                /* DATE_NONE unless pension months are known */
    Date surveyed_on;               /* of an answer */
    int credibility;                /* of an answer */
    int64_t person;                 /* whose it is, 0 = not decided */
    BulkColumns ahead; /* of an answer: `normalised` and the RECORD columns as they are loaded */
} Record;

enum { RECORD_COLUMNS = 4 + FACT_COUNT };

/* Seals and hashes what an answer says. facts is borrowed. */
void record_make(const Sealer *sealer, Arena *arena, const Facts *facts, Date surveyed_on,
                 Record *ret_record);
/* Reads RECORD columns of the current row from column `first` on. */
void record_read(const Rows *rows, unsigned first, Arena *arena, Record *ret_record);
/* Appends RECORD columns to the row. */
void record_write(BulkRow *row, const Record *record);

/* Appends or reads one fact that is not sealed. */
Value record_value(FactId fact, FactValue value);
FactValue record_fact(const Rows *rows, unsigned column, FactId fact, Arena *arena);

/* The sealed fact's value; fact is FACT_ID_NUMBER or FACT_PHONE. */
const Sealed *record_sealed(const Record *record, FactId fact);
bool record_knows(const Record *record, FactId fact);
/* Order of two known values, by what they are: < 0, 0, > 0. Sealed ones are ordered by their hash.
 */
int record_compare(FactId fact, const Record *a, const Record *b);

/* Order of two hashes; NULL is before all. */
int hash_compare(const uint8_t *a, const uint8_t *b);

#endif
