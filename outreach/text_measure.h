/* outreach/text_measure.h: how long a text really becomes: rendered for everyone whom a plan made
 * now would address.
 * Shape:  fill a MeasureRequest, read a TextMeasure.
 * Units:  UTF-16 units; segments = parts that a text is billed as.
 * Owns:   texts live in the arena given.
 * Errors: ERR_DB, ERR_SEAL, ERR_INTERRUPTED.
 * Source: DESIGN 7 "Texts": cost is forecast from the longest real rendering. */
#ifndef OUTREACH_TEXT_MEASURE_H
#define OUTREACH_TEXT_MEASURE_H

#include "outreach/audience.h"

typedef struct MeasureRequest {
    AudienceRequest audience;
    const Sealer *sealer;
    bool gsm7;  /* the gateway sends what it can in GSM-7 */
    bool quiet; /* no progress bar */
} MeasureRequest;

typedef struct TextMeasure {
    int64_t people;         /* who would get a message */
    int64_t segments;       /* of all of them */
    int64_t longest_person; /* 0 = nobody */
    size_t longest_units;
    int longest_segments;
    const char *longest_text;               /* the person's name masked; NULL = nobody */
    int64_t beyond_bmp;                     /* people whose text has a character of two units */
    int64_t cannot_fill[PLACEHOLDER_COUNT]; /* people refused, by the placeholder that did it */
} TextMeasure;

ErrCode text_measure(Db *db, Arena *arena, const MeasureRequest *request, TextMeasure *ret_measure,
                     Err *err) MUST_CHECK;

#endif
