#include "account/account.h"

#include "base/text.h"
#include "people/fact.h"

#include <inttypes.h>
#include <string.h>

/* What towns of a table or a command line are apart by. */
static const char APART[] = ", \t\n";

static const char *row_text(const Rows *rows, unsigned column, Arena *arena)
{
    const char *text = rows_text(rows, column);
    return text ? arena_strdup(arena, text) : NULL;
}

/* Codes as the table keeps them. */
static void towns_read(const char *kept, Arena *arena, Account *account)
{
    int64_t *towns = arena_array(arena, int64_t, ACCOUNT_TOWNS);
    char *end;
    for (const char *at = kept; *at && account->town_count < ACCOUNT_TOWNS; at = end) {
        towns[account->town_count++] = strtoll(at, &end, 10);
        end += strspn(end, APART);
    }
    account->towns = towns;
}

static unsigned roles_read(const char *kept, Arena *arena)
{
    unsigned roles = 0;
    Err err;
    ErrCode code = roles_parse(arena, kept, &roles, &err);
    assert(code == OK); /* the column knows the same words */
    return roles;
}

Account account_read(const Rows *rows, Arena *arena)
{
    Account account = {
        .id = rows_int(rows, 0),
        .name = row_text(rows, 1, arena),
        .roles = roles_read(rows_text(rows, 2), arena),
        .os_user = row_text(rows, 4, arena),
        .password = row_text(rows, 5, arena),
        .active = rows_int(rows, 6) != 0,
        .must_wait = rows_int(rows, 7) != 0,
        .sessions = rows_int(rows, 8),
    };
    towns_read(rows_text(rows, 3), arena, &account);
    return account;
}

ErrCode account_standing(Db *db, Arena *arena, AccountStanding *ret_standing, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_ACCOUNT_ACCOUNT_STANDING, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("this base does not say who may use it"));
    const char *administrators = row_text(rows, 2, arena);
    *ret_standing = (AccountStanding){.accounts = rows_int(rows, 0),
                                      .in_force = rows_int(rows, 1),
                                      .administrators = administrators ? administrators : ""};
    return OK;
}

ErrCode account_find(Db *db, Arena *arena, AccountKey key, Account *ret_account, bool *ret_found,
                     Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, key.query, &key.value, 1, &rows, err));
    *ret_found = rows_next(rows);
    if (*ret_found)
        *ret_account = account_read(rows, arena);
    return OK;
}

ErrCode account_load(Db *db, Arena *arena, const char *name, Account *ret_account, Err *err)
{
    bool found = false;
    const AccountKey key = {QUERY_ACCOUNT_ACCOUNT_BY_NAME, v_text(name)};
    TRY(account_find(db, arena, key, ret_account, &found, err));
    if (found)
        return OK;
    err_set(err, ERR_NOT_FOUND, _("there is no account '%s'"), name);
    return err_hint(err, _("'talent account list' shows them"));
}

ErrCode account_name_check(const char *name, Err *err)
{
    size_t length = strlen(name);
    bool fine = length > 0 && length <= ACCOUNT_NAME_BYTES && name[0] != '-' &&
                text_valid(name, length, NULL) && !text_damaged(name);
    for (const char *c = name; *c && fine; c++)
        fine = (unsigned char)*c >= 0x80 || strchr("._-", *c) || (*c >= '0' && *c <= '9') ||
               (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    if (fine)
        return OK;
    err_set(err, ERR_USAGE, _("'%s' cannot be the name of an account"), name);
    return err_hint(err, _("letters, digits and . _ - may stand in it, at most %d bytes"),
                    ACCOUNT_NAME_BYTES);
}

ErrCode account_towns_parse(Arena *arena, const char *text, Account *account, Err *err)
{
    int64_t *towns = arena_array(arena, int64_t, ACCOUNT_TOWNS);
    account->town_count = 0;
    account->towns = towns;
    for (const char *at = text ? text : ""; *(at += strspn(at, APART));) {
        size_t length = strcspn(at, APART);
        const char *word = arena_strndup(arena, at, length);
        int64_t town = word_find(VOCABULARY_TOWN, word);
        if (town == 0)
            return err_set(err, ERR_USAGE, _("there is no town '%s'"), word);
        if (account->town_count == ACCOUNT_TOWNS)
            return err_set(err, ERR_LIMIT, _("more than %d towns"), ACCOUNT_TOWNS);
        towns[account->town_count++] = town;
        at += length;
    }
    bool officer = account->roles & ROLE_OFFICER;
    if (officer && account->town_count == 0) {
        err_set(err, ERR_USAGE, _("an officer needs a town"));
        return err_hint(err, "--town 虎门镇");
    }
    if (!officer && account->town_count > 0)
        return err_set(err, ERR_USAGE, _("--town is for officers only"));
    return OK;
}

const char *account_towns_kept(Arena *arena, const Account *account)
{
    const char *kept = "";
    for (size_t i = 0; i < account->town_count; i++)
        kept = arena_printf(arena, "%s%s%" PRId64, kept, i ? "," : "", account->towns[i]);
    return kept;
}

ErrCode account_keep_admin(Db *db, const Account *account, Err *err)
{
    AUTO_ROWS rows = NULL;
    bool other = false;
    TRY(db_query(db, QUERY_ACCOUNT_ACCOUNT_LOCK_ALL, NO_PARAMS, &rows, err));
    while (rows_next(rows))
        other = other || (rows_int(rows, 0) != account->id && rows_int(rows, 1) != 0 &&
                          rows_int(rows, 2) != 0);
    if (other)
        return OK;
    err_set(err, ERR_REFUSED, _("account '%s' is the last that administers"), account->name);
    return err_hint(err, _("make another account an administrator first"));
}

json_t *account_json(const Account *account, Lang lang)
{
    AUTO_ARENA arena = arena_new(0);
    const char *towns = "";
    for (size_t i = 0; i < account->town_count; i++)
        towns = arena_printf(arena, "%s%s%s", towns, i ? "," : "",
                             word_show(VOCABULARY_TOWN, account->towns[i], lang));
    return json_pack("{s:s, s:s, s:s}", "account", account->name, "roles",
                     roles_text(arena, account->roles, ","), "towns", towns);
}
