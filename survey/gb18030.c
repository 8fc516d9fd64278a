#include "survey/gb18030.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum {
    LEAD_FIRST = 0x81,
    LEAD_LAST = 0xFE,
    TRAIL_FIRST = 0x40,
    TRAIL_LAST = 0xFE,
    TRAILS = TRAIL_LAST - TRAIL_FIRST + 1,
    UTF8_BYTES_MAX = 3, /* of a character of two bytes */
    LONGEST_BYTES = 4,  /* of any character */
};

typedef struct Pair {
    char text[UTF8_BYTES_MAX];
    unsigned char length; /* 0 = ask iconv */
} Pair;

static Pair pairs[(LEAD_LAST - LEAD_FIRST + 1) * TRAILS];
static pthread_once_t pairs_once = PTHREAD_ONCE_INIT;

static void pair_make(iconv_t converter, size_t lead, size_t trail)
{
    char code[2] = {(char)(LEAD_FIRST + lead), (char)(TRAIL_FIRST + trail)}, text[8];
    char *in = code, *out = text;
    size_t in_left = sizeof code, out_left = sizeof text;
    bool whole = iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1;
    size_t length = sizeof text - out_left;
    iconv(converter, NULL, NULL, NULL, NULL);
    if (!whole || length == 0 || length > UTF8_BYTES_MAX)
        return;
    Pair *pair = &pairs[lead * TRAILS + trail];
    memcpy(pair->text, text, length);
    pair->length = (unsigned char)length;
}

static void pairs_make(void)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)(intptr_t)-1)
        return; /* every character is then asked of the caller's */
    for (size_t lead = 0; lead <= LEAD_LAST - LEAD_FIRST; lead++)
        for (size_t trail = 0; trail < TRAILS; trail++)
            pair_make(converter, lead, trail);
    iconv_close(converter);
}

/* The pair that begins at `in`, NULL when iconv must be asked. */
static inline const Pair *pair_at(const char *in, const char *end)
{
    size_t lead = (size_t)(unsigned char)in[0] - LEAD_FIRST;
    if (end - in < 2 || lead > LEAD_LAST - LEAD_FIRST)
        return NULL;
    size_t trail = (size_t)(unsigned char)in[1] - TRAIL_FIRST;
    if (trail >= TRAILS)
        return NULL;
    const Pair *pair = &pairs[lead * TRAILS + trail];
    return pair->length ? pair : NULL;
}

/* One character by iconv. */
static bool rare(iconv_t converter, const char **in, const char *end, char **out)
{
    char code[LONGEST_BYTES], *from = code;
    size_t left = (size_t)(end - *in), room = 2 * LONGEST_BYTES;
    size_t count = left < LONGEST_BYTES ? left : LONGEST_BYTES, kept = count;
    memcpy(code, *in, count);
    size_t done = iconv(converter, &from, &kept, out, &room);
    *in += count - kept;
    /* the bytes behind a whole character may be the beginning of another */
    return done != (size_t)-1 || from > code;
}

bool gb18030_decode(iconv_t converter, const char **in, const char *end, char **out)
{
    pthread_once(&pairs_once, pairs_make);
    while (*in < end) {
        uint64_t eight;
        if (end - *in >= (ptrdiff_t)sizeof eight) {
            memcpy(&eight, *in, sizeof eight);
            if ((eight & 0x8080808080808080) == 0) {
                memcpy(*out, &eight, sizeof eight);
                *in += sizeof eight;
                *out += sizeof eight;
                continue;
            }
        }
        const Pair *pair = pair_at(*in, end);
        if ((unsigned char)**in < 0x80) {
            *(*out)++ = *(*in)++;
        } else if (pair) {
            memcpy(*out, pair->text, UTF8_BYTES_MAX);
            *out += pair->length;
            *in += 2;
        } else if (!rare(converter, in, end, out)) {
            return false;
        }
    }
    return true;
}
