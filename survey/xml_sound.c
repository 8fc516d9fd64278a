/* Which bytes may stand in an XML document at all, proven piece by piece so that the scanner's
 * loops need not look. */
#include "survey/xml_scan.h"

#include <stdint.h>

/* Eight bytes of ordinary ASCII, no control character among them. */
static inline bool eight_plain(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    uint64_t below_blank = word - 0x2020202020202020;
    return ((word | below_blank) & 0x8080808080808080) == 0;
}

static inline bool follows(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The length of the character at `at`, 0 = none, -1 = the bytes end within it. */
static int character_length(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return at[0] >= 0x20 || at[0] == '\t' || at[0] == '\n' || at[0] == '\r';
    int length = at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0;
    if (length == 0)
        return 0;
    for (int i = 1; i < length; i++) {
        if ((size_t)i == left)
            return -1;
        if (!follows(at[i]))
            return 0;
        bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
        bool surrogate = at[0] == 0xED && at[1] >= 0xA0;
        if (overlong || surrogate || (at[0] == 0xF4 && at[1] >= 0x90))
            return 0;
    }
    bool no_character = length == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
    return no_character ? 0 : length;
}

size_t xml_sound(const char *bytes, size_t length, bool *ret_cut)
{
    size_t at = 0;
    *ret_cut = false;
    while (at < length) {
        const unsigned char *here = (const unsigned char *)bytes + at;
        if (here[0] >= 0xE3 && here[0] <= 0xE9 && length - at >= 3) { /* most of them are Han */
            if (!follows(here[1]) || !follows(here[2]))
                return at;
            at += 3;
            continue;
        }
        if (length - at >= 8 && eight_plain(bytes + at)) {
            at += 8;
            continue;
        }
        int step = character_length(here, length - at);
        *ret_cut = step < 0;
        if (step <= 0)
            return at;
        at += (size_t)step;
    }
    return at;
}
