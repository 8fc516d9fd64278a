#include "survey/parcel.h"

#include "base/lang.h"
#include "base/text.h"
#include "survey/parcel_zip.h"
#include "survey/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum ParcelKind { PARCEL_FILE, PARCEL_GZIP, PARCEL_ZIP } ParcelKind;

struct Parcel {
    Arena *arena;
    const char *name, *path, *folder;
    ParcelKind kind;
    bool given;      /* of a single file */
    SheetFile file;  /* the archive */
    Spool input;     /* standard input */
    Spool file_here; /* what was unpacked last */
    ParcelZip zip;
};

/* What the first bytes say; anything odd is a plain file, about which sheet_open complains. */
static ParcelKind kind_of(Parcel *parcel)
{
    unsigned char head[4] = {0};
    struct stat stat;
    size_t length = 0;
    Err ignored = {0};
    SheetFile *file = &parcel->file;
    file->fd = open(parcel->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file->fd < 0 || fstat(file->fd, &stat) != 0 || !S_ISREG(stat.st_mode) ||
        (uint64_t)stat.st_size > SHEET_FILE_BYTES_MAX ||
        sheet_read(file->fd, head, sizeof head, 0, &length, &ignored) != OK)
        return PARCEL_FILE;
    file->bytes = (uint64_t)stat.st_size;
    if (length >= 2 && memcmp(head, "\x1F\x8B", 2) == 0)
        return PARCEL_GZIP;
    return length == 4 && memcmp(head, "PK\3\4", 4) == 0 ? PARCEL_ZIP : PARCEL_FILE;
}

/* An office document is a plain file, and so is a damaged archive. */
static bool is_parcel(Parcel *parcel)
{
    bool document = false;
    Err ignored = {0};
    return parcel_zip_open(&parcel->file, &parcel->zip, &document, &ignored) == OK && !document;
}

static ErrCode read_input(Parcel *parcel, Err *err)
{
    if (isatty(STDIN_FILENO)) {
        err_set(err, ERR_USAGE, _("standard input is a terminal"));
        return err_hint(err, _("pipe a file into the program"));
    }
    TRY(spool_open(parcel->folder, &parcel->input, err));
    parcel->path = parcel->input.path;
    return spool_fill(&parcel->input, STDIN_FILENO, err);
}

static ErrCode open_steps(Parcel *parcel, Err *err)
{
    if (strcmp(parcel->name, "-") == 0)
        TRY(read_input(parcel, err));
    parcel->kind = kind_of(parcel);
    if (parcel->kind == PARCEL_ZIP && !is_parcel(parcel))
        parcel->kind = PARCEL_FILE;
    return OK;
}

ErrCode parcel_open(const char *argument, const char *folder, Parcel **ret_parcel, Err *err)
{
    Arena *arena = arena_new(0);
    Parcel *parcel = arena_alloc(arena, sizeof *parcel);
    parcel->arena = arena;
    parcel->name = parcel->path = arena_strdup(arena, argument);
    parcel->folder = arena_strdup(arena, folder);
    parcel->file = (SheetFile){.path = parcel->name, .fd = -1, .arena = arena};
    parcel->input.fd = parcel->file_here.fd = -1;
    ErrCode code = open_steps(parcel, err);
    if (code == OK)
        *ret_parcel = parcel;
    else
        parcel_close(parcel);
    return code;
}

/* The name of what a .gz holds: its own without the ending. */
static const char *inner_name(const Parcel *parcel)
{
    if (!text_ends(parcel->name, ".gz"))
        return parcel->name;
    return arena_strndup(parcel->arena, parcel->name, strlen(parcel->name) - strlen(".gz"));
}

static ErrCode next_single(Parcel *parcel, ParcelFile *ret_file, Err *err)
{
    *ret_file = (ParcelFile){.name = parcel->name, .path = parcel->path};
    if (parcel->kind == PARCEL_FILE)
        return OK;
    TRY(spool_open(parcel->folder, &parcel->file_here, err));
    TRY(spool_inflate(&parcel->file_here, parcel->file.fd, err));
    *ret_file = (ParcelFile){.name = inner_name(parcel), .path = parcel->file_here.path};
    return OK;
}

static ErrCode next_entry(Parcel *parcel, ParcelFile *ret_file, bool *ret_more, Err *err)
{
    const char *entry = NULL;
    TRY(parcel_zip_next(&parcel->zip, &entry, ret_more, err));
    if (!*ret_more)
        return OK;
    ret_file->name = arena_printf(parcel->arena, "%s/%s", parcel->name, entry);
    TRY(spool_open(parcel->folder, &parcel->file_here, err));
    ret_file->path = parcel->file_here.path;
    if (parcel_zip_unpack(&parcel->zip, &parcel->file_here, err) != OK)
        return err_wrap(err, "'%s'", entry);
    return OK;
}

ErrCode parcel_next(Parcel *parcel, ParcelFile *ret_file, bool *ret_more, Err *err)
{
    ParcelFile file = {0};
    ErrCode code = OK;
    bool more = !parcel->given;
    spool_close(&parcel->file_here);
    if (parcel->kind == PARCEL_ZIP)
        code = next_entry(parcel, &file, &more, err);
    else if (more)
        code = next_single(parcel, &file, err);
    if (code != OK)
        return code;
    parcel->given = true;
    *ret_more = more;
    if (more)
        *ret_file = file;
    return OK;
}

void parcel_close(Parcel *parcel)
{
    if (!parcel)
        return;
    parcel_zip_close(&parcel->zip);
    spool_close(&parcel->input);
    spool_close(&parcel->file_here);
    if (parcel->file.fd >= 0)
        close(parcel->file.fd);
    arena_free(parcel->arena);
}
