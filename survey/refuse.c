/* talent survey refuse: turns a batch away that waited for review. */
#include "survey/stage.h"
#include "survey/verbs.h"

#include "people/why.h"

static const Positional POSITIONALS[] = {
    {.name = "BATCH", .help = N_("its number in 'talent survey batches'")}, {0}};

static const Option OPTIONS[] = {WHY_OPTION, {0}};

static ErrCode refuse_once(Db *db, void *state, Err *err)
{
    const StagedVerdict *verdict = state;
    TRY(staged_turn_away(db, verdict->batch, err));
    return staged_decide(db, verdict, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    int64_t batch;
    Staged staged;
    Decider decider;
    TRY(argument_number(arguments, 0, &batch, err));
    TRY(why_decider(context, arguments, &decider, err));
    TRY(staged_load(context->db, context->arena, batch, &staged, err));
    StagedVerdict verdict = {
        .batch = batch, .decision = STAGED_REFUSED, .why = decider.why, .who = decider.user};
    TRY(db_transact(context->db, refuse_once, &verdict, err));
    *ret_result =
        json_pack("{s:I, s:s, s:s, s:s, s:s}", "batch", (json_int_t)batch, "state", "refused",
                  "file", staged.name, "why", decider.why, "refused_by", decider.user);
    return OK;
}

const Command SURVEY_REFUSE = {
    .words = "survey refuse",
    .summary = N_("turn a batch away that waits for review"),
    .details = N_("Its rows are erased; who refused it, when and why stays in 'talent survey "
                  "batches'. The file can be handed in again."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
