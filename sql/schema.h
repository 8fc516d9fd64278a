/* sql/schema.h: brings a base to this program's schema, forward only, one numbered file after the
 * other.
 * Shape:  table schema_migration, one row per file with the statements done; a run that was cut off
 *         goes on at its first statement not counted, and takes "exists already" there for done,
 *         because each statement of the server is whole or not at all and only the count can be
 *         missing.
 * Errors: ERR_VERSION when the base is newer than the program, or older where only an administrator
 *         may change it; ERR_DB.
 * Source: sql/schema/NNNN_NAME.sql; sql/queries/sql/migration.sql. */
#ifndef SQL_SCHEMA_H
#define SQL_SCHEMA_H

#include "sql/db.h"

#include <jansson.h>

/* Applies what is missing, under the server's lock. ret_applied (may be NULL) gets an owned array
 * of names. */
ErrCode schema_migrate(Db *db, json_t **ret_applied, Err *err) MUST_CHECK;

/* The same up to migration number `last` only, and also while the base is being restored. */
ErrCode schema_migrate_to(Db *db, unsigned last, Err *err) MUST_CHECK;

/* ERR_VERSION unless the base has exactly this program's schema. */
ErrCode schema_check(Db *db, Err *err) MUST_CHECK;

/* Number of the last migration that is complete in the base; 0 = empty base. ERR_REFUSED while a
 * restore fills it, or when one was cut off. */
ErrCode schema_version(Db *db, unsigned *ret_version, Err *err) MUST_CHECK;

/* Number of the last migration of this program. */
unsigned schema_program_version(void);

#endif
