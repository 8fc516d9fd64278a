/* base/seal.h: what keeps an ID number and a phone from whoever copies the database.
 * Shape:  sealed = 1 byte, the number of the key + 24 nonce + ciphertext + 16 tag
 *         (XChaCha20-Poly1305); a hash is 16 bytes of keyed BLAKE2b over a domain word and the
 *         value, for look-up and linking. The keys are those of base/seal_ring.h: a Sealer that
 *         meets a value of a key that it does not know reads the file again, and before it seals
 *         it looks, once a second, whether the file is still the same; so the key can be changed
 *         under programs that run.
 * Units:  bytes; a sealed value is SEAL_OVERHEAD_BYTES longer than the plain one.
 * Owns:   Sealer owns locked memory with the keys; results live in the arena. Threads may share it.
 * Errors: ERR_SEAL when the key file is missing although a base exists, is readable by others, or a
 *         value does not open; ERR_IO.
 * Source: libsodium crypto_aead_xchacha20poly1305_ietf, crypto_generichash. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include "base/arena.h"

#include <stdint.h>

enum { SEAL_OVERHEAD_BYTES = 41, SEAL_HASH_BYTES = 16, SEAL_TOKEN_BYTES = 16 };

typedef struct Sealer Sealer;

/* Opens the key file, making it (mode 0600, fsync'd) when may_create and it does not exist. Returns
 * owned. */
ErrCode sealer_open(const char *key_file, bool may_create, Sealer **ret_sealer,
                    Err *err) MUST_CHECK;
void sealer_free(Sealer *sealer); /* takes NULL */
/* Names the key without telling anything of it; lives in arena. */
const char *sealer_name(const Sealer *sealer, Arena *arena);

/* The number of the key that it seals with now, and that a sealed value was sealed with (0 = none:
 * it is no sealed value). */
uint8_t sealer_number(const Sealer *sealer);
uint8_t sealed_number(const void *sealed, size_t length);

/* Seals length bytes; returns the sealed bytes, *ret_length = length + SEAL_OVERHEAD_BYTES. */
uint8_t *seal(const Sealer *sealer, Arena *arena, const void *plain, size_t length,
              size_t *ret_length);

/* Opens a sealed value as NUL-terminated text; NULL/0 bytes give NULL. */
ErrCode unseal(const Sealer *sealer, Arena *arena, const void *sealed, size_t length,
               char **ret_plain, Err *err) MUST_CHECK;

/* hash(domain, value), e.g. domain "id", "phone", "name+phone". */
void seal_hash(const Sealer *sealer, const char *domain, const char *value,
               uint8_t ret_hash[SEAL_HASH_BYTES]);

/* Unguessable bytes. */
void seal_random(void *out, size_t length);
/* Lower-case hex of length bytes, lives in arena. */
char *seal_hex(Arena *arena, const void *bytes, size_t length);
/* SHA-256 of a buffer, as 64 hex digits and a NUL. */
void seal_sha256_hex(const void *bytes, size_t length, char out[65]);

#endif
