/* people/character.h: how Han characters sound and look, as far as telling two names apart needs.
 * Shape:  a table made at build time, one line a character of the basic planes with a reading,
 *         ascending. Numbers mean nothing but equality; 0 = not known.
 * Owns:   nothing; the table is constant.
 * Errors: none.
 * Source: Unicode 15 Unihan (Debian's unicode-data): kMandarin, kFourCornerCode, kPhonetic,
 *         kTotalStrokes, kSimplifiedVariant; people/characters.awk. */
#ifndef PEOPLE_CHARACTER_H
#define PEOPLE_CHARACTER_H

#include <stddef.h>
#include <stdint.h>

typedef struct Character {
    uint16_t code_point;
    uint16_t simplified;  /* itself when it has no other form */
    uint16_t corners;     /* four-corner code plus 1: its shape */
    uint16_t phonetic[2]; /* groups of characters built round one component; often the same */
    uint16_t strokes;
    uint32_t sound; /* the first Mandarin reading, without its tone */
} Character;

extern const Character CHARACTERS[];
extern const size_t CHARACTER_COUNT;

#endif
