#include "data/invent.h"

#include "data/identity.h"
#include "data/invent_name.h"

#include <assert.h>

typedef struct Area {
    int number, province;
    const char *text;
} Area;
static const Area AREAS[] = {
#define AREA(number, province, text) {number, province, text},
#include "data/areas.def"
#undef AREA
};
enum { AREA_COUNT = sizeof AREAS / sizeof AREAS[0], AREA_DONGGUAN = AREA_COUNT - 1 };

static const int TOWNS[] = {
#define TOWN(code, en, zh) code,
#include "people/towns.def"
#undef TOWN
};

/* Prefixes that carriers had given out to people by 2012. */
static const int PREFIXES[] = {130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152,
                               153, 155, 156, 157, 158, 159, 180, 185, 186, 187, 188, 189};

Inventor inventor_make(uint64_t seed, const char *stream, Date surveyed_on)
{
    return (Inventor){.chance = chance_stream(seed, stream), .surveyed_on = surveyed_on};
}

void inventor_done(Inventor *inventor)
{
    seen_done(&inventor->numbers);
    seen_done(&inventor->phones);
}

int invent_town(Chance *chance)
{
    return chance_of(chance, TOWNS);
}

static void fact_put(Facts *facts, FactId fact, int64_t number)
{
    facts->values[fact] = (FactValue){.known = true, .number = number};
}

static void fact_put_text(Facts *facts, FactId fact, const char *text)
{
    facts->values[fact] = (FactValue){.known = true, .text = text};
}

/* Writes yes, no or nothing, in per mille. */
static void fact_put_flag(Inventor *inventor, Facts *facts, FactId fact, int yes, int no)
{
    int64_t at = chance_between(&inventor->chance, 0, 999);
    if (at < yes + no)
        fact_put(facts, fact, at < yes);
}

static const char *invent_phone(Inventor *inventor, Arena *arena)
{
    for (;;) {
        int64_t number = chance_of(&inventor->chance, PREFIXES) * INT64_C(100000000);
        number += chance_between(&inventor->chance, 0, 99999999);
        if (seen_add(&inventor->phones, (uint64_t)number))
            return arena_printf(arena, "%lld", (long long)number);
    }
}

/* Name, sex, birth, ID number, origin, phone: what everyone has. */
static void invent_body(Inventor *inventor, Arena *arena, Date birth, int male_per_mille,
                        Facts *facts)
{
    Chance *chance = &inventor->chance;
    bool male = chance_hit(chance, male_per_mille);
    const Area *area =
        &AREAS[chance_hit(chance, 110) ? AREA_DONGGUAN : chance_index(chance, AREA_DONGGUAN)];
    const char *number;
    do {
        int sequence = (int)chance_between(chance, 1, 499) * 2 + (male ? 1 : 0);
        number = identity_number(arena, area->number, date_civil(birth), sequence);
        /* Three last places of zero look like the work of a spreadsheet: nobody gets such a number.
         */
    } while (strcmp(number + 15, "000") == 0 ||
             !seen_add(&inventor->numbers, strtoull(number, NULL, 10)));
    fact_put_text(facts, FACT_NAME, invent_name(chance, arena, male));
    fact_put(facts, FACT_SEX, male ? 1 : 2);
    fact_put(facts, FACT_BIRTH_DATE, birth);
    fact_put_text(facts, FACT_ID_NUMBER, number);
    /* Some moved their hukou to Dongguan; the number never changes. */
    if (area->number != 441900 && chance_hit(chance, 15))
        area = &AREAS[AREA_DONGGUAN];
    fact_put_text(facts, FACT_HUKOU_REGION, area->text);
    fact_put(facts, FACT_IN_CITY_HUKOU, area->number == 441900);
    if (!chance_hit(chance, 20))
        fact_put_text(facts, FACT_PHONE, invent_phone(inventor, arena));
    fact_put_flag(inventor, facts, FACT_CONSENT_SMS, 930, 30);
}

static void invent_certificate(Inventor *inventor, Arena *arena, int level, Date earliest,
                               Facts *facts)
{
    Chance *chance = &inventor->chance;
    Date latest = inventor->surveyed_on - 20;
    if (earliest > latest)
        earliest = latest - 200;
    Date issued = (Date)chance_between(chance, earliest, latest);
    fact_put(facts, FACT_SKILL_LEVEL, level);
    fact_put(facts, FACT_CERTIFICATE_TYPE, 1);
    fact_put(facts, FACT_CERTIFICATE_DATE, issued);
    int office = (int)chance_between(chance, 0, 29999);
    int serial = (int)chance_between(chance, 1, 99999);
    if (chance_hit(chance, 900))
        fact_put_text(facts, FACT_CERTIFICATE_NO,
                      identity_certificate(arena, date_civil(issued).year, office, level, serial));
}

static void invent_wishes(Inventor *inventor, const Workplace *workplace, Facts *facts)
{
    Chance *chance = &inventor->chance;
    static const int INTENTIONS[] = {0, 520, 180, 240}; /* by code; 0 = left empty */
    bool dongguan = facts->values[FACT_IN_CITY_HUKOU].number == 1;
    if (!dongguan && !chance_hit(chance, 60))
        fact_put(facts, FACT_WANTS_SETTLEMENT, (int64_t)chance_weighted(chance, INTENTIONS, 4));
    int near = workplace->town;
    bool owns = chance_hit(chance, dongguan ? 700 : 140);
    fact_put(facts, FACT_OWNS_HOME, owns);
    if (owns)
        fact_put(facts, FACT_HOME_TOWN, chance_hit(chance, 600) ? near : invent_town(chance));
    if (facts->values[FACT_WANTS_SETTLEMENT].number == 1)
        fact_put(facts, FACT_INTENDED_TOWN, chance_hit(chance, 700) ? near : invent_town(chance));
    fact_put_flag(inventor, facts, FACT_FAMILY_PLANNING_OK, 880, 25);
    fact_put_flag(inventor, facts, FACT_NO_CRIMINAL_RECORD, 900, 8);
    fact_put_flag(inventor, facts, FACT_NO_BANNED_ORGANISATION, 900, 3);
}

static const char *invent_trade(Chance *chance, const Workplace *workplace)
{
    size_t count = 0;
    while (workplace->trades[count])
        count++;
    return workplace->trades[chance_early(chance, count)];
}

/* Months paid: many around the 24 that the notice asks for, never more than a working life allows.
 */
static int invent_pension(Chance *chance, int age)
{
    int most = (age - 18) * 12 + 6;
    int months = chance_hit(chance, 400) ? (int)chance_between(chance, 18, 30)
                                         : (int)chance_early(chance, 150);
    return months < most ? months : most;
}

static Date invent_worker_birth(Inventor *inventor)
{
    Chance *chance = &inventor->chance;
    /* A sixth of them within a year of the age limit, on either side. */
    int age = chance_hit(chance, 160) ? (int)chance_between(chance, 44, 46)
                                      : 20 + (int)chance_early(chance, 38);
    Date birth = date_add_months(inventor->surveyed_on, -12 * age);
    return birth - (Date)chance_between(chance, 0, 364);
}

void invent_worker(Inventor *inventor, Arena *arena, const Workplace *workplace, Facts *ret)
{
    Chance *chance = &inventor->chance;
    *ret = (Facts){.pension_on = inventor->surveyed_on};
    Date birth = invent_worker_birth(inventor);
    int age = date_age(birth, inventor->surveyed_on);
    invent_body(inventor, arena, birth, 640, ret);

    static const int LEVELS[] = {0, 30, 110, 410, 280, 170};
    int level = (int)chance_weighted(chance, LEVELS, 6);
    if (age < 25 && level < 3)
        level = 3;
    if (!chance_hit(chance, 25)) /* the others have none, or left it empty */
        invent_certificate(inventor, arena, level, date_birthday(birth, age < 25 ? 19 : 22), ret);
    fact_put_text(ret, FACT_OCCUPATION, invent_trade(chance, workplace));
    fact_put_text(ret, FACT_EMPLOYER, workplace->name);
    fact_put(ret, FACT_EMPLOYER_TOWN, workplace->town);
    if (!chance_hit(chance, 30))
        fact_put(ret, FACT_PENSION_MONTHS, invent_pension(chance, age));
    static const int EDUCATIONS[] = {0, 5, 160, 210, 330, 220, 70, 5, 0};
    fact_put(ret, FACT_EDUCATION, (int64_t)chance_weighted(chance, EDUCATIONS, 9));
    invent_wishes(inventor, workplace, ret);
}

void invent_student(Inventor *inventor, Arena *arena, const Workplace *workplace, Facts *ret)
{
    Chance *chance = &inventor->chance;
    *ret = (Facts){.pension_on = DATE_NONE};
    int this_year = date_civil(inventor->surveyed_on).year;
    static const int YEARS[] = {180, 640, 180}; /* last year, this year, next year */
    int graduation = this_year - 1 + (int)chance_weighted(chance, YEARS, 3);
    int age = (int)chance_between(chance, 19, 22);
    Date birth = date_of(graduation - age, 1, 1) + (Date)chance_between(chance, 0, 364);
    invent_body(inventor, arena, birth, 560, ret);

    static const int LEVELS[] = {0, 0, 15, 520, 400, 65};
    int level = (int)chance_weighted(chance, LEVELS, 6);
    if (!chance_hit(chance, 40))
        invent_certificate(inventor, arena, level, date_of(this_year - 1, 5, 1), ret);
    fact_put_text(ret, FACT_OCCUPATION, invent_trade(chance, workplace));
    fact_put_text(ret, FACT_SCHOOL, workplace->name);
    fact_put(ret, FACT_SCHOOL_KIND, workplace->school_kind);
    fact_put(ret, FACT_SCHOOL_PROVINCE, workplace->school_province);
    if (!chance_hit(chance, 15))
        fact_put(ret, FACT_GRADUATION_DATE,
                 date_of(graduation, 6, 30) + (chance_hit(chance, 300) ? 1 : 0));
    fact_put(ret, FACT_EDUCATION, workplace->school_kind == 1 ? 4 : 5);
    invent_wishes(inventor, workplace, ret);
}

void invent_graduate_at_work(Inventor *inventor, Arena *arena, const Workplace *school,
                             const Workplace *workplace, Facts *ret_student, Facts *ret_worker)
{
    invent_student(inventor, arena, school, ret_student);
    *ret_worker = *ret_student;
    ret_worker->pension_on = inventor->surveyed_on;
    fact_put_text(ret_worker, FACT_EMPLOYER, workplace->name);
    fact_put(ret_worker, FACT_EMPLOYER_TOWN, workplace->town);
    fact_put(ret_worker, FACT_PENSION_MONTHS, chance_between(&inventor->chance, 0, 9));
    /* The second questionnaire has another phone now and then: a disagreement that is real life. */
    if (chance_hit(&inventor->chance, 150))
        fact_put_text(ret_worker, FACT_PHONE, invent_phone(inventor, arena));
}
