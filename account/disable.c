/* talent account disable: take an account out of use, and end its logins. */
#include "account/state.h"
#include "account/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    return account_put(context, arguments, false, ret_result, err);
}

const Command ACCOUNT_DISABLE = {
    .words = "account disable",
    .summary = N_("take an account out of use, and end its logins"),
    .positionals = (const Positional[]){{"NAME", N_("the account's name"), false, false}, {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
