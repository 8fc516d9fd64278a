/* talent account passwd: another password; all logins made with the old one end. */
#include "account/account.h"
#include "account/password.h"
#include "account/verbs.h"

#include "base/text.h"

typedef struct Change {
    const Account *account;
    const char *kept;
} Change;

static ErrCode change_body(Db *db, void *state, Err *err)
{
    const Change *change = state;
    TRY(db_run(db, QUERY_ACCOUNT_ACCOUNT_SET_PASSWORD,
               PARAMS(v_text(change->kept), v_int(change->account->id)), NULL, err));
    return db_run(db, QUERY_ACCOUNT_SESSION_END_ALL, PARAMS(v_int(change->account->id)), NULL, err);
}

/* Who changes the own password knows the present one; an administrator needs none. */
static ErrCode passwords_read(const Context *context, const PasswordSource *source,
                              const Account *account, const char **ret_kept, Err *err)
{
    AUTO_PASSWORD present = NULL;
    AUTO_PASSWORD next = NULL;
    if (!(context->acting.roles & ROLE_ADMIN) && account->password) {
        TRY(password_read(source, _("Present password"), &present, err));
        if (!password_holds(present, account->password))
            return err_set(err, ERR_REFUSED, _("that is not the present password"));
    }
    TRY(password_read_new(source, &next, err));
    return password_hash(context->arena, next, ret_kept, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const char *name = argument_at(arguments, 0) ? argument_at(arguments, 0) : context->user;
    Account account;
    PasswordSource source;
    Change change = {.account = &account};
    TRY(account_load(context->db, context->arena, name, &account, err));
    if (!text_equal(name, context->user) && !(context->acting.roles & ROLE_ADMIN))
        return err_set(err, ERR_REFUSED, _("only an administrator changes another's password"));
    TRY(password_source_open(arguments, &source, err));
    ErrCode code = passwords_read(context, &source, &account, &change.kept, err);
    password_source_close(&source);
    TRY(code);
    TRY(db_transact(context->db, change_body, &change, err));
    *ret_result = account_json(&account, context->lang);
    return OK;
}

const Command ACCOUNT_PASSWD = {
    .words = "account passwd",
    .summary = N_("change a password; logins made with the old one end"),
    .details =
        N_("The own password, or with the role admin anybody's. It is asked for on the "
           "terminal, or read from a file or descriptor, one a line: the present one (unless "
           "an administrator changes it), then the new one."),
    .positionals = (const Positional[]){{"NAME", N_("whose; else the own"), true, false}, {0}},
    .options = (const Option[]){PASSWORD_OPTIONS, {0}},
    .role = ROLE_EVERY,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
