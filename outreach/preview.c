#include "base/render.h"
#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/verbs.h"

/* A message is shown because it is among the first, the longest or the one with the rarest
 * characters; once, though it be all of these. */
static ErrCode preview_row(Context *context, const Rows *rows, const char *shown_as, json_t *list,
                           Err *err)
{
    size_t length = 0, at;
    char *phone = NULL;
    const json_t *earlier;
    json_array_foreach(list, at, earlier)
    {
        if (json_integer_value(json_object_get(earlier, "person")) == rows_int(rows, 0)) {
            json_array_append_new(json_object_get(earlier, "shown_as"), json_string(shown_as));
            return OK;
        }
    }
    const void *sealed = rows_bytes(rows, 1, &length);
    TRY(unseal(context->sealer, context->arena, sealed, length, &phone, err));
    json_array_append_new(
        list, json_pack("{sI, ss, ss, sI, ss, s[s]}", "person", (json_int_t)rows_int(rows, 0), "to",
                        text_mask(context->arena, phone), "text", rows_text(rows, 2), "segments",
                        (json_int_t)rows_int(rows, 3), "state", rows_text(rows, 4), "shown_as",
                        shown_as));
    return OK;
}

static ErrCode preview_add(Context *context, QueryId query, const Value *params, size_t count,
                           json_t *list, Err *err)
{
    const char *shown_as = query == QUERY_OUTREACH_CAMPAIGN_LONGEST  ? N_("longest")
                           : query == QUERY_OUTREACH_CAMPAIGN_RAREST ? N_("rarest characters")
                                                                     : N_("first");
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, query, params, count, &rows, err));
    while (rows_next(rows))
        TRY(preview_row(context, rows, shown_as, list, err));
    return OK;
}

static ErrCode preview_run(Context *context, const Arguments *arguments, json_t **ret_result,
                           Err *err)
{
    Campaign campaign;
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &campaign, err));
    json_t *list = json_array();
    ErrCode code = preview_add(
        context, QUERY_OUTREACH_CAMPAIGN_PREVIEW,
        PARAMS(v_int(campaign.id), v_int(option_int(arguments, "limit", 10))), list, err);
    if (code == OK)
        code = preview_add(context, QUERY_OUTREACH_CAMPAIGN_LONGEST, PARAMS(v_int(campaign.id)),
                           list, err);
    if (code == OK)
        code = preview_add(context, QUERY_OUTREACH_CAMPAIGN_RAREST, PARAMS(v_int(campaign.id)),
                           list, err);
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
        const char *shown_as = "";
        size_t place;
        const json_t *reason;
        json_array_foreach(json_object_get(message, "shown_as"), place, reason) shown_as =
            arena_printf(context->arena, "%s%s%s", shown_as, *shown_as ? ", " : "",
                         _(json_string_value(reason)));
        printf(
            _("%sperson %s%s, %s, billed as %s SMS (%s)\n"), render_style(stdout, STYLE_BOLD),
            render_number(context->arena, person), render_plain(stdout),
            json_string_value(json_object_get(message, "to")),
            render_number(context->arena, json_integer_value(json_object_get(message, "segments"))),
            shown_as);
        printf("  %s\n", json_string_value(json_object_get(message, "text")));
    }
    if (json_array_size(result) == 0)
        puts(_("(nothing)"));
}

const Command OUTREACH_PREVIEW = {
    .words = "outreach preview",
    .summary = N_("show the messages of a campaign as people will get them"),
    .details = N_("The texts are the frozen ones of the plan; segments is what each is billed as. "
                  "Beside the first messages, in order of person, stand the longest and the one "
                  "with the rarest characters: those beyond the BMP, which count double, then "
                  "those outside GB2312, which an old telephone may not show."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "limit",
                                 .kind = OPTION_INT,
                                 .value = "N",
                                 .help = N_("so many of the first messages"),
                                 .min = 1,
                                 .max = 100000,
                                 .preset = "10"},
                                {0}},
    .role = ROLE_OUTREACH | ROLE_APPROVER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | SENDS,
    .run = preview_run,
    .show = preview_show,
};
