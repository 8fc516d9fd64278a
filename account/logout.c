/* talent account logout: ends the login of this home. */
#include "account/session.h"
#include "account/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    bool ended = false;
    TRY(session_end(context, context->db, &ended, err));
    *ret_result = json_pack("{s:b}", "ended", ended);
    return OK;
}

const Command ACCOUNT_LOGOUT = {
    .words = "account logout",
    .summary = N_("end the login of this home"),
    .role = ROLE_ANYONE,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
