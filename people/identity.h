/* people/identity.h: the keyed hashes by which people are found and linked, sealed as they are.
 * Shape:  16 bytes each; equal values give equal hashes under one key file, and nothing else can
 *         be learnt from them.
 * Owns:   nothing.
 * Errors: none.
 * Source: DESIGN "Linking", "Personal data"; base/seal.h. */
#ifndef PEOPLE_IDENTITY_H
#define PEOPLE_IDENTITY_H

#include "base/seal.h"

/* id18: as in IdNumber.text. */
void identity_id_hash(const Sealer *sealer, const char *id18, uint8_t ret_hash[SEAL_HASH_BYTES]);
/* digits: as in Phone.digits. */
void identity_phone_hash(const Sealer *sealer, const char *digits,
                         uint8_t ret_hash[SEAL_HASH_BYTES]);
/* The exact name with the phone: what links an answer that has no ID number. */
void identity_name_phone_hash(const Sealer *sealer, Arena *arena, const char *name,
                              const char *digits, uint8_t ret_hash[SEAL_HASH_BYTES]);

#endif
