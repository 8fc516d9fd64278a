#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode cancel_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Campaign campaign;
    int64_t cancelled = 0;
    TRY(campaign_cancel(context->db, context->arena, argument_at(arguments, 0), &campaign,
                        &cancelled, err));
    *ret_result = campaign_json(&campaign);
    json_object_set_new(*ret_result, "cancelled", json_integer(cancelled));
    return OK;
}

const Command OUTREACH_CANCEL = {
    .words = "outreach cancel",
    .summary = N_("end a campaign; messages that still wait are never sent"),
    .details = N_("Messages that a dispatcher has already claimed end as they end. A cancelled "
                  "campaign cannot be taken up again."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | WRITES,
    .run = cancel_run,
};
