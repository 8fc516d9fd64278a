#include "survey/parcel_zip.h"

#include "base/command.h"
#include "base/lang.h"
#include "base/text.h"

#include <iconv.h>
#include <strings.h>

enum { PIECE_BYTES = 64 * 1024 };

ErrCode parcel_zip_open(const SheetFile *file, ParcelZip *zip, bool *ret_document, Err *err)
{
    zip->arena = file->arena;
    TRY(archive_open(file, &zip->archive, err));
    *ret_document = archive_has(&zip->archive, "_rels/.rels") ||
                    archive_has(&zip->archive, "META-INF/manifest.xml");
    return OK;
}

/* Bytes of GB18030 as UTF-8; NULL when they are something else. */
static char *from_gb18030(Arena *arena, const char *bytes)
{
    size_t left = strlen(bytes), room = 4 * left + 1;
    char *text = arena_alloc(arena, room), *out = text;
    char *in = arena_strdup(arena, bytes);
    iconv_t handle = iconv_open("UTF-8", "GB18030");
    if (handle == (iconv_t)-1)
        return NULL;
    size_t bad = iconv(handle, &in, &left, &out, &room);
    iconv_close(handle);
    return bad == 0 && left == 0 ? text : NULL;
}

/* A name as people wrote it, as far as its bytes tell, without line breaks and other controls. */
static const char *shown_name(Arena *arena, const char *raw, uint64_t entry)
{
    char *name =
        text_valid(raw, strlen(raw), NULL) ? arena_strdup(arena, raw) : from_gb18030(arena, raw);
    if (!name)
        return arena_printf(arena, "#%llu", (unsigned long long)entry + 1);
    for (char *at = name; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    return name;
}

/* Folders, and what nobody put into the archive by hand. */
static bool is_clutter(const char *name)
{
    static const char *const CLUTTER[] = {".DS_Store", "Thumbs.db", "desktop.ini"};
    const char *slash = strrchr(name, '/');
    const char *base = slash ? slash + 1 : name;
    if (!*base || strncmp(name, "__MACOSX/", strlen("__MACOSX/")) == 0)
        return true;
    for (size_t i = 0; i < sizeof CLUTTER / sizeof *CLUTTER; i++)
        if (strcasecmp(base, CLUTTER[i]) == 0)
            return true;
    return false;
}

ErrCode parcel_zip_next(ParcelZip *zip, const char **ret_name, bool *ret_more, Err *err)
{
    uint64_t count = (uint64_t)zip_get_num_entries(zip->archive.zip, 0);
    *ret_more = false;
    while (zip->next < count && !*ret_more) {
        zip->entry = zip->next++;
        const char *raw = zip_get_name(zip->archive.zip, zip->entry, ZIP_FL_ENC_RAW);
        if (!raw)
            return archive_failure(_("the archive is damaged"), zip_get_error(zip->archive.zip),
                                   err);
        if (is_clutter(raw))
            continue;
        *ret_name = shown_name(zip->arena, raw, zip->entry);
        *ret_more = true;
        zip->files++;
    }
    if (!*ret_more && zip->files == 0)
        return err_set(err, ERR_INPUT, _("the archive holds no file"));
    return OK;
}

static ErrCode unpack_pieces(ParcelZip *zip, zip_file_t *entry, Spool *spool, Err *err)
{
    char piece[PIECE_BYTES];
    for (;;) {
        zip_int64_t count = zip_fread(entry, piece, sizeof piece);
        if (count < 0)
            return archive_failure(_("the archive is damaged"), zip_file_get_error(entry), err);
        if (count == 0)
            return OK;
        zip->bytes += (uint64_t)count;
        if (zip->bytes > INFLATE_BYTES_MAX)
            return err_set(err, ERR_LIMIT, _("the archive unpacks to more than %llu MiB"),
                           (unsigned long long)(INFLATE_BYTES_MAX >> 20));
        TRY(spool_add(spool, piece, (size_t)count, err));
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped: nothing of this file was imported"));
    }
}

ErrCode parcel_zip_unpack(ParcelZip *zip, Spool *spool, Err *err)
{
    zip_stat_t stat;
    zip_t *archive = zip->archive.zip;
    if (zip_stat_index(archive, zip->entry, 0, &stat) == 0 &&
        (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
        err_set(err, ERR_INPUT, _("the archive is locked with a password"));
        return err_hint(err, _("unpack it and give the files in it"));
    }
    zip_file_t *entry = zip_fopen_index(archive, zip->entry, 0);
    if (!entry)
        return archive_failure(_("the archive is damaged"), zip_get_error(archive), err);
    ErrCode code = unpack_pieces(zip, entry, spool, err);
    zip_fclose(entry);
    return code;
}

void parcel_zip_close(ParcelZip *zip)
{
    archive_close(&zip->archive);
}
