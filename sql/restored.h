/* sql/restored.h: an empty base that becomes the copy of another one.
 * Shape:  restored_begin marks the base, restored_fill brings schema and rows and takes the mark
 *         away last; in between every command refuses it, also after a crash.
 * Owns:   nothing.
 * Errors: ERR_REFUSED when the base holds something; ERR_INPUT when the copy is not what its
 *         manifest says; ERR_SEAL; ERR_DB; ERR_INTERRUPTED.
 * Source: sql/queries/sql/restore.sql; sql/schema/0014_restoration.sql. */
#ifndef SQL_RESTORED_H
#define SQL_RESTORED_H

#include "sql/db.h"
#include "sql/manifest.h"

typedef struct RestoredFrom {
    const Manifest *manifest;
    const char *file; /* base.sealed */
    const VaultKey *key;
    const char *user; /* who restores */
    bool shows_progress;
} RestoredFrom;

/* Drops what a restore that was cut off, or a command that made an empty base, left behind. */
ErrCode restored_begin(Db *db, Err *err) MUST_CHECK;
ErrCode restored_fill(Db *db, const RestoredFrom *from, Err *err) MUST_CHECK;

#endif
