/* talent survey accept: lets a batch that waited for review in. */
#include "survey/review_show.h"
#include "survey/stage.h"
#include "survey/verbs.h"

static const Positional POSITIONALS[] = {
    {.name = "BATCH", .help = N_("its number in 'talent survey batches'")}, {0}};

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    int64_t batch, quarantined;
    Staged staged;
    Context then;
    TRY(argument_number(arguments, 0, &batch, err));
    TRY(staged_load(context->db, context->arena, batch, &staged, err));
    ImportJob job = staged_job(&staged, context, &then);
    TRY(import_file(&job, ret_result, &quarantined, err));
    context->partial |= quarantined > 0;
    return OK;
}

const Command SURVEY_ACCEPT = {
    .words = "survey accept",
    .summary = N_("let a batch in that waits for review"),
    .details = N_("The rows go in as they were handed in, into the base as it stands now; where "
                  "that changes something else than the review said, the differences are shown."),
    .positionals = POSITIONALS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
    .show = review_show,
};
