#include "outreach/text.h"
#include "outreach/verbs.h"

static json_t *placeholders_json(const Template *template)
{
    json_t *list = json_array();
    for (int at = 0; at < PLACEHOLDER_COUNT; at++) {
        Placeholder placeholder = (Placeholder)at;
        if (template->uses[at])
            json_array_append_new(list, json_pack("{ss, ss, sI}", "placeholder",
                                                  placeholder_word(placeholder), "brings",
                                                  placeholder_label(placeholder), "longest",
                                                  (json_int_t)placeholder_limit(placeholder)));
    }
    return list;
}

static ErrCode show_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Template template;
    TRY(template_load(context->arena, argument_at(arguments, 0), &template, err));
    size_t units = sms_text_longest_units(&template);
    *ret_result = json_pack(
        "{ss, ss, ss, ss, ss, ss, ss, ss, sI, si, so}", "id", template.id, "policy",
        template.policy, "language", template.language, "class", template.class_word, "signature",
        template.signature, "approved_by", template.approved_by, "text", template.text, "says",
        template_said(context->arena, &template), "longest", (json_int_t)units, "segments",
        sms_units_segments(units), "placeholders", placeholders_json(&template));
    return OK;
}

const Command OUTREACH_TEMPLATE_SHOW = {
    .words = "outreach template show",
    .summary = N_("show one text with its placeholders and its length"),
    .positionals = (const Positional[]){{"TEMPLATE", N_("its id"), false, false}, {0}},
    .role = ROLE_ANYONE,
    .run = show_run,
};
