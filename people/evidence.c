#include "people/evidence.h"

#include "base/text.h"
#include "people/name.h"

#include <stdlib.h>
#include <string.h>

enum { CHARACTERS_MAX = 200, LONG_TEXT = 6 };

/* The characters of a text, at most CHARACTERS_MAX. */
typedef struct Characters {
    uint32_t at[CHARACTERS_MAX];
    size_t count;
} Characters;

const char *evidence_word(Evidence evidence)
{
    static const char *const WORDS[] = {"equal", "near", "differs", "missing"};
    return WORDS[evidence];
}

const FactId *evidence_facts(void)
{
    static const FactId FACTS[] = {FACT_NAME,          FACT_SEX,    FACT_BIRTH_DATE,
                                   FACT_ID_NUMBER,     FACT_PHONE,  FACT_EMPLOYER,
                                   FACT_EMPLOYER_TOWN, FACT_SCHOOL, FACT_CERTIFICATE_NO,
                                   FACT_HUKOU_REGION,  FACT_NONE};
    return FACTS;
}

static Characters characters_of(const char *text)
{
    Characters characters = {.count = 0};
    const char *end = text + strlen(text);
    while (text < end && characters.count < CHARACTERS_MAX)
        characters.at[characters.count++] = text_next(&text, end);
    return characters;
}

/* One character other, more or fewer, or two neighbours exchanged. */
static bool one_apart(const Characters *a, const Characters *b)
{
    if (a->count < b->count)
        return one_apart(b, a);
    size_t head = 0, tail = 0;
    while (head < b->count && a->at[head] == b->at[head])
        head++;
    while (tail < b->count - head && a->at[a->count - 1 - tail] == b->at[b->count - 1 - tail])
        tail++;
    size_t left = a->count - head - tail, right = b->count - head - tail;
    if (left <= 1 && right <= 1)
        return true;
    return left == 2 && right == 2 && a->at[head] == b->at[head + 1] &&
           a->at[head + 1] == b->at[head];
}

static bool text_near(Arena *arena, const char *a, const char *b)
{
    Characters left = characters_of(text_key(arena, a)), right = characters_of(text_key(arena, b));
    size_t shorter = left.count < right.count ? left.count : right.count;
    if (shorter >= LONG_TEXT / 2 && (strstr(text_key(arena, a), text_key(arena, b)) ||
                                     strstr(text_key(arena, b), text_key(arena, a))))
        return true;
    return shorter >= LONG_TEXT && one_apart(&left, &right);
}

/* One of year, month and day is other, or day and month are exchanged. */
static bool date_near(Date a, Date b)
{
    char left[11], right[11];
    date_format(a, left);
    date_format(b, right);
    int differ = (strncmp(left, right, 4) != 0) + (strncmp(left + 5, right + 5, 2) != 0) +
                 (strncmp(left + 8, right + 8, 2) != 0);
    bool exchanged = strncmp(left, right, 4) == 0 && strncmp(left + 5, right + 8, 2) == 0 &&
                     strncmp(left + 8, right + 5, 2) == 0;
    return differ == 1 || exchanged;
}

static Evidence name_evidence(NameNearness nearness)
{
    switch (nearness) {
    case NAME_EQUAL:
        return EVIDENCE_EQUAL;
    case NAME_VARIANT:
    case NAME_SAME_SOUND:
    case NAME_LOOKS_ALIKE:
    case NAME_ONE_APART:
        return EVIDENCE_NEAR;
    case NAME_DIFFERS:
        break;
    }
    return EVIDENCE_DIFFERS;
}

Evidence evidence_of(Arena *arena, FactId fact, FactValue a, FactValue b)
{
    if (!a.known || !b.known)
        return EVIDENCE_MISSING;
    if (fact_same(fact, a, b))
        return EVIDENCE_EQUAL;
    if (fact == FACT_NAME)
        return name_evidence(name_nearness(arena, a.text, b.text));
    bool near = false;
    switch (fact_info(fact)->kind) {
    case KIND_TEXT:
    case KIND_SEALED:
        near = text_near(arena, a.text, b.text);
        break;
    case KIND_DATE:
        near = date_near((Date)a.number, (Date)b.number);
        break;
    case KIND_NUMBER:
    case KIND_FLAG:
    case KIND_CODE:
        break;
    }
    return near ? EVIDENCE_NEAR : EVIDENCE_DIFFERS;
}
