/* data/delivery.h: all questionnaires of the cast, filled in, partly broken, written to a folder.
 * Shape:  a Delivery holds the answers of each questionnaire, then their cells.
 * Units:  broken_per_mille of the rows of each file.
 * Owns:   everything lives in the arena; files replace what had their names.
 * Errors: ERR_IO.
 * Source: DESIGN 3 "Running it"; by default 2,000 people or more, 3 % of rows broken. */
#ifndef DATA_DELIVERY_H
#define DATA_DELIVERY_H

#include "data/spoil.h"

#include <jansson.h>

typedef struct Order {
    uint64_t seed;
    int people; /* distinct ones */
    int broken_per_mille;
    const char *folder;
    const char
        *secrets_file; /* where all ID numbers, phones and names are listed; NULL = nowhere */
} Order;

/* Writes the files; *ret_summary, owned by the caller, says what they hold:
 * {seed, people, people_sound, rows, broken, files: [{file, form, rows, broken, spoiled: {kind:
 * rows}}]}. people_sound counts those whose ID number stands on at least one sound row. */
ErrCode delivery_write(const Order *order, json_t **ret_summary, Err *err) MUST_CHECK;

#endif
