/* talent account enable: bring an account back into use. */
#include "account/state.h"
#include "account/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    return account_put(context, arguments, true, ret_result, err);
}

const Command ACCOUNT_ENABLE = {
    .words = "account enable",
    .summary = N_("bring an account back into use"),
    .positionals = (const Positional[]){{"NAME", N_("the account's name"), false, false}, {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
