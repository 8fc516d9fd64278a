/* talent outreach reconcile: what a base that was brought back may have missed is settled; then it
 * sends again. */
#include "base/text.h"
#include "outreach/aftermath.h"
#include "outreach/verbs.h"

enum { WHY_CHARACTERS = 150 };

/* "2012-09-27 15:04" in Asia/Shanghai, with or without seconds. */
static bool moment_parse(const char *text, Moment *ret_moment)
{
    enum { DATE_LETTERS = 10, HOURS_AHEAD = 8, MS_PER_S = 1000, S_PER_DAY = 86400 };
    char day[DATE_LETTERS + 1];
    Date date;
    unsigned hour, minute, second = 0;
    int used = 0;
    if (strlen(text) < DATE_LETTERS + 2)
        return false;
    memcpy(day, text, DATE_LETTERS);
    day[DATE_LETTERS] = '\0';
    const char *clock = text + DATE_LETTERS;
    bool timed = sscanf(clock, " %2u:%2u%n", &hour, &minute, &used) == 2 ||
                 sscanf(clock, "T%2u:%2u%n", &hour, &minute, &used) == 2;
    if (!timed || !date_parse(day, &date))
        return false;
    clock += used;
    if (*clock && (sscanf(clock, ":%2u%n", &second, &used) != 1 || clock[used] != '\0'))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t of_day = ((int64_t)hour - HOURS_AHEAD) * 3600 + (int64_t)minute * 60 + second;
    *ret_moment = ((int64_t)date * S_PER_DAY + of_day) * MS_PER_S;
    return true;
}

static ErrCode moment_option(const Arguments *arguments, const char *name, Moment *ret_moment,
                             Err *err)
{
    if (moment_parse(option_text(arguments, name), ret_moment))
        return OK;
    return err_set(err, ERR_USAGE, _("--%s is a time like '2012-09-27 15:04', in Dongguan"), name);
}

static ErrCode why_check(Context *context, const Arguments *arguments, Err *err)
{
    const char *why = option_text(arguments, "why");
    if (!option_given(arguments, "as-not-sent-since"))
        return OK;
    if (why && *text_trim(context->arena, why) && text_characters(why) <= WHY_CHARACTERS)
        return OK;
    return err_set(err, ERR_USAGE,
                   _("--as-not-sent-since needs --why, of 1 to %d characters: how that is known"),
                   WHY_CHARACTERS);
}

/* Somebody says that nothing went out since a moment; it helps only if that was before the backup.
 */
static ErrCode word_take(Aftermath *aftermath, const Arguments *arguments, Err *err)
{
    Context *context = aftermath->context;
    Moment since;
    aftermath->note = _("restored from a backup");
    if (!option_given(arguments, "as-not-sent-since"))
        return OK;
    TRY(moment_option(arguments, "as-not-sent-since", &since, err));
    if (since > aftermath->taken_ms) {
        err_set(err, ERR_REFUSED,
                _("the backup is of %s: what went out between then and that time is not in it"),
                aftermath->taken_at);
        return err_hint(err, _("leave the option away: what was queued becomes uncertain, and "
                               "'talent outreach settle' settles it campaign by campaign"));
    }
    aftermath->keeps_queued = true;
    aftermath->note =
        arena_printf(context->arena, "%s: %s", context->user, option_text(arguments, "why"));
    return OK;
}

static json_t *result_make(const Aftermath *aftermath)
{
    return json_pack("{s:s, s:{s:I, s:I, s:I}, s:I, s:I, s:O}", "as_of", aftermath->taken_at,
                     "settled", "claimed_to_uncertain", (json_int_t)aftermath->claimed,
                     "queued_to_uncertain", (json_int_t)aftermath->queued, "sent_by_journal",
                     (json_int_t)aftermath->sent, "still_queued", (json_int_t)aftermath->kept,
                     "pushes", (json_int_t)aftermath->pushed, "campaigns", aftermath->campaigns);
}

static ErrCode settle_and_close(Aftermath *aftermath, json_t **ret_result, Err *err)
{
    TRY(aftermath_settle(aftermath, err));
    json_t *result = result_make(aftermath);
    ErrCode code = aftermath_close(aftermath, result, err);
    if (code == OK)
        *ret_result = result;
    else
        json_decref(result);
    return code;
}

static ErrCode reconcile_run(Context *context, const Arguments *arguments, json_t **ret_result,
                             Err *err)
{
    Aftermath aftermath = {.context = context,
                           .journal = option_text(arguments, "journal"),
                           .pushes = option_text(arguments, "pushes")};
    Moment taken;
    TRY(why_check(context, arguments, err));
    if (option_given(arguments, "as-of-backup")) {
        TRY(moment_option(arguments, "as-of-backup", &taken, err));
        if (taken > moment_now())
            return err_set(err, ERR_USAGE, _("--as-of-backup lies in the future"));
        TRY(aftermath_declare(context, taken, err));
    }
    TRY(aftermath_load(&aftermath, err));
    TRY(word_take(&aftermath, arguments, err));
    ErrCode code = settle_and_close(&aftermath, ret_result, err);
    json_decref(aftermath.campaigns);
    return code;
}

static long long number_of(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    const json_t *settled = json_object_get(result, "settled");
    size_t index;
    json_t *campaign;
    printf(_("settled as of the backup of %s:\n"),
           json_string_value(json_object_get(result, "as_of")));
    printf(_("  %lld messages were on their way then: uncertain\n"),
           number_of(settled, "claimed_to_uncertain"));
    printf(_("  %lld messages waited then and may have gone out since: uncertain\n"),
           number_of(settled, "queued_to_uncertain"));
    printf(_("  %lld of them were sent, says the journal\n"),
           number_of(settled, "sent_by_journal"));
    printf(_("  %lld messages wait on: nothing went out since\n"),
           number_of(result, "still_queued"));
    printf(_("  %lld pushes of gateways were taken in\n"), number_of(result, "pushes"));
    json_array_foreach(json_object_get(result, "campaigns"), index, campaign)
        printf(_("campaign '%s': %lld uncertain, %lld queued\n"),
               json_string_value(json_object_get(campaign, "campaign")),
               number_of(campaign, "uncertain"), number_of(campaign, "queued"));
    puts(_("this base may send again: 'talent outreach settle' for what is uncertain, 'talent "
           "outreach resume' for campaigns that ran"));
}

static const Option OPTIONS[] = {
    {.name = "as-not-sent-since",
     .kind = OPTION_TEXT,
     .value = "TIME",
     .help = N_("you know that nothing went out since then: what was queued stays queued")},
    {.name = "why", .kind = OPTION_TEXT, .value = "TEXT", .help = N_("how that is known")},
    {.name = "journal",
     .kind = OPTION_FILE,
     .value = "DIR",
     .help = N_("the folder journal of the lost home, if it survived")},
    {.name = "pushes",
     .kind = OPTION_FILE,
     .value = "FILE",
     .help = N_("what gateways pushed after the backup, a JSON object a line: opt-outs take "
                "effect before anything is sent")},
    {.name = "as-of-backup",
     .kind = OPTION_TEXT,
     .value = "TIME",
     .help = N_("this base was brought back by other means than db restore, as it was then")},
    {0}};

const Command OUTREACH_RECONCILE = {
    .words = "outreach reconcile",
    .summary = N_("settle what a restored base may have missed, so that it may send again"),
    .details =
        N_("What happened between the backup and the loss is not in the base. Every message that "
           "waited or was on its way then may have gone out since: it becomes uncertain, and is "
           "never sent again by itself. Campaigns that ran are held. Before that, see to it that "
           "the lost home does not send any more, and put the opt-outs of that time on the list "
           "again: from the pushes if they were kept, else from the gateway's own records with "
           "'talent outreach optout add'. Campaigns planned after the backup are unknown here: "
           "whom they told, only the gateway knows."),
    .options = OPTIONS,
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = reconcile_run,
    .show = show,
};
