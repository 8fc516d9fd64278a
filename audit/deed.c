#include "audit/deed.h"

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

bool deed_is_audited(const Arguments *arguments)
{
    const Command *command = arguments->command;
    bool audited = command->needs & (WRITES | EXPORTS);
    for (size_t i = 0; i < arguments->option_count && !audited; i++) {
        const Given *given = &arguments->given[i];
        bool exports = given->option->kind == OPTION_OUTPUT && command->needs & NEEDS_DATABASE;
        audited = given->typed && (exports || given->option->unmasks);
    }
    return audited;
}

/* What was typed as it may be kept: sound text, no ID numbers and phones, not too long. */
static const char *kept_text(Arena *arena, const char *typed, size_t bytes)
{
    const char *end = typed + strlen(typed);
    char *kept = arena_alloc(arena, (size_t)(end - typed) * 3 + 4), *at = kept;
    while (typed < end && at - kept < (ptrdiff_t)bytes - 4) {
        uint32_t c = text_next(&typed, end);
        at += text_encode(c < ' ' || c == 0x7F ? ' ' : c, at);
    }
    err_hide_numbers(kept);
    return kept;
}

static bool is_why(const Option *option)
{
    return strcmp(option->name, "why") == 0;
}

static void add_option(Buffer *out, Arena *arena, const Command *command, const Given *given)
{
    const Option *option = given->option;
    bool tells_of_people = (option->value && strcmp(option->value, "EXPR") == 0) ||
                           (command->names_people && option->kind == OPTION_TEXT);
    for (size_t i = 0; i < given->count; i++) {
        buffer_printf(out, "%s%s%s", out->length ? " " : "", strlen(option->name) > 1 ? "--" : "-",
                      option->name);
        if (option->kind != OPTION_FLAG)
            buffer_printf(out, " %s",
                          tells_of_people ? "…" : kept_text(arena, given->values[i], DEED_BYTES));
    }
}

/* Of an argument that may name a person: its number, or the fact of FACT=VALUE. */
static const char *named_text(Arena *arena, const char *typed)
{
    size_t number = strspn(typed, "0123456789"),
           fact = strspn(typed, "abcdefghijklmnopqrstuvwxyz_");
    if (number > 0 && number < 11 && typed[number] == '\0')
        return typed;
    return typed[fact] == '=' ? arena_printf(arena, "%.*s=…", (int)fact, typed) : "…";
}

const char *deed_options(Arena *arena, const Arguments *arguments)
{
    AUTO_BUFFER out = BUFFER((size_t)1 << 22);
    for (size_t i = 0; i < arguments->positional_count; i++)
        buffer_printf(&out, "%s%s", out.length ? " " : "",
                      arguments->command->names_people
                          ? named_text(arena, arguments->positionals[i])
                          : kept_text(arena, arguments->positionals[i], DEED_BYTES));
    for (size_t i = 0; i < arguments->option_count; i++)
        if (arguments->given[i].typed && !is_why(arguments->given[i].option))
            add_option(&out, arena, arguments->command, &arguments->given[i]);
    return kept_text(arena, buffer_string(&out), DEED_BYTES);
}

const char *deed_why(Arena *arena, const Arguments *arguments)
{
    for (size_t i = 0; i < arguments->option_count; i++)
        if (arguments->given[i].typed && is_why(arguments->given[i].option))
            return kept_text(arena, arguments->given[i].values[0], DEED_WHY_BYTES);
    return "";
}

/* The list of a kind, made when it is first needed. */
static json_t *list_of(json_t *subject, const char *kind)
{
    json_t *list = json_object_get(subject, kind);
    if (!list) {
        list = json_array();
        json_object_set_new(subject, kind, list);
    }
    return list;
}

static void add_subject(json_t *subject, const char *kind, const json_t *value)
{
    size_t index;
    const json_t *known;
    json_t *list = list_of(subject, kind);
    json_array_foreach(list, index, known)
    {
        if (json_equal(known, value))
            return;
    }
    if (index < DEED_PERSONS)
        json_array_append(list, (json_t *)(uintptr_t)value);
}

/* What an argument names, by the name that the declaration gives it; NULL = nothing that is kept. */
static const char *kind_of(const Command *command, const Positional *positional)
{
    static const struct {
        const char *name, *room, *kind;
    } KINDS[] = {{"PERSON", "", "person"},      {"A", "people", "person"},
                 {"B", "people", "person"},     {"BATCH", "", "batch"},
                 {"CAMPAIGN", "", "campaign"},  {"NAME", "outreach plan", "campaign"},
                 {"NAME", "account", "account"}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (text_equal(positional->name, KINDS[i].name) &&
            text_starts(command->words, KINDS[i].room))
            return KINDS[i].kind;
    return NULL;
}

static void add_arguments(Arena *arena, json_t *subject, const Arguments *arguments)
{
    const Positional *positional = arguments->command->positionals;
    for (size_t i = 0; i < arguments->positional_count && positional && positional->name; i++) {
        const char *kind = kind_of(arguments->command, positional), *typed;
        positional += positional->many ? 0 : 1;
        if (!kind)
            continue;
        typed = kept_text(arena, arguments->positionals[i], 200);
        bool number = *typed && typed[strspn(typed, "0123456789")] == '\0' && strlen(typed) < 19;
        json_t *value = number ? json_integer(strtoll(typed, NULL, 10)) : json_string(typed);
        add_subject(subject, kind, value);
        json_decref(value);
    }
}

static void add_result(json_t *subject, const json_t *object)
{
    static const char *const KINDS[] = {"person", "batch", "campaign", "account"};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        const json_t *value = json_object_get(object, KINDS[i]);
        if (json_is_integer(value) || json_is_string(value))
            add_subject(subject, KINDS[i], value);
    }
}

/* Compact, in the order in which it was put in; "" for an empty object. */
static const char *json_kept(Arena *arena, json_t *object)
{
    char *text = json_object_size(object) ? json_dumps(object, JSON_COMPACT) : NULL;
    const char *kept = arena_strdup(arena, text ? text : "");
    free(text);
    json_decref(object);
    return kept;
}

const char *deed_subject(Arena *arena, const Arguments *arguments, const json_t *result)
{
    size_t index;
    const json_t *item;
    json_t *subject = json_object();
    add_arguments(arena, subject, arguments);
    if (json_is_object(result))
        add_result(subject, result);
    json_array_foreach(result, index, item) add_result(subject, item);
    return json_kept(arena, subject);
}

/* Adds the whole numbers of an object that count something: those that name it do not. */
static void add_counts(json_t *counts, const json_t *object)
{
    static const char *const NOT[] = {"person", "batch",        "id",     "line",
                                      "sheet",  "duplicate_of", "number", "port"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        bool is_count =
            json_is_integer(value) && !text_ends(key, "_code") && !text_ends(key, "_ms");
        for (size_t i = 0; i < sizeof NOT / sizeof *NOT && is_count; i++)
            is_count = strcmp(key, NOT[i]) != 0;
        if (is_count)
            json_object_set_new(counts, key,
                                json_integer(json_integer_value(json_object_get(counts, key)) +
                                             json_integer_value(value)));
    }
}

const char *deed_counts(Arena *arena, const json_t *result)
{
    size_t index;
    const json_t *item;
    json_t *counts = json_object();
    if (json_is_array(result))
        json_object_set_new(counts, "items", json_integer((json_int_t)json_array_size(result)));
    else
        add_counts(counts, result);
    json_array_foreach(result, index, item) add_counts(counts, item);
    return json_kept(arena, counts);
}
