#include "base/render.h"
#include "outreach/reply_desk.h"
#include "outreach/verbs.h"

static const Option OPTIONS[] = {{.name = "limit",
                                  .kind = OPTION_INT,
                                  .value = "N",
                                  .help = N_("at most so many replies"),
                                  .min = 1,
                                  .max = 10000,
                                  .preset = "50"},
                                 {.name = "clear",
                                  .kind = OPTION_FLAG,
                                  .help = N_("show numbers in full, to call somebody back"),
                                  .role = ROLE_APPROVER},
                                 {0}};

static ErrCode inbox_run(Context *context, const Arguments *arguments, json_t **ret_result,
                         Err *err)
{
    json_t *replies = NULL;
    int64_t waiting = 0;
    TRY(db_number(context->db, QUERY_OUTREACH_REPLY_DESK_COUNT, NO_PARAMS, &waiting, err));
    TRY(reply_desk_list(context, option_int(arguments, "limit", 0), option_flag(arguments, "clear"),
                        &replies, err));
    *ret_result = json_pack("{sI, so}", "waiting", (json_int_t)waiting, "replies", replies);
    return OK;
}

/* Each in full: a table would cut what people wrote. */
static void inbox_show(const Context *context, const json_t *result)
{
    const json_t *replies = json_object_get(result, "replies"), *reply;
    size_t at;
    json_array_foreach(replies, at, reply)
    {
        const char *campaign = json_string_value(json_object_get(reply, "campaign"));
        const json_t *person = json_object_get(reply, "person");
        printf("%s%s%s  %s  %s", render_style(stdout, STYLE_BOLD),
               json_string_value(json_object_get(reply, "reply")), render_plain(stdout),
               json_string_value(json_object_get(reply, "received_at")),
               json_string_value(json_object_get(reply, "from")));
        if (json_is_integer(person))
            printf(_(", person %s"), render_number(context->arena, json_integer_value(person)));
        printf("%s%s\n  %s\n", campaign ? ", " : "", campaign ? campaign : "",
               json_string_value(json_object_get(reply, "text")));
    }
    int64_t waiting = json_integer_value(json_object_get(result, "waiting"));
    printf(_("%s replies wait for a person\n"), render_number(context->arena, waiting));
    if (waiting > 0)
        printf(_("talent outreach answer REPLY --as intention|optout|done --why TEXT\n"));
}

const Command OUTREACH_INBOX = {
    .words = "outreach inbox",
    .summary = N_("show the replies that wait for a person, newest first"),
    .details = N_("What opts out or answers 1, 2 or 3 is understood when it comes; everything else "
                  "waits here until 'talent outreach answer' says what it means."),
    .options = OPTIONS,
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = inbox_run,
    .show = inbox_show,
};
