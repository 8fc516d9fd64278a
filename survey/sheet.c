#include "survey/sheet_reader.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 256 * 1024, SHA256_BYTES = 32 };

struct Sheet {
    Arena *arena;     /* holds the Sheet itself */
    const char *name; /* in messages */
    SheetFile file;
    SheetInfo info;
    struct stat at_open;
    const SheetReader *reader;
    void *state;
    unsigned rows;
    bool ended;
    Err failure; /* code OK until sheet_next fails for good */
    RowBuilder builder;
};

ErrCode sheet_read(int fd, void *bytes, size_t length, uint64_t offset, size_t *ret_length,
                   Err *err)
{
    size_t got = 0;
    while (got < length) {
        ssize_t count = pread(fd, (char *)bytes + got, length - got, (off_t)(offset + got));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return err_errno(err, ERR_IO, errno, _("cannot read at byte %llu"),
                             (unsigned long long)(offset + got));
        if (count == 0)
            break;
        got += (size_t)count;
    }
    *ret_length = got;
    return OK;
}

static ErrCode changed(Err *err)
{
    err_set(err, ERR_INPUT, _("the file was changed while it was being read"));
    return err_hint(err, _("wait until it is saved and closed, then try again"));
}

/* Opens a regular, non-empty file of bearable size; a FIFO doesn't block. */
static ErrCode file_open(Sheet *sheet, Err *err)
{
    SheetFile *file = &sheet->file;
    file->fd = open(file->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file->fd < 0)
        return err_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, _("cannot open"));
    if (fstat(file->fd, &sheet->at_open) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot open"));
    if (S_ISDIR(sheet->at_open.st_mode)) {
        err_set(err, ERR_INPUT, _("this is a folder, not a file"));
        return err_hint(err, _("name the files in it"));
    }
    if (!S_ISREG(sheet->at_open.st_mode))
        return err_set(err, ERR_INPUT, _("this is a pipe or a device, not a file"));
    file->bytes = (uint64_t)sheet->at_open.st_size;
    if (file->bytes == 0)
        return err_set(err, ERR_INPUT, _("the file is empty"));
    if (file->bytes > SHEET_FILE_BYTES_MAX) {
        err_set(err, ERR_LIMIT, _("the file is larger than %llu MiB"),
                (unsigned long long)(SHEET_FILE_BYTES_MAX >> 20));
        return err_hint(err, _("split it into several files"));
    }
    sheet->info.bytes = file->bytes;
    return OK;
}

static ErrCode hash_all(const SheetFile *file, EVP_MD_CTX *hash, Err *err)
{
    char *bytes = arena_alloc(file->arena, READ_BYTES);
    bool works = EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1;
    for (uint64_t offset = 0; works && offset < file->bytes;) {
        size_t length = 0;
        TRY(sheet_read(file->fd, bytes, READ_BYTES, offset, &length, err));
        if (length == 0)
            return changed(err);
        works = EVP_DigestUpdate(hash, bytes, length) == 1;
        offset += length;
    }
    return works ? OK : err_set(err, ERR_IO, _("cannot take the file's checksum"));
}

static ErrCode file_hash(Sheet *sheet, Err *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    ErrCode code = hash ? hash_all(&sheet->file, hash, err)
                        : err_set(err, ERR_IO, _("cannot take the file's checksum"));
    if (code == OK && EVP_DigestFinal_ex(hash, digest, NULL) != 1)
        code = err_set(err, ERR_IO, _("cannot take the file's checksum"));
    EVP_MD_CTX_free(hash);
    if (code == OK)
        sodium_bin2hex(sheet->info.sha256, sizeof sheet->info.sha256, digest, SHA256_BYTES);
    return code;
}

/* Compares size and times with those at the opening. */
static ErrCode file_settled(const Sheet *sheet, Err *err)
{
    struct stat now;
    if (fstat(sheet->file.fd, &now) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot read"));
    const struct stat *then = &sheet->at_open;
    if (now.st_size != then->st_size || now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != then->st_mtim.tv_nsec)
        return changed(err);
    return OK;
}

static ErrCode open_steps(Sheet *sheet, Err *err)
{
    TRY(file_open(sheet, err));
    TRY(file_hash(sheet, err));
    const SheetReader *reader = NULL;
    TRY(sheet_identify(&sheet->file, &reader, err));
    sheet->info.container = reader->container;
    sheet->info.encoding = "UTF-8";
    sheet->reader = reader;
    return reader->open(&sheet->file, &sheet->info, &sheet->state, err);
}

ErrCode sheet_open(const char *path, const char *encoding, Sheet **ret_sheet, Err *err)
{
    return sheet_open_as(path, path, encoding, ret_sheet, err);
}

ErrCode sheet_open_as(const char *name, const char *path, const char *encoding, Sheet **ret_sheet,
                      Err *err)
{
    Arena *arena = arena_new(0);
    Sheet *sheet = arena_alloc(arena, sizeof *sheet);
    sheet->arena = arena;
    sheet->name = arena_strdup(arena, name);
    sheet->file = (SheetFile){.path = arena_strdup(arena, path), .fd = -1, .arena = arena};
    sheet->file.encoding = encoding ? arena_strdup(arena, encoding) : NULL;
    if (open_steps(sheet, err) != OK) {
        sheet_close(sheet);
        return err_wrap(err, "'%s'", name);
    }
    *ret_sheet = sheet;
    return OK;
}

const SheetInfo *sheet_info(const Sheet *sheet)
{
    return &sheet->info;
}

static ErrCode next_row(Sheet *sheet, Arena *arena, Row *ret_row, bool *ret_more, Err *err)
{
    sheet->builder.arena = arena;
    TRY(sheet->reader->next(sheet->state, &sheet->builder, ret_row, ret_more, err));
    if (!*ret_more)
        return file_settled(sheet, err);
    if (++sheet->rows > SHEET_ROWS_MAX) {
        err_set(err, ERR_LIMIT, _("the file has more than %d rows"), SHEET_ROWS_MAX);
        return err_hint(err, _("split it into several files"));
    }
    return OK;
}

ErrCode sheet_next(Sheet *sheet, Arena *arena, Row *ret_row, bool *ret_more, Err *err)
{
    if (sheet->failure.code != OK) {
        *err = sheet->failure;
        return err->code;
    }
    Row row = {.sheet = 1, .sheet_name = ""};
    bool more = false;
    if (!sheet->ended && next_row(sheet, arena, &row, &more, err) != OK) {
        err_wrap(err, "'%s'", sheet->name);
        sheet->failure = *err;
        return err->code;
    }
    sheet->ended = !more;
    *ret_more = more;
    if (more)
        *ret_row = row;
    return OK;
}

void sheet_close(Sheet *sheet)
{
    if (!sheet)
        return;
    if (sheet->reader)
        sheet->reader->close(sheet->state);
    if (sheet->file.fd >= 0)
        close(sheet->file.fd);
    arena_free(sheet->arena);
}

const char *cell_name(Arena *arena, size_t column, unsigned line)
{
    char letters[16];
    size_t at = sizeof letters;
    letters[--at] = '\0';
    for (size_t rest = column + 1; rest; rest = (rest - 1) / 26)
        letters[--at] = (char)('A' + (rest - 1) % 26);
    return arena_printf(arena, "%s%u", letters + at, line);
}
