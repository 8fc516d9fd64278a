/* talent account add: lets a person in. The first one closes the base to everybody else. */
#include "account/account.h"
#include "account/password.h"
#include "account/verbs.h"

#include "base/text.h"

typedef struct Addition {
    Context *context;
    Account account;
    bool is_first; /* out */
} Addition;

/* Whoever makes the first account must still get in afterwards. */
static ErrCode check_first(const Addition *addition, Err *err)
{
    const Account *account = &addition->account;
    const char *os_user = addition->context->os_user;
    if (account->password || text_equal(account->os_user, os_user))
        return OK;
    err_set(err, ERR_REFUSED, _("the first account must be your own"));
    return err_hint(err, _("you are '%s' on this computer: talent account add NAME --os-user '%s'"),
                    os_user, os_user);
}

static ErrCode check_free(Db *db, Arena *arena, const Account *account, Err *err)
{
    Account other;
    bool found = false;
    const AccountKey name = {QUERY_ACCOUNT_ACCOUNT_BY_NAME, v_text(account->name)};
    const AccountKey os_user = {QUERY_ACCOUNT_ACCOUNT_BY_OS_USER, v_text(account->os_user)};
    TRY(account_find(db, arena, name, &other, &found, err));
    if (found)
        return err_set(err, ERR_REFUSED, _("there is an account '%s' already"), account->name);
    if (!account->os_user)
        return OK;
    TRY(account_find(db, arena, os_user, &other, &found, err));
    if (found)
        return err_set(err, ERR_REFUSED, _("the user '%s' of this computer has account '%s'"),
                       account->os_user, other.name);
    return OK;
}

static ErrCode add_body(Db *db, void *state, Err *err)
{
    Addition *addition = state;
    Account *account = &addition->account;
    Arena *arena = addition->context->arena;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_ACCOUNT_ACCOUNT_LOCK_ALL, NO_PARAMS, &rows, err));
    addition->is_first = rows_count(rows) == 0;
    if (addition->is_first) {
        account->roles |= ROLE_ADMIN;
        TRY(check_first(addition, err));
    } else if (addition->context->acting.account == 0) {
        err_set(err, ERR_REFUSED, _("somebody else has just made the first account"));
        return err_hint(err, _("'talent account list' shows them"));
    } else if (account->roles == 0) {
        err_set(err, ERR_USAGE, _("an account needs a role"));
        return err_hint(err, _("one of: %s"),
                        "survey, outreach, approver, analyst, officer, admin");
    }
    TRY(check_free(db, arena, account, err));
    return db_run(db, QUERY_ACCOUNT_ACCOUNT_ADD,
                  PARAMS(v_text(account->name), v_text(roles_text(arena, account->roles, ",")),
                         v_text(account_towns_kept(arena, account)), v_text(account->os_user),
                         v_text(account->password), v_text(addition->context->user)),
                  NULL, err);
}

static ErrCode take_password(Context *context, const Arguments *arguments, Account *account,
                             Err *err)
{
    PasswordSource source;
    AUTO_PASSWORD password = NULL;
    TRY(password_source_open(arguments, &source, err));
    ErrCode code = password_read_new(&source, &password, err);
    password_source_close(&source);
    return code == OK ? password_hash(context->arena, password, &account->password, err) : code;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    bool is_private = text_equal(context->config.database, "private");
    const char *os_user = option_text(arguments, "os-user");
    Addition addition = {.context = context, .account = {.name = argument_at(arguments, 0)}};
    Account *account = &addition.account;
    TRY(account_name_check(account->name, err));
    TRY(roles_parse(context->arena, option_text(arguments, "role"), &account->roles, err));
    TRY(account_towns_parse(context->arena, option_text(arguments, "town"), account, err));
    if (!is_private && os_user)
        return err_set(err, ERR_USAGE,
                       _("on a server people log in: --os-user is for a base of "
                         "one computer"));
    if (is_private)
        account->os_user = os_user ? os_user : account->name;
    if (!is_private || option_flag(arguments, "password") || password_option_given(arguments))
        TRY(take_password(context, arguments, account, err));
    TRY(db_transact(context->db, add_body, &addition, err));
    *ret_result = account_json(account, context->lang);
    json_object_set_new(*ret_result, "os_user",
                        account->os_user ? json_string(account->os_user) : json_null());
    json_object_set_new(*ret_result, "first", json_boolean(addition.is_first));
    return OK;
}

const Command ACCOUNT_ADD = {
    .words = "account add",
    .summary = N_("let a person in, with one role or several"),
    .details =
        N_("As long as there is no account, everybody who reaches the base may do everything. The "
           "first account is made an administrator's, whatever its roles; from then on nobody "
           "works here without an account. On a base of one computer a person is known by the "
           "user of the computer; on a server by logging in. Give each person the roles that the "
           "work takes, and no more: administering alone shows nobody's data."),
    .positionals = (const Positional[]){{"NAME", N_("the account's name"), false, false}, {0}},
    .options =
        (const Option[]){
            {.name = "role",
             .kind = OPTION_TEXT,
             .value = "ROLE,…",
             .help = N_("survey, outreach, approver, analyst, officer (of a town), admin"),
             .preset = ""},
            {.name = "town",
             .kind = OPTION_TEXT,
             .value = "TOWN,…",
             .help = N_("the towns of an officer, who sees nobody else's people")},
            {.name = "os-user",
             .kind = OPTION_TEXT,
             .value = "USER",
             .help = N_("the user of this computer who it is; else the one of the same name")},
            {.name = "password",
             .kind = OPTION_FLAG,
             .help = N_("ask for a password, to log in with on this computer")},
            PASSWORD_OPTIONS,
            {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
