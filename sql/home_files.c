#include "sql/home_files.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILE_BYTES_MAX = 1 << 20,
    ALL_BYTES_MAX = 64 << 20,
    DEPTH_MAX = 6,
    BASE64 = sodium_base64_VARIANT_ORIGINAL,
};

typedef struct Gathering {
    const Config *config;
    Arena *arena;
    json_t *files, *left_out;
    int64_t bytes;
} Gathering;

/* Of the home's own level. */
static bool belongs_to_this_base(const char *name)
{
    static const char *const NAMES[] = {"db", "epoch", "journal", "planes", "talent.json"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (text_equal(name, NAMES[i]))
            return true;
    return text_starts(name, "db.") || text_starts(name, "spool-") || text_ends(name, ".restored");
}

static ErrCode file_read(const char *path, const struct stat *status, unsigned char *out, Err *err)
{
    int in = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
    ssize_t length = read(in, out, (size_t)status->st_size);
    int reason = errno;
    close(in);
    if (length < 0)
        return err_errno(err, ERR_IO, reason, _("cannot read '%s'"), path);
    return length == status->st_size
               ? OK
               : err_set(err, ERR_IO, _("'%s' changes while it is read"), path);
}

static ErrCode file_gather(Gathering *gathering, const char *path, const char *shown,
                           const struct stat *status, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    if (status->st_size > FILE_BYTES_MAX) {
        json_array_append_new(gathering->left_out, json_string(shown));
        return OK;
    }
    size_t length = (size_t)status->st_size;
    unsigned char *bytes = arena_alloc(arena, length + 1);
    TRY(file_read(path, status, bytes, err));
    gathering->bytes += status->st_size;
    if (gathering->bytes > ALL_BYTES_MAX)
        return err_set(err, ERR_LIMIT, _("the small files of '%s' are more than %d MB"),
                       gathering->config->home, ALL_BYTES_MAX >> 20);
    size_t room = sodium_base64_encoded_len(length, BASE64);
    char *text = arena_alloc(arena, room);
    sodium_bin2base64(text, room, bytes, length, BASE64);
    json_array_append_new(gathering->files,
                          json_pack("{s:s, s:i, s:s}", "path", shown, "mode",
                                    (int)(status->st_mode & 0777), "bytes", text));
    sodium_memzero(bytes, length);
    sodium_memzero(text, room);
    return OK;
}

static ErrCode folder_gather(Gathering *gathering, const char *folder, int depth, Err *err)
{
    const char *path = *folder ? config_path(gathering->config, gathering->arena, folder)
                               : gathering->config->home;
    DIR *entries = opendir(path);
    if (!entries)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
    ErrCode code = OK;
    for (struct dirent *entry; code == OK && (entry = readdir(entries));) {
        const char *name = entry->d_name;
        struct stat status;
        if (text_equal(name, ".") || text_equal(name, "..") ||
            (!*folder && belongs_to_this_base(name)))
            continue;
        const char *shown = *folder ? arena_printf(gathering->arena, "%s/%s", folder, name) : name;
        const char *full = config_path(gathering->config, gathering->arena, shown);
        if (lstat(full, &status) != 0)
            continue; /* it was there a moment ago: a temporary one */
        if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
            code = folder_gather(gathering, arena_strdup(gathering->arena, shown), depth + 1, err);
        else if (S_ISREG(status.st_mode))
            code = file_gather(gathering, full, shown, &status, err);
    }
    closedir(entries);
    return code;
}

/* The configuration may lie elsewhere; in the copy it is the home's. */
static ErrCode config_gather(Gathering *gathering, Err *err)
{
    struct stat status;
    const char *file = gathering->config->file;
    if (!file || stat(file, &status) != 0)
        return OK;
    return file_gather(gathering, file, "talent.json", &status, err);
}

ErrCode home_files_gather(const Config *config, json_t **ret_files, json_t **ret_left_out, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Gathering gathering = {
        .config = config, .arena = arena, .files = json_array(), .left_out = json_array()};
    ErrCode code = config_gather(&gathering, err);
    if (code == OK)
        code = folder_gather(&gathering, "", 0, err);
    if (code != OK) {
        json_decref(gathering.files);
        json_decref(gathering.left_out);
        return code;
    }
    *ret_files = gathering.files;
    *ret_left_out = gathering.left_out;
    return OK;
}

static const char *entry_text(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));
    return text ? text : "";
}

/* "a/b", without a step up or out. */
static bool path_inside(const char *path)
{
    if (!*path || *path == '/')
        return false;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += part != path || *part == '/';
        size_t length = strcspn(part, "/");
        if (length == 0 || (length <= 2 && strspn(part, ".") >= length))
            return false;
    }
    return true;
}

ErrCode home_files_check(const json_t *files, Err *err)
{
    size_t index;
    json_t *entry;
    if (!json_is_array(files))
        return err_set(err, ERR_INPUT, _("the files of the home are missing in the backup"));
    json_array_foreach(files, index, entry)
    {
        if (!path_inside(entry_text(entry, "path")) ||
            (belongs_to_this_base(entry_text(entry, "path")) &&
             !text_equal(entry_text(entry, "path"), "talent.json")))
            return err_set(err, ERR_INPUT,
                           _("the backup holds a file for a place outside of the "
                             "home"));
    }
    return OK;
}

static ErrCode folders_make(const Config *config, Arena *arena, const char *path, Err *err)
{
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        const char *folder =
            config_path(config, arena, arena_strndup(arena, path, (size_t)(slash - path)));
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), folder);
    }
    return OK;
}

static bool same_content(const char *path, const unsigned char *bytes, size_t length)
{
    unsigned char found[4096];
    int in = open(path, O_RDONLY | O_CLOEXEC);
    bool same = in >= 0;
    size_t at = 0;
    for (ssize_t piece; same && (piece = read(in, found, sizeof found)) != 0;
         at += same ? (size_t)piece : 0)
        same = piece > 0 && at + (size_t)piece <= length &&
               memcmp(found, bytes + at, (size_t)piece) == 0;
    if (in >= 0)
        close(in);
    return same && at == length;
}

/* Whole or not at all, and never over something else. */
static ErrCode content_write(const char *path, mode_t mode, const unsigned char *bytes,
                             size_t length, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *temporary = arena_printf(arena, "%s.new-%d", path, getpid());
    int out = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (out < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), temporary);
    bool written = write(out, bytes, length) == (ssize_t)length && fsync(out) == 0;
    written = close(out) == 0 && written && rename(temporary, path) == 0;
    int reason = errno;
    if (written)
        return OK;
    unlink(temporary);
    return err_errno(err, ERR_IO, reason, _("cannot write '%s'"), path);
}

/* A configuration that names another server than the one that was restored to would lead the next
 * command astray. */
static bool leads_elsewhere(const Config *config, const char *shown, const unsigned char *bytes,
                            size_t length)
{
    if (!text_equal(shown, "talent.json"))
        return false;
    json_t *json = json_loadb((const char *)bytes, length, 0, NULL);
    const char *database = json_string_value(json_object_get(json, "database"));
    bool elsewhere = !text_equal(database ? database : "private", config->database);
    json_decref(json);
    return elsewhere;
}

static ErrCode entry_write(const Config *config, Arena *arena, const json_t *entry, json_t *aside,
                           Err *err)
{
    const char *shown = entry_text(entry, "path"), *text = entry_text(entry, "bytes");
    const char *path = config_path(config, arena, shown);
    size_t length, room = strlen(text);
    unsigned char *bytes = arena_alloc(arena, room + 1);
    if (sodium_base642bin(bytes, room + 1, text, room, NULL, &length, NULL, BASE64) != 0)
        return err_set(err, ERR_INPUT, _("file '%s' is damaged in the backup"), shown);
    TRY(folders_make(config, arena, shown, err));
    bool elsewhere = leads_elsewhere(config, shown, bytes, length);
    if (elsewhere || access(path, F_OK) == 0) {
        if (!elsewhere && same_content(path, bytes, length))
            return OK;
        json_array_append_new(aside, json_string(shown));
        path = arena_printf(arena, "%s.restored", path);
    }
    mode_t mode = (mode_t)json_integer_value(json_object_get(entry, "mode")) & 0755;
    ErrCode code = content_write(path, mode, bytes, length, err);
    sodium_memzero(bytes, room);
    return code;
}

ErrCode home_files_write(const Config *config, const json_t *files, json_t **ret_aside, Err *err)
{
    json_t *aside = json_array(), *entry;
    size_t index;
    ErrCode code = OK;
    json_array_foreach(files, index, entry)
    {
        AUTO_ARENA arena = arena_new(0);
        code = entry_write(config, arena, entry, aside, err);
        if (code != OK)
            break;
    }
    if (code != OK) {
        json_decref(aside);
        return code;
    }
    *ret_aside = aside;
    return OK;
}
