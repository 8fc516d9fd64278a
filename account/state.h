/* account/state.h: an account out of use, and back. It is never removed: what it did keeps its name.
 * Owns:   the result is owned by the caller.
 * Errors: ERR_NOT_FOUND; ERR_REFUSED for the last that administers; ERR_DB. */
#ifndef ACCOUNT_STATE_H
#define ACCOUNT_STATE_H

#include "account/account.h"

/* The account that the first argument names; its logins end when it goes out of use. */
ErrCode account_put(Context *context, const Arguments *arguments, bool active, json_t **ret_result,
                    Err *err) MUST_CHECK;

#endif
