/* data/spoil.h: rows broken in the ways in which offices break them.
 * Shape:  SpoilKind is a line of tests/data/spoils.def; one kind is put on one row of cells.
 * Owns:   texts live in the arena.
 * Errors: none.
 * Source: DOMAIN B. */
#ifndef DATA_SPOIL_H
#define DATA_SPOIL_H

#include "data/spell.h"

typedef enum SpoilKind {
#define SPOIL(name, word, fact, second) SPOIL_##name,
#include "data/spoils.def"
#undef SPOIL
    SPOIL_COUNT
} SpoilKind;

const char *spoil_word(SpoilKind kind);
/* True when the questionnaire has the columns, and these cells something to break. */
bool spoil_fits(SpoilKind kind, const Heading *headings, const Written *cells);
/* Breaks the row. xlsx says that numbers may be stored as numbers. */
void spoil_row(SpoilKind kind, Chance *chance, Arena *arena, const Heading *headings, bool xlsx,
               const Facts *facts, Written *cells);

#endif
