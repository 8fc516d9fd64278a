/* survey/quarantine_key.h: the number under which a quarantined row waits: "B12-S1-L34-7f3a".
 * Shape:  batch, sheet and line, all from 1, then four hex digits that only this base can give: a
 *         number that a spreadsheet counted on, or one of another base, is seen to be wrong.
 * Errors: none; parsing returns false.
 * Source: DESIGN 5 "a mended quarantine workbook resolves exactly its own rows". */
#ifndef SURVEY_QUARANTINE_KEY_H
#define SURVEY_QUARANTINE_KEY_H

#include "base/seal.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct QuarantineKey {
    int64_t batch;
    unsigned sheet, line;
} QuarantineKey;

const char *quarantine_key_format(const Sealer *sealer, Arena *arena, QuarantineKey key);
/* Lower case, full-width forms and space around it are taken too, and a number without its check
 * digits, as a person would type it. */
bool quarantine_key_parse(const Sealer *sealer, Arena *arena, const char *text,
                          QuarantineKey *ret_key);

#endif
