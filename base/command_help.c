#include "base/command.h"

#include "base/render.h"
#include "base/role.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const Option GLOBAL_OPTIONS[] = {
    {.name = "home",
     .kind = OPTION_TEXT,
     .value = "DIR",
     .help = N_("where base, key and configuration lie (else $TALENT_HOME, else "
                "$XDG_DATA_HOME/talent)")},
    {.name = "config",
     .kind = OPTION_FILE,
     .value = "FILE",
     .help = N_("another configuration than talent.json in the home")},
    {.name = "as-of",
     .kind = OPTION_DATE,
     .value = "DATE",
     .help = N_("the day for which conditions are judged (else today in Dongguan)")},
    {.name = "json", .kind = OPTION_FLAG, .help = N_("print the result as JSON")},
    {.name = "lang",
     .kind = OPTION_TEXT,
     .value = "zh|en",
     .help = N_("language (else what the locale says)")},
    {.name = "quiet", .kind = OPTION_FLAG, .help = N_("no progress, no hints")},
    {.name = "help", .kind = OPTION_FLAG, .help = N_("this text")},
    {.name = "version", .kind = OPTION_FLAG, .help = N_("the program's version")},
    {0},
};

static const char *option_spelling(Arena *arena, const Option *option)
{
    const char *dashes = strlen(option->name) == 1 ? "-" : "--";
    return option->value ? arena_printf(arena, "%s%s %s", dashes, option->name, option->value)
                         : arena_printf(arena, "%s%s", dashes, option->name);
}

/* "survey import FILE… [--form ID] …" */
static const char *usage(Arena *arena, const Command *command)
{
    const char *line = command->words;
    for (const Positional *p = command->positionals; p && p->name; p++)
        line = arena_printf(arena, p->optional ? "%s [%s%s]" : "%s %s%s", line, p->name,
                            p->many ? "…" : "");
    for (const Option *o = command->options; o && o->name; o++)
        line = arena_printf(arena, o->required ? "%s %s%s" : "%s [%s]%s", line,
                            option_spelling(arena, o), o->many ? "…" : "");
    return line;
}

/* Prints text in lines of at most 78 columns behind an indent; Chinese breaks anywhere. */
static void print_wrapped(const char *text, size_t indent, size_t already)
{
    size_t column = already;
    const char *end = text + strlen(text), *at = text;
    if (column < indent)
        printf("%*s", (int)(indent - column), "");
    column = column < indent ? indent : column;
    while (at < end) {
        const char *word = at;
        bool wide = (unsigned char)*at >= 0xE0;
        if (*at == '\n') {
            printf("\n%*s", (int)indent, "");
            column = indent;
            at++;
            continue;
        }
        if (wide)
            text_next(&at, end);
        else
            while (at < end && *at != ' ' && *at != '\n' && (unsigned char)*at < 0xE0)
                at++;
        if (at < end && *at == ' ' && !wide)
            at++;
        char piece[256];
        size_t length = (size_t)(at - word) < sizeof piece ? (size_t)(at - word) : sizeof piece - 1;
        memcpy(piece, word, length);
        piece[length] = '\0';
        size_t columns = text_columns(piece);
        if (column + columns > 79 && column > indent) {
            printf("\n%*s", (int)indent, "");
            column = indent;
        }
        fputs(piece, stdout);
        column += columns;
        if (at == word)
            at++;
    }
    putchar('\n');
}

static void print_options(Arena *arena, const Option *options)
{
    for (const Option *o = options; o && o->name; o++) {
        const char *spelling = option_spelling(arena, o);
        printf("  %s", spelling);
        const char *help = _(o->help);
        if (o->kind == OPTION_INT)
            help =
                arena_printf(arena, "%s (%lld–%lld)", help, (long long)o->min, (long long)o->max);
        if (o->preset)
            help = arena_printf(arena, _("%s [%s]"), help, o->preset);
        size_t used = 2 + text_columns(spelling);
        if (used > 26)
            putchar('\n');
        print_wrapped(help, 28, used > 26 ? 0 : used);
    }
}

static const char *roles_sentence(Arena *arena, const Command *command)
{
    return arena_printf(arena, _("Who may, once there are accounts: %s."),
                        command_roles(arena, command));
}

void command_help_one(const Command *command)
{
    AUTO_ARENA arena = arena_new(0);
    printf(_("usage: talent %s\n\n"), usage(arena, command));
    print_wrapped(_(command->summary), 0, 0);
    if (command->details) {
        putchar('\n');
        print_wrapped(_(command->details), 0, 0);
    }
    if (command->positionals && command->positionals->name) {
        putchar('\n');
        for (const Positional *p = command->positionals; p->name; p++) {
            printf("  %s", p->name);
            print_wrapped(_(p->help), 28, 2 + text_columns(p->name));
        }
    }
    if (command->options && command->options->name) {
        printf("\n%s\n", _("options:"));
        print_options(arena, command->options);
    }
    putchar('\n');
    print_wrapped(roles_sentence(arena, command), 0, 0);
    printf("\n%s\n", _("everywhere:"));
    print_options(arena, GLOBAL_OPTIONS);
}

void command_help(const Command *const *table, const char *room)
{
    AUTO_ARENA arena = arena_new(0);
    puts(_("talent: from questionnaires to people who know what they are entitled to"));
    puts(_("usage: talent ROOM VERB [ARGUMENTS] [OPTIONS]\n"));
    char shown[64] = "";
    for (size_t i = 0; table[i]; i++) {
        const char *words = table[i]->words;
        size_t length = strcspn(words, " ");
        if (room && (strlen(room) != length || strncmp(room, words, length) != 0))
            continue;
        if (strncmp(shown, words, length) != 0 || shown[length]) {
            printf("%s%s%.*s%s\n", *shown ? "\n" : "", render_style(stdout, STYLE_BOLD),
                   (int)length, words, render_plain(stdout));
            snprintf(shown, sizeof shown, "%.*s", (int)length, words);
        }
        printf("  %s", words);
        print_wrapped(
            arena_printf(arena, "%s [%s]", _(table[i]->summary), command_roles(arena, table[i])),
            28, 2 + text_columns(words));
    }
    printf("\n%s\n", _("everywhere:"));
    print_options(arena, GLOBAL_OPTIONS);
    printf("\n%s\n", _("in brackets: who may run it, once there are accounts"));
    printf("\n%s\n", _("'talent ROOM VERB --help' tells more. Exit status: 0 done, 1 failed and "
                       "nothing changed beyond what is said,\n2 wrong usage, 3 done with rows "
                       "quarantined, a file waiting for review or messages not delivered."));
}

/* Text for troff: a leading dot or quote of a line and every backslash and hyphen are protected. */
static void print_troff(const char *text)
{
    for (bool start = true; *text; start = *text++ == '\n') {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\' || *text == '-')
            printf("\\%s", *text == '\\' ? "e" : "-");
        else
            putchar(*text);
    }
}

static void print_troff_options(Arena *arena, const Option *options)
{
    for (const Option *o = options; o && o->name; o++) {
        fputs(".TP\n.B ", stdout);
        print_troff(option_spelling(arena, o));
        putchar('\n');
        print_troff(_(o->help));
        putchar('\n');
    }
}

void command_man_page(const Command *const *table)
{
    AUTO_ARENA arena = arena_new(0);
    puts(".TH TALENT 1\n.SH NAME\ntalent \\- questionnaires in, policy SMS out, nobody lost");
    puts(".SH SYNOPSIS\n.B talent\nROOM VERB [ARGUMENTS] [OPTIONS]\n.SH COMMANDS");
    for (size_t i = 0; table[i]; i++) {
        fputs(".SS \"talent ", stdout);
        print_troff(usage(arena, table[i]));
        puts("\"");
        print_troff(_(table[i]->summary));
        putchar('\n');
        if (table[i]->details) {
            puts(".PP");
            print_troff(_(table[i]->details));
            putchar('\n');
        }
        for (const Positional *p = table[i]->positionals; p && p->name; p++) {
            printf(".TP\n.I %s\n", p->name);
            print_troff(_(p->help));
            putchar('\n');
        }
        print_troff_options(arena, table[i]->options);
        fputs(".PP\n", stdout);
        print_troff(roles_sentence(arena, table[i]));
        putchar('\n');
    }
    puts(".SH OPTIONS EVERYWHERE");
    print_troff_options(arena, GLOBAL_OPTIONS);
    puts(".SH EXIT STATUS\n0 done; 1 failed, nothing changed beyond what the message says; 2 wrong "
         "usage;\n3 done, with rows quarantined, a file waiting for review or messages not "
         "delivered.");
}

/* One bash function: completes the next word of a command, then its options, then files. */
void command_completion(const Command *const *table)
{
    puts("_talent() {\n    local line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\" "
         "word=\"${COMP_WORDS[COMP_CWORD]}\" choices=''\n    case \"$line\" in");
    for (size_t i = 0; table[i]; i++) {
        printf("    '%s'*) choices='", table[i]->words);
        for (const Option *o = table[i]->options; o && o->name; o++)
            printf("%s%s ", strlen(o->name) == 1 ? "-" : "--", o->name);
        for (const Option *o = GLOBAL_OPTIONS; o->name; o++)
            printf("--%s%s", o->name, o[1].name ? " " : "");
        puts("' ;;");
    }
    puts("    *) choices=$(printf '%s\\n' \\");
    for (size_t i = 0; table[i]; i++)
        printf("        '%s' \\\n", table[i]->words);
    puts("        | awk -v line=\"$line\" 'index($0, line) == 1 {"
         " rest = substr($0, length(line) + 1); sub(/^ /, \"\", rest); sub(/ .*/, \"\", rest);"
         " print rest }' | sort -u) ;;");
    puts("    esac\n    mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\")\n"
         "    if ((${#COMPREPLY[@]} == 0)); then\n"
         "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n    fi\n}\n"
         "complete -o filenames -F _talent talent");
}

void command_readme_table(const Command *const *table)
{
    AUTO_ARENA arena = arena_new(0);
    printf("| %s | %s |\n|---|---|\n", _("command"), _("what it does"));
    for (size_t i = 0; table[i]; i++) {
        fputs("| `", stdout);
        for (const char *c = usage(arena, table[i]); *c; c++)
            fputs(*c == 0x7c ? "\\|" : (char[]){*c, 0}, stdout);
        printf("` | %s |\n", _(table[i]->summary));
    }
}
