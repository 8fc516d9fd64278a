#include "people/identity.h"

void identity_id_hash(const Sealer *sealer, const char *id18, uint8_t ret_hash[SEAL_HASH_BYTES])
{
    seal_hash(sealer, "id", id18, ret_hash);
}

void identity_phone_hash(const Sealer *sealer, const char *digits,
                         uint8_t ret_hash[SEAL_HASH_BYTES])
{
    seal_hash(sealer, "phone", digits, ret_hash);
}

void identity_name_phone_hash(const Sealer *sealer, Arena *arena, const char *name,
                              const char *digits, uint8_t ret_hash[SEAL_HASH_BYTES])
{
    /* U+001F stands in no name, so no two pairs run together. */
    seal_hash(sealer, "name+phone", arena_printf(arena, "%s\x1f%s", name, digits), ret_hash);
}
