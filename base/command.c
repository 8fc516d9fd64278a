#include "base/command.h"

#include "base/arguments.h"
#include "base/text.h"

#include <signal.h>
#include <string.h>

enum { WORDS_AT_MOST = 3 };

volatile int command_interrupted;

static void on_signal(int number)
{
    (void)number;
    command_interrupted = 1;
}

void command_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Everything left of the command line while it is parsed. */
typedef struct Parser {
    Arena *arena;
    int argc;
    char **argv;
    int at;
    Globals *globals;
} Parser;

/* The value of an option at argv[at]: after '=', or the next word. */
static ErrCode take_value(Parser *parser, const char *word, const char **ret_value, Err *err)
{
    const char *equals = text_starts(word, "--") ? strchr(word, '=') : NULL;
    if (equals) {
        *ret_value = equals + 1;
        return OK;
    }
    if (parser->at + 1 >= parser->argc)
        return err_set(err, ERR_USAGE, _("option '%s' needs a value"), word);
    *ret_value = parser->argv[++parser->at];
    return OK;
}

static bool named(const char *word, const char *name)
{
    bool is_long = strlen(name) > 1;
    size_t dashes = is_long ? 2 : 1, length = strlen(name);
    if (strspn(word, "-") < dashes || strncmp(word + dashes, name, length) != 0)
        return false;
    char next = word[dashes + length];
    return next == '\0' || (is_long && next == '=');
}

/* A global option; *ret_taken says whether it was one. */
static ErrCode take_global(Parser *parser, const char *word, bool *ret_taken, Err *err)
{
    Globals *globals = parser->globals;
    struct {
        const char *name;
        bool *flag;
        const char **text;
    } const table[] = {
        {"json", &globals->json, NULL},          {"quiet", &globals->quiet, NULL},
        {"help", &globals->help, NULL},          {"h", &globals->help, NULL},
        {"version", &globals->version, NULL},    {"home", NULL, &globals->home},
        {"config", NULL, &globals->config_file}, {"lang", NULL, &globals->lang},
    };
    *ret_taken = true;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (named(word, table[i].name)) {
            if (table[i].text)
                return take_value(parser, word, table[i].text, err);
            *table[i].flag = true;
            return OK;
        }
    if (named(word, "as-of")) {
        const char *value = NULL;
        TRY(take_value(parser, word, &value, err));
        if (!date_parse(value, &globals->as_of))
            return err_set(err, ERR_USAGE,
                           _("option '%s' takes a date such as 2012-09-27, not '%s'"), "as-of",
                           value);
        return OK;
    }
    *ret_taken = false;
    return OK;
}

static ErrCode take_option(Parser *parser, Arguments *arguments, const char *word, Err *err)
{
    for (size_t i = 0; i < arguments->option_count; i++) {
        Given *given = &arguments->given[i];
        if (!named(word, given->option->name))
            continue;
        const char *value = "yes";
        if (given->option->kind != OPTION_FLAG)
            TRY(take_value(parser, word, &value, err));
        else if (strchr(word, '='))
            return err_set(err, ERR_USAGE, _("option '%s' takes no value"), given->option->name);
        return arguments_add(parser->arena, given, value, err);
    }
    return arguments_unknown(arguments->command, word, err);
}

/* How many leading words of the command line a command's words match; 0 = not this one. */
static size_t match_words(const Command *command, const char *const *words, size_t count)
{
    const char *at = command->words;
    size_t matched = 0;
    while (*at) {
        size_t length = strcspn(at, " ");
        if (matched == count || strlen(words[matched]) != length ||
            strncmp(at, words[matched], length) != 0)
            return 0;
        matched++;
        at += length + (at[length] == ' ');
    }
    return matched;
}

static ErrCode unknown_command(const Command *const *table, const char *const *words, size_t count,
                               Err *err)
{
    char typed[256];
    snprintf(typed, sizeof typed, "%s%s%s", words[0], count > 1 ? " " : "",
             count > 1 ? words[1] : "");
    const char *names[256];
    size_t known = 0;
    for (size_t i = 0; table[i] && known < 256; i++)
        names[known++] = table[i]->words;
    err_set(err, ERR_USAGE, _("unknown command '%s'"), typed);
    const char *nearest = text_nearest(typed, names, known);
    return nearest ? err_hint(err, _("did you mean 'talent %s'?"), nearest)
                   : err_hint(err, _("'talent --help' lists the commands"));
}

/* Reads global options and the command's words, which come first; leaves parser->at behind them. */
static ErrCode find_command(Parser *parser, const Command *const *table,
                            const Command **ret_command, Err *err)
{
    const char *words[WORDS_AT_MOST];
    int ends[WORDS_AT_MOST];
    size_t count = 0;
    for (; parser->at < parser->argc && count < WORDS_AT_MOST; parser->at++) {
        const char *word = parser->argv[parser->at];
        bool global = false;
        if (word[0] == '-')
            TRY(take_global(parser, word, &global, err));
        if (word[0] == '-' && !global)
            break;
        if (!global) {
            ends[count] = parser->at + 1;
            words[count++] = word;
        }
    }
    const Command *found = NULL;
    size_t best = 0;
    for (size_t i = 0; table[i]; i++) {
        size_t matched = match_words(table[i], words, count);
        if (matched > best) {
            best = matched;
            found = table[i];
        }
    }
    *ret_command = found;
    if (found)
        parser->at = ends[best - 1];
    else if (count == 0 || parser->globals->help || parser->globals->version)
        return OK;
    else
        return unknown_command(table, words, count, err);
    return OK;
}

const char *command_language(int argc, char **argv)
{
    const char *language = NULL;
    for (int at = 1; at < argc; at++) {
        const char *equals = strchr(argv[at], '=');
        if (named(argv[at], "lang"))
            language = equals ? equals + 1 : argv[at + 1];
    }
    return language;
}

ErrCode command_parse(Arena *arena, const Command *const *table, int argc, char **argv,
                      Globals *ret_globals, const Command **ret_command, Arguments **ret_arguments,
                      Err *err)
{
    *ret_globals = (Globals){.as_of = DATE_NONE};
    Parser parser = {arena, argc, argv, 1, ret_globals};
    TRY(find_command(&parser, table, ret_command, err));
    if (!*ret_command) {
        if (parser.at < argc)
            return arguments_unknown(NULL, argv[parser.at], err);
        return OK;
    }
    Arguments *arguments = arguments_new(arena, *ret_command);
    bool only_words = false;
    for (; parser.at < argc; parser.at++) {
        const char *word = argv[parser.at];
        bool taken = false;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words || word[0] != '-' || word[1] == '\0') {
            if (arguments->positional_count == VALUES_AT_MOST)
                return err_set(err, ERR_USAGE, _("too many arguments"));
            arguments->positionals[arguments->positional_count++] = word;
            continue;
        }
        TRY(take_global(&parser, word, &taken, err));
        if (!taken)
            TRY(take_option(&parser, arguments, word, err));
    }
    *ret_arguments = arguments;
    return ret_globals->help || ret_globals->version ? OK : arguments_check(arguments, err);
}
