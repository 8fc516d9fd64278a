/* sql/manifest.h: what a backup says about itself, for people and for the restore.
 * Shape:  DIR/manifest.json in the open, and the same inside home.sealed, where nobody can change
 *         it: they must be equal.
 * Units:  taken_ms = milliseconds UTC by the database server's clock; all that was committed by then
 *         is in the backup.
 * Owns:   strings and counts are borrowed.
 * Errors: ERR_CONFIG at the JSON path; ERR_VERSION for a later format. */
#ifndef SQL_MANIFEST_H
#define SQL_MANIFEST_H

#include "base/node.h"
#include "base/vault.h"

typedef struct Manifest {
    const char *program; /* version that made it */
    int64_t schema;
    const char *epoch; /* 32 hex digits */
    Moment taken_ms;
    const char *taken_at; /* the same for people, ISO 8601 UTC */
    const char *server;   /* version of the database server */
    const char *key;      /* names the pair that it is locked to */
    const char *seal_key; /* names the sealing key */
    VaultSum base;        /* of base.sealed */
    json_t *counts;       /* object table → rows */
} Manifest;

json_t *manifest_json(const Manifest *manifest); /* owned */
/* name stands for the file in messages; strings and counts are borrowed from json. */
ErrCode manifest_parse(const char *name, json_t *json, Manifest *ret_manifest, Err *err) MUST_CHECK;

#endif
