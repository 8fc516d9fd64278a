/* talent people find: people by words, by an expression, or by a number that is never typed. */
#include "people/id_number.h"
#include "people/identity.h"
#include "people/person.h"
#include "people/phone.h"
#include "people/scope.h"
#include "people/verbs.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    LIMIT_MAX = 1000,
    WORDS_MAX = 16,
    LINE_BYTES = 256
}; /* LIMIT_MAX stands in person.sql too */

/* What the table and the JSON show of each person found. */
static const FactId SHOWN[] = {
    FACT_NAME,           FACT_SEX,        FACT_ID_NUMBER,       FACT_PHONE,
    FACT_SKILL_LEVEL,    FACT_OCCUPATION, FACT_EMPLOYER,        FACT_EMPLOYER_TOWN,
    FACT_PENSION_MONTHS, FACT_SCHOOL,     FACT_WANTS_SETTLEMENT};

static json_t *value_json(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *person_json(const Context *context, const Person *person)
{
    json_t *line = json_object();
    json_object_set_new(line, "person", json_integer(person->id));
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        const FactInfo *info = fact_info(SHOWN[i]);
        FactValue value = person->facts.values[SHOWN[i]];
        const char *shown = fact_show(context->arena, SHOWN[i], value, context->lang);
        json_object_set_new(line, info->name, value_json(shown));
        if (info->kind == KIND_CODE)
            json_object_set_new(line, arena_printf(context->arena, "%s_code", info->name),
                                value.known ? json_integer(value.number) : json_null());
    }
    json_object_set_new(line, "answers", json_integer(person->answers));
    json_object_set_new(line, "conflicts", json_integer(__builtin_popcount(person->conflicts)));
    return line;
}

/* An ID number or a phone in the command's words would stay in the shell's history. */
static ErrCode refuse_secret(const char *word, Date as_of, Err *err)
{
    IdNumber id_number;
    Phone phone;
    IdProblem problem = id_number_check(word, as_of, &id_number);
    if ((problem == ID_CHARACTERS || problem == ID_LENGTH || problem == ID_EMPTY ||
         problem == ID_SCIENTIFIC) &&
        phone_check(word, &phone) != PHONE_FINE)
        return OK;
    err_set(
        err, ERR_USAGE,
        _("ID numbers and phones are not typed on the command line, where others can see them"));
    return err_hint(err, _("give it on standard input: %s"), "talent people find --id-stdin");
}

/* ASCII letters and digits in their full-width forms, as some offices type them. */
static const char *wide_form(Arena *arena, const char *word)
{
    char *wide = arena_alloc(arena, strlen(word) * 3 + 1), *at = wide;
    const char *end = word + strlen(word);
    while (word < end) {
        uint32_t c = text_next(&word, end);
        at += text_encode(c > ' ' && c < 0x7F ? c + 0xFEE0 : c, at);
    }
    return wide;
}

static const SqlExpr *code_expr(Arena *arena, FactId fact, int64_t code)
{
    return expr_compare(arena, SQL_EQ, expr_column(arena, "p", fact_info(fact)->name),
                        expr_value(arena, v_int(code)));
}

/* The word stands in a name, or is a town or a level. */
static const SqlExpr *word_expr(Arena *arena, const char *word)
{
    static const FactId TOWNS[] = {FACT_EMPLOYER_TOWN, FACT_HOME_TOWN, FACT_INTENDED_TOWN};
    const char *key = text_key(arena, word);
    const SqlExpr *words = expr_column(arena, "p", "words");
    const SqlExpr *any[6];
    size_t count = 0;
    any[count++] = expr_like(arena, words, key);
    any[count++] = expr_like(arena, words, wide_form(arena, key));
    int64_t town = word_find(VOCABULARY_TOWN, key), level = word_find(VOCABULARY_LEVEL, key);
    for (size_t i = 0; town != 0 && i < sizeof TOWNS / sizeof *TOWNS; i++)
        any[count++] = code_expr(arena, TOWNS[i], town);
    if (level != 0)
        any[count++] = code_expr(arena, FACT_SKILL_LEVEL, level);
    return expr_or(arena, any, count);
}

static ErrCode filter_make(Context *context, const Arguments *arguments, const SqlExpr **ret_filter,
                           Err *err)
{
    Arena *arena = context->arena;
    const SqlExpr *all[WORDS_MAX + 1];
    size_t count = argument_count(arguments);
    if (count > WORDS_MAX)
        return err_set(err, ERR_USAGE, _("more than %d words to search for"), WORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        TRY(refuse_secret(argument_at(arguments, i), context->as_of, err));
        all[i] = word_expr(arena, argument_at(arguments, i));
    }
    const Where *where;
    TRY(scope_where(context, option_text(arguments, "where"), NULL, &where, err));
    bool unknown = option_flag(arguments, "unknown");
    if (unknown && !option_text(arguments, "where"))
        return err_set(err, ERR_USAGE, _("--unknown says nothing without --where"));
    const SqlExpr *expr = where_expr(arena, where, "p");
    all[count++] = unknown ? expr_is_null(arena, expr) : expr;
    *ret_filter = expr_and(arena, all, count);
    return OK;
}

static ErrCode find_by_number(Context *context, Rows **ret_rows, Err *err)
{
    char line[LINE_BYTES];
    uint8_t hash[SEAL_HASH_BYTES];
    IdNumber id_number;
    Phone phone;
    if (!fgets(line, sizeof line, stdin))
        return err_set(err, ERR_INPUT, _("standard input is empty"));
    if (id_number_check(line, context->as_of, &id_number) == ID_FINE) {
        identity_id_hash(context->sealer, id_number.text, hash);
        return db_query(context->db, QUERY_PEOPLE_PERSON_BY_ID_HASH,
                        PARAMS(v_bytes(hash, sizeof hash)), ret_rows, err);
    }
    if (phone_check(line, &phone) != PHONE_FINE)
        return err_set(err, ERR_INPUT,
                       _("standard input holds neither a sound ID number nor a mobile number"));
    identity_phone_hash(context->sealer, phone.digits, hash);
    return db_query(context->db, QUERY_PEOPLE_PERSON_BY_PHONE_HASH,
                    PARAMS(v_bytes(hash, sizeof hash)), ret_rows, err);
}

static ErrCode find_rows(Context *context, const Arguments *arguments, Rows **ret_rows, Err *err)
{
    const SqlExpr *filter = NULL;
    if (option_flag(arguments, "id-stdin")) {
        if (argument_count(arguments) > 0 || option_text(arguments, "where"))
            return err_set(err, ERR_USAGE, _("--id-stdin stands alone"));
        return find_by_number(context, ret_rows, err);
    }
    TRY(filter_make(context, arguments, &filter, err));
    return db_query_filled(context->db, QUERY_PEOPLE_PERSON_FIND, NO_PARAMS,
                           &(Hole){"filter", filter}, 1, ret_rows, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(find_rows(context, arguments, &rows, err));
    int64_t left = option_int(arguments, "limit", LIMIT_MAX);
    json_t *result = json_array();
    while (left > 0 && rows_next(rows)) {
        Person person;
        ErrCode code = person_read(rows, 0, context->sealer, context->arena, &person, err);
        if (code != OK) {
            json_decref(result);
            return code;
        }
        if (!scope_holds(context, &person.facts))
            continue; /* found by its number: of another town */
        json_array_append_new(result, person_json(context, &person));
        left--;
    }
    *ret_result = result;
    return OK;
}

static const Positional POSITIONALS[] = {
    {"WORDS", N_("parts of a name, an employer or a school; a town; a level: all must fit"),
     .optional = true, .many = true},
    {0}};

static const Option OPTIONS[] = {
    {.name = "where",
     .kind = OPTION_TEXT,
     .value = "EXPR",
     .help = N_("only people of whom this is true")},
    {.name = "unknown",
     .kind = OPTION_FLAG,
     .help = N_("instead, those of whom it cannot be said whether --where is true")},
    {.name = "id-stdin",
     .kind = OPTION_FLAG,
     .help = N_("read one ID number or mobile number from standard input and find its people")},
    {.name = "limit",
     .kind = OPTION_INT,
     .value = "N",
     .help = N_("show at most so many"),
     .min = 1,
     .max = LIMIT_MAX,
     .preset = "50"},
    {0}};

static const Column COLUMNS[] = {{"person", N_("person")},
                                 {"name", N_("name")},
                                 {"sex", N_("sex")},
                                 {"id_number", N_("ID number")},
                                 {"phone", N_("mobile phone")},
                                 {"skill_level", N_("skill level")},
                                 {"employer", N_("employer")},
                                 {"employer_town", N_("employer's town")},
                                 {"conflicts", N_("conflicts")},
                                 {0}};

const Command PEOPLE_FIND = {
    .words = "people find",
    .summary = N_("find people by words or by an expression over their facts"),
    .details =
        N_("EXPR compares facts with values: town in (长安镇, 虎门镇) and skill_level <= 2 "
           "and not wants_settlement = no. Facts that are not known make a comparison "
           "unknown; such people are found with --unknown. 'conflict = yes' finds those whose "
           "answers disagree."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .columns = COLUMNS,
    .names_people = true,
    .role = ROLE_SURVEY | ROLE_OFFICER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
};
