#include "account/state.h"

typedef struct Change {
    Context *context;
    const char *name;
    bool active;
    Account account; /* out */
} Change;

static ErrCode change_body(Db *db, void *state, Err *err)
{
    Change *change = state;
    Account *account = &change->account;
    TRY(account_load(db, change->context->arena, change->name, account, err));
    if (!change->active && (account->roles & ROLE_ADMIN) && account->active)
        TRY(account_keep_admin(db, account, err));
    TRY(db_run(db, QUERY_ACCOUNT_ACCOUNT_SET_STATE,
               PARAMS(v_text(change->active ? "active" : "disabled"), v_int(account->id)), NULL,
               err));
    account->active = change->active;
    return change->active
               ? OK
               : db_run(db, QUERY_ACCOUNT_SESSION_END_ALL, PARAMS(v_int(account->id)), NULL, err);
}

ErrCode account_put(Context *context, const Arguments *arguments, bool active, json_t **ret_result,
                    Err *err)
{
    Change change = {.context = context, .name = argument_at(arguments, 0), .active = active};
    TRY(db_transact(context->db, change_body, &change, err));
    *ret_result = account_json(&change.account, context->lang);
    json_object_set_new(*ret_result, "state",
                        json_string(change.account.active ? "active" : "disabled"));
    return OK;
}
