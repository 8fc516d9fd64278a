/* talent survey import: questionnaires into the information base. */
#include "survey/encoding.h"
#include "survey/import_file.h"
#include "survey/parcel.h"
#include "survey/verbs.h"

#include "base/lang.h"

static const Positional POSITIONALS[] = {
    {.name = "FILE",
     .help =
         N_("a filled-in questionnaire: .xlsx, .xls, .csv or .json, told by its content; .gz of "
            "one, .zip of several; - is standard input"),
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
    {.name = "encoding",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .help = N_("of .csv files: UTF-8, GB18030, UTF-16LE or UTF-16BE; else what their bytes say")},
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

/* What one run of the command has done so far. */
typedef struct Intake {
    Context *context;
    ImportJob job;
    json_t *results;
    size_t done; /* files that went in */
} Intake;

static ErrCode import_one(Intake *intake, const ParcelFile *file, Err *err)
{
    json_t *result;
    int64_t quarantined;
    intake->job.path = file->path;
    intake->job.name = file->name;
    TRY(import_file(&intake->job, &result, &quarantined, err));
    json_array_append_new(intake->results, result);
    intake->context->partial |= quarantined > 0;
    intake->done++;
    return OK;
}

static ErrCode import_parcel(Intake *intake, const char *argument, Err *err)
{
    AUTO_PARCEL parcel = NULL;
    ParcelFile file;
    bool more = true;
    ErrCode code = parcel_open(argument, intake->context->config.home, &parcel, err);
    while (code == OK && more) {
        code = parcel_next(parcel, &file, &more, err);
        if (code == OK && more)
            TRY(import_one(intake, &file, err));
    }
    return code == OK ? OK : err_wrap(err, _("cannot import '%s'"), argument);
}

static ErrCode import_all(Intake *intake, const Arguments *arguments, Err *err)
{
    for (size_t i = 0; i < argument_count(arguments); i++) {
        ErrCode code = import_parcel(intake, argument_at(arguments, i), err);
        if (code == OK || intake->done == 0 || intake->job.dry_run)
            TRY(code);
        else
            return err_hint(
                err,
                ngettext("%zu file before it went in; run the rest again when this one is mended",
                         "%zu files before it went in; run the rest again when this one is mended",
                         intake->done),
                intake->done);
    }
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Intake intake = {.context = context,
                     .job = {.context = context,
                             .form = option_text(arguments, "form"),
                             .source = option_text(arguments, "source"),
                             .surveyed_on = option_date(arguments, "surveyed-on", DATE_NONE),
                             .encoding = option_text(arguments, "encoding"),
                             .dry_run = option_flag(arguments, "dry-run")}};
    Encoding encoding;
    if (intake.job.encoding)
        TRY(encoding_parse(intake.job.encoding, &encoding, err));
    if (intake.job.surveyed_on != DATE_NONE && intake.job.surveyed_on > context->as_of)
        return err_set(err, ERR_USAGE, _("--surveyed-on lies after --as-of"));
    intake.results = json_array();
    ErrCode code = import_all(&intake, arguments, err);
    if (code == OK)
        *ret_result = intake.results;
    else
        json_decref(intake.results);
    return code;
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
    .show = import_show,
};
