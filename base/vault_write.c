#include "base/lang.h"
#include "base/vault.h"
#include "base/vault_format.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

/* Fast: the content is hex and text, which shrinks well at the first level already. */
enum { COMPRESSION_LEVEL = 1 };

struct VaultWriter {
    int file;
    char *name;
    z_stream compressor;
    crypto_secretstream_xchacha20poly1305_state stream;
    crypto_hash_sha256_state sum;
    int64_t bytes;
    size_t held; /* of chunk */
    unsigned char chunk[VAULT_CHUNK_BYTES], locked[VAULT_LOCKED_BYTES];
};

static ErrCode out_write(VaultWriter *writer, const unsigned char *bytes, size_t length, Err *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t piece = write(writer->file, bytes + done, length - done);
        if (piece < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), writer->name);
        done += piece > 0 ? (size_t)piece : 0;
    }
    crypto_hash_sha256_update(&writer->sum, bytes, length);
    writer->bytes += (int64_t)length;
    return OK;
}

static ErrCode begin(VaultWriter *writer, const VaultKey *to, Err *err)
{
    unsigned char key[VAULT_STREAM_KEY_BYTES], box[VAULT_BOX_BYTES], header[VAULT_HEADER_BYTES];
    crypto_secretstream_xchacha20poly1305_keygen(key);
    int sealed = crypto_box_seal(box, key, sizeof key, to->public_half);
    crypto_secretstream_xchacha20poly1305_init_push(&writer->stream, header, key);
    sodium_memzero(key, sizeof key);
    if (sealed != 0)
        return err_set(err, ERR_SEAL, _("the public half of the key is none"));
    TRY(out_write(writer, (const unsigned char *)VAULT_MAGIC, VAULT_MAGIC_BYTES, err));
    TRY(out_write(writer, box, sizeof box, err));
    return out_write(writer, header, sizeof header, err);
}

ErrCode vault_create(const char *file, const VaultKey *to, VaultWriter **ret_writer, Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    int out = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), file);
    VaultWriter *writer = calloc(1, sizeof *writer);
    char *name = strdup(file);
    if (!writer || !name || deflateInit(&writer->compressor, COMPRESSION_LEVEL) != Z_OK) {
        close(out);
        free(writer);
        free(name);
        return err_set(err, ERR_LIMIT, _("no memory for '%s'"), file);
    }
    writer->file = out;
    writer->name = name;
    crypto_hash_sha256_init(&writer->sum);
    ErrCode code = begin(writer, to, err);
    if (code != OK) {
        vault_writer_close(writer);
        return code;
    }
    *ret_writer = writer;
    return OK;
}

static ErrCode chunk_push(VaultWriter *writer, unsigned char tag, Err *err)
{
    unsigned long long length;
    crypto_secretstream_xchacha20poly1305_push(&writer->stream, writer->locked, &length,
                                               writer->chunk, writer->held, NULL, 0, tag);
    writer->held = 0;
    return out_write(writer, writer->locked, (size_t)length, err);
}

/* Compresses what the compressor was given; every chunk that becomes full goes out. */
static ErrCode compress_on(VaultWriter *writer, int flush, Err *err)
{
    z_stream *compressor = &writer->compressor;
    for (bool more = true; more;) {
        if (writer->held == VAULT_CHUNK_BYTES)
            TRY(chunk_push(writer, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, err));
        compressor->next_out = writer->chunk + writer->held;
        compressor->avail_out = (uInt)(VAULT_CHUNK_BYTES - writer->held);
        int state = deflate(compressor, flush);
        writer->held = VAULT_CHUNK_BYTES - compressor->avail_out;
        more = flush == Z_FINISH ? state != Z_STREAM_END
                                 : compressor->avail_in > 0 || compressor->avail_out == 0;
    }
    return OK;
}

ErrCode vault_write(VaultWriter *writer, const void *bytes, size_t length, Err *err)
{
    enum { PIECE = 1 << 20 };
    const unsigned char *from = bytes;
    while (length > 0) {
        size_t piece = length < PIECE ? length : PIECE;
        /* zlib reads only, but does not say so */
        writer->compressor.next_in = (Bytef *)(uintptr_t)from;
        writer->compressor.avail_in = (uInt)piece;
        TRY(compress_on(writer, Z_NO_FLUSH, err));
        from += piece;
        length -= piece;
    }
    return OK;
}

ErrCode vault_finish(VaultWriter *writer, VaultSum *ret_sum, Err *err)
{
    TRY(compress_on(writer, Z_FINISH, err));
    TRY(chunk_push(writer, crypto_secretstream_xchacha20poly1305_TAG_FINAL, err));
    if (fsync(writer->file) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), writer->name);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&writer->sum, hash);
    sodium_bin2hex(ret_sum->sha256, sizeof ret_sum->sha256, hash, sizeof hash);
    ret_sum->bytes = writer->bytes;
    return OK;
}

void vault_writer_close(VaultWriter *writer)
{
    if (!writer)
        return;
    close(writer->file);
    deflateEnd(&writer->compressor);
    free(writer->name);
    sodium_memzero(writer, sizeof *writer);
    free(writer);
}
