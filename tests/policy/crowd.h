/* tests/policy/crowd.h: people with random facts, many of them unknown, many on the very day on
 *         which a rule turns; the same in memory for the judge and in table person for SQL.
 * Shape:  a Crowd holds count people, ids 1..count.
 * Owns:   facts live in the arena; texts are constants.
 * Source: the seed is printed by whoever makes it: TALENT_TEST_SEED=… repeats a run. */
#ifndef TESTS_POLICY_CROWD_H
#define TESTS_POLICY_CROWD_H

#include "base/buffer.h"
#include "people/fact.h"
#include "support/home.h"
#include "support/rounds.h"

#include <inttypes.h>

typedef struct Crowd {
    uint64_t seed;
    Date as_of; /* the boundaries lie around it */
    Facts *people;
    size_t count;
} Crowd;

static inline uint64_t crowd_seed(void)
{
    return test_seed();
}

/* splitmix64; 0..below-1. */
static inline int64_t crowd_chance(uint64_t *seed, int64_t below)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

/* A day so many years and months before or after as_of, give or take a few days; now and then a
 * leap day or a year's end. */
static inline Date crowd_day(uint64_t *seed, Date as_of, int months)
{
    Date day = date_add_months(as_of, months) + (Date)(crowd_chance(seed, 7) - 3);
    Civil civil = date_civil(day);
    switch (crowd_chance(seed, 12)) {
    case 0:
        return date_of(civil.year, 12, 31);
    case 1:
        return date_of(civil.year, 1, 1);
    case 2:
        return date_exists(civil.year, 2, 29) ? date_of(civil.year, 2, 29)
                                              : date_of(civil.year, 3, 1);
    default:
        return day;
    }
}

/* A day that is hard on rules: the end of a month, of February, of a year, or any. */
static inline Date crowd_hard_day(uint64_t *seed)
{
    static const char *const DAYS[] = {"2012-02-28", "2012-02-29", "2012-12-31", "2013-01-01",
                                       "2013-02-28", "2013-03-01", "2013-12-31"};
    const size_t count = sizeof DAYS / sizeof *DAYS;
    Date day = date_of(2012, 1, 1) + (Date)crowd_chance(seed, 730);
    size_t choice = (size_t)crowd_chance(seed, (int64_t)count * 2);
    if (choice < count)
        assert_true(date_parse(DAYS[choice], &day));
    else if (choice < count + count / 2) /* a month's end */
        day = date_add_months(date_of(date_civil(day).year, date_civil(day).month, 1), 1) - 1;
    return day;
}

static inline FactValue crowd_value(uint64_t *seed, FactId fact, Date as_of)
{
    static const int YEARS[] = {16, 18, 25, 30, 35, 40, 44, 45, 46, 47, 50, 55, 60};
    static const char *const TEXTS[] = {"电工", "焊工", "CNC操作工", "cnc操作工", "模具工"};
    const FactInfo *info = fact_info(fact);
    if (crowd_chance(seed, 100) < 15)
        return (FactValue){0};
    switch (info->kind) {
    case KIND_DATE: {
        int months = fact == FACT_BIRTH_DATE
                         ? -12 * YEARS[crowd_chance(seed, (int64_t)(sizeof YEARS / sizeof *YEARS))]
                         : (int)crowd_chance(seed, 73) - 48;
        return (FactValue){.known = true, .number = crowd_day(seed, as_of, months)};
    }
    case KIND_NUMBER:
        return (FactValue){.known = true, .number = crowd_chance(seed, 40)};
    case KIND_FLAG:
        return (FactValue){.known = true, .number = crowd_chance(seed, 5) > 0};
    case KIND_CODE: {
        size_t words = word_count(info->vocabulary);
        bool home = info->vocabulary == VOCABULARY_PROVINCE && crowd_chance(seed, 3) > 0;
        return (FactValue){
            .known = true,
            .number =
                home ? 44
                     : word_code_at(info->vocabulary, (size_t)crowd_chance(seed, (int64_t)words))};
    }
    case KIND_TEXT:
        return (FactValue){.known = true, .text = TEXTS[crowd_chance(seed, 5)]};
    case KIND_SEALED:
        break;
    }
    return (FactValue){0};
}

static inline void crowd_make(Arena *arena, Crowd *crowd)
{
    crowd->people = arena_array(arena, Facts, crowd->count);
    for (size_t i = 0; i < crowd->count; i++) {
        Facts *facts = &crowd->people[i];
        for (int fact = 0; fact < FACT_COUNT; fact++)
            facts->values[fact] = crowd_value(&crowd->seed, (FactId)fact, crowd->as_of);
        if (crowd_chance(&crowd->seed, 2)) /* half are outsiders, or too few would pass the gate */
            facts->values[FACT_IN_CITY_HUKOU] = (FactValue){.known = true};
        facts->pension_on =
            crowd_chance(&crowd->seed, 20) == 0
                ? DATE_NONE
                : crowd_day(&crowd->seed, crowd->as_of, -(int)crowd_chance(&crowd->seed, 30));
    }
}

static inline void crowd_add_value(Buffer *sql, FactId fact, FactValue value)
{
    char day[11];
    FactKind kind = fact_info(fact)->kind;
    if (!value.known)
        buffer_text(sql, "NULL");
    else if (kind == KIND_TEXT)
        buffer_printf(sql, "'%s'", value.text);
    else if (kind == KIND_DATE)
        buffer_printf(sql, "'%s'", date_format((Date)value.number, day));
    else
        buffer_printf(sql, "%" PRId64, value.number);
}

/* Puts the crowd into table person in place of whoever was there. */
static inline void crowd_store(TestHome *home, const Crowd *crowd)
{
    enum { ROWS_A_STATEMENT = 500 };
    test_sql(home, "TRUNCATE TABLE person;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    for (size_t first = 0; first < crowd->count; first += ROWS_A_STATEMENT) {
        AUTO_BUFFER sql = BUFFER(16 << 20);
        buffer_text(&sql, "INSERT INTO person (id, answers, pension_on");
        for (int fact = 0; fact < FACT_COUNT; fact++)
            buffer_printf(&sql, ", %s", fact_info((FactId)fact)->name);
        buffer_text(&sql, ") VALUES ");
        for (size_t i = first; i < crowd->count && i < first + ROWS_A_STATEMENT; i++) {
            char day[11];
            bool asked = crowd->people[i].pension_on != DATE_NONE;
            buffer_printf(
                &sql, "%s(%zu, 1, %s%s%s", i == first ? "" : ", ", i + 1, asked ? "'" : "",
                asked ? date_format(crowd->people[i].pension_on, day) : "NULL", asked ? "'" : "");
            for (int fact = 0; fact < FACT_COUNT; fact++) {
                buffer_text(&sql, ", ");
                crowd_add_value(&sql, (FactId)fact, crowd->people[i].values[fact]);
            }
            buffer_char(&sql, ')');
        }
        test_sql(home, buffer_string(&sql));
    }
}

#endif
