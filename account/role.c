/* talent account role: what an account may do from now on. */
#include "account/account.h"
#include "account/verbs.h"

typedef struct Change {
    Context *context;
    const Arguments *arguments;
    Account account; /* out */
} Change;

static ErrCode change_body(Db *db, void *state, Err *err)
{
    Change *change = state;
    Account *account = &change->account;
    Arena *arena = change->context->arena;
    unsigned before;
    TRY(account_load(db, arena, argument_at(change->arguments, 0), account, err));
    before = account->roles;
    TRY(roles_parse(arena, argument_at(change->arguments, 1), &account->roles, err));
    TRY(account_towns_parse(arena, option_text(change->arguments, "town"), account, err));
    if (account->roles == 0)
        return err_set(err, ERR_USAGE, _("an account without a role: disable it instead"));
    if ((before & ROLE_ADMIN) && !(account->roles & ROLE_ADMIN))
        TRY(account_keep_admin(db, account, err));
    return db_run(db, QUERY_ACCOUNT_ACCOUNT_SET_ROLES,
                  PARAMS(v_text(roles_text(arena, account->roles, ",")),
                         v_text(account_towns_kept(arena, account)), v_int(account->id)),
                  NULL, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Change change = {.context = context, .arguments = arguments};
    TRY(db_transact(context->db, change_body, &change, err));
    *ret_result = account_json(&change.account, context->lang);
    return OK;
}

const Command ACCOUNT_ROLE = {
    .words = "account role",
    .summary = N_("set the roles of an account, in place of those it has"),
    .positionals = (const Positional[]){{"NAME", N_("the account's name"), false, false},
                                        {"ROLE,…", N_("all its roles"), false, false},
                                        {0}},
    .options = (const Option[]){{.name = "town",
                                 .kind = OPTION_TEXT,
                                 .value = "TOWN,…",
                                 .help = N_("the towns of an officer, who sees nobody else's "
                                            "people")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | WRITES,
    .run = run,
};
