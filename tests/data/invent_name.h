/* data/invent_name.h: names that nobody in particular has.
 * Shape:  surname and given name by Chinese frequency; some double surnames, some names with the
 *         dot of other nationalities, some with a character beyond the basic plane.
 * Owns:   names live in the arena.
 * Errors: none. */
#ifndef DATA_INVENT_NAME_H
#define DATA_INVENT_NAME_H

#include "base/arena.h"
#include "data/chance.h"

/* A name for a man or a woman. */
const char *invent_name(Chance *chance, Arena *arena, bool male);
/* A surname and a given name of two characters, one of them outside the basic plane (U+20000 and
 * above). */
const char *invent_name_rare(Chance *chance, Arena *arena);
/* A name in two parts with U+00B7 between them. */
const char *invent_name_dotted(Chance *chance, Arena *arena);

#endif
