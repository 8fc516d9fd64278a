/* account/gate.h: who is acting, and whether the command is theirs to run: the one place where roles
 * are enforced.
 * Shape:  fills context->acting and context->user. As long as the base has no account everything
 *         passes for the OS user. Then a session (account/session.h) says who it is; on a private
 *         base without one, the OS user does. What a command's declaration leaves open to anyone
 *         passes always.
 * Owns:   texts live in the context's arena.
 * Errors: ERR_REFUSED, with who can help; ERR_DB.
 * Source: DESIGN 9 "Roles". */
#ifndef ACCOUNT_GATE_H
#define ACCOUNT_GATE_H

#include "base/command.h"

/* The name of the user whose process this is; "#1234" of one without a name. Lives in arena. */
const char *gate_os_user(Arena *arena);

/* For a command that opens no base itself, the one that runs is asked; none is started for it: while
 * it rests there is nothing to guard. *ret_db, set after a refusal too, is the base that was asked,
 * NULL for none; unless it is the context's own, the caller closes it. */
ErrCode gate_pass(const Arguments *arguments, Context *context, Db **ret_db, Err *err) MUST_CHECK;

#endif
