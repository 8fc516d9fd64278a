/* tests/people/desk.h: verbs of people/ run as the command line would, with a line on standard
 * input.
 * Owns:   results are the caller's. */
#ifndef TESTS_PEOPLE_DESK_H
#define TESTS_PEOPLE_DESK_H

#include "people/verbs.h"

#include "support/home.h"

#include <stdio.h>

/* line: what standard input holds; NULL = nothing. words end with NULL. */
static inline ErrCode desk_run(TestHome *home, const char *line, const char *const *words,
                               json_t **ret_result, Err *err)
{
    char *argv[24] = {arena_strdup(home->context.arena, "talent")};
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        assert_true(argc < 23);
        argv[argc] = arena_strdup(home->context.arena, words[argc - 1]);
    }
    Globals globals;
    const Command *command;
    Arguments *arguments;
    *ret_result = NULL;
    *err = (Err){0};
    TRY(command_parse(home->context.arena, PEOPLE_VERBS, argc, argv, &globals, &command, &arguments,
                      err));
    if (!line)
        return command->run(&home->context, arguments, ret_result, err);
    FILE *before = stdin, *given = fmemopen((void *)(uintptr_t)line, strlen(line), "r");
    assert_non_null(given);
    stdin = given;
    ErrCode code = command->run(&home->context, arguments, ret_result, err);
    stdin = before;
    fclose(given);
    return code;
}

/* Expects that it works. */
static inline json_t *desk_json(TestHome *home, const char *line, const char *const *words)
{
    Err err;
    json_t *result;
    assert_ok(desk_run(home, line, words, &result, &err), &err);
    return result;
}

/* Expects a refusal with exactly this text. */
static inline void desk_refuses(TestHome *home, const char *line, const char *const *words,
                                ErrCode code, const char *text)
{
    Err err;
    json_t *result;
    assert_int_equal(desk_run(home, line, words, &result, &err), code);
    assert_string_equal(err.text, text);
}

#define WORDS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static inline const char *desk_number(TestHome *home, int64_t number)
{
    return arena_printf(home->context.arena, "%lld", (long long)number);
}

#endif
