/* account/session.h: being logged in: a token in HOME/session (mode 0600), of which the base keeps a
 * hash, whose it is and until when.
 * Owns:   keys live in the arena.
 * Errors: ERR_REFUSED when others can read the file, ERR_IO, ERR_DB.
 * Source: sql/queries/account/session.sql. */
#ifndef ACCOUNT_SESSION_H
#define ACCOUNT_SESSION_H

#include "account/account.h"

enum { SESSION_HOURS = 12, SESSION_HOURS_MOST = 24 * 366 };

/* Logs an account in for so many hours; an older session of this home ends. */
ErrCode session_begin(const Context *context, Db *db, int64_t account, int64_t hours,
                      Err *err) MUST_CHECK;

/* The key of whoever is logged in here; *ret_found false when there is no file. */
ErrCode session_key(const Context *context, AccountKey *ret_key, bool *ret_found,
                    Err *err) MUST_CHECK;

/* Ends it in the base and removes the file; *ret_ended false when there was none. */
ErrCode session_end(const Context *context, Db *db, bool *ret_ended, Err *err) MUST_CHECK;

#endif
