/* base/seal_ring.h: the key file: the keys that values of a base are sealed with, and the one that
 * they are hashed with.
 * Shape:  a new home's file is 32 random bytes, from which seal key 1 and the hash key are derived.
 *         Once the key was changed it is text: a line for the hash key, then one for each seal key:
 *         its number, which every value begins with, its use, 64 hex digits.
 * Units:  a number is 1..255 and is not used twice in a file.
 * Owns:   plain value; wipe it with seal_ring_wipe.
 * Errors: ERR_SEAL when the file is missing, damaged, or readable by others; ERR_IO.
 * Source: libsodium crypto_kdf. */
#ifndef BASE_SEAL_RING_H
#define BASE_SEAL_RING_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { SEAL_KEY_BYTES = 32, SEAL_RING_KEYS = 8 };

typedef enum SealKeyUse {
    SEAL_KEY_OPENS,    /* what was sealed with it before */
    SEAL_KEY_SEALS,    /* the one that new values are sealed with */
    SEAL_KEY_PREPARED, /* will seal; opens already, so that other hosts can be given it first */
} SealKeyUse;

typedef struct SealKey {
    uint8_t number;
    SealKeyUse use;
    unsigned char bytes[SEAL_KEY_BYTES];
} SealKey;

typedef struct SealRing {
    unsigned char hash_key[SEAL_KEY_BYTES];
    SealKey keys[SEAL_RING_KEYS];
    size_t count;
    bool unfinished; /* values of older keys are being sealed anew */
} SealRing;

ErrCode seal_ring_read(const char *file, SealRing *ret_ring, Err *err) MUST_CHECK;
/* Replaces the file whole or not at all, also after a crash. */
ErrCode seal_ring_write(const char *file, const SealRing *ring, Err *err) MUST_CHECK;
void seal_ring_wipe(SealRing *ring);

/* NULL when there is none. */
const SealKey *seal_ring_find(const SealRing *ring, uint8_t number);
const SealKey *seal_ring_use(const SealRing *ring, SealKeyUse use);

/* Adds a fresh prepared key; ERR_LIMIT when the ring is full. */
ErrCode seal_ring_prepare(SealRing *ring, Err *err) MUST_CHECK;
/* The prepared key seals from now on, and the ring is unfinished. There must be one (asserted). */
void seal_ring_advance(SealRing *ring);
/* Takes the keys away that only open. */
void seal_ring_drop_old(SealRing *ring);

#endif
