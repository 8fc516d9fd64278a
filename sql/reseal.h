/* sql/reseal.h: what is sealed in the base, column by column: sealed anew with the current key, or
 * only opened to see that it opens.
 * Shape:  a column is walked in pages along the primary key, each page a short transaction; a value
 *         is replaced only if it is still the one that was read, so nobody who works meanwhile
 *         loses anything. Values of the current key are passed over: run again, it goes on where it
 *         was cut off.
 * Owns:   nothing.
 * Errors: ERR_SEAL for a value that no key of the file opens, by table and row; ERR_DB; ERR_LIMIT;
 *         ERR_INTERRUPTED.
 * Source: sql/sealed.def; sql/queries/sql/reseal.sql. */
#ifndef SQL_RESEAL_H
#define SQL_RESEAL_H

#include "base/seal.h"
#include "sql/db.h"

enum { SEALED_KEYS_MAX = 4 };

typedef struct SealedColumn {
    const char *table, *column;
    const char *keys[SEALED_KEYS_MAX + 1]; /* ends with NULL */
} SealedColumn;

extern const SealedColumn SEALED_COLUMNS[];
extern const size_t SEALED_COLUMN_COUNT;

/* Seals with the sealer's current key what is sealed with another; adds to *renewed. */
ErrCode reseal_column(Db *db, const Sealer *sealer, const SealedColumn *column, int64_t *renewed,
                      Err *err) MUST_CHECK;

/* How many values are not sealed with the current key, looking at what others are just writing too
 * (they are waited for). */
ErrCode reseal_count_other(Db *db, const Sealer *sealer, const SealedColumn *column,
                           int64_t *ret_count, Err *err) MUST_CHECK;

/* Opens each value; *ret_bad counts those that do not open, bad_row (of 80 bytes) names the first by
 * its primary key. */
typedef struct SealedCheck {
    int64_t values, bad;
    char bad_row[80]; /* "7/1/12"; "" = none */
} SealedCheck;
ErrCode reseal_check(Db *db, const Sealer *sealer, const SealedColumn *column,
                     SealedCheck *ret_check, Err *err) MUST_CHECK;

#endif
