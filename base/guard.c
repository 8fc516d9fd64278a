#include "base/guard.h"

#include "base/text.h"

static bool runs(const char *text)
{
    static const char *const SIGNS[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                        "\n", "＝", "＋", "－", "＠"};
    const char *first = text + strspn(text, "'");
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (text_starts(first, SIGNS[i]))
            return true;
    return false;
}

const char *guard_on(Arena *arena, const char *text)
{
    return runs(text) ? arena_printf(arena, "'%s", text) : text;
}

const char *guard_off(const char *text)
{
    return *text == '\'' && runs(text) ? text + 1 : text;
}
