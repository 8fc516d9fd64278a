/* base/vault.h: a file that anybody may lock who has the public half of a key, and that only the
 * secret half opens.
 * Shape:  "talent vault 1\n", a stream key in a sealed box for the public half, then the content:
 *         compressed, in chunks, each authenticated with its place, the last one marked as last;
 *         so a vault that was cut, continued or changed anywhere does not open to its end. Key
 *         files are one line of text: the kind of key and 64 hex digits.
 * Units:  bytes. Writing and reading take a few hundred kilobytes of memory, whatever the size.
 * Owns:   VaultWriter and VaultReader own their file; the secret half is wiped by vault_key_done.
 * Errors: ERR_SEAL when a key is of the wrong kind, readable by others, or does not fit, and when
 *         the content is damaged; ERR_IO.
 * Source: libsodium crypto_box_seal, crypto_secretstream_xchacha20poly1305; RFC 1950. */
#ifndef BASE_VAULT_H
#define BASE_VAULT_H

#include "base/arena.h"

#include <stdint.h>

enum { VAULT_KEY_BYTES = 32, VAULT_SUM_LETTERS = 64 };

typedef struct VaultKey {
    unsigned char public_half[VAULT_KEY_BYTES];
    unsigned char secret_half[VAULT_KEY_BYTES]; /* zeros when only the public half is known */
} VaultKey;

/* Makes a pair: secret_file (mode 0600) and public_file. Neither may exist. */
ErrCode vault_key_make(const char *secret_file, const char *public_file, VaultKey *ret_key,
                       Err *err) MUST_CHECK;
ErrCode vault_key_write_public(const VaultKey *key, const char *file, Err *err) MUST_CHECK;
ErrCode vault_key_read_public(const char *file, VaultKey *ret_key, Err *err) MUST_CHECK;
ErrCode vault_key_read_secret(const char *file, VaultKey *ret_key, Err *err) MUST_CHECK;
void vault_key_done(VaultKey *key);
/* Names the pair, by its public half; lives in arena. */
const char *vault_key_name(Arena *arena, const VaultKey *key);

/* What a file on disk is. */
typedef struct VaultSum {
    int64_t bytes;
    char sha256[VAULT_SUM_LETTERS + 1];
} VaultSum;
ErrCode vault_sum(const char *file, VaultSum *ret_sum, Err *err) MUST_CHECK;

typedef struct VaultWriter VaultWriter;
/* Makes the file (mode 0600), which may not exist. Returns owned. */
ErrCode vault_create(const char *file, const VaultKey *to, VaultWriter **ret_writer,
                     Err *err) MUST_CHECK;
ErrCode vault_write(VaultWriter *writer, const void *bytes, size_t length, Err *err) MUST_CHECK;
/* Writes the end and waits until all of it is on disk. The writer is still to be closed. */
ErrCode vault_finish(VaultWriter *writer, VaultSum *ret_sum, Err *err) MUST_CHECK;
void vault_writer_close(VaultWriter *writer); /* takes NULL */

typedef struct VaultReader VaultReader;
/* Returns owned. */
ErrCode vault_open(const char *file, const VaultKey *key, VaultReader **ret_reader,
                   Err *err) MUST_CHECK;
/* The next bytes, as many as there are room for; *ret_length 0 only at the proven end. */
ErrCode vault_read(VaultReader *reader, void *out, size_t room, size_t *ret_length,
                   Err *err) MUST_CHECK;
void vault_reader_close(VaultReader *reader); /* takes NULL */

#endif
