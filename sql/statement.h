/* sql/statement.h: the embedded .sql files as the program sees them.
 * Shape:  STATEMENTS[QUERY_…] and MIGRATIONS[0..MIGRATION_COUNT), made by sql/embed.c at build
 *         time.
 * Owns:   static constants.
 * Source: sql/queries/<room>/<noun>.sql, sql/schema/<number>_<name>.sql. */
#ifndef SQL_STATEMENT_H
#define SQL_STATEMENT_H

#include "sql/queries.h"

#include <stddef.h>

typedef struct Statement {
    const char *name; /* "survey/batch_list" */
    const char *file; /* "queries/survey/batch.sql" */
    const char *scan; /* tables that it may read whole, from its `-- scan:` line; "" = none */
    const char *text; /* without comments, may hold {{holes}} */
} Statement;

typedef struct Migration {
    unsigned number;
    const char *name; /* "0001_base" */
    const char *text; /* statements separated by ";\n" */
} Migration;

extern const Statement STATEMENTS[QUERY_COUNT];
extern const Migration MIGRATIONS[];
extern const size_t MIGRATION_COUNT;

#endif
