#include "survey/spool.h"

#include "base/command.h"
#include "base/lang.h"
#include "survey/sheet_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE_BYTES = 64 * 1024, GZIP_ONLY = 16 + MAX_WBITS };

ErrCode spool_open(const char *folder, Spool *ret_spool, Err *err)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        char path[4096];
        if ((size_t)snprintf(path, sizeof path, "%s/spool-XXXXXX", folder) >= sizeof path)
            return err_set(err, ERR_LIMIT, _("the path '%s' is too long"), folder);
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0)
            unlink(path);
    }
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make a file in '%s'"), folder);
    *ret_spool = (Spool){.fd = fd, .folder = folder};
    snprintf(ret_spool->path, sizeof ret_spool->path, "/proc/self/fd/%d", fd);
    return OK;
}

ErrCode spool_add(Spool *spool, const void *bytes, size_t length, Err *err)
{
    spool->bytes += length;
    if (spool->bytes > SHEET_FILE_BYTES_MAX) {
        err_set(err, ERR_LIMIT, _("the file is larger than %llu MiB"),
                (unsigned long long)(SHEET_FILE_BYTES_MAX >> 20));
        return err_hint(err, _("split it into several files"));
    }
    for (size_t done = 0; done < length;) {
        ssize_t count = write(spool->fd, (const char *)bytes + done, length - done);
        if (count < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot unpack into '%s'"), spool->folder);
        done += count > 0 ? (size_t)count : 0;
    }
    return OK;
}

void spool_close(Spool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
}

ErrCode spool_fill(Spool *spool, int fd, Err *err)
{
    char piece[PIECE_BYTES];
    for (;;) {
        ssize_t count = read(fd, piece, sizeof piece);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped: nothing of this file was imported"));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return err_errno(err, ERR_IO, errno, _("cannot read"));
        if (count == 0)
            return OK;
        TRY(spool_add(spool, piece, (size_t)count, err));
    }
}

static ErrCode gzip_damaged(Err *err)
{
    err_set(err, ERR_INPUT, _("the gzip archive is damaged"));
    return err_hint(err, _("the file may have been cut off on its way: ask for it again"));
}

/* Unpacks what zlib has at hand. *ret_ended is true at the end of a member. */
static ErrCode inflate_piece(Spool *spool, z_stream *zlib, bool *ret_ended, Err *err)
{
    unsigned char piece[PIECE_BYTES];
    do {
        zlib->next_out = piece;
        zlib->avail_out = sizeof piece;
        int status = inflate(zlib, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return gzip_damaged(err);
        *ret_ended = status == Z_STREAM_END;
        TRY(spool_add(spool, piece, sizeof piece - zlib->avail_out, err));
    } while (!*ret_ended && zlib->avail_out == 0);
    return OK;
}

static ErrCode inflate_all(Spool *spool, int fd, z_stream *zlib, Err *err)
{
    unsigned char packed[PIECE_BYTES];
    bool ended = false;
    for (uint64_t offset = 0;;) {
        size_t length = 0;
        TRY(sheet_read(fd, packed, sizeof packed, offset, &length, err));
        if (length == 0)
            return ended ? OK : gzip_damaged(err);
        offset += length;
        zlib->next_in = packed;
        zlib->avail_in = (unsigned)length;
        while (zlib->avail_in > 0) {
            if (ended && inflateReset(zlib) != Z_OK) /* another member follows */
                return gzip_damaged(err);
            TRY(inflate_piece(spool, zlib, &ended, err));
        }
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped: nothing of this file was imported"));
    }
}

ErrCode spool_inflate(Spool *spool, int fd, Err *err)
{
    z_stream zlib = {.next_in = Z_NULL};
    if (inflateInit2(&zlib, GZIP_ONLY) != Z_OK)
        return err_set(err, ERR_LIMIT, _("cannot unpack"));
    ErrCode code = inflate_all(spool, fd, &zlib, err);
    inflateEnd(&zlib);
    return code;
}
