/* data/bulk.h: one long questionnaire for measuring, and the same people as rows of table person.
 * Shape:  UTF-8 .csv under the headings of form enterprise; bare rows as LOAD DATA reads them, in
 *         the order of the columns of table person, random bytes in place of what is sealed.
 * Owns:   files are written anew.
 * Errors: ERR_IO.
 * Source: sql/schema/0002_people.sql, table person. */
#ifndef DATA_BULK_H
#define DATA_BULK_H

#include "base/err.h"

#include <jansson.h>
#include <stdint.h>

typedef struct BulkOrder {
    uint64_t seed;
    int64_t rows;
    const char *csv_file, *bare_file; /* NULL = not wanted */
} BulkOrder;

/* Writes rows people, each once, none broken; *ret_summary is {seed, people, rows, broken: 0}. */
ErrCode bulk_write(const BulkOrder *order, json_t **ret_summary, Err *err) MUST_CHECK;

#endif
