/* The zip around a workbook: how many entries it promises, and whether their names are harmless. */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

ErrCode archive_failure(const char *what, zip_error_t *failure, Err *err)
{
    err_set(err, ERR_INPUT, "%s: %s", what, zip_error_strerror(failure));
    return err_hint(err, _("the file may have been cut off on its way: ask for it again"));
}

/* A name that would leave the folder it is unpacked to has no business in a workbook. */
static bool name_escapes(const char *name)
{
    if (*name == '/' || *name == '\\' || strchr(name, ':'))
        return true;
    for (const char *at = name; at; at = strpbrk(at, "/\\")) {
        at += *at == '/' || *at == '\\';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '\0' || at[2] == '/' || at[2] == '\\'))
            return true;
    }
    return false;
}

static uint64_t little_endian(const unsigned char *bytes, size_t count)
{
    uint64_t number = 0;
    while (count-- > 0)
        number = number << 8 | bytes[count];
    return number;
}

/* How many entries the end record at tail + at promises; its zip64 record, if there is one, counts
 * instead. Layouts: APPNOTE 4.3.14 to 4.3.16. */
static ErrCode promised_entries(const SheetFile *file, const unsigned char *tail, size_t at,
                                uint64_t *ret_count, Err *err)
{
    enum { LOCATOR_BYTES = 20, RECORD_BYTES = 56 };
    unsigned char record[RECORD_BYTES];
    size_t length = 0;
    *ret_count = little_endian(tail + at + 10, 2);
    if (at < LOCATOR_BYTES || memcmp(tail + at - LOCATOR_BYTES, "PK\6\7", 4) != 0)
        return OK;
    uint64_t offset = little_endian(tail + at - LOCATOR_BYTES + 8, 8);
    if (offset < file->bytes)
        TRY(sheet_read(file->fd, record, sizeof record, offset, &length, err));
    if (length == sizeof record && memcmp(record, "PK\6\6", 4) == 0)
        *ret_count = little_endian(record + 32, 8);
    return OK;
}

/* libzip takes memory for every entry that is promised, so this is read before it opens the file.
 */
static ErrCode check_promises(const SheetFile *file, Err *err)
{
    enum { END_BYTES = 22, TAIL_BYTES = END_BYTES + UINT16_MAX + 64 };
    unsigned char *tail = arena_alloc(file->arena, TAIL_BYTES);
    size_t length = 0;
    uint64_t start = file->bytes > TAIL_BYTES ? file->bytes - TAIL_BYTES : 0;
    TRY(sheet_read(file->fd, tail, TAIL_BYTES, start, &length, err));
    for (size_t at = 0; at + END_BYTES <= length; at++) {
        uint64_t count = 0;
        if (memcmp(tail + at, "PK\5\6", 4) != 0)
            continue;
        TRY(promised_entries(file, tail, at, &count, err));
        if (count > ARCHIVE_ENTRIES_MAX)
            return err_set(err, ERR_LIMIT, _("the archive has more than %d entries"),
                           ARCHIVE_ENTRIES_MAX);
    }
    return OK;
}

static ErrCode check_entries(const Archive *archive, Err *err)
{
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
        if (!name)
            return archive_failure(_("the archive is damaged"), zip_get_error(archive->zip), err);
        if (name_escapes(name))
            return err_set(err, ERR_INPUT, _("the archive holds a name that leads out of it"));
        if (zip_name_locate(archive->zip, name, 0) != i)
            return err_set(err, ERR_INPUT, _("the archive holds '%s' twice"), name);
    }
    return OK;
}

ErrCode archive_open(const SheetFile *file, Archive *archive, Err *err)
{
    TRY(check_promises(file, err));
    int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read"));
    int code = 0;
    archive->zip = zip_fdopen(fd, 0, &code);
    if (!archive->zip) {
        close(fd);
        zip_error_t failure;
        zip_error_init_with_code(&failure, code);
        archive_failure(_("the archive is damaged"), &failure, err);
        zip_error_fini(&failure);
        return err->code;
    }
    archive->file_bytes = file->bytes;
    archive->piece_bytes = archive->piece_bytes ? archive->piece_bytes : ARCHIVE_PIECE_BYTES;
    return check_entries(archive, err);
}

void archive_close(Archive *archive)
{
    if (archive->zip)
        zip_discard(archive->zip);
    archive->zip = NULL;
}

bool archive_has(const Archive *archive, const char *name)
{
    return zip_name_locate(archive->zip, name, ZIP_FL_NOCASE) >= 0;
}
