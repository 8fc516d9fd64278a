#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/verbs.h"

/* Once two accounts exist, nobody approves what he planned, whatever name he had then. */
static ErrCode check_other_eyes(const Context *context, const char *word, Err *err)
{
    Campaign campaign;
    if (context->acting.accounts < 2)
        return OK;
    TRY(campaign_load(context->db, context->arena, word, &campaign, err));
    if (!text_equal(campaign.planned_by, context->user) &&
        !text_equal(campaign.planned_by, context->os_user))
        return OK;
    err_set(err, ERR_REFUSED, _("who planned campaign '%s' does not approve it"), campaign.name);
    return err_hint(err, _("another account with the role approver does"));
}

static ErrCode approve_run(Context *context, const Arguments *arguments, json_t **ret_result,
                           Err *err)
{
    Campaign campaign;
    TRY(check_other_eyes(context, argument_at(arguments, 0), err));
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
