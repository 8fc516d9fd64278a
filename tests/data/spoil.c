#include "data/spoil.h"

#include "data/identity.h"

#include <assert.h>

static const struct {
    const char *word;
    int fact, second;
} KINDS[SPOIL_COUNT] = {
#define SPOIL(name, word, fact, second) {word, FACT_##fact, FACT_##second},
#include "data/spoils.def"
#undef SPOIL
};

const char *spoil_word(SpoilKind kind)
{
    return KINDS[kind].word;
}

static bool filled(const Heading *headings, const Written *cells, int fact)
{
    size_t place = heading_find(headings, fact);
    return headings[place].text && cells[place].kind != WRITTEN_EMPTY;
}

bool spoil_fits(SpoilKind kind, const Heading *headings, const Written *cells)
{
    return filled(headings, cells, KINDS[kind].fact) &&
           (KINDS[kind].second == FACT_NONE || filled(headings, cells, KINDS[kind].second));
}

/* The number as a spreadsheet keeps it once it took the text for a number. */
static Written spoil_scientific(Arena *arena, bool xlsx, const char *number)
{
    double rounded = strtod(arena_printf(arena, "%.17s0", number), NULL);
    if (xlsx)
        return written_number(arena, rounded);
    return written_text(arena_printf(arena, "%.5E", rounded));
}

/* The same person's number with another birth; the check character is right. */
static const char *spoil_birth(Arena *arena, const char *number, Civil birth)
{
    char area[7], sequence[4];
    snprintf(area, sizeof area, "%.6s", number);
    snprintf(sequence, sizeof sequence, "%.3s", number + 14);
    return identity_number(arena, (int)strtol(area, NULL, 10), birth,
                           (int)strtol(sequence, NULL, 10));
}

static Written spoil_number(SpoilKind kind, Chance *chance, Arena *arena, bool xlsx,
                            const char *number)
{
    char *copy = arena_strdup(arena, number);
    Civil born = {.year = 1900 + (int)chance_between(chance, 60, 92), .month = 2, .day = 30};
    switch ((int)kind) {
    case SPOIL_SCIENTIFIC:
        return spoil_scientific(arena, xlsx, number);
    case SPOIL_ZEROED:
        return written_text(arena_printf(arena, "%.15s000", number));
    case SPOIL_CHECKSUM:
        copy[17] = copy[17] == '7' ? '3' : '7';
        return written_text(copy);
    case SPOIL_SHORT:
        return written_text(arena_printf(arena, "%.17s", number));
    case SPOIL_LONG:
        return written_text(arena_printf(arena, "%.6s1%s", number, number + 6));
    case SPOIL_NO_SUCH_BIRTH:
        return written_text(spoil_birth(arena, number, born));
    case SPOIL_FUTURE_BIRTH:
        return written_text(spoil_birth(arena, number, (Civil){2019, 6, 18}));
    default:
        return written_text(spoil_birth(arena, number, (Civil){1880, 11, 5}));
    }
}

static Written spoil_text(SpoilKind kind, Chance *chance, Arena *arena, const Facts *facts)
{
    static const char *const LEVELS[] = {"高级工程师", "二级建造师", "助理工程师", "六级", "优秀"};
    static const char *const TOWNS[] = {"广州市天河区", "441900120", "深圳龙岗", "长平镇"};
    static const char *const DAYS[] = {"2011-02-30", "2010-13-01", "2011年6月31日"};
    static const char *const MONTHS[] = {"9999", "720", "见附件"};
    FactValue level = facts->values[FACT_SKILL_LEVEL], name = facts->values[FACT_NAME];
    switch ((int)kind) {
    case SPOIL_LEVEL_CLASH:
        return written_text(identity_certificate(arena, 2011, 12001, level.number == 3 ? 5 : 3,
                                                 (int)chance_between(chance, 1, 99999)));
    case SPOIL_LEVEL_UNKNOWN:
        return written_text(chance_of(chance, LEVELS));
    case SPOIL_TOWN_UNKNOWN:
        return written_text(chance_of(chance, TOWNS));
    case SPOIL_MOJIBAKE: /* a byte of the name got lost on its way through another encoding */
        return written_text(arena_printf(arena, "%.3s\uFFFD\uFFFD", name.text));
    case SPOIL_NAME_MISSING:
        return (Written){0};
    case SPOIL_DATE_FUTURE:
        return written_text("2021-06-30");
    case SPOIL_DATE_IMPOSSIBLE:
        return written_text(chance_of(chance, DAYS));
    default:
        return written_text(chance_of(chance, MONTHS));
    }
}

void spoil_row(SpoilKind kind, Chance *chance, Arena *arena, const Heading *headings, bool xlsx,
               const Facts *facts, Written *cells)
{
    assert(spoil_fits(kind, headings, cells));
    Written *cell = &cells[heading_find(headings, KINDS[kind].fact)];
    FactValue sex = facts->values[FACT_SEX], birth = facts->values[FACT_BIRTH_DATE];
    if (kind == SPOIL_SEX_CLASH)
        cells[heading_find(headings, FACT_SEX)] = written_text(sex.number == 1 ? "女" : "男");
    else if (kind == SPOIL_BIRTH_CLASH)
        cells[heading_find(headings, FACT_BIRTH_DATE)] =
            written_text(arena_printf(arena, "%d-01-01", date_civil((Date)birth.number).year + 3));
    else if (KINDS[kind].fact == FACT_ID_NUMBER)
        *cell = spoil_number(kind, chance, arena, xlsx, facts->values[FACT_ID_NUMBER].text);
    else
        *cell = spoil_text(kind, chance, arena, facts);
}
