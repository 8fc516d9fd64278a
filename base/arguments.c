#include "base/arguments.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const Given *find_given(const Arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->option_count; i++)
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return &arguments->given[i];
    abort(); /* the command does not declare this option */
}

bool option_given(const Arguments *arguments, const char *name)
{
    return find_given(arguments, name)->typed;
}

const char *option_text(const Arguments *arguments, const char *name)
{
    const Given *given = find_given(arguments, name);
    return given->count ? given->values[given->count - 1] : NULL;
}

int64_t option_int(const Arguments *arguments, const char *name, int64_t absent)
{
    const char *text = option_text(arguments, name);
    return text ? strtoll(text, NULL, 10) : absent;
}

Date option_date(const Arguments *arguments, const char *name, Date absent)
{
    Date date = absent;
    const char *text = option_text(arguments, name);
    if (text)
        date_parse(text, &date);
    return date;
}

bool option_flag(const Arguments *arguments, const char *name)
{
    return find_given(arguments, name)->count > 0;
}

size_t option_values(const Arguments *arguments, const char *name, const char *const **ret_values)
{
    const Given *given = find_given(arguments, name);
    *ret_values = (const char *const *)given->values;
    return given->count;
}

const char *argument_at(const Arguments *arguments, size_t index)
{
    return index < arguments->positional_count ? arguments->positionals[index] : NULL;
}

size_t argument_count(const Arguments *arguments)
{
    return arguments->positional_count;
}

static bool whole_number(const char *text, int64_t *ret_number)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (end == text || *end || errno)
        return false;
    *ret_number = number;
    return true;
}

ErrCode argument_number(const Arguments *arguments, size_t index, int64_t *ret_number, Err *err)
{
    const char *text = argument_at(arguments, index);
    if (!text || !whole_number(text, ret_number) || *ret_number <= 0)
        return err_set(err, ERR_USAGE, _("%s must be a number from 1, not '%s'"),
                       arguments->command->positionals[index].name, text ? text : "");
    return OK;
}

/* Whether a path ends in one of the words of endings: "xlsx csv". */
static bool known_ending(const char *endings, const char *path)
{
    const char *dot = strrchr(path, '.');
    size_t length = dot ? strlen(dot + 1) : 0;
    for (const char *at = endings; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (length && word == length && strncmp(at, dot + 1, word) == 0)
            return true;
        at += word;
    }
    return false;
}

/* Checks one value against the option's declaration. */
static ErrCode check_value(const Option *option, const char *value, Err *err)
{
    int64_t number;
    Date date;
    switch (option->kind) {
    case OPTION_INT:
        if (!whole_number(value, &number) || number < option->min || number > option->max)
            return err_set(
                err, ERR_USAGE,
                _("option '%s' takes a number from %" PRId64 " to %" PRId64 ", not '%s'"),
                option->name, option->min, option->max, value);
        return OK;
    case OPTION_DATE:
        if (!date_parse(value, &date))
            return err_set(err, ERR_USAGE,
                           _("option '%s' takes a date such as 2012-09-27, not '%s'"), option->name,
                           value);
        return OK;
    case OPTION_OUTPUT:
        if (option->endings && !known_ending(option->endings, value)) {
            err_set(err, ERR_USAGE, _("cannot write '%s': its ending is not known"), value);
            return err_hint(err, _("one of: %s"), option->endings);
        }
        return OK;
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_FILE:
        return OK;
    }
    return OK;
}

ErrCode arguments_add(Arena *arena, Given *given, const char *value, Err *err)
{
    TRY(check_value(given->option, value, err));
    if (!given->values)
        given->values = arena_array(arena, const char *, VALUES_AT_MOST);
    if (given->typed && !given->option->many && given->option->kind != OPTION_FLAG)
        return err_set(err, ERR_USAGE, _("option '%s' is given twice"), given->option->name);
    if (given->count == VALUES_AT_MOST)
        return err_set(err, ERR_USAGE, _("option '%s' is given too often"), given->option->name);
    if (!given->typed)
        given->count = 0; /* what is typed replaces the preset */
    given->values[given->count++] = value;
    given->typed = true;
    return OK;
}

Arguments *arguments_new(Arena *arena, const Command *command)
{
    Arguments *arguments = arena_alloc(arena, sizeof *arguments);
    arguments->command = command;
    arguments->positionals = arena_array(arena, const char *, VALUES_AT_MOST);
    while (command->options && command->options[arguments->option_count].name)
        arguments->option_count++;
    arguments->given = arena_array(arena, Given, arguments->option_count + 1);
    for (size_t i = 0; i < arguments->option_count; i++) {
        Given *given = &arguments->given[i];
        given->option = &command->options[i];
        if (given->option->preset) {
            given->values = arena_array(arena, const char *, VALUES_AT_MOST);
            given->values[given->count++] = given->option->preset;
        }
    }
    return arguments;
}

ErrCode arguments_unknown(const Command *command, const char *word, Err *err)
{
    static const char *const GLOBALS[] = {"home", "config", "json", "as-of",
                                          "lang", "quiet",  "help", "version"};
    const char *names[64];
    size_t count = 0;
    for (const Option *o = command ? command->options : NULL; o && o->name && count < 48; o++)
        names[count++] = o->name;
    for (size_t i = 0; i < sizeof GLOBALS / sizeof *GLOBALS; i++)
        names[count++] = GLOBALS[i];
    err_set(err, ERR_USAGE, _("unknown option '%s'"), word);
    const char *nearest = text_nearest(word + strspn(word, "-"), names, count);
    return nearest ? err_hint(err, _("did you mean '--%s'?"), nearest) : err->code;
}

ErrCode arguments_check(const Arguments *arguments, Err *err)
{
    const Command *command = arguments->command;
    for (size_t i = 0; i < arguments->option_count; i++)
        if (arguments->given[i].option->required && arguments->given[i].count == 0)
            return err_set(err, ERR_USAGE, _("'%s' needs option '%s'"), command->words,
                           arguments->given[i].option->name);
    size_t most = 0;
    bool many = false;
    for (const Positional *p = command->positionals; p && p->name; p++, most++) {
        many = many || p->many;
        if (!p->optional && arguments->positional_count <= most)
            return err_set(err, ERR_USAGE, _("'%s' needs %s: %s"), command->words, p->name,
                           _(p->help));
    }
    if (!many && arguments->positional_count > most)
        return err_set(err, ERR_USAGE, _("'%s' does not take '%s'"), command->words,
                       arguments->positionals[most]);
    return OK;
}

ErrCode command_arguments(Arena *arena, const Command *command, const json_t *options,
                          Arguments **ret_arguments, Err *err)
{
    Arguments *arguments = arguments_new(arena, command);
    const char *key;
    json_t *value, *item;
    size_t index;
    /* jansson iterates mutable objects only; nothing here changes it */
    json_object_foreach((json_t *)(uintptr_t)options, key, value)
    {
        if (strcmp(key, "arguments") == 0) {
            json_array_foreach(value, index, item) if (json_is_string(item) &&
                                                       arguments->positional_count < VALUES_AT_MOST)
                arguments->positionals[arguments->positional_count++] = json_string_value(item);
            continue;
        }
        Given *given = NULL;
        for (size_t i = 0; i < arguments->option_count; i++)
            if (strcmp(arguments->given[i].option->name, key) == 0)
                given = &arguments->given[i];
        if (!given)
            return arguments_unknown(command, key, err);
        if (json_is_string(value))
            TRY(arguments_add(arena, given, json_string_value(value), err));
        else if (json_is_integer(value))
            TRY(arguments_add(
                arena, given,
                arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)), err));
        else if (json_is_true(value))
            TRY(arguments_add(arena, given, "yes", err));
        else if (!json_is_false(value))
            return err_set(err, ERR_USAGE, _("option '%s' takes a text or a number"), key);
    }
    *ret_arguments = arguments;
    return arguments_check(arguments, err);
}
