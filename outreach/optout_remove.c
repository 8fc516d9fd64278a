#include "outreach/optout.h"
#include "outreach/verbs.h"

typedef struct Removal {
    Context *context;
    const char *const *phones;
    size_t count;
    int64_t removed, absent;
} Removal;

static ErrCode remove_body(Db *db, void *state, Err *err)
{
    Removal *removal = state;
    removal->removed = removal->absent = 0;
    for (size_t at = 0; at < removal->count; at++) {
        bool removed = false;
        TRY(optout_remove(db, removal->context->sealer, removal->phones[at], removal->context->user,
                          &removed, err));
        removal->removed += removed;
        removal->absent += !removed;
    }
    return OK;
}

static ErrCode remove_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Removal removal = {.context = context};
    TRY(optout_numbers(context, arguments, &removal.phones, &removal.count, err));
    TRY(db_transact(context->db, remove_body, &removal, err));
    *ret_result = json_pack("{sI, sI}", "removed", (json_int_t)removal.removed, "absent",
                            (json_int_t)removal.absent);
    return OK;
}

const Command OUTREACH_OPTOUT_REMOVE = {
    .words = "outreach optout remove",
    .summary = N_("take phone numbers off the do-not-text list"),
    .details = N_("The numbers are read from standard input, one a line. The record of who opted "
                  "out, and who took it back, stays."),
    .options = (const Option[]){{.name = "person",
                                 .kind = OPTION_INT,
                                 .value = "ID",
                                 .help = N_("the phone of this person instead of standard input"),
                                 .min = 1,
                                 .max = INT64_MAX},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = remove_run,
};
