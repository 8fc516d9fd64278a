/* people/name.h: how near two names of persons are: to the eye, to the ear, to the pen.
 * Shape:  names are compared without spaces, full width or kinds of middle dots. Characters are
 *         taken one by one: the same; simplified and traditional forms of one; of one sound; of one
 *         look. A name is near by the weakest of these; only one character may merely look alike.
 * Owns:   results live in the arena.
 * Errors: none.
 * Source: DESIGN 5 "Linking"; DOMAIN B "Names"; people/character.h; the characters that are
 *         mistaken for each other most (己已巳, 戊戌戍 …) as primary schools teach them. */
#ifndef PEOPLE_NAME_H
#define PEOPLE_NAME_H

#include "base/arena.h"

#include <stdint.h>

/* From nearest to farthest. */
typedef enum NameNearness {
    NAME_EQUAL,
    NAME_VARIANT,     /* the same in simplified and traditional characters */
    NAME_SAME_SOUND,  /* read alike, tones aside */
    NAME_LOOKS_ALIKE, /* one character looks like the other */
    NAME_ONE_APART,   /* one character other, more or fewer, or two neighbours exchanged */
    NAME_DIFFERS
} NameNearness;

const char *name_nearness_word(NameNearness nearness); /* "same_sound": in JSON */

NameNearness name_nearness(Arena *arena, const char *a, const char *b);

/* The name as it is compared. */
char *name_plain(Arena *arena, const char *name);

/* Keys under which names meet that are read alike, of one shape, built round one component: equal
 * for names that name_nearness calls a variant or of one sound (sound), and for most that it says
 * look alike (either of the others); a key alone proves nothing. */
typedef struct NameKeys {
    uint64_t sound, shape, component;
} NameKeys;
NameKeys name_keys(const char *plain);

#endif
