/* What a number format makes of a number: the built-in ids by table, the custom ones by reading
 * their letters. */
#include "survey/sheet_xlsx_value.h"

#include <string.h>
#include <strings.h>

CellFormat format_builtin(unsigned id)
{
    static const struct {
        unsigned first, last;
        CellFormat format;
    } BUILTIN[] = {
        {1, 1, {FORMAT_DIGITS, 1}}, {3, 3, {FORMAT_DIGITS, 1}},   {14, 17, {FORMAT_DATE, 0}},
        {18, 21, {FORMAT_TIME, 0}}, {22, 22, {FORMAT_DATE, 0}},   {27, 31, {FORMAT_DATE, 0}},
        {32, 35, {FORMAT_TIME, 0}}, {36, 36, {FORMAT_DATE, 0}},   {45, 45, {FORMAT_TIME, 0}},
        {47, 47, {FORMAT_TIME, 0}}, {49, 49, {FORMAT_DIGITS, 1}}, {50, 54, {FORMAT_DATE, 0}},
        {55, 56, {FORMAT_TIME, 0}}, {57, 58, {FORMAT_DATE, 0}},
    };
    for (size_t i = 0; i < sizeof BUILTIN / sizeof *BUILTIN; i++)
        if (id >= BUILTIN[i].first && id <= BUILTIN[i].last)
            return BUILTIN[i].format;
    return (CellFormat){FORMAT_GENERAL, 0};
}

/* Steps over what is shown literally or only colours, aligns or localises: "…", [..], \x, _x, *x.
 * *ret_elapsed is set for [h], [m], [s]: a duration. NULL when code doesn't begin with such a
 * thing. */
static const char *skip_literal(const char *code, bool *ret_elapsed)
{
    if (*code == '"' || *code == '[') {
        const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
        if (*code == '[' && end) {
            size_t letters = strspn(code + 1, "hHmMsS");
            *ret_elapsed = *ret_elapsed || (letters && code + 1 + letters == end);
        }
        return end ? end + 1 : code + strlen(code);
    }
    if (*code == '\\' || *code == '_' || *code == '*')
        return code[1] ? code + 2 : code + 1;
    return NULL;
}

static const char *skip_word(const char *code)
{
    static const char *const WORDS[] = {"General", "AM/PM", "A/P", "E+", "E-"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strncasecmp(code, WORDS[i], strlen(WORDS[i])) == 0)
            return code + strlen(WORDS[i]);
    return NULL;
}

/* The letters of the first section; the others are for negative numbers, zero and text. */
CellFormat format_parse(const char *code)
{
    bool day = false, month = false, clock = false, elapsed = false, other = false;
    unsigned zeros = 0, marks = 0;
    while (*code && *code != ';') {
        const char *next = skip_literal(code, &elapsed);
        if (next) {
            code = next;
            continue;
        }
        next = skip_word(code);
        if (next) {
            other = true;
            code = next;
            continue;
        }
        char letter = *code++;
        day = day || strchr("yYdDeE", letter);
        month = month || strchr("mM", letter);
        clock = clock || strchr("hHsS", letter);
        zeros += letter == '0';
        marks += strchr("0#?@", letter) != NULL;
        other = other || strchr(".%/", letter);
    }
    if (elapsed)
        return (CellFormat){FORMAT_GENERAL, 0};
    if (day || (month && !clock))
        return (CellFormat){FORMAT_DATE, 0};
    if (clock)
        return (CellFormat){FORMAT_TIME, 0};
    if (marks && !other)
        return (CellFormat){FORMAT_DIGITS, zeros ? zeros : 1};
    return (CellFormat){FORMAT_GENERAL, 0};
}
