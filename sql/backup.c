/* talent db backup: a copy of the base and of what it is worth nothing without, locked to a public
 * key, while everybody works on. */
#include "base/progress.h"
#include "base/text.h"
#include "base/vault.h"
#include "sql/connection.h"
#include "sql/dump.h"
#include "sql/home_files.h"
#include "sql/manifest.h"
#include "sql/schema.h"
#include "sql/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Backup {
    Context *context;
    const char *folder;  /* to be */
    const char *partial; /* while it is being written */
    VaultKey to;
    Manifest manifest;
    VaultWriter *writer;
    Progress progress;
    int64_t bytes; /* of the copy, before compression */
    json_t *left_out;
} Backup;

static const char *inside(const Backup *backup, const char *name)
{
    return arena_printf(backup->context->arena, "%s/%s", backup->partial, name);
}

static ErrCode sink_write(void *state, const void *bytes, size_t length, Err *err)
{
    Backup *backup = state;
    backup->bytes += (int64_t)length;
    progress_at(&backup->progress, backup->bytes >> 20);
    return vault_write(backup->writer, bytes, length, err);
}

/* Read before the copy begins: what is committed by then is in it. */
static ErrCode moment_read(Backup *backup, Err *err)
{
    Db *db = backup->context->db;
    Arena *arena = backup->context->arena;
    Manifest *manifest = &backup->manifest;
    AUTO_ROWS rows = NULL;
    unsigned schema;
    TRY(schema_version(db, &schema, err));
    TRY(db_query(db, QUERY_SQL_BACKUP_MOMENT, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("this base does not say which one it is"));
    manifest->program = TALENT_VERSION;
    manifest->schema = schema;
    manifest->epoch = arena_strdup(arena, rows_text(rows, 0));
    manifest->taken_ms = rows_int(rows, 1);
    manifest->server = arena_strdup(arena, rows_text(rows, 2));
    manifest->taken_at = arena_strdup(arena, rows_text(rows, 3));
    manifest->key = vault_key_name(arena, &backup->to);
    manifest->seal_key = sealer_name(backup->context->sealer, arena);
    return OK;
}

static ErrCode tables_read(Backup *backup, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(backup->context->db, QUERY_SQL_BACKUP_TABLES, NO_PARAMS, &rows, err));
    while (rows_next(rows))
        if (!rows_int(rows, 1))
            json_object_set_new(backup->manifest.counts, rows_text(rows, 0), json_integer(0));
    return OK;
}

static ErrCode base_write(Backup *backup, Err *err)
{
    TRY(vault_create(inside(backup, "base.sealed"), &backup->to, &backup->writer, err));
    const DumpSink sink = {sink_write, backup};
    TRY(dump_write(backup->context->db, sink, backup->manifest.counts, err));
    TRY(vault_finish(backup->writer, &backup->manifest.base, err));
    vault_writer_close(backup->writer);
    backup->writer = NULL;
    return OK;
}

/* The keys go in the locked part only, with a manifest that nobody can change. */
static ErrCode home_write(Backup *backup, json_t *manifest, Err *err)
{
    json_t *files;
    VaultSum sum;
    TRY(home_files_gather(&backup->context->config, &files, &backup->left_out, err));
    json_t *content = json_pack("{s:O, s:o}", "manifest", manifest, "files", files);
    char *text = json_dumps(content, JSON_COMPACT);
    json_decref(content);
    ErrCode code = vault_create(inside(backup, "home.sealed"), &backup->to, &backup->writer, err);
    if (code == OK)
        code = vault_write(backup->writer, text, strlen(text), err);
    if (code == OK)
        code = vault_finish(backup->writer, &sum, err);
    memset(text, 0, strlen(text));
    free(text);
    return code;
}

static ErrCode manifest_write(const Backup *backup, const json_t *manifest, Err *err)
{
    const char *path = inside(backup, "manifest.json");
    char *text = json_dumps(manifest, JSON_INDENT(1));
    size_t length = strlen(text);
    text[length] = '\n'; /* in place of the NUL */
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written =
        out >= 0 && write(out, text, length + 1) == (ssize_t)length + 1 && fsync(out) == 0;
    int reason = errno;
    if (out >= 0)
        written = close(out) == 0 && written;
    free(text);
    return written ? OK : err_errno(err, ERR_IO, reason, _("cannot write '%s'"), path);
}

static ErrCode content_write(Backup *backup, Err *err)
{
    TRY(moment_read(backup, err));
    TRY(tables_read(backup, err));
    TRY(base_write(backup, err));
    json_t *manifest = manifest_json(&backup->manifest);
    ErrCode code = home_write(backup, manifest, err);
    if (code == OK)
        code = manifest_write(backup, manifest, err);
    json_decref(manifest);
    return code;
}

/* Migrations wait meanwhile: a table that changes its shape is copied in no shape at all. */
static ErrCode content_write_locked(Backup *backup, Err *err)
{
    int64_t locked, ignored;
    Err unlock = {0};
    Db *db = backup->context->db;
    TRY(db_number(db, QUERY_SQL_MIGRATION_LOCK, NO_PARAMS, &locked, err));
    if (locked != 1)
        return err_set(err, ERR_DB, _("another command has been migrating this base for a minute"));
    ErrCode code = content_write(backup, err);
    if (db_number(db, QUERY_SQL_MIGRATION_UNLOCK, NO_PARAMS, &ignored, &unlock) != OK)
        connection_drop(db);
    return code;
}

static ErrCode folder_sync(const char *path, Err *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && fsync(folder) == 0;
    int reason = errno;
    if (folder >= 0)
        close(folder);
    return synced ? OK : err_errno(err, ERR_IO, reason, _("cannot write '%s'"), path);
}

/* Only now does it bear its name. */
static ErrCode publish(const Backup *backup, Err *err)
{
    TRY(folder_sync(backup->partial, err));
    if (renameat2(AT_FDCWD, backup->partial, AT_FDCWD, backup->folder, RENAME_NOREPLACE) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), backup->folder);
    return folder_sync(dirname(arena_strdup(backup->context->arena, backup->folder)), err);
}

static void remove_partial(const Backup *backup)
{
    static const char *const NAMES[] = {"base.sealed", "home.sealed", "manifest.json"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        unlink(inside(backup, NAMES[i]));
    rmdir(backup->partial);
}

static ErrCode key_choose(Backup *backup, const Arguments *arguments, Err *err)
{
    Context *context = backup->context;
    const char *given = option_text(arguments, "to-key");
    const char *file = given ? given : config_path(&context->config, context->arena, "backup.pub");
    if (!given && access(file, F_OK) != 0) {
        err_set(err, ERR_NOT_FOUND, _("this home has no key to lock backups to"));
        return err_hint(err, _("make one with 'talent db key FILE', and keep FILE away from this "
                               "machine"));
    }
    return vault_key_read_public(file, &backup->to, err);
}

/* The path without slashes at its end; refuses one that is taken or lies in the home. */
static ErrCode folder_choose(Backup *backup, const char *path, Err *err)
{
    Arena *arena = backup->context->arena;
    struct stat status;
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    backup->folder = arena_strndup(arena, path, length);
    backup->partial = arena_printf(arena, "%s.partial-%d", backup->folder, getpid());
    if (lstat(backup->folder, &status) == 0) {
        err_set(err, ERR_REFUSED, _("'%s' exists already"), backup->folder);
        return err_hint(err, _("give each backup a name of its own, with its date for example"));
    }
    char *parent = realpath(dirname(arena_strdup(arena, backup->folder)), NULL);
    char *home = realpath(backup->context->config.home, NULL);
    bool in_home = parent && home && text_starts(parent, home) &&
                   (parent[strlen(home)] == '/' || parent[strlen(home)] == '\0');
    free(parent);
    free(home);
    if (!in_home)
        return OK;
    err_set(err, ERR_REFUSED, _("a backup inside of the home is lost together with it"));
    return err_hint(err, _("choose a folder on another disk"));
}

static json_t *result_make(const Backup *backup)
{
    json_t *result = manifest_json(&backup->manifest);
    int64_t rows = 0;
    const char *name;
    json_t *value;
    json_object_foreach(backup->manifest.counts, name, value) rows += json_integer_value(value);
    json_object_set_new(result, "backup", json_string(backup->folder));
    json_object_set_new(result, "rows", json_integer(rows));
    json_object_set_new(result, "bytes", json_integer(backup->manifest.base.bytes));
    json_object_set(result, "left_out", backup->left_out);
    return result;
}

static ErrCode take(Backup *backup, Err *err)
{
    if (mkdir(backup->partial, 0700) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot make folder '%s'"), backup->partial);
    ErrCode code = content_write_locked(backup, err);
    vault_writer_close(backup->writer);
    if (code == OK)
        code = publish(backup, err);
    if (code != OK)
        remove_partial(backup);
    return code;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Backup backup = {.context = context, .manifest = {.counts = json_object()}};
    ErrCode code = folder_choose(&backup, argument_at(arguments, 0), err);
    if (code == OK)
        code = key_choose(&backup, arguments, err);
    if (code == OK) {
        backup.progress = progress_start(!context->quiet, _("megabytes copied"), 0);
        code = take(&backup, err);
        progress_end(&backup.progress);
    }
    if (code == OK)
        *ret_result = result_make(&backup);
    else
        err_wrap(err, _("no backup was made"));
    json_decref(backup.manifest.counts);
    json_decref(backup.left_out);
    return code;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    size_t index;
    json_t *path;
    printf(_("backup '%s' of %s: %lld rows, %lld bytes\n"),
           json_string_value(json_object_get(result, "backup")),
           json_string_value(json_object_get(result, "taken_at")),
           (long long)json_integer_value(json_object_get(result, "rows")),
           (long long)json_integer_value(json_object_get(result, "bytes")));
    printf(_("only the secret half of key %s opens it\n"),
           json_string_value(json_object_get(result, "key")));
    json_array_foreach(json_object_get(result, "left_out"), index, path)
        printf(_("left out, because it is large: %s\n"), json_string_value(path));
}

const Command DB_BACKUP = {
    .words = "db backup",
    .summary = N_("copy the base, locked to a public key, while everybody works on"),
    .details = N_(
        "The folder DIR is made: manifest.json in the open, base.sealed with every row as it was "
        "at one moment, home.sealed with the sealing key, the configuration and what else of the "
        "home the base needs. It bears its name only when all of it is on disk. Only the secret "
        "half of the key opens it: try it with 'talent db restore' into another home."),
    .positionals = (const Positional[]){{"DIR", N_("the folder to make"), false, false}, {0}},
    .options = (const Option[]){{.name = "to-key",
                                 .kind = OPTION_FILE,
                                 .value = "FILE",
                                 .help = N_("public half of the key; else backup.pub of the home")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | EXPORTS,
    .run = run,
    .show = show,
};
