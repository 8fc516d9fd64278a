/* talent survey form: a blank questionnaire. */
#include "survey/form_book.h"
#include "survey/verbs.h"

#include "base/lang.h"

static const Positional POSITIONALS[] = {{.name = "FORM", .help = N_("enterprise or school")}, {0}};

static const Option OPTIONS[] = {
    {.name = "o",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = N_("the workbook to write"),
     .endings = "xlsx",
     .required = true},
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

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const Form *form = NULL;
    const char *file = option_text(arguments, "o");
    FormBook book;
    TRY(form_load(context->arena, argument_at(arguments, 0), &form, err));
    TRY(form_book_open(context->arena, file, &book, err));
    form_book_sheet(&book, form);
    form_book_notes(&book, form);
    TRY(form_book_close(&book, err));
    *ret_result =
        json_pack("{s:s, s:s, s:o}", "form", form->id, "file", file, "columns", columns_json(form));
    return OK;
}

const Command SURVEY_FORM = {
    .words = "survey form",
    .summary = N_("write a blank questionnaire"),
    .details = N_("Headings with notes, drop-downs with the words that each column takes, and ID "
                  "numbers and phones as text, so that "
                  "no spreadsheet rounds them."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANYONE,
    .run = run,
};
