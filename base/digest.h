/* base/digest.h: SHA-256 of a stream of bytes, with the processor's own instructions where it has
 * them: a file is read several times as fast as a portable digest of it is made.
 * Shape:  digest_init, digest_add as often as needed, digest_end once.
 * Owns:   nothing.
 * Errors: none.
 * Source: FIPS 180-4; libsodium where the processor has no instructions for it. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_BLOCK_BYTES = 64 };

typedef struct Digest {
    crypto_hash_sha256_state portable;
    bool native;
    uint32_t state[8];
    uint64_t bytes; /* so far */
    uint8_t block[DIGEST_BLOCK_BYTES];
    size_t block_bytes; /* of them filled */
} Digest;

void digest_init(Digest *digest);
void digest_add(Digest *digest, const void *bytes, size_t length);
void digest_end(Digest *digest, uint8_t out[DIGEST_BYTES]);

#endif
