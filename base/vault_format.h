/* base/vault_format.h: what the writer and the reader of a vault agree on; for base/vault_*.c.
 * Units:  bytes. */
#ifndef BASE_VAULT_FORMAT_H
#define BASE_VAULT_FORMAT_H

#include <sodium.h>

#define VAULT_MAGIC "talent vault 1\n"

enum {
    VAULT_MAGIC_BYTES = sizeof VAULT_MAGIC - 1,
    VAULT_STREAM_KEY_BYTES = crypto_secretstream_xchacha20poly1305_KEYBYTES,
    VAULT_BOX_BYTES = VAULT_STREAM_KEY_BYTES + crypto_box_SEALBYTES,
    VAULT_HEADER_BYTES = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    VAULT_CHUNK_BYTES = 64 * 1024, /* of content; only the last chunk holds less */
    VAULT_LOCKED_BYTES = VAULT_CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES,
};

#endif
