/* tests/people/crowd.h: invented answers of few people, so that names, phones and IDs meet often.
 * Shape:  a Crowd is a random sequence from a seed, which every test prints; the same seed gives
 *         the same answers.
 * Owns:   texts live in the crowd's arena. */
#ifndef TESTS_PEOPLE_CROWD_H
#define TESTS_PEOPLE_CROWD_H

#include "people/answer.h"
#include "people/id_number.h"

#include "support/home.h"
#include "support/rounds.h"

typedef struct Crowd {
    Arena *arena;
    uint64_t state;
    unsigned people; /* how many ID numbers, names and phones there are */
} Crowd;

static inline unsigned crowd_below(Crowd *crowd, unsigned limit)
{
    crowd->state += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t mixed = crowd->state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((mixed ^ (mixed >> 31)) % limit);
}

static inline bool crowd_chance(Crowd *crowd, unsigned percent)
{
    return crowd_below(crowd, 100) < percent;
}

static inline const char *crowd_id_number(Crowd *crowd, unsigned person)
{
    char digits[32];
    snprintf(digits, sizeof digits, "4405241980%02u%02u%03u", 1 + person / 28 % 12, 1 + person % 28,
             1 + person / 336 % 900);
    return arena_printf(crowd->arena, "%.17s%c", digits, id_number_check_character(digits));
}

static inline const char *crowd_phone(Crowd *crowd, unsigned person)
{
    return arena_printf(crowd->arena, "138%08u", person);
}

static inline const char *crowd_name(Crowd *crowd, unsigned person)
{
    static const char *const FAMILY[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵"};
    static const char *const GIVEN[] = {"伟", "芳", "娜", "秀英", "敏", "静", "丽", "㼆"};
    return arena_printf(crowd->arena, "%s%s%u", FAMILY[person % 8], GIVEN[person / 8 % 8],
                        person / 64);
}

static inline FactValue crowd_text_value(Crowd *crowd)
{
    static const char *const TEXTS[] = {"东莞市长安电子厂",
                                        "Dongguan 100% Toys_Co",
                                        "虎门服装\\公司",
                                        "a",
                                        "B",
                                        "数控车工",
                                        "100%",
                                        "\xF0\xA0\xAE\xB7氏工厂"};
    return (FactValue){.known = true, .text = TEXTS[crowd_below(crowd, 8)]};
}

/* Any value that the fact's column holds. */
static inline FactValue crowd_value(Crowd *crowd, FactId fact)
{
    const FactInfo *info = fact_info(fact);
    switch (info->kind) {
    case KIND_TEXT:
        return crowd_text_value(crowd);
    case KIND_DATE:
        return (FactValue){.known = true,
                           .number = date_of(1960, 1, 1) + (Date)crowd_below(crowd, 20000)};
    case KIND_NUMBER:
        return (FactValue){.known = true, .number = crowd_below(crowd, 40)};
    case KIND_FLAG:
        return (FactValue){.known = true, .number = crowd_below(crowd, 2)};
    case KIND_CODE: {
        size_t count = word_count(info->vocabulary);
        return (FactValue){.known = true,
                           .number =
                               word_code_at(info->vocabulary, crowd_below(crowd, (unsigned)count))};
    }
    case KIND_SEALED:
        break;
    }
    return (FactValue){.known = true,
                       .text = crowd_phone(crowd, crowd_below(crowd, crowd->people))};
}

/* Facts of one answer, about half of them known; an ID number, or a name and a phone, or both. */
static inline Facts crowd_facts(Crowd *crowd)
{
    Facts facts = {.pension_on = DATE_NONE};
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact != FACT_ID_NUMBER && crowd_chance(crowd, 50))
            facts.values[fact] = crowd_value(crowd, fact);
    unsigned person = crowd_below(crowd, crowd->people);
    FactValue *values = facts.values;
    bool identified = crowd_chance(crowd, 50);
    if (identified)
        values[FACT_ID_NUMBER] = (FactValue){.known = true, .text = crowd_id_number(crowd, person)};
    if (!identified || crowd_chance(crowd, 80)) {
        /* Now and then somebody else's, so that one name and phone leads to two ID numbers. */
        unsigned who = crowd_chance(crowd, 20) ? crowd_below(crowd, crowd->people) : person;
        values[FACT_NAME] = (FactValue){.known = true, .text = crowd_name(crowd, who)};
        values[FACT_PHONE] = (FactValue){.known = true, .text = crowd_phone(crowd, who)};
    }
    if (values[FACT_PENSION_MONTHS].known && crowd_chance(crowd, 20))
        facts.pension_on = date_of(2012, 1, 31);
    return facts;
}

static inline void crowd_shuffle(Crowd *crowd, void *items, size_t count, size_t item_bytes)
{
    char *bytes = items, spare[64];
    assert_true(item_bytes <= sizeof spare);
    for (size_t i = count; i > 1; i--) {
        size_t j = crowd_below(crowd, (unsigned)i);
        memcpy(spare, bytes + (i - 1) * item_bytes, item_bytes);
        memcpy(bytes + (i - 1) * item_bytes, bytes + j * item_bytes, item_bytes);
        memcpy(bytes + j * item_bytes, spare, item_bytes);
    }
}

#endif
