#include "base/lang.h"
#include "base/vault.h"
#include "base/vault_format.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

struct VaultReader {
    int file;
    char *name;
    z_stream expander;
    crypto_secretstream_xchacha20poly1305_state stream;
    bool last;  /* the chunk marked as last has come */
    bool ended; /* and all of it was handed out */
    unsigned char chunk[VAULT_CHUNK_BYTES], locked[VAULT_LOCKED_BYTES];
};

/* Reads as much as there is, up to length. */
static ErrCode in_read(int file, const char *name, unsigned char *out, size_t length,
                       size_t *ret_length, Err *err)
{
    size_t done = 0;
    while (done < length) {
        ssize_t piece = read(file, out + done, length - done);
        if (piece < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), name);
        if (piece == 0)
            break;
        done += piece > 0 ? (size_t)piece : 0;
    }
    *ret_length = done;
    return OK;
}

static ErrCode damaged(const char *name, Err *err)
{
    err_set(err, ERR_SEAL, _("'%s' is damaged"), name);
    return err_hint(err, _("take another copy of it"));
}

static ErrCode begin(VaultReader *reader, const VaultKey *key, Err *err)
{
    unsigned char start[VAULT_MAGIC_BYTES + VAULT_BOX_BYTES + VAULT_HEADER_BYTES];
    unsigned char stream_key[VAULT_STREAM_KEY_BYTES];
    size_t length;
    TRY(in_read(reader->file, reader->name, start, sizeof start, &length, err));
    if (length != sizeof start || memcmp(start, VAULT_MAGIC, VAULT_MAGIC_BYTES) != 0)
        return damaged(reader->name, err);
    if (crypto_box_seal_open(stream_key, start + VAULT_MAGIC_BYTES, VAULT_BOX_BYTES,
                             key->public_half, key->secret_half) != 0) {
        err_set(err, ERR_SEAL, _("'%s' does not open with this key"), reader->name);
        return err_hint(err, _("give the secret half of the key that the backup was made to"));
    }
    int state = crypto_secretstream_xchacha20poly1305_init_pull(
        &reader->stream, start + VAULT_MAGIC_BYTES + VAULT_BOX_BYTES, stream_key);
    sodium_memzero(stream_key, sizeof stream_key);
    return state == 0 ? OK : damaged(reader->name, err);
}

ErrCode vault_open(const char *file, const VaultKey *key, VaultReader **ret_reader, Err *err)
{
    int in = open(file, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), file);
    VaultReader *reader = calloc(1, sizeof *reader);
    char *name = strdup(file);
    if (!reader || !name || inflateInit(&reader->expander) != Z_OK) {
        close(in);
        free(reader);
        free(name);
        return err_set(err, ERR_LIMIT, _("no memory for '%s'"), file);
    }
    reader->file = in;
    reader->name = name;
    ErrCode code = begin(reader, key, err);
    if (code != OK) {
        vault_reader_close(reader);
        return code;
    }
    *ret_reader = reader;
    return OK;
}

/* The next chunk, for the expander. Only the last one may be short, and nothing follows it. */
static ErrCode chunk_pull(VaultReader *reader, Err *err)
{
    size_t length;
    unsigned long long opened;
    unsigned char tag;
    if (reader->last)
        return damaged(reader->name, err);
    TRY(in_read(reader->file, reader->name, reader->locked, VAULT_LOCKED_BYTES, &length, err));
    if (length < crypto_secretstream_xchacha20poly1305_ABYTES ||
        crypto_secretstream_xchacha20poly1305_pull(&reader->stream, reader->chunk, &opened, &tag,
                                                   reader->locked, length, NULL, 0) != 0)
        return damaged(reader->name, err);
    reader->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (reader->last) {
        unsigned char more;
        TRY(in_read(reader->file, reader->name, &more, 1, &length, err));
        if (length != 0)
            return damaged(reader->name, err);
    }
    reader->expander.next_in = reader->chunk;
    reader->expander.avail_in = (uInt)opened;
    return OK;
}

/* The content ends where the chunk marked as last ends, which may be an empty one. */
static ErrCode end_prove(VaultReader *reader, Err *err)
{
    if (reader->expander.avail_in == 0 && !reader->last)
        TRY(chunk_pull(reader, err));
    reader->ended = true;
    return reader->last && reader->expander.avail_in == 0 ? OK : damaged(reader->name, err);
}

ErrCode vault_read(VaultReader *reader, void *out, size_t room, size_t *ret_length, Err *err)
{
    enum { AT_ONCE = 1 << 30 };
    uInt wanted = room < AT_ONCE ? (uInt)room : AT_ONCE;
    z_stream *expander = &reader->expander;
    expander->next_out = out;
    expander->avail_out = wanted;
    while (!reader->ended && expander->avail_out == wanted) {
        if (expander->avail_in == 0 && !reader->last)
            TRY(chunk_pull(reader, err));
        int state = inflate(expander, Z_NO_FLUSH);
        if (state == Z_STREAM_END)
            TRY(end_prove(reader, err));
        else if (state != Z_OK && (state != Z_BUF_ERROR || reader->last))
            return damaged(reader->name, err);
    }
    *ret_length = wanted - expander->avail_out;
    return OK;
}

void vault_reader_close(VaultReader *reader)
{
    if (!reader)
        return;
    close(reader->file);
    inflateEnd(&reader->expander);
    free(reader->name);
    sodium_memzero(reader, sizeof *reader);
    free(reader);
}

ErrCode vault_sum(const char *file, VaultSum *ret_sum, Err *err)
{
    unsigned char piece[VAULT_CHUNK_BYTES], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state sum;
    VaultSum found = {0};
    size_t length = 1;
    int in = open(file, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), file);
    crypto_hash_sha256_init(&sum);
    ErrCode code = OK;
    while (code == OK && length > 0) {
        code = in_read(in, file, piece, sizeof piece, &length, err);
        if (code == OK) {
            crypto_hash_sha256_update(&sum, piece, length);
            found.bytes += (int64_t)length;
        }
    }
    close(in);
    TRY(code);
    crypto_hash_sha256_final(&sum, hash);
    sodium_bin2hex(found.sha256, sizeof found.sha256, hash, sizeof hash);
    *ret_sum = found;
    return OK;
}
