/* survey/quarantine_key.h: the number under which a quarantined row waits: "B12-S1-L34".
 * Shape:  batch, sheet and line, all from 1.
 * Errors: none; parsing returns false.
 * Source: DESIGN 5 "a mended quarantine workbook resolves exactly its own rows". */
#ifndef SURVEY_QUARANTINE_KEY_H
#define SURVEY_QUARANTINE_KEY_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct QuarantineKey {
    int64_t batch;
    unsigned sheet, line;
} QuarantineKey;

const char *quarantine_key_format(Arena *arena, QuarantineKey key);
/* Lower case, full-width forms and space around it are taken too. */
bool quarantine_key_parse(Arena *arena, const char *text, QuarantineKey *ret_key);

#endif
