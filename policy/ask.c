/* talent policy ask: the follow-up questionnaire for those whom one more answer would settle. */
#include "base/text.h"
#include "people/scope.h"
#include "policy/asking.h"
#include "policy/term.h"
#include "policy/verbs.h"

#include <errno.h>
#include <sys/stat.h>

enum { NAME_CHARACTERS = 60 };

typedef struct Output {
    Context *context;
    const Asking *asking;
    json_t *files;
} Output;

static ErrCode write_file(Output *output, const AskRow *rows, size_t count, const char *file,
                          Err *err)
{
    const AskBook book = {.facts = output->asking->facts,
                          .fact_count = output->asking->fact_count,
                          .rows = rows,
                          .row_count = count};
    TRY(ask_book_write(output->context->arena, &book, file, err));
    json_t *line = json_object();
    json_object_set_new(line, "file", json_string(file));
    json_object_set_new(line, "people", json_integer((json_int_t)count));
    json_array_append_new(output->files, line);
    return OK;
}

static const char *employer_of(const AskRow *row)
{
    return row->employer ? row->employer : "";
}

static int by_employer(const void *a, const void *b)
{
    return strcmp(employer_of(a), employer_of(b));
}

/* An employer as a file's name: what paths and offices do not take becomes "_". */
static const char *file_name(Arena *arena, const char *employer)
{
    char *name = arena_strdup(arena, *employer ? employer : "未填单位");
    for (char *at = name; *at; at++) {
        bool bad = (unsigned char)*at < ' ' || strchr("/\\:*?\"<>|", *at) != NULL;
        *at = bad || (at == name && *at == '.') ? '_' : *at;
    }
    const char *at = name, *end = name + strlen(name);
    for (size_t i = 0; i < NAME_CHARACTERS && at < end; i++)
        text_next(&at, end);
    return arena_strndup(arena, name, (size_t)(at - name));
}

/* One workbook an employer; a number in front keeps equal names apart. */
static ErrCode write_folder(Output *output, AskRow *rows, size_t count, const char *folder,
                            Err *err)
{
    Arena *arena = output->context->arena;
    size_t number = 0;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return err_errno(err, ERR_IO, errno, _("cannot make the folder '%s'"), folder);
    qsort(rows, count, sizeof *rows, by_employer);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && by_employer(&rows[first], &rows[next]) == 0;)
            next++;
        const char *file = arena_printf(arena, "%s%zu-%s.xlsx", folder, ++number,
                                        file_name(arena, employer_of(&rows[first])));
        TRY(write_file(output, rows + first, next - first, file, err));
    }
    return OK;
}

static ErrCode read_question(Context *context, const Arguments *arguments, Asking *asking, Err *err)
{
    Arena *arena = context->arena;
    const char *file = option_text(arguments, "o");
    TRY(policy_load(arena, option_text(arguments, "policy"), &asking->policy, err));
    TRY(asking_facts(arena, option_text(arguments, "fact"), asking, err));
    TRY(asking_verdicts(arena, option_text(arguments, "verdict"), asking, err));
    const WhereTerms *terms = policy_terms(arena, asking->policy, context->as_of);
    TRY(scope_where(context, option_text(arguments, "where"), terms, &asking->where, err));
    asking->policy = policy_at(asking->policy, context->as_of);
    if (!text_ends(file, ".xlsx") && !text_ends(file, "/")) {
        err_set(err, ERR_USAGE, _("cannot write '%s': its ending is not known"), file);
        return err_hint(err, _("FILE.xlsx, or FOLDER/ for one workbook an employer"));
    }
    return OK;
}

static json_t *result_json(const Context *context, const Asking *asking, size_t people,
                           json_t *files)
{
    char as_of[11];
    json_t *result = json_object(), *facts = json_array();
    for (size_t i = 0; i < asking->fact_count; i++)
        json_array_append_new(facts, json_string(fact_info(asking->facts[i])->name));
    json_object_set_new(result, "policy", json_string(policy_id(asking->policy)));
    json_object_set_new(result, "as_of", json_string(date_format(context->as_of, as_of)));
    json_object_set_new(result, "facts", facts);
    json_object_set_new(result, "people", json_integer((json_int_t)people));
    json_object_set_new(result, "files", files);
    return result;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Asking asking = {0};
    AskRow *rows = NULL;
    size_t count = 0;
    const char *file = option_text(arguments, "o");
    TRY(read_question(context, arguments, &asking, err));
    TRY(asking_rows(context, &asking, &rows, &count, err));
    Output output = {context, &asking, json_array()};
    ErrCode code = OK;
    if (count)
        code = text_ends(file, "/") ? write_folder(&output, rows, count, file, err)
                                    : write_file(&output, rows, count, file, err);
    if (code == OK)
        *ret_result = result_json(context, &asking, count, output.files);
    else
        json_decref(output.files);
    return code;
}

static const Option OPTIONS[] = {
    {"fact", OPTION_TEXT, "FACT,…", N_("what is asked, for example pension_months"),
     .required = true, .many = false},
    {"o", OPTION_OUTPUT, "FILE.xlsx|FOLDER/",
     N_("the workbook to write, or a folder for one workbook an employer"), .required = true,
     .many = false},
    {"verdict", OPTION_TEXT, "VERDICT,…", N_("people of these verdicts"), .preset = "possible",
     .many = false},
    WHERE_OPTION,
    POLICY_OPTION,
    {0},
};

const Command POLICY_ASK = {
    .words = "policy ask",
    .summary = N_("write the follow-up questionnaire for the people who wait for a fact"),
    .details =
        N_("Only people whose verdict waits for one of the facts are asked, and only these facts. "
           "A row carries a sealed number instead of an ID number: 'talent survey import' leads "
           "the answers back by it, reads nothing else of the row, and takes no number that was "
           "not given out by this base."),
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
};
