#include "base/render.h"
#include "base/text.h"
#include "outreach/test_message.h"
#include "outreach/verbs.h"

static const Option OPTIONS[] = {
    {.name = "to",
     .kind = OPTION_TEXT,
     .value = "NAME,…",
     .help = N_("whose phone gets it: names of \"colleagues\" in talent.json"),
     .required = true},
    {.name = "gateway",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .help = N_("another gateway of talent.json than the configured one")},
    {0}};

static json_t *sent_json(const TestSending *sending, const Colleague *colleague,
                         const Outcome *outcome)
{
    return json_pack("{ss, ss, ss, ss, ss, ss}", "colleague", colleague->name, "to",
                     text_mask(sending->context->arena, colleague->phone), "outcome",
                     outcome_word(outcome->kind), "code", outcome->code, "note", outcome->note,
                     "gateway_id", outcome->gateway_id);
}

static ErrCode all_send(const TestSending *sending, const Colleague *colleagues, size_t count,
                        json_t *sent, Err *err)
{
    for (size_t at = 0; at < count; at++) {
        Outcome outcome;
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("interrupted"));
        TRY(test_message_send(sending, &colleagues[at], &outcome, err));
        json_array_append_new(sent, sent_json(sending, &colleagues[at], &outcome));
        sending->context->partial = sending->context->partial || outcome.kind != OUTCOME_ACCEPTED;
    }
    return OK;
}

static ErrCode through_gateway(TestSending *sending, const Colleague *colleagues, size_t count,
                               json_t **ret_result, Err *err)
{
    json_t *sent = json_array();
    ErrCode code = wire_open(sending->gateway, &sending->wire, err);
    if (code == OK)
        code = all_send(sending, colleagues, count, sent, err);
    wire_close(sending->wire);
    if (code != OK) {
        json_decref(sent);
        return code;
    }
    *ret_result = campaign_json(sending->campaign);
    json_object_set_new(*ret_result, "gateway", json_string(sending->gateway->name));
    json_object_set_new(*ret_result, "text", json_string(sending->message->text));
    json_object_set_new(*ret_result, "segments", json_integer(sending->message->segments));
    json_object_set_new(*ret_result, "sent", sent);
    return OK;
}

static ErrCode test_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Campaign campaign;
    TestMessage message;
    Gateway gateway;
    const Colleague *colleagues = NULL;
    size_t count = 0;
    TRY(colleagues_parse(&context->config, context->arena, option_text(arguments, "to"),
                         &colleagues, &count, err));
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    TRY(test_message_make(context->arena, &campaign, &message, err));
    TRY(gateway_load(&context->config, context->arena, option_text(arguments, "gateway"), &gateway,
                     err));
    TestSending sending = {
        .context = context, .campaign = &campaign, .gateway = &gateway, .message = &message};
    ErrCode code = through_gateway(&sending, colleagues, count, ret_result, err);
    gateway_done(&gateway);
    return code;
}

static void test_show(const Context *context, const json_t *result)
{
    static const Column COLUMNS[] = {{"colleague", N_("colleague")}, {"to", N_("to")},
                                     {"outcome", N_("outcome")},     {"code", N_("code")},
                                     {"note", N_("note")},           {0}};
    printf("%s\n", json_string_value(json_object_get(result, "text")));
    printf(_("billed as %s SMS, through gateway '%s'\n"),
           render_number(context->arena, json_integer_value(json_object_get(result, "segments"))),
           json_string_value(json_object_get(result, "gateway")));
    render_table(stdout, COLUMNS, json_object_get(result, "sent"));
}

const Command OUTREACH_TEST = {
    .words = "outreach test",
    .summary = N_("send a campaign's text to colleagues, to be looked at on a phone"),
    .details =
        N_("The text is filled in for an invented person and goes through the gateway as a message "
           "does. It is logged as a test ('talent outreach log CAMPAIGN --tests') and changes no "
           "message and no count of the campaign. Only the phones under \"colleagues\" in "
           "talent.json get it, whatever the campaign's state and the hour. Exit status 3 when "
           "the gateway did not take one."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = OPTIONS,
    .role = ROLE_OUTREACH,
    .names_people = true,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES | SENDS,
    .run = test_run,
    .show = test_show,
};
