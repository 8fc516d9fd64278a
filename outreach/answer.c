#include "base/text.h"
#include "outreach/reply_desk.h"
#include "outreach/verbs.h"
#include "people/fact.h"

enum { WHY_CHARACTERS = 150 };

static const Option OPTIONS[] = {
    {.name = "as",
     .kind = OPTION_TEXT,
     .value = "intention|optout|done",
     .help = N_("what the reply means"),
     .required = true},
    {.name = "value",
     .kind = OPTION_TEXT,
     .value = "WORD",
     .help = N_("the intention: 1 willing, 2 not, 3 wants to know more, "
                "or the word")},
    {.name = "why",
     .kind = OPTION_TEXT,
     .value = "TEXT",
     .help = N_("how that is known, or what was done; kept"),
     .required = true},
    {0}};

/* "1", "愿意", "yes". */
static ErrCode intention_parse(Arena *arena, const char *word, int *ret_intention, Err *err)
{
    if (!word)
        return err_set(err, ERR_USAGE, _("--as intention needs --value"));
    if (reply_understand(arena, word, ret_intention) == REPLY_INTENTION)
        return OK;
    int64_t code = word_find(VOCABULARY_INTENTION, word);
    if (code == 0) {
        (void)err_set(err, ERR_USAGE, _("'%s' is no intention"), word);
        return err_hint(err, _("1 or 愿意, 2 or 不愿意, 3 or 想了解"));
    }
    *ret_intention = (int)code;
    return OK;
}

static ErrCode answer_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    static const char *const WORDS[] = {
        [REPLY_OTHER] = "done", [REPLY_OPTOUT] = "optout", [REPLY_INTENTION] = "intention"};
    const char *as = option_text(arguments, "as"), *value = option_text(arguments, "value");
    ReplyHandling handling = {.reply = argument_at(arguments, 0),
                              .why = text_trim(context->arena, option_text(arguments, "why"))};
    while (handling.meaning <= REPLY_INTENTION && !text_equal(as, WORDS[handling.meaning]))
        handling.meaning++;
    if (handling.meaning > REPLY_INTENTION)
        return err_set(err, ERR_USAGE, _("--as must be 'intention', 'optout' or 'done', not '%s'"),
                       as);
    if (!*handling.why || text_characters(handling.why) > WHY_CHARACTERS)
        return err_set(err, ERR_USAGE, _("--why is 1 to %d characters"), WHY_CHARACTERS);
    if (handling.meaning == REPLY_INTENTION)
        TRY(intention_parse(context->arena, value, &handling.intention, err));
    else if (value)
        return err_set(err, ERR_USAGE, _("--value goes with --as intention"));
    TRY(reply_desk_handle(context, &handling, err));
    *ret_result = json_pack("{ss, ss}", "reply", handling.reply, "as", as);
    json_object_set_new(*ret_result, "campaign",
                        handling.campaign ? json_string(handling.campaign) : json_null());
    json_object_set_new(*ret_result, "person",
                        handling.person ? json_integer(handling.person) : json_null());
    if (handling.meaning == REPLY_INTENTION)
        json_object_set_new(*ret_result, "value", json_integer(handling.intention));
    if (handling.meaning == REPLY_OPTOUT)
        json_object_set_new(*ret_result, "withheld", json_integer(handling.withheld));
    return OK;
}

const Command OUTREACH_ANSWER = {
    .words = "outreach answer",
    .summary = N_("say what a reply means that waits for a person"),
    .details = N_(
        "An intention becomes an answer of the information base, in a batch that says who read "
        "it so; 'talent people show' names it and 'talent survey undo' takes it back. An opt-out "
        "is in force before the next message is claimed. 'done' is for what was settled "
        "otherwise, such as by calling back."),
    .positionals =
        (const Positional[]){{"REPLY", N_("its number in the inbox"), false, false}, {0}},
    .options = OPTIONS,
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = answer_run,
};
