#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode approve_run(Context *context, const Arguments *arguments, json_t **ret_result,
                           Err *err)
{
    Campaign campaign;
    TRY(campaign_approve(context->db, context->arena, argument_at(arguments, 0), context->user,
                         &campaign, err));
    *ret_result = campaign_json(&campaign);
    return OK;
}

const Command OUTREACH_APPROVE = {
    .words = "outreach approve",
    .summary = N_("approve a draft as it was planned"),
    .details = N_("The approval is bound to the recipients, their texts and the policy: any change "
                  "of these voids it."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .role = ROLE_APPROVER,
    .needs = NEEDS_DATABASE | WRITES | SENDS,
    .run = approve_run,
};
