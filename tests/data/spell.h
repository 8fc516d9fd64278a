/* data/spell.h: how a clerk writes a fact into a cell.
 * Shape:  Written is one cell: nothing, text, a number, or a date under a date format.
 * Owns:   text lives in the arena.
 * Errors: none.
 * Source: DOMAIN B; tests/data/spellings.def. */
#ifndef DATA_SPELL_H
#define DATA_SPELL_H

#include "data/cast.h"

typedef enum WrittenKind { WRITTEN_EMPTY, WRITTEN_TEXT, WRITTEN_NUMBER, WRITTEN_DATE } WrittenKind;

typedef struct Written {
    WrittenKind kind;
    const char
        *text;     /* also what a plain text file shows for a number or a date; NULL when empty */
    double number; /* WRITTEN_NUMBER */
    Date date;     /* WRITTEN_DATE */
} Written;

Written written_text(const char *text);
Written written_number(Arena *arena, double number);

/* Who fills in a questionnaire, and how. */
typedef struct Clerk {
    Chance *chance;
    Arena *arena;
    unsigned habits;
    Date filled_on;
} Clerk;

/* The cell under a heading for one person; line counts from 1 within the questionnaire. */
Written spell_cell(const Clerk *clerk, const Heading *heading, const Facts *facts, int line);

/* The names of codes as people/words.def and people/towns.def show them. */
const char *spell_town(int64_t code);

#endif
