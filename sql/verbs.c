#include "sql/verbs.h"

const Command *const SQL_VERBS[] = {&DB_START,  &DB_STOP,   &DB_STATUS,  &DB_MIGRATE,
                                    &DB_KEY,    &DB_BACKUP, &DB_RESTORE, &DB_REKEY,
                                    &DB_VERIFY, &DB_PURGE,  NULL};
