/* tests/support/commands.h: every command of the program, as talent.c gathers them.
 * Shape:  ends with NULL.
 * Source: the rooms' verbs.c. */
#ifndef SUPPORT_COMMANDS_H
#define SUPPORT_COMMANDS_H

#include "base/command.h"

const Command *const *test_commands(void);

#endif
