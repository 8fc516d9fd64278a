#include "base/render.h"
#include "outreach/text_check.h"
#include "outreach/text_measure.h"
#include "outreach/verbs.h"

#include <inttypes.h>

/* One template while it is checked. */
typedef struct Check {
    Context *context;
    const char *id;
    int64_t forecast; /* people of the forecast; 0 = as many as would get a message now */
    TextFindings findings;
    Template template;
    TextMeasure measure;
    bool readable, measured;
} Check;

/* What makes the file useless for a campaign is a finding; everything else that fails is a failure.
 */
static ErrCode finding_or_failure(Check *check, TextFault fault, ErrCode code, const Err *err)
{
    if (code != ERR_CONFIG && !(code == ERR_NOT_FOUND && fault == TEXT_FAULT_NO_POLICY))
        return code;
    text_finding_add(&check->findings, fault,
                     arena_printf(check->context->arena, "%s%s%s", err->text,
                                  *err->hint ? "; " : "", err->hint));
    return OK;
}

static void refusals_add(Check *check)
{
    for (int at = 0; at < PLACEHOLDER_COUNT; at++) {
        int64_t people = check->measure.cannot_fill[at];
        if (people > 0)
            text_finding_add(&check->findings, TEXT_FAULT_CANNOT_FILL,
                             arena_printf(check->context->arena, "{{%s}}: %" PRId64,
                                          placeholder_word((Placeholder)at), people));
    }
}

static ErrCode check_measure(Check *check, Err *err)
{
    Context *context = check->context;
    MeasureRequest request = {.audience = {.template = &check->template,
                                           .as_of = context->as_of,
                                           .cap_messages = context->config.cap_messages,
                                           .cap_days = context->config.cap_days},
                              .sealer = context->sealer,
                              .gsm7 = context->config.gsm7,
                              .quiet = context->quiet};
    request.audience.verdicts[VERDICT_ELIGIBLE] = request.audience.verdicts[VERDICT_LIKELY] = true;
    ErrCode code =
        policy_load(context->arena, check->template.policy, &request.audience.policy, err);
    if (code != OK)
        return finding_or_failure(check, TEXT_FAULT_NO_POLICY, code, err);
    TRY(text_measure(context->db, context->arena, &request, &check->measure, err));
    check->measured = true;
    refusals_add(check);
    return OK;
}

static ErrCode check_make(Check *check, Err *err)
{
    ErrCode code = template_load(check->context->arena, check->id, &check->template, err);
    if (code != OK)
        return finding_or_failure(check, TEXT_FAULT_UNREADABLE, code, err);
    check->readable = true;
    text_check(&check->findings, &check->template, &check->context->config);
    return check_measure(check, err);
}

static json_t *real_json(const Check *check)
{
    const TextMeasure *measure = &check->measure;
    json_t *real =
        json_pack("{sI, sI, sI, sI, sI}", "people", (json_int_t)measure->people, "longest",
                  (json_int_t)measure->longest_units, "segments",
                  (json_int_t)measure->longest_segments, "segments_of_all",
                  (json_int_t)measure->segments, "beyond_bmp", (json_int_t)measure->beyond_bmp);
    bool any = measure->longest_text != NULL;
    json_object_set_new(real, "person", any ? json_integer(measure->longest_person) : json_null());
    json_object_set_new(real, "text", any ? json_string(measure->longest_text) : json_null());
    return real;
}

/* By the mean of the real texts, where there are any; else by the longest that may be. */
static json_t *forecast_json(const Check *check)
{
    const TextMeasure *measure = &check->measure;
    double price_fen = check->context->config.price_fen;
    int longest = sms_units_segments(sms_text_longest_units(&check->template));
    int64_t people = check->forecast ? check->forecast : measure->people;
    int64_t segments = people * longest;
    if (measure->people > 0)
        segments = (people * measure->segments + measure->people - 1) / measure->people;
    json_t *forecast =
        json_pack("{sI, sI}", "people", (json_int_t)people, "segments", (json_int_t)segments);
    json_object_set_new(forecast, "yuan",
                        price_fen > 0 ? json_real((double)segments * price_fen / 100)
                                      : json_null());
    return forecast;
}

static json_t *check_json(const Check *check)
{
    const Template *template = &check->template;
    json_t *result = json_pack("{ss}", "id", check->id);
    if (check->readable) {
        size_t units = sms_text_longest_units(template);
        json_object_set_new(result, "class", json_string(template->class_word));
        json_object_set_new(
            result, "says",
            json_string(arena_printf(check->context->arena, "【%s】%s", template->signature,
                                     template_said(check->context->arena, template))));
        json_object_set_new(result, "longest", json_integer((json_int_t)units));
        json_object_set_new(result, "segments", json_integer(sms_units_segments(units)));
    }
    if (check->measured) {
        json_object_set_new(result, "real", real_json(check));
        json_object_set_new(result, "forecast", forecast_json(check));
    }
    json_object_set_new(result, "sound", json_boolean(!text_findings_error(&check->findings)));
    json_object_set_new(result, "findings", text_findings_json(&check->findings));
    return result;
}

static ErrCode ids_wanted(Context *context, const Arguments *arguments, const char *const **ret_ids,
                          size_t *ret_count, Err *err)
{
    size_t count = argument_count(arguments);
    if (count == 0)
        return template_ids(context->arena, ret_ids, ret_count, err);
    const char **ids = arena_array(context->arena, const char *, count);
    for (size_t at = 0; at < count; at++)
        ids[at] = argument_at(arguments, at);
    *ret_ids = ids;
    *ret_count = count;
    return OK;
}

static ErrCode check_run(Context *context, const Arguments *arguments, json_t **ret_result,
                         Err *err)
{
    const char *const *ids = NULL;
    size_t count = 0;
    TRY(ids_wanted(context, arguments, &ids, &count, err));
    json_t *list = json_array();
    ErrCode code = OK;
    for (size_t at = 0; at < count && code == OK; at++) {
        Check *check = arena_alloc(context->arena, sizeof *check);
        *check = (Check){.context = context,
                         .id = ids[at],
                         .forecast = option_int(arguments, "people", 0),
                         .findings.arena = context->arena};
        code = check_make(check, err);
        if (code == OK)
            json_array_append_new(list, check_json(check));
        context->partial = context->partial || text_findings_error(&check->findings);
    }
    if (code != OK)
        json_decref(list);
    else
        *ret_result = list;
    return code;
}

static int64_t count_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void measured_show(Arena *arena, const json_t *check)
{
    const json_t *real = json_object_get(check, "real");
    const json_t *forecast = json_object_get(check, "forecast");
    const json_t *yuan = json_object_get(forecast, "yuan");
    if (!real)
        return;
    printf(_("  at most %s characters = %s SMS\n"),
           render_number(arena, count_of(check, "longest")),
           render_number(arena, count_of(check, "segments")));
    if (json_is_string(json_object_get(real, "text")))
        printf(_("  the longest of %s people has %s characters = %s SMS\n"),
               render_number(arena, count_of(real, "people")),
               render_number(arena, count_of(real, "longest")),
               render_number(arena, count_of(real, "segments")));
    if (json_is_string(json_object_get(real, "text")))
        printf(_("  person %s: %s\n"), render_number(arena, count_of(real, "person")),
               json_string_value(json_object_get(real, "text")));
    printf(_("  forecast for %s people: %s SMS"),
           render_number(arena, count_of(forecast, "people")),
           render_number(arena, count_of(forecast, "segments")));
    if (json_is_number(yuan))
        printf(_(", %.2f yuan\n"), json_number_value(yuan));
    else
        printf(_("; texts.price_fen in talent.json would tell the cost\n"));
}

static void check_show(const Context *context, const json_t *result)
{
    size_t at, place;
    const json_t *check, *finding;
    json_array_foreach(result, at, check)
    {
        const char *says = json_string_value(json_object_get(check, "says"));
        bool sound = json_is_true(json_object_get(check, "sound"));
        printf("%s%s%s  %s%s%s\n", render_style(stdout, STYLE_BOLD),
               json_string_value(json_object_get(check, "id")), render_plain(stdout),
               render_style(stdout, sound ? STYLE_GOOD : STYLE_BAD),
               sound ? _("sound") : _("not to be sent"), render_plain(stdout));
        if (says)
            printf("  %s\n", says);
        measured_show(context->arena, check);
        json_array_foreach(json_object_get(check, "findings"), place, finding)
        {
            const char *what = json_string_value(json_object_get(finding, "what"));
            bool error = json_is_true(json_object_get(finding, "error"));
            printf("  %s%s%s %s%s%s\n    %s\n",
                   render_style(stdout, error ? STYLE_BAD : STYLE_WARN), error ? "✗" : "!",
                   render_plain(stdout), json_string_value(json_object_get(finding, "meaning")),
                   *what ? ": " : "", what, json_string_value(json_object_get(finding, "todo")));
        }
    }
}

const Command OUTREACH_TEMPLATE_CHECK = {
    .words = "outreach template check",
    .summary = N_("look for what would go wrong with a text, and measure it on real people"),
    .details = N_(
        "Each text is rendered for everyone whom a plan made now would address: the longest is "
        "shown, the name masked. A text that asks for a reply must be understood: "
        "{{reply_options}} and {{reply_optout}} are written out of the table by which replies are "
        "read. The cost is forecast with texts.price_fen of talent.json. Exit status 3 when a "
        "text must not be sent."),
    .positionals =
        (const Positional[]){{"TEMPLATE", N_("its id; none = all of them"), true, true}, {0}},
    .options = (const Option[]){{.name = "people",
                                 .kind = OPTION_INT,
                                 .value = "N",
                                 .help = N_("forecast the cost for so many people"),
                                 .min = 1,
                                 .max = 100000000},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = check_run,
    .show = check_show,
};
