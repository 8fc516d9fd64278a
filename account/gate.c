#include "account/gate.h"

#include "account/session.h"
#include "base/arguments.h"
#include "base/text.h"

#include <pwd.h>
#include <unistd.h>

const char *gate_os_user(Arena *arena)
{
    const struct passwd *entry = getpwuid(getuid());
    return entry ? arena_strdup(arena, entry->pw_name) : arena_printf(arena, "#%u", getuid());
}

/* The base of a command that opens none: NULL when it does not run, cannot be reached (the command
 * says so itself) or cannot have accounts. */
static ErrCode running_base(const Config *config, Db **ret_db, Err *err)
{
    Db *db = NULL;
    int64_t known = 0;
    *ret_db = NULL;
    if (db_open_running(config, &db, err) != OK || !db)
        return OK;
    ErrCode code = db_number(db, QUERY_ACCOUNT_ACCOUNT_TABLE_EXISTS, NO_PARAMS, &known, err);
    if (code == OK && known)
        *ret_db = db;
    else
        db_close(db);
    return code;
}

static bool is_private(const Context *context)
{
    return text_equal(context->config.database, "private");
}

static ErrCode refuse_stranger(const Context *context, const AccountStanding *standing, Err *err)
{
    if (!is_private(context)) {
        err_set(err, ERR_REFUSED, _("nobody is logged in"));
        return err_hint(err,
                        _("'talent account login NAME'; who has no account is given one by: %s"),
                        standing->administrators);
    }
    err_set(err, ERR_REFUSED, _("the user '%s' of this computer has no account in this base"),
            context->os_user);
    return err_hint(err, _("log in with 'talent account login NAME', or ask to be let in: %s"),
                    standing->administrators);
}

/* Who it is, by session or by the OS user. */
static ErrCode recognise(const Context *context, Db *db, const AccountStanding *standing,
                         Account *ret_account, Err *err)
{
    AccountKey key = {0};
    bool by_session = false, found = false;
    TRY(session_key(context, &key, &by_session, err));
    if (!by_session && is_private(context))
        key = (AccountKey){QUERY_ACCOUNT_ACCOUNT_BY_OS_USER, v_text(context->os_user)};
    if (by_session || is_private(context))
        TRY(account_find(db, context->arena, key, ret_account, &found, err));
    if (found && !ret_account->active) {
        err_set(err, ERR_REFUSED, _("account '%s' is disabled"), ret_account->name);
        return err_hint(err, _("who can let it in again: %s"), standing->administrators);
    }
    if (!found && by_session) {
        err_set(err, ERR_REFUSED, _("the login of this home has ended"));
        return err_hint(err, _("'talent account login NAME' begins another"));
    }
    return found ? OK : refuse_stranger(context, standing, err);
}

static ErrCode refuse_role(const Context *context, const char *what, unsigned roles,
                           const AccountStanding *standing, Err *err)
{
    err_set(err, ERR_REFUSED, _("account '%s' may not use '%s'"), context->user, what);
    return err_hint(err, _("it takes one of the roles: %s; they are given by: %s"),
                    roles_text(context->arena, roles, ", "), standing->administrators);
}

static ErrCode check_roles(const Arguments *arguments, const Context *context,
                           const AccountStanding *standing, Err *err)
{
    const Command *command = arguments->command;
    unsigned roles = context->acting.roles;
    if (!(roles & command->role))
        return refuse_role(context, command->words, command->role, standing, err);
    for (size_t i = 0; i < arguments->option_count; i++) {
        const Given *given = &arguments->given[i];
        if (given->typed && given->option->role && !(roles & given->option->role))
            return refuse_role(
                context,
                arena_printf(context->arena, "%s --%s", command->words, given->option->name),
                given->option->role, standing, err);
    }
    return OK;
}

static ErrCode pass(const Arguments *arguments, Context *context, Db *db, Err *err)
{
    AccountStanding standing;
    Account account = {0};
    TRY(account_standing(db, context->arena, &standing, err));
    if (standing.accounts == 0)
        return OK;
    TRY(recognise(context, db, &standing, &account, err));
    unsigned by = account.roles & arguments->command->role;
    bool as_officer = by == ROLE_OFFICER && arguments->command->role != ROLE_EVERY;
    context->user = account.name;
    context->acting = (Acting){.account = account.id,
                               .roles = account.roles,
                               .accounts = standing.in_force,
                               .figures_only = (by & ROLE_ANALYST) &&
                                               !(account.roles & (ROLE_SURVEY | ROLE_OUTREACH)),
                               .towns = as_officer ? account.towns : NULL,
                               .town_count = as_officer ? account.town_count : 0};
    return check_roles(arguments, context, &standing, err);
}

ErrCode gate_pass(const Arguments *arguments, Context *context, Db **ret_db, Err *err)
{
    bool anyone = arguments->command->role & ROLE_ANYONE;
    *ret_db = context->db;
    if (!context->db && !anyone)
        TRY(running_base(&context->config, ret_db, err));
    return anyone || !*ret_db ? OK : pass(arguments, context, *ret_db, err);
}
