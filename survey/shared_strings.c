#include "survey/shared_strings.h"

#include "base/lang.h"

#include <string.h>

enum {
    STRIDE = 8,
    LONG = 0xFF, /* instead of a length in one byte: it follows in four */
    LENGTH_BYTES = sizeof(uint32_t),
    PLACES_BYTES_MAX = STRINGS_BYTES_MAX / STRING_COST_BYTES / STRIDE * sizeof(uint32_t),
};

void strings_done(SharedStrings *strings)
{
    hoard_done(&strings->hoard);
    buffer_done(&strings->places);
    *strings = (SharedStrings){.count = 0};
}

ErrCode strings_add(SharedStrings *strings, const char *bytes, size_t length, Err *err)
{
    uint32_t place = (uint32_t)strings->hoard.length, size = (uint32_t)length;
    strings->cost += length + STRING_COST_BYTES;
    if (strings->cost > STRINGS_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the texts need more than %d MiB"),
                       STRINGS_BYTES_MAX >> 20);
    if (strings->count++ % STRIDE == 0) {
        strings->places.limit = PLACES_BYTES_MAX;
        buffer_add(&strings->places, &place, sizeof place);
        TRY(buffer_check(&strings->places, "places", err));
    }
    unsigned char mark = length < LONG ? (unsigned char)length : LONG;
    TRY(hoard_add(&strings->hoard, &mark, 1, err));
    if (mark == LONG)
        TRY(hoard_add(&strings->hoard, &size, LENGTH_BYTES, err));
    return hoard_add(&strings->hoard, bytes, length, err);
}

/* The length of the text whose record begins at *place, which then is behind it. */
static ErrCode record_length(SharedStrings *strings, uint64_t *place, uint32_t *ret_length,
                             Err *err)
{
    const char *bytes = NULL;
    TRY(hoard_read(&strings->hoard, *place, 1, &bytes, err));
    *ret_length = (unsigned char)*bytes;
    ++*place;
    if (*ret_length < LONG)
        return OK;
    TRY(hoard_read(&strings->hoard, *place, LENGTH_BYTES, &bytes, err));
    memcpy(ret_length, bytes, LENGTH_BYTES);
    *place += LENGTH_BYTES;
    return OK;
}

ErrCode strings_at(SharedStrings *strings, size_t number, const char **ret_text, size_t *ret_length,
                   Err *err)
{
    *ret_text = NULL;
    if (number >= strings->count)
        return OK;
    size_t at = number / STRIDE * STRIDE;
    uint32_t first, length = 0;
    memcpy(&first, strings->places.bytes + number / STRIDE * sizeof first, sizeof first);
    uint64_t place = first;
    if (strings->near > at && strings->near <= number) {
        at = strings->near;
        place = strings->near_place;
    }
    for (;; at++) {
        TRY(record_length(strings, &place, &length, err));
        if (at == number)
            break;
        place += length;
    }
    strings->near = number + 1;
    strings->near_place = place + length;
    *ret_length = length;
    return hoard_read(&strings->hoard, place, length, ret_text, err);
}
