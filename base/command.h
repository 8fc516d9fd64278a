/* base/command.h: what a verb declares, and everything that is made from the declaration.
 * Shape:  Command is a constant in the verb's own file (`const Command SURVEY_IMPORT`), listed in
 *         its room's verbs.c. Parsing, range checks, --help, completion, man page and README's
 *         table read it.
 * Units:  each Option states its own in `unit`.
 * Owns:   Arguments live in the context's arena; a result json_t is owned by the caller of run.
 * Errors: ERR_USAGE from command_parse, with the nearest known word as hint.
 * Source: DESIGN "Declare once". */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include "base/config.h"
#include "base/lang.h"
#include "base/seal.h"

typedef struct Db Db;       /* sql/db.h */
typedef struct Check Check; /* sql/check.h */
typedef struct Context Context;
typedef struct Arguments Arguments;

typedef enum OptionKind {
    OPTION_FLAG, /* no value */
    OPTION_TEXT,
    OPTION_INT,    /* min..max */
    OPTION_DATE,   /* 2012-09-27 */
    OPTION_FILE,   /* a path to read */
    OPTION_OUTPUT, /* a path to write; its ending chooses the format */
} OptionKind;

/* Who may run it once accounts exist: bits, any one of which is enough. */
typedef enum Role {
    ROLE_ANYONE = 1 << 0, /* without an account too: shows what is shipped, nothing of the base */
    ROLE_SURVEY = 1 << 1,
    ROLE_OUTREACH = 1 << 2,
    ROLE_APPROVER = 1 << 3,
    ROLE_ANALYST = 1 << 4, /* figures only, small ones withheld */
    ROLE_OFFICER = 1 << 5, /* of a town: sees its people only */
    ROLE_ADMIN = 1 << 6,
    ROLE_EVERY = ROLE_SURVEY | ROLE_OUTREACH | ROLE_APPROVER | ROLE_ANALYST | ROLE_OFFICER |
                 ROLE_ADMIN, /* whoever has an account: of what concerns nobody else */
} Role;

typedef struct Option {
    const char *name; /* "surveyed-on", without dashes; a one-letter name is "-o" */
    OptionKind kind;
    const char *value;   /* name of the value in help: "DATE"; NULL for a flag */
    const char *help;    /* N_("…"): one clause, lower case */
    int64_t min, max;    /* OPTION_INT */
    const char *preset;  /* as typed, NULL = absent */
    const char *endings; /* OPTION_OUTPUT: "xlsx csv" */
    bool required;
    bool many;     /* may be repeated; option_values gives all */
    unsigned role; /* who may give it, where that is fewer than may run the command; 0 = these */
    bool unmasks;  /* shows ID numbers or phones in the clear: the audit notes it */
} Option;

typedef struct Positional {
    const char *name; /* "FILE" */
    const char *help; /* N_("…") */
    bool optional;
    bool many; /* only the last one */
} Positional;

enum {
    NEEDS_DATABASE = 1, /* ctx->db is open and migrated */
    NEEDS_KEYS = 2,     /* ctx->sealer is open */
    SENDS = 4,          /* is about sending: its screen says when no gateway is configured */
    WRITES = 8,         /* changes the base */
    EXPORTS = 16,       /* takes out of it what names people, whatever its options: audited */
};

typedef struct Column {
    const char *key;   /* of the result's objects; "a.b" reaches into an object */
    const char *title; /* N_("…") */
} Column;

struct Command {
    const char *words;   /* "survey import"; at most three words */
    const char *summary; /* N_("…"), one clause, lower case, no full stop */
    const char *details; /* N_("…") or NULL: more paragraphs for --help and the man page */
    const Positional *positionals; /* ends with {0}; NULL = none */
    const Option *options;         /* ends with {0}; NULL = none */
    const Column *columns;         /* how an array result is shown; NULL = keys as they come */
    unsigned role;                 /* bits ROLE_x; 0 is refused by a test */
    bool names_people;             /* its arguments may: the audit does not keep them */
    unsigned needs;
    /* Does the work. *ret_result is owned by the caller, may stay NULL, and may be set by a
     * refusal, to list what it is about. Sets context->partial for
     * exit 3. */
    ErrCode (*run)(Context *context, const Arguments *arguments, json_t **ret_result, Err *err);
    /* Prints the result for people; NULL = render_result. */
    void (*show)(const Context *context, const json_t *result);
};
typedef struct Command Command;

/* Who is acting, once accounts exist; all zero = nobody is kept from anything. */
typedef struct Acting {
    int64_t account;      /* its number; 0 = the base has no accounts */
    unsigned roles;       /* bits ROLE_x */
    int64_t accounts;     /* how many are in force */
    bool figures_only;    /* runs it as an analyst: no persons, no small figures */
    const int64_t *towns; /* runs it as an officer of these; NULL = sees everyone */
    size_t town_count;
    bool
        has_kept_to_towns; /* set where they were looked at: without it an officer gets no result */
} Acting;

struct Context {
    Arena *arena;
    Config config;
    Db *db;         /* open when the command NEEDS_DATABASE */
    Sealer *sealer; /* open when the command NEEDS_KEYS */
    Date as_of;     /* --as-of, else today in Asia/Shanghai */
    Lang lang;
    bool json;   /* --json */
    bool quiet;  /* --quiet */
    bool chart;  /* the verb was asked for --chart: it is shown as bars */
    bool unmask; /* --unmask: ID numbers and phones are shown in the clear */
    bool
        partial; /* done, but rows are quarantined, a file waits or messages were not delivered: exit 3 */
    const char *user;    /* who is acting: the account's name, the OS user's while there is none */
    const char *os_user; /* whose process it is */
    Acting acting;
    const Command *const *commands; /* every verb, ends with NULL */
    const Check *const *checks;     /* of every room, ends with NULL */
};

/* Set by SIGINT/SIGTERM; long loops look at it and end at a consistent point with ERR_INTERRUPTED.
 */
extern volatile int command_interrupted;
void command_catch_signals(void);

/* Values by option name; asserts that the command declares it. */
bool option_given(const Arguments *arguments, const char *name);       /* on the command line */
const char *option_text(const Arguments *arguments, const char *name); /* NULL = absent */
int64_t option_int(const Arguments *arguments, const char *name, int64_t absent);
Date option_date(const Arguments *arguments, const char *name, Date absent);
bool option_flag(const Arguments *arguments, const char *name);
size_t option_values(const Arguments *arguments, const char *name, const char *const **ret_values);

/* Positional arguments in order; NULL beyond the last. */
const char *argument_at(const Arguments *arguments, size_t index);
size_t argument_count(const Arguments *arguments);
/* A positional that must be a positive whole number (a batch, a person): ERR_USAGE otherwise. */
ErrCode argument_number(const Arguments *arguments, size_t index, int64_t *ret_number,
                        Err *err) MUST_CHECK;

/* What the command line said besides the verb. */
typedef struct Globals {
    const char *home, *config_file, *lang;
    Date as_of; /* DATE_NONE = today */
    bool json, quiet, help, version;
} Globals;

/* What --lang says, wherever it stands; NULL = nothing. Known before parsing, so that wrong usage
 * is said in it. */
const char *command_language(int argc, char **argv);

/* Finds the longest match of argv's first words in the table and parses the rest. *ret_command may
 * be NULL with help or version set. */
ErrCode command_parse(Arena *arena, const Command *const *table, int argc, char **argv,
                      Globals *ret_globals, const Command **ret_command, Arguments **ret_arguments,
                      Err *err) MUST_CHECK;
/* The same from words already split and named values (the console): options is a JSON object. */
ErrCode command_arguments(Arena *arena, const Command *command, const json_t *options,
                          Arguments **ret_arguments, Err *err) MUST_CHECK;

extern const Command HELP; /* base/help.c */

/* Everything made from the declarations, to stdout. room = NULL: all. */
void command_help(const Command *const *table, const char *room);
void command_help_one(const Command *command);
void command_man_page(const Command *const *table);
void command_completion(const Command *const *table);   /* bash */
void command_readme_table(const Command *const *table); /* Markdown rows */

#endif
