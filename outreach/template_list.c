#include "outreach/text.h"
#include "outreach/verbs.h"

static ErrCode list_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    const char *const *ids = NULL;
    size_t count = 0;
    TRY(template_ids(context->arena, &ids, &count, err));
    Template *templates = arena_array(context->arena, Template, count + 1);
    for (size_t at = 0; at < count; at++)
        TRY(template_load(context->arena, ids[at], &templates[at], err));
    json_t *list = json_array();
    for (size_t at = 0; at < count; at++) {
        size_t units = sms_text_longest_units(&templates[at]);
        json_array_append_new(
            list, json_pack("{ss, ss, ss, ss, sI, si}", "id", templates[at].id, "policy",
                            templates[at].policy, "class", templates[at].class_word, "text",
                            template_said(context->arena, &templates[at]), "longest",
                            (json_int_t)units, "segments", sms_units_segments(units)));
    }
    *ret_result = list;
    return OK;
}

const Command OUTREACH_TEMPLATE_LIST = {
    .words = "outreach template list",
    .summary = N_("list the texts that may be sent"),
    .details = N_("longest is the length in characters when every placeholder is as long as it may "
                  "be, signature included; segments is the number of SMS that this is billed as."),
    .columns = (const Column[]){{"id", N_("id")},
                                {"class", N_("class")},
                                {"longest", N_("longest")},
                                {"segments", N_("segments")},
                                {"text", N_("text")},
                                {0}},
    .role = ROLE_ANYONE,
    .run = list_run,
};
