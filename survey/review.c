/* talent survey review: what a batch that waits would change. */
#include "survey/preview.h"
#include "survey/review_show.h"
#include "survey/stage.h"
#include "survey/verbs.h"

static const Positional POSITIONALS[] = {
    {.name = "BATCH", .help = N_("its number in 'talent survey batches'")}, {0}};

static void give_text(json_t *json, const char *key, const char *text)
{
    if (text)
        json_object_set_new(json, key, json_string(text));
}

/* A batch that was decided on: its numbers as they were when it was put aside. */
static json_t *decided_json(const Context *context, const Staged *staged)
{
    json_error_t at;
    const char *state = staged->undone                        ? "undone"
                        : staged->decision == STAGED_ACCEPTED ? "active"
                                                              : "refused";
    json_t *preview = json_loads(staged->preview, 0, &at);
    preview_label(preview, context->lang);
    json_t *json = json_pack(
        "{s:I, s:s, s:s, s:O*, s:O*, s:O*, s:s}", "batch", (json_int_t)staged->batch, "state",
        state, "file", staged->name, "rows", json_object_get(preview, "rows"), "accepted",
        json_object_get(preview, "accepted"), "quarantined",
        json_object_get(preview, "quarantined"), "why", preview_why(context->arena, staged->why));
    json_object_set_new(json, "preview", preview ? preview : json_object());
    give_text(json, "decided_by", staged->decided_by);
    give_text(json, "decided_at", staged->decided_at);
    give_text(json, "decided_why", staged->decided_why);
    return json;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    int64_t batch, quarantined;
    Staged staged;
    Context then;
    TRY(argument_number(arguments, 0, &batch, err));
    TRY(staged_find(context->db, context->arena, batch, &staged, err));
    if (staged.decision != STAGED_WAITS) {
        *ret_result = decided_json(context, &staged);
        return OK;
    }
    ImportJob job = staged_job(&staged, context, &then);
    job.dry_run = true;
    TRY(import_file(&job, ret_result, &quarantined, err));
    json_object_del(*ret_result, "dry_run");
    give_text(*ret_result, "imported_by", staged.imported_by);
    give_text(*ret_result, "imported_at", staged.imported_at);
    return OK;
}

const Command SURVEY_REVIEW = {
    .words = "survey review",
    .summary = N_("show what a batch that waits for review would change"),
    .details = N_("The rows are taken into the base as it stands now, everything is counted, and "
                  "all of it is taken back: how many people are new, what changes of the others "
                  "fact by fact with a look at single ones, why rows are quarantined, and what is "
                  "otherwise than when the batch was put aside. Of a batch that was decided on, "
                  "the numbers of that day are shown."),
    .positionals = POSITIONALS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
    .show = review_show,
};
