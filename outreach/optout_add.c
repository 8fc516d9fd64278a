#include "base/text.h"
#include "outreach/optout.h"
#include "outreach/verbs.h"

enum { WHY_CHARACTERS = 200 };

typedef struct Addition {
    Context *context;
    const char *const *phones;
    size_t count;
    const char *why;
    int64_t added, already, withheld;
} Addition;

static ErrCode add_body(Db *db, void *state, Err *err)
{
    Addition *addition = state;
    addition->added = addition->already = addition->withheld = 0;
    for (size_t at = 0; at < addition->count; at++) {
        OptOut optout = {.phone = addition->phones[at],
                         .source = "staff",
                         .why = addition->why,
                         .user = addition->context->user};
        bool added = false;
        int64_t withheld = 0;
        TRY(optout_add(db, addition->context->sealer, &optout, &added, &withheld, err));
        addition->added += added;
        addition->already += !added;
        addition->withheld += withheld;
    }
    return OK;
}

static ErrCode add_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Addition addition = {.context = context, .why = option_text(arguments, "why")};
    if (text_characters(addition.why) > WHY_CHARACTERS)
        return err_set(err, ERR_USAGE, _("--why is at most %d characters"), WHY_CHARACTERS);
    TRY(optout_numbers(context, arguments, &addition.phones, &addition.count, err));
    TRY(db_transact(context->db, add_body, &addition, err));
    *ret_result =
        json_pack("{sI, sI, sI}", "added", (json_int_t)addition.added, "already",
                  (json_int_t)addition.already, "withheld", (json_int_t)addition.withheld);
    return OK;
}

const Command OUTREACH_OPTOUT_ADD = {
    .words = "outreach optout add",
    .summary = N_("put phone numbers on the do-not-text list"),
    .details = N_("The numbers are read from standard input, one a line, so that they stand in no "
                  "command line. Messages to them that still wait are withheld at once."),
    .options = (const Option[]){{.name = "person",
                                 .kind = OPTION_INT,
                                 .value = "ID",
                                 .help = N_("the phone of this person instead of standard input"),
                                 .min = 1,
                                 .max = INT64_MAX},
                                {.name = "why",
                                 .kind = OPTION_TEXT,
                                 .value = "TEXT",
                                 .help = N_("the reason, without personal data"),
                                 .preset = "asked by the recipient"},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = add_run,
};
