#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode launch_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Campaign campaign;
    TRY(campaign_launch(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    *ret_result = campaign_json(&campaign);
    return OK;
}

const Command OUTREACH_LAUNCH = {
    .words = "outreach launch",
    .summary = N_("let the dispatchers send an approved campaign"),
    .details = N_("Refused when a recipient, a text or the policy has changed since the approval."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | WRITES | SENDS,
    .run = launch_run,
};
