#include "base/render.h"
#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/verbs.h"

static ErrCode preview_row(Context *context, const Rows *rows, json_t *list, Err *err)
{
    size_t length = 0;
    char *phone = NULL;
    const void *sealed = rows_bytes(rows, 1, &length);
    TRY(unseal(context->sealer, context->arena, sealed, length, &phone, err));
    json_array_append_new(
        list, json_pack("{sI, ss, ss, sI, ss}", "person", (json_int_t)rows_int(rows, 0), "to",
                        text_mask(context->arena, phone), "text", rows_text(rows, 2), "segments",
                        (json_int_t)rows_int(rows, 3), "state", rows_text(rows, 4)));
    return OK;
}

static ErrCode preview_run(Context *context, const Arguments *arguments, json_t **ret_result,
                           Err *err)
{
    Campaign campaign;
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_OUTREACH_CAMPAIGN_PREVIEW,
                 PARAMS(v_int(campaign.id), v_int(option_int(arguments, "limit", 10))), &rows,
                 err));
    json_t *list = json_array();
    ErrCode code = OK;
    while (code == OK && rows_next(rows))
        code = preview_row(context, rows, list, err);
    if (code != OK)
        json_decref(list);
    else
        *ret_result = list;
    return code;
}

/* Each message in full: a table would cut the texts. */
static void preview_show(const Context *context, const json_t *result)
{
    for (size_t at = 0; at < json_array_size(result); at++) {
        const json_t *message = json_array_get(result, at);
        int64_t person = json_integer_value(json_object_get(message, "person"));
        printf(_("%sperson %s%s, %s, billed as %s SMS\n"), render_style(stdout, STYLE_BOLD),
               render_number(context->arena, person), render_plain(stdout),
               json_string_value(json_object_get(message, "to")),
               render_number(context->arena,
                             json_integer_value(json_object_get(message, "segments"))));
        printf("  %s\n", json_string_value(json_object_get(message, "text")));
    }
    if (json_array_size(result) == 0)
        puts(_("(nothing)"));
}

const Command OUTREACH_PREVIEW = {
    .words = "outreach preview",
    .summary = N_("show the messages of a campaign as people will get them"),
    .details = N_("The texts are the frozen ones of the plan; segments is what each is billed as. "
                  "'talent outreach status' has the sum."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "limit",
                                 .kind = OPTION_INT,
                                 .value = "N",
                                 .help = N_("at most so many messages"),
                                 .min = 1,
                                 .max = 100000,
                                 .preset = "10"},
                                {0}},
    .role = ROLE_OUTREACH | ROLE_APPROVER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | SENDS,
    .run = preview_run,
    .show = preview_show,
};
