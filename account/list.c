/* talent account list: who may use the base, and as what. */
#include "account/account.h"
#include "account/verbs.h"

static json_t *line_json(const Context *context, const Rows *rows)
{
    const Account account = account_read(rows, context->arena);
    json_t *line = account_json(&account, context->lang);
    json_object_set_new(line, "state", json_string(account.active ? N_("active") : N_("disabled")));
    json_object_set_new(line, "os_user",
                        account.os_user ? json_string(account.os_user) : json_null());
    json_object_set_new(line, "password", json_boolean(account.password != NULL));
    json_object_set_new(line, "sessions", json_integer(account.sessions));
    json_object_set_new(line, "added_by", json_string(rows_text(rows, 9)));
    json_object_set_new(line, "added_at", json_string(rows_text(rows, 10)));
    return line;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_ACCOUNT_ACCOUNT_LIST, NO_PARAMS, &rows, err));
    *ret_result = json_array();
    while (rows_next(rows))
        json_array_append_new(*ret_result, line_json(context, rows));
    return OK;
}

const Command ACCOUNT_LIST = {
    .words = "account list",
    .summary = N_("list the accounts with their roles and towns"),
    .columns = (const Column[]){{"account", N_("account")},
                                {"roles", N_("roles")},
                                {"towns", N_("towns")},
                                {"state", N_("state")},
                                {"os_user", N_("user of this computer")},
                                {"password", N_("password")},
                                {"sessions", N_("logged in")},
                                {"added_by", N_("added by")},
                                {"added_at", N_("added at")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE,
    .run = run,
};
