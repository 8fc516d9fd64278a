#include "base/text.h"
#include "outreach/sample.h"
#include "outreach/verbs.h"
static const Option OPTIONS[] = {{.name = "sample",
                                  .kind = OPTION_INT,
                                  .value = "N",
                                  .help = N_("send to N people first, then pause for a look"),
                                  .min = 1,
                                  .max = 10000000},
                                 {.name = "seed",
                                  .kind = OPTION_INT,
                                  .value = "N",
                                  .help = N_("choose the sample by this number, not by chance"),
                                  .min = 0,
                                  .max = 9007199254740991},
                                 {0}};

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
    json_t *sample = NULL;
    SampleApproval approval = {.word = argument_at(arguments, 0),
                               .user = context->user,
                               .size = option_int(arguments, "sample", 0),
                               .seed = option_int(arguments, "seed", sample_seed_new())};
    if (option_given(arguments, "seed") && approval.size == 0)
        return err_set(err, ERR_USAGE, _("--seed chooses a sample: give --sample too"));
    TRY(check_other_eyes(context, approval.word, err));
    TRY(campaign_approve_sample(context->db, context->arena, &approval, &campaign, err));
    TRY(sample_json(context->db, &campaign, &sample, err));
    *ret_result = campaign_json(&campaign);
    if (sample)
        json_object_set_new(*ret_result, "sample", sample);
    return OK;
}

const Command OUTREACH_APPROVE = {
    .words = "outreach approve",
    .summary = N_("approve a draft as it was planned"),
    .details =
        N_("The approval is bound to the recipients, their texts and the policy: any change "
           "of these voids it. With --sample N only N people, chosen by chance, are sent the text "
           "once the campaign is launched; then it pauses by itself, and 'talent outreach resume' "
           "lets the rest go. The seed of the choice is kept: whoever knows it can choose again."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = OPTIONS,
    .role = ROLE_APPROVER,
    .needs = NEEDS_DATABASE | WRITES | SENDS,
    .run = approve_run,
};
