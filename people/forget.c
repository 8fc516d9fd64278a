/* talent people forget: erases a person on request, and keeps it from coming back. */
#include "people/forgotten.h"
#include "people/verbs.h"
#include "people/why.h"

typedef struct Forgetting {
    Context *context;
    int64_t person;
    Decider decider;
    Erased erased;
} Forgetting;

static ErrCode forget_body(Db *db, void *state, Err *err)
{
    Forgetting *forgetting = state;
    TRY(answers_lock(db, err));
    return person_forget(db, forgetting->context->sealer, forgetting->person, &forgetting->decider,
                         &forgetting->erased, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Forgetting forgetting = {.context = context};
    TRY(argument_number(arguments, 0, &forgetting.person, err));
    TRY(why_decider(context, arguments, &forgetting.decider, err));
    TRY(db_transact(context->db, forget_body, &forgetting, err));
    const Erased *erased = &forgetting.erased;
    *ret_result =
        json_pack("{s:I, s:s, s:I, s:I, s:I, s:I}", "person", (json_int_t)forgetting.person,
                  "state", "forgotten", "answers", (json_int_t)erased->answers, "quarantined",
                  (json_int_t)erased->quarantined, "staged", (json_int_t)erased->staged, "messages",
                  (json_int_t)erased->messages);
    return OK;
}

static const Positional POSITIONALS[] = {{.name = "PERSON", .help = N_("number of the person")},
                                         {0}};

static const Option OPTIONS[] = {WHY_OPTION, {0}};

const Command PEOPLE_FORGET = {
    .words = "people forget",
    .summary = N_("erase a person on request, and keep it from coming back"),
    .details =
        N_("The person's answers and its rows in quarantine and in files that wait for review "
           "are erased, messages that wait are withheld; what was sent stays in the delivery log, "
           "as the law wants it. Keyed "
           "hashes of ID number, name and phone stay, so that later imports leave the person "
           "out and say so, and no message goes to the phone. This cannot be taken back."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
