/* data/bulk.h: one long questionnaire for measuring, and the same people as rows of table person.
 * Shape:  UTF-8 .csv or .xlsx under the headings of form enterprise; bare rows as LOAD DATA reads
 *         them, in the order of the columns of table person, random bytes in place of what is
 *         sealed.
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
    int64_t every;        /* only every nth of the people, as asked half a year before; 1 = all */
    int broken_per_mille; /* of the rows of .csv and .xlsx */
    const char *csv_file, *xlsx_file, *bare_file; /* NULL = not wanted */
} BulkOrder;

/* Invents `rows` people and writes each once; *ret_summary is {seed, people, rows, broken}, broken
 * being how many rows of the questionnaire no check may take. */
ErrCode bulk_write(const BulkOrder *order, json_t **ret_summary, Err *err) MUST_CHECK;

#endif
