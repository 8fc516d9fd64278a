/* tests/policy/verb.h: runs a command of this room in the test's own process, as talent.c would.
 * Owns:   results are the caller's; shown text lives in the arena. */
#ifndef TESTS_POLICY_VERB_H
#define TESTS_POLICY_VERB_H

#include "base/render.h"
#include "policy/verbs.h"
#include "support/home.h"

#include <unistd.h>

/* words: "policy", "size", …, NULL. */
static inline ErrCode verb_run(Context *context, const char *const *words, json_t **ret_result,
                               Err *err)
{
    const char *argv[32] = {"talent"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = words[argc - 1];
    Globals globals;
    const Command *command;
    Arguments *arguments;
    TRY(command_parse(context->arena, POLICY_VERBS, argc, (char **)(uintptr_t)argv, &globals,
                      &command, &arguments, err));
    return command->run(context, arguments, ret_result, err);
}
#define VERB_RUN(context, ret, err, ...)                                                           \
    verb_run((context), (const char *const[]){__VA_ARGS__, NULL}, (ret), (err))

/* What the body prints on stdout. */
static inline const char *printed(Arena *arena, void (*body)(void *state), void *state)
{
    fflush(stdout);
    FILE *file = tmpfile();
    int saved = dup(STDOUT_FILENO);
    assert_non_null(file);
    dup2(fileno(file), STDOUT_FILENO);
    body(state);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    rewind(file);
    char *text = arena_alloc(arena, (size_t)length + 1);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    fclose(file);
    return text;
}

typedef struct Shown {
    const Command *command;
    Context *context;
    const json_t *result;
} Shown;

static inline void show_result(void *state)
{
    const Shown *shown = state;
    render_print(shown->command, shown->context, shown->result);
}

/* The result as people see it in a pipe. */
static inline const char *verb_shown(const Command *command, Context *context, const json_t *result)
{
    Shown shown = {command, context, result};
    return printed(context->arena, show_result, &shown);
}

static inline void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

#endif
