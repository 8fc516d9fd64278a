/* base/role.h: the words for what an account may do.
 * Shape:  a set of roles is bits ROLE_x (base/command.h); "survey,officer" as it is typed and kept.
 * Owns:   texts live in the arena.
 * Errors: ERR_USAGE with the nearest word.
 * Source: DESIGN 9 "Roles". */
#ifndef BASE_ROLE_H
#define BASE_ROLE_H

#include "base/command.h"

/* "survey, officer" with the given joint between; "" for none. ROLE_EVERY is every word. */
const char *roles_text(Arena *arena, unsigned roles, const char *joint);

/* Words apart by commas or blanks. */
ErrCode roles_parse(Arena *arena, const char *text, unsigned *ret_roles, Err *err) MUST_CHECK;

/* Who may run it, as help says it: "anyone", "whoever has an account", "survey, officer". */
const char *command_roles(Arena *arena, const Command *command);

#endif
