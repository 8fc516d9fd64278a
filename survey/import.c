/* talent survey import: questionnaires into the information base. */
#include "survey/import_file.h"
#include "survey/verbs.h"

#include "base/lang.h"

static const Positional POSITIONALS[] = {
    {.name = "FILE",
     .help = N_("a filled-in questionnaire: .xlsx, .csv or .json, told by its content"),
     .many = true},
    {0},
};

static const Option OPTIONS[] = {
    {.name = "form",
     .kind = OPTION_TEXT,
     .value = "ID",
     .help = N_("the form it was filled in on; else the best fit")},
    {.name = "source",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .help = N_("who answered; else what the file says")},
    {.name = "surveyed-on",
     .kind = OPTION_DATE,
     .value = "DATE",
     .help = N_("when it was filled in, for every row; else what the rows or the title say, else "
                "--as-of")},
    {.name = "dry-run",
     .kind = OPTION_FLAG,
     .help = N_("do everything and report it, then take it all back")},
    {0},
};

static const Column COLUMNS[] = {
    {"batch", N_("batch")},
    {"file", N_("file")},
    {"form", N_("form")},
    {"rows", N_("rows")},
    {"accepted", N_("accepted")},
    {"quarantined", N_("quarantined")},
    {"forgotten", N_("forgotten")},
    {"people.new", N_("new people")},
    {"people.changed", N_("changed")},
    {"people.unchanged", N_("unchanged")},
    {"duplicate_of", N_("duplicate of")},
    {0},
};

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    ImportJob job = {.context = context,
                     .form = option_text(arguments, "form"),
                     .source = option_text(arguments, "source"),
                     .surveyed_on = option_date(arguments, "surveyed-on", DATE_NONE),
                     .dry_run = option_flag(arguments, "dry-run")};
    if (job.surveyed_on != DATE_NONE && job.surveyed_on > context->as_of)
        return err_set(err, ERR_USAGE, _("--surveyed-on lies after --as-of"));
    json_t *results = json_array();
    for (size_t i = 0; i < argument_count(arguments); i++) {
        json_t *result;
        int64_t quarantined;
        job.path = argument_at(arguments, i);
        ErrCode code = import_file(&job, &result, &quarantined, err);
        if (code != OK) {
            json_decref(results);
            if (i > 0 && !job.dry_run)
                err_hint(
                    err,
                    ngettext(
                        "%zu file before it went in; run the rest again when this one is mended",
                        "%zu files before it went in; run the rest again when this one is mended",
                        i),
                    i);
            return code;
        }
        json_array_append_new(results, result);
        context->partial |= quarantined > 0;
    }
    *ret_result = results;
    return OK;
}

const Command SURVEY_IMPORT = {
    .words = "survey import",
    .summary = N_("take filled-in questionnaires into the information base"),
    .details = N_("Each file goes in whole or not at all. A row that contradicts itself or cannot "
                  "be read waits in quarantine, with "
                  "every reason; 'talent survey problems -o FILE.xlsx' writes these rows to be "
                  "mended and imported again. A file "
                  "that is in the base already changes nothing."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
