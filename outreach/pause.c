#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode pause_run(Context *context, const Arguments *arguments, json_t **ret_result,
                         Err *err)
{
    Campaign campaign;
    TRY(campaign_pause(context->db, context->arena, argument_at(arguments, 0),
                       option_text(arguments, "why"), &campaign, err));
    *ret_result = campaign_json(&campaign);
    return OK;
}

const Command OUTREACH_PAUSE = {
    .words = "outreach pause",
    .summary = N_("hold a running campaign"),
    .details = N_("No message is claimed any more; those already claimed end as they end."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "why",
                                 .kind = OPTION_TEXT,
                                 .value = "TEXT",
                                 .help = N_("the reason, shown by status"),
                                 .preset = "paused by hand"},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | WRITES | SENDS,
    .run = pause_run,
};
