#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode resume_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Campaign campaign;
    TRY(campaign_resume(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    *ret_result = campaign_json(&campaign);
    return OK;
}

const Command OUTREACH_RESUME = {
    .words = "outreach resume",
    .summary = N_("let a paused campaign go on"),
    .details = N_("Nothing that was sent is sent again."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | WRITES | SENDS,
    .run = resume_run,
};
