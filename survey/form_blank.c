/* talent survey form: a blank questionnaire, or a form proposed from a workbook. */
#include "survey/form_book.h"
#include "survey/form_shape.h"
#include "survey/proposal.h"
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/render.h"
#include "base/text.h"

#include <sys/stat.h>

static const Positional POSITIONALS[] = {
    {.name = "FORM",
     .help = N_("enterprise, school, certificate, or a form of HOME/forms"),
     .optional = true},
    {0}};

static const Option OPTIONS[] = {
    {.name = "o",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = N_("the workbook to write; with --from the form: ID.json"),
     .endings = "xlsx json"},
    {.name = "from",
     .kind = OPTION_FILE,
     .value = "FILE",
     .help = N_("propose a form from the headings of this workbook")},
    {.name = "schema",
     .kind = OPTION_FLAG,
     .help = N_("print the JSON Schema of form files (survey/forms/form.schema.json)")},
    {0},
};

static json_t *columns_json(const Form *form)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden)
            json_array_append_new(columns, json_pack("{s:s, s:s}", "fact",
                                                     target_name(form->columns[i].target),
                                                     "heading", form->columns[i].heading));
    return columns;
}

static ErrCode write_blank(Context *context, const char *id, const char *file, json_t **ret_result,
                           Err *err)
{
    const Form *form = NULL;
    FormBook book;
    TRY(form_load(context->arena, id, &form, err));
    TRY(form_book_open(context->arena, file, &book, err));
    form_book_sheet(&book, form);
    form_book_notes(&book, form);
    TRY(form_book_close(&book, err));
    *ret_result =
        json_pack("{s:s, s:s, s:o}", "form", form->id, "file", file, "columns", columns_json(form));
    return OK;
}

/* "DIR/hospital.json" → "hospital": a form's id is its file's name. */
static const char *id_of(Arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return arena_strndup(arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

/* The folder of the home's own forms is made with the first of them, however it is called. */
static void make_own_folder(const Context *context, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return;
    const char *folder = arena_strndup(context->arena, file, (size_t)(slash - file));
    struct stat above, home;
    if (text_ends(folder, "/forms") &&
        stat(arena_strndup(context->arena, folder, strlen(folder) - strlen("/forms")), &above) ==
            0 &&
        stat(context->config.home, &home) == 0 && above.st_ino == home.st_ino &&
        above.st_dev == home.st_dev)
        (void)mkdir(folder, 0700); /* what fails is said when the file is written */
}

static ErrCode propose(Context *context, const char *from, const char *file, json_t **ret_result,
                       Err *err)
{
    Arena *arena = context->arena;
    Proposal proposal;
    TRY(proposal_read(arena, from, context->as_of, &proposal, err));
    const char *id = id_of(arena, file ? file : from);
    json_t *form = proposal_form_json(&proposal, id);
    ErrCode code = OK;
    if (file) {
        make_own_folder(context, file);
        code = proposal_write(form, file, err);
    }
    if (code != OK) {
        json_decref(form);
        return code;
    }
    const Form *fits = proposal_fits(&proposal);
    *ret_result = json_pack("{s:s, s:s, s:s?, s:s?, s:i, s:s, s:i, s:o, s:o, s:o}", "form", id,
                            "from", from, "file", file, "fits", fits ? fits->id : NULL, "sheet",
                            (int)proposal.sheet, "sheet_name", proposal.sheet_name, "heading_line",
                            (int)proposal.line, "columns", proposal_columns_json(&proposal),
                            "missing", proposal_missing_json(&proposal), "proposal", form);
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const char *from = option_text(arguments, "from"), *file = option_text(arguments, "o"),
               *id = argument_at(arguments, 0);
    if (option_flag(arguments, "schema")) {
        *ret_result = shape_schema(form_shape(context->arena), "talent form");
        return OK;
    }
    if (!from == !id)
        return err_set(err, ERR_USAGE, _("name a form, or a workbook with --from"));
    if (id && !file)
        return err_set(err, ERR_USAGE, _("option '%s' is missing"), "-o");
    if (file && !text_ends(file, id ? ".xlsx" : ".json"))
        return err_set(err, ERR_USAGE,
                       id ? _("a blank questionnaire is an .xlsx file")
                          : _("a form is a .json file"));
    return id ? write_blank(context, id, file, ret_result, err)
              : propose(context, from, file, ret_result, err);
}

static const Column PROPOSED[] = {
    {"cell", N_("cell")},
    {"heading", N_("heading")},
    {"match", N_("match")},
    {"fact", N_("fact")},
    {"synonym", N_("like")},
    {"fit", N_("cells that fit")},
    {"cells", N_("of")},
    {"samples", N_("shapes of its cells")},
    {0},
};

/* Lists as a cell of the table shows them. */
static json_t *joined(const json_t *list, const char *between)
{
    AUTO_ARENA arena = arena_new(0);
    const char *text = "";
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *word = json_string_value(item);
        text = i == 0 ? word : arena_printf(arena, "%s%s%s", text, between, word);
    }
    return json_string(text);
}

/* What a match is called on the screen. */
static const char *match_words(const char *match)
{
    static const char *const WORDS[][2] = {
        {"exact", N_("known")},         {"near", N_("like a known one")},
        {"values", N_("by its cells")}, {"again", N_("stands twice")},
        {"ignored", N_("not kept")},    {"unknown", N_("unknown")},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(WORDS[i][0], match) == 0)
            return _(WORDS[i][1]);
    return match;
}

static void show_missing(const json_t *missing)
{
    size_t i;
    const json_t *group;
    json_array_foreach(missing, i, group)
    {
        json_t *names = joined(group, " / ");
        printf(_("%sno column for %s%s: what every form asks for\n"),
               render_style(stdout, STYLE_WARN), json_string_value(names), render_plain(stdout));
        json_decref(names);
    }
}

static void show(const Context *context, const json_t *result)
{
    const json_t *matches = json_object_get(result, "missing");
    if (json_object_get(result, "$schema")) {
        json_dumpf(result, stdout, JSON_INDENT(2));
        putchar('\n');
        return;
    }
    if (!matches) {
        render_result(&SURVEY_FORM, result);
        return;
    }
    json_t *rows = json_deep_copy(json_object_get(result, "columns"));
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *match = json_string_value(json_object_get(row, "match"));
        json_object_set_new(row, "samples", joined(json_object_get(row, "samples"), "  "));
        json_object_set_new(row, "match", json_string(match_words(match)));
    }
    render_table(stdout, PROPOSED, rows);
    json_decref(rows);
    show_missing(matches);
    const char *file = json_string_value(json_object_get(result, "file")),
               *fits = json_string_value(json_object_get(result, "fits")),
               *id = json_string_value(json_object_get(result, "form"));
    if (fits)
        printf(_("the form '%s' knows this workbook already\n"), fits);
    if (!context->quiet && !file)
        printf(_("-o %s/forms/%s.json writes the form; edit it there, and import finds it\n"),
               context->config.home, id);
    if (!context->quiet && file)
        printf(_("edit '%s'; in %s/forms import finds it\n"), file, context->config.home);
}

const Command SURVEY_FORM = {
    .words = "survey form",
    .summary = N_("write a blank questionnaire, or propose a form from a workbook"),
    .details =
        N_("A blank questionnaire has headings with notes, drop-downs with the words that each "
           "column takes, and ID numbers and phones as text, so that no spreadsheet rounds them. "
           "With --from a form is proposed for a workbook that none was made for: headings that a "
           "form knows, headings like them whose cells pass the fact's check, and the rest with "
           "the shapes of their cells. A form in HOME/forms/ID.json is used like a shipped one; "
           "one of a shipped form's name takes its place."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANYONE,
    .run = run,
    .show = show,
};
