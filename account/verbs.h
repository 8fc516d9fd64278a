/* account/verbs.h: the commands of this room: talent account ….
 * Source: DESIGN 9 "Roles". */
#ifndef ACCOUNT_VERBS_H
#define ACCOUNT_VERBS_H

#include "base/command.h"

extern const Command ACCOUNT_ADD;
extern const Command ACCOUNT_LIST;
extern const Command ACCOUNT_ROLE;
extern const Command ACCOUNT_DISABLE;
extern const Command ACCOUNT_ENABLE;
extern const Command ACCOUNT_PASSWD;
extern const Command ACCOUNT_LOGIN;
extern const Command ACCOUNT_LOGOUT;

extern const Command *const ACCOUNT_VERBS[]; /* ends with NULL */

#endif
