/* data/invent.h: people who do not exist, with lives that could be led in Dongguan in 2012.
 * Shape:  Facts as the people room names them, spread around the limits of the notice: ages near
 *         45, 24 months of pension, graduations of this year, the last and the next.
 * Units:  surveyed_on is the day on which all are asked.
 * Owns:   texts live in the arena of the call; inventor_done releases an Inventor's sets.
 * Errors: none.
 * Source: 东府办〔2012〕140号 二; people/facts.def. */
#ifndef DATA_INVENT_H
#define DATA_INVENT_H

#include "data/chance.h"
#include "data/seen.h"
#include "people/fact.h"

typedef struct Inventor {
    Chance chance;
    Date surveyed_on;
    Seen numbers; /* ID numbers given out */
    Seen phones;
} Inventor;

/* Where a person answers: an enterprise or a school. */
typedef struct Workplace {
    const char *name;
    int town;                  /* code of people/towns.def */
    int school_kind;           /* 0 = an enterprise */
    int school_province;       /* code of people/words.def; 0 = an enterprise */
    const char *const *trades; /* ends with NULL */
} Workplace;

Inventor inventor_make(uint64_t seed, const char *stream, Date surveyed_on);
void inventor_done(Inventor *inventor);

void invent_worker(Inventor *inventor, Arena *arena, const Workplace *workplace, Facts *ret);
void invent_student(Inventor *inventor, Arena *arena, const Workplace *workplace, Facts *ret);
/* The code of any of the towns and parks. */
int invent_town(Chance *chance);
/* A graduate of that school who works here: the same person as both questionnaires see it. */
void invent_graduate_at_work(Inventor *inventor, Arena *arena, const Workplace *school,
                             const Workplace *workplace, Facts *ret_student, Facts *ret_worker);

#endif
