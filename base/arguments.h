/* base/arguments.h: the parsed words of one command line, between base/command.c and the verbs.
 * Shape:  one Given per declared option, in the order of the declaration; presets filled in first.
 * Owns:   everything lives in the arena; values borrow argv or the JSON they came from.
 * Errors: ERR_USAGE that names the option. */
#ifndef BASE_ARGUMENTS_H
#define BASE_ARGUMENTS_H

#include "base/command.h"

enum { VALUES_AT_MOST = 4096 };

typedef struct Given {
    const Option *option;
    const char **values;
    size_t count;
    bool typed; /* on the command line, not preset */
} Given;

struct Arguments {
    const Command *command;
    Given *given; /* one per declared option, in order */
    size_t option_count;
    const char **positionals;
    size_t positional_count;
};

/* Empty arguments of a command, presets filled in. */
Arguments *arguments_new(Arena *arena, const Command *command);
/* Adds a value after checking it against the declaration. */
ErrCode arguments_add(Arena *arena, Given *given, const char *value, Err *err) MUST_CHECK;
/* Required options and the number of positional arguments. */
ErrCode arguments_check(const Arguments *arguments, Err *err) MUST_CHECK;
/* "unknown option", with the nearest known one; command may be NULL. */
ErrCode arguments_unknown(const Command *command, const char *word, Err *err);

#endif
