/* sql/verbs.h: the commands `talent db …`.
 * Shape:  SQL_VERBS ends with NULL. They open what they need themselves, from the configuration:
 * some of them run while there is no database. */
#ifndef SQL_VERBS_H
#define SQL_VERBS_H

#include "base/command.h"

extern const Command DB_START;
extern const Command DB_STOP;
extern const Command DB_STATUS;
extern const Command DB_MIGRATE;
extern const Command DB_KEY;
extern const Command DB_BACKUP;
extern const Command DB_RESTORE;
extern const Command DB_REKEY;
extern const Command DB_VERIFY;
extern const Command DB_PURGE;

extern const Command *const SQL_VERBS[];

#endif
