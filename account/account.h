/* account/account.h: who may use the base.
 * Shape:  a plain value from table account. While there is no account at all, whoever reaches the
 *         base may do everything: the bureau of one person, the demo.
 * Owns:   texts live in the arena given.
 * Errors: ERR_NOT_FOUND, ERR_USAGE for a town or a name that cannot be, ERR_REFUSED, ERR_DB.
 * Source: sql/queries/account/account.sql; DESIGN 9 "Roles". */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "base/role.h"
#include "sql/db.h"

enum { ACCOUNT_TOWNS = 64, ACCOUNT_NAME_BYTES = 64 };

typedef struct Account {
    int64_t id;
    const char *name;
    unsigned roles;       /* bits ROLE_x */
    const int64_t *towns; /* of an officer: codes of people/towns.def */
    size_t town_count;
    const char *os_user;  /* NULL = by login only */
    const char *password; /* argon2id; NULL = none, so no login */
    bool active;
    bool must_wait; /* too many wrong passwords just now */
    int64_t sessions;
} Account;

/* How many there are. */
typedef struct AccountStanding {
    int64_t accounts, in_force;
    const char *administrators; /* names in force, apart by ", " */
} AccountStanding;

ErrCode account_standing(Db *db, Arena *arena, AccountStanding *ret_standing, Err *err) MUST_CHECK;

/* The account of a name, an OS user or a token's hash; *ret_found false when there is none. A
 * disabled one is found too. */
typedef struct AccountKey {
    QueryId query;
    Value value;
} AccountKey;
ErrCode account_find(Db *db, Arena *arena, AccountKey key, Account *ret_account, bool *ret_found,
                     Err *err) MUST_CHECK;
/* By name; must exist. */
ErrCode account_load(Db *db, Arena *arena, const char *name, Account *ret_account,
                     Err *err) MUST_CHECK;

/* From the current row's first columns. */
Account account_read(const Rows *rows, Arena *arena);

/* A name: letters of any script, digits, . _ -; at most ACCOUNT_NAME_BYTES bytes. */
ErrCode account_name_check(const char *name, Err *err) MUST_CHECK;

/* "虎门镇,长安镇" into an account's towns; officers have some, others none. */
ErrCode account_towns_parse(Arena *arena, const char *text, Account *account, Err *err) MUST_CHECK;
/* As the table keeps them: "441900121,441900119". */
const char *account_towns_kept(Arena *arena, const Account *account);

/* Within a transaction, which then keeps all accounts as they are: ERR_REFUSED when nobody else
 * administers. */
ErrCode account_keep_admin(Db *db, const Account *account, Err *err) MUST_CHECK;

/* {account, roles, towns}, as they are typed; owned by the caller. */
json_t *account_json(const Account *account, Lang lang);

#endif
