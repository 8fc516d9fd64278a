#include "people/plain.h"

#include "base/text.h"

static bool invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0x00AD;
}

static bool blank(uint32_t c)
{
    return c == '\t' || c == 0x00A0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F;
}

uint32_t plain_next(const char **cursor, const char *end)
{
    while (*cursor < end) {
        uint32_t c = text_next(cursor, end);
        if (invisible(c))
            continue;
        if (blank(c))
            return ' ';
        if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
            return '-';
        return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
    }
    return 0;
}
