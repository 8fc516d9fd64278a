/* survey/shared_strings.h: the texts of a workbook by their numbers, in bounded memory.
 * Shape:  all are added, in the order of their numbers; then they are asked for in any order, most
 *         quickly in rising order.
 * Units:  numbers from 0; bytes.
 * Owns:   memory and perhaps a file (see hoard.h), released by strings_done; zeroed is empty.
 * Errors: ERR_LIMIT beyond STRINGS_BYTES_MAX, ERR_IO. */
#ifndef SURVEY_SHARED_STRINGS_H
#define SURVEY_SHARED_STRINGS_H

#include "base/buffer.h"
#include "survey/hoard.h"

enum {
    STRINGS_BYTES_MAX = 1 << 30, /* of texts, and STRING_COST_BYTES for each */
    STRING_COST_BYTES = 16,
};

typedef struct SharedStrings {
    Hoard hoard;   /* each text behind its length */
    Buffer places; /* uint32_t: where in the hoard each STRINGS_STRIDEth begins */
    uint64_t cost;
    size_t count;
    size_t near; /* the number of a text whose place is known, */
    uint64_t near_place;
} SharedStrings;

void strings_done(SharedStrings *strings);
ErrCode strings_add(SharedStrings *strings, const char *bytes, size_t length, Err *err) MUST_CHECK;

/* *ret_text NULL when there is no such number; it ends without NUL and lives until the next call.
 */
ErrCode strings_at(SharedStrings *strings, size_t number, const char **ret_text, size_t *ret_length,
                   Err *err) MUST_CHECK;

#endif
