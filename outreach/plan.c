#include "base/render.h"
#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/draft.h"
#include "outreach/tally.h"
#include "outreach/verbs.h"
#include "policy/term.h"

enum { NAME_CHARACTERS = 120 };

static ErrCode verdicts_parse(Arena *arena, const char *list, AudienceRequest *request, Err *err)
{
    bool any = false;
    while (*list) {
        size_t length = strcspn(list, ",");
        const char *word = text_trim(arena, arena_strndup(arena, list, length));
        list += length + (list[length] == ',');
        Verdict verdict;
        if (!verdict_find(word, &verdict)) {
            (void)err_set(err, ERR_USAGE, _("'%s' is not a verdict"), word);
            return err_hint(err, "eligible, likely, possible, later, ineligible");
        }
        request->verdicts[verdict] = any = true;
    }
    return any ? OK : err_set(err, ERR_USAGE, _("--verdict names no verdict"));
}

/* A name must not read as a campaign's number, and must be free. */
static ErrCode name_check(Db *db, Arena *arena, const char *name, Err *err)
{
    Err other_err = {0};
    Campaign other;
    if (!*name || text_characters(name) > NAME_CHARACTERS || text_damaged(name))
        return err_set(err, ERR_USAGE, _("a campaign's name is 1 to %d characters"),
                       NAME_CHARACTERS);
    if (strspn(name, "0123456789") == strlen(name))
        return err_set(err, ERR_USAGE, _("'%s' would read as a campaign's number"), name);
    ErrCode code = campaign_load(db, arena, name, &other, &other_err);
    if (code == OK) {
        (void)err_set(err, ERR_REFUSED, _("there is already a campaign '%s'"), name);
        return err_hint(err, _("choose another name; campaigns are never overwritten"));
    }
    if (code != ERR_NOT_FOUND)
        *err = other_err;
    return code == ERR_NOT_FOUND ? OK : code;
}

/* The policy is the one that the text speaks of; another one would give reasons that are not its
 * own. */
static ErrCode policy_choose(Arena *arena, const Template *template, const char *wanted,
                             const Policy **ret_policy, Err *err)
{
    if (wanted && !text_equal(wanted, template->policy)) {
        (void)err_set(err, ERR_REFUSED, _("template '%s' speaks of policy '%s', not of '%s'"),
                      template->id, template->policy, wanted);
        return err_hint(err, _("choose a template of that policy"));
    }
    return policy_load(arena, template->policy, ret_policy, err);
}

static ErrCode draft_prepare(Context *context, const Arguments *arguments, Draft *draft, Err *err)
{
    Arena *arena = context->arena;
    AudienceRequest *request = &draft->request;
    Template *template = arena_alloc(arena, sizeof *template);
    const char *reminder_of = option_text(arguments, "reminder-of");
    *draft = (Draft){.name = text_trim(arena, argument_at(arguments, 0)),
                     .where_text = option_text(arguments, "where"),
                     .user = context->user,
                     .sealer = context->sealer,
                     .quiet = context->quiet,
                     .request = {.template = template,
                                 .as_of = context->as_of,
                                 .cap_messages = context->config.cap_messages,
                                 .cap_days = context->config.cap_days}};
    TRY(template_load(arena, option_text(arguments, "template"), template, err));
    TRY(policy_choose(arena, template, option_text(arguments, "policy"), &request->policy, err));
    TRY(verdicts_parse(arena, option_text(arguments, "verdict"), request, err));
    const WhereTerms *terms = policy_terms(arena, request->policy, context->as_of);
    TRY(where_parse_with(arena, draft->where_text, terms, &request->where, err));
    TRY(name_check(context->db, arena, draft->name, err));
    if (reminder_of) {
        Campaign earlier;
        TRY(campaign_load(context->db, arena, reminder_of, &earlier, err));
        request->reminder_of = earlier.id;
    }
    return OK;
}

static json_t *draft_json(const Draft *draft)
{
    json_t *suppressed = json_object();
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++)
        json_object_set_new(suppressed, suppression_word((Suppression)reason),
                            json_integer(draft->suppressed[reason]));
    return json_pack("{ss, sI, ss, sI, sI, so, so, sI}", "campaign", draft->name, "id",
                     (json_int_t)draft->id, "state", campaign_state_word(CAMPAIGN_DRAFT), "people",
                     (json_int_t)draft->counts.people, "audience", (json_int_t)draft->audience,
                     "suppressed", suppressed, "other_verdicts", draft_others(draft), "segments",
                     (json_int_t)draft->segments);
}

static ErrCode plan_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Draft draft;
    TRY(draft_prepare(context, arguments, &draft, err));
    if (draft_make(context->db, &draft, err) != OK)
        return err_wrap(err, _("cannot plan campaign '%s'"), draft.name);
    *ret_result = draft_json(&draft);
    return OK;
}

static int64_t count_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* What keeps people of a wanted verdict from being addressed, as draft_others names it. */
static const char *other_label(const char *key)
{
    static const struct {
        const char *key, *label;
    } LABELS[] = {{"outside_where", N_("outside --where")},
                  {"unknown_where", N_("--where cannot be told")},
                  {"untold", N_("not reached by the earlier campaign")},
                  {"replied", N_("has replied to the earlier campaign")}};
    Verdict verdict;
    for (size_t at = 0; at < sizeof LABELS / sizeof LABELS[0]; at++) {
        if (text_equal(key, LABELS[at].key))
            return _(LABELS[at].label);
    }
    return verdict_find(key, &verdict) ? verdict_label(verdict) : key;
}

/* Everyone of the base in one place each: the lines add up to the last. */
static void plan_show(const Context *context, const json_t *result)
{
    const json_t *suppressed = json_object_get(result, "suppressed");
    const json_t *others = json_object_get(result, "other_verdicts");
    Tally tally = tally_start(context->arena, count_of(result, "people"));
    printf("%s%s%s  %s\n", render_style(stdout, STYLE_BOLD),
           json_string_value(json_object_get(result, "campaign")), render_plain(stdout),
           _(json_string_value(json_object_get(result, "state"))));
    tally_add(&tally, _("gets a message"), count_of(result, "audience"));
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++) {
        int64_t count = count_of(suppressed, suppression_word((Suppression)reason));
        if (count > 0)
            tally_add(&tally, suppression_label((Suppression)reason), count);
    }
    void *at = json_object_iter((json_t *)(uintptr_t)others);
    for (; at; at = json_object_iter_next((json_t *)(uintptr_t)others, at)) {
        int64_t count = json_integer_value(json_object_iter_value(at));
        if (count > 0)
            tally_add(&tally, other_label(json_object_iter_key(at)), count);
    }
    tally_add(&tally, _("everyone of the base"), tally.whole);
    tally_print(&tally, N_("who"), N_("people"));
    printf(_("%s messages, billed as %s SMS\n"),
           render_number(context->arena, count_of(result, "audience")),
           render_number(context->arena, count_of(result, "segments")));
}

const Command OUTREACH_PLAN = {
    .words = "outreach plan",
    .summary = N_("freeze a campaign's audience as a draft, with everyone left out and why"),
    .details =
        N_("The verdict of each person is taken at --as-of. Everyone of the base ends in one "
           "place: people = audience + suppressed + other verdicts. Nothing is sent before "
           "the campaign is approved and launched."),
    .positionals = (const Positional[]){{"NAME", N_("the new campaign's name"), false, false}, {0}},
    .options =
        (const Option[]){
            {.name = "template",
             .kind = OPTION_TEXT,
             .value = "T",
             .help = N_("the text, by its id"),
             .required = true},
            {.name = "policy",
             .kind = OPTION_TEXT,
             .value = "ID",
             .help = N_("the policy; preset: the one that the template speaks of")},
            {.name = "verdict",
             .kind = OPTION_TEXT,
             .value = "LIST",
             .help = N_("who is addressed, by verdict"),
             .preset = "likely,eligible"},
            {.name = "where",
             .kind = OPTION_TEXT,
             .value = "EXPR",
             .help = N_("address only those for whom this holds")},
            {.name = "reminder-of",
             .kind = OPTION_TEXT,
             .value = "CAMPAIGN",
             .help = N_("address only those whom that campaign reached and who have not replied")},
            {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES | SENDS,
    .run = plan_run,
    .show = plan_show,
};
