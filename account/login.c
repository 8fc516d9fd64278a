/* talent account login: being known on a shared server. */
#include "account/account.h"
#include "account/password.h"
#include "account/session.h"
#include "account/verbs.h"

/* Wrong name, wrong password and no password look the same, and take as long. */
static ErrCode refuse_login(Err *err)
{
    err_set(err, ERR_REFUSED, _("name and password do not belong together"));
    return err_hint(err, _("after five wrong passwords in a row a quarter of an hour must pass"));
}

static ErrCode check_password(Context *context, const Arguments *arguments, const Account *account,
                              Err *err)
{
    PasswordSource source;
    AUTO_PASSWORD password = NULL;
    TRY(password_source_open(arguments, &source, err));
    ErrCode code = password_read(&source, _("Password"), &password, err);
    password_source_close(&source);
    TRY(code);
    bool holds = password_holds(password, account->must_wait ? NULL : account->password);
    if (!holds && account->id)
        TRY(db_run(context->db, QUERY_ACCOUNT_ACCOUNT_LOGIN_FAILED, PARAMS(v_int(account->id)),
                   NULL, err));
    if (!holds)
        return refuse_login(err);
    if (!account->active)
        return err_set(err, ERR_REFUSED, _("account '%s' is disabled"), account->name);
    return db_run(context->db, QUERY_ACCOUNT_ACCOUNT_LOGIN_DONE, PARAMS(v_int(account->id)), NULL,
                  err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Account account = {0};
    bool found = false;
    int64_t hours = option_int(arguments, "hours", SESSION_HOURS);
    const AccountKey key = {QUERY_ACCOUNT_ACCOUNT_BY_NAME, v_text(argument_at(arguments, 0))};
    TRY(account_find(context->db, context->arena, key, &account, &found, err));
    TRY(check_password(context, arguments, &account, err));
    TRY(session_begin(context, context->db, account.id, hours, err));
    context->user = account.name;
    *ret_result = account_json(&account, context->lang);
    json_object_set_new(*ret_result, "hours", json_integer(hours));
    return OK;
}

const Command ACCOUNT_LOGIN = {
    .words = "account login",
    .summary = N_("log in; what you do from this home is then done by your account"),
    .details = N_("The password is asked for on the terminal. A file in the home that only you can "
                  "read keeps you logged in until the hours are over or 'talent account logout'. "
                  "A service that runs for long logs in for as many hours as it may run."),
    .positionals = (const Positional[]){{"NAME", N_("the account's name"), false, false}, {0}},
    .options = (const Option[]){{.name = "hours",
                                 .kind = OPTION_INT,
                                 .value = "N",
                                 .help = N_("for how long"),
                                 .min = 1,
                                 .max = SESSION_HOURS_MOST,
                                 .preset = "12"},
                                PASSWORD_OPTIONS,
                                {0}},
    .role = ROLE_ANYONE,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
