/* talent survey codes: what each code of a problem and each kind of normalisation means. */
#include "survey/problem.h"
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/render.h"
#include "base/text.h"

static const Positional POSITIONALS[] = {
    {.name = "CODE", .help = N_("one code; else all"), .optional = true}, {0}};

static const Option OPTIONS[] = {
    {.name = "readme", .kind = OPTION_FLAG, .help = N_("as README's appendix")}, {0}};

static const Column COLUMNS[] = {
    {"code", N_("code")},       {"severity", N_("the row")},  {"meaning", N_("meaning")},
    {"example", N_("example")}, {"remedy", N_("what to do")}, {0},
};
static const Column KINDS[] = {
    {"kind", N_("kind")}, {"meaning", N_("meaning")}, {"example", N_("example")}, {0}};

static json_t *code_json(ProblemCode code)
{
    bool waits = problem_severity(code) == SEVERITY_QUARANTINE;
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", problem_name(code), "severity",
                     waits ? "quarantine" : "note", "meaning", problem_sentence(code), "example",
                     problem_example(code), "remedy", problem_remedy(code));
}

static json_t *kind_json(Normalised kind)
{
    return json_pack("{s:s, s:s, s:s}", "kind", normalised_name(kind), "meaning",
                     normalised_sentence(kind), "example", normalised_example(kind));
}

static ErrCode one_code(Arena *arena, const char *name, json_t *codes, Err *err)
{
    ProblemCode code = problem_find(name);
    if (code != PROBLEM_COUNT) {
        json_array_append_new(codes, code_json(code));
        return OK;
    }
    const char **names = arena_array(arena, const char *, PROBLEM_COUNT);
    for (ProblemCode each = 0; each < PROBLEM_COUNT; each++)
        names[each] = problem_name(each);
    const char *nearest = text_nearest(name, names, PROBLEM_COUNT);
    err_set(err, ERR_USAGE, _("there is no code '%s'"), name);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const char *name = argument_at(arguments, 0);
    json_t *codes = json_array(), *kinds = json_array();
    ErrCode code = name ? one_code(context->arena, name, codes, err) : OK;
    for (ProblemCode each = 0; !name && each < PROBLEM_COUNT; each++)
        json_array_append_new(codes, code_json(each));
    for (Normalised kind = 0; !name && kind < NORMALISED_COUNT; kind++)
        json_array_append_new(kinds, kind_json(kind));
    json_t *result = json_pack("{s:o, s:o, s:b}", "codes", codes, "normalised", kinds, "readme",
                               option_flag(arguments, "readme"));
    if (code == OK)
        *ret_result = result;
    else
        json_decref(result);
    return code;
}

/* Rows of Markdown: what a cell may not hold is escaped. */
static void print_markdown(const Column *columns, const json_t *rows)
{
    size_t i;
    const json_t *row;
    for (const Column *column = columns; column->key; column++)
        printf("| %s ", _(column->title));
    fputs("|\n", stdout);
    for (const Column *column = columns; column->key; column++)
        fputs("|---", stdout);
    fputs("|\n", stdout);
    json_array_foreach(rows, i, row)
    {
        for (const Column *column = columns; column->key; column++) {
            bool code = column == columns;
            fputs(code ? "| `" : "| ", stdout);
            for (const char *at = json_string_value(json_object_get(row, column->key)); *at; at++)
                fputs(strchr("|*<", *at) ? (char[]){'\\', *at, 0} : (char[]){*at, 0}, stdout);
            fputs(code ? "` " : " ", stdout);
        }
        fputs("|\n", stdout);
    }
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    const json_t *kinds = json_object_get(result, "normalised");
    json_t *codes = json_deep_copy(json_object_get(result, "codes")), *row;
    size_t i;
    json_array_foreach(codes, i, row)
    {
        bool waits = strcmp(json_string_value(json_object_get(row, "severity")), "note") != 0;
        json_object_set_new(row, "severity", json_string(waits ? _("quarantined") : _("taken")));
    }
    bool markdown = json_is_true(json_object_get(result, "readme"));
    if (markdown)
        print_markdown(COLUMNS, codes);
    else
        render_table(stdout, COLUMNS, codes);
    json_decref(codes);
    if (json_array_size(kinds) == 0)
        return;
    printf("\n%s\n\n", _("What was normalised, and counted:"));
    if (markdown)
        print_markdown(KINDS, kinds);
    else
        render_table(stdout, KINDS, kinds);
}

const Command SURVEY_CODES = {
    .words = "survey codes",
    .summary = N_("explain the codes of problems and what is normalised"),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANYONE,
    .run = run,
    .show = show,
};
