/* base/guard.h: keeps an exported cell from being run as a formula.
 * Shape:  a text that begins with = + - @ TAB CR LF or a full-width form of them, with any number
 *         of apostrophes before, gets one apostrophe in front; guard_off takes off exactly one.
 *         guard_off(guard_on(x)) = x for every x.
 * Errors: none.
 * Source: OWASP CSV injection; DOMAIN checklist 13. */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include "base/arena.h"

const char *guard_on(Arena *arena, const char *text);
const char *guard_off(const char *text);

#endif
