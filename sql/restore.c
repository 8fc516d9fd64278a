/* talent db restore: a backup becomes the base of an empty home. Everything is looked at before
 * anything is written. */
#include "base/buffer.h"
#include "base/text.h"
#include "sql/connection.h"
#include "sql/home_files.h"
#include "sql/manifest.h"
#include "sql/restored.h"
#include "sql/schema.h"
#include "sql/verbs.h"

#include <unistd.h>

enum { HOME_BYTES_MAX = 128 << 20 };

typedef struct Restore {
    Context *context;
    const char *folder;
    VaultKey key;
    json_t *manifest_json; /* as it lies in the open */
    json_t *home;          /* what home.sealed holds */
    json_t *files;         /* of it; borrowed */
    json_t *aside;
    Manifest manifest;
    Db *db;
} Restore;

static const char *inside(const Restore *restore, const char *name)
{
    return arena_printf(restore->context->arena, "%s/%s", restore->folder, name);
}

static ErrCode manifest_read(Restore *restore, Err *err)
{
    const char *path = inside(restore, "manifest.json");
    if (access(path, F_OK) != 0) {
        err_set(err, ERR_NOT_FOUND, _("'%s' is no backup: it has no manifest.json"),
                restore->folder);
        return err_hint(err, _("a folder whose name ends with .partial- and a number was never "
                               "finished"));
    }
    TRY(node_load(path, &restore->manifest_json, err));
    TRY(manifest_parse(path, restore->manifest_json, &restore->manifest, err));
    if (restore->manifest.schema <= schema_program_version())
        return OK;
    err_set(err, ERR_VERSION, _("the backup has schema %u, this program knows schemas up to %u"),
            (unsigned)restore->manifest.schema, schema_program_version());
    return err_hint(err, _("run the program that made it, or a newer one"));
}

static ErrCode key_read(Restore *restore, const char *file, Err *err)
{
    TRY(vault_key_read_secret(file, &restore->key, err));
    const char *name = vault_key_name(restore->context->arena, &restore->key);
    if (text_equal(name, restore->manifest.key))
        return OK;
    err_set(err, ERR_SEAL, _("the backup is locked to key %s, and '%s' is the secret half of %s"),
            restore->manifest.key, file, name);
    return err_hint(err, _("give the secret half of the key that the backup was made to"));
}

static ErrCode sum_check(const Restore *restore, Err *err)
{
    VaultSum sum;
    const char *path = inside(restore, "base.sealed");
    TRY(vault_sum(path, &sum, err));
    if (sum.bytes == restore->manifest.base.bytes &&
        text_equal(sum.sha256, restore->manifest.base.sha256))
        return OK;
    err_set(err, ERR_INPUT, _("'%s' is not the file that the manifest describes"), path);
    return err_hint(err, _("take another copy of the backup"));
}

static ErrCode home_read(Restore *restore, Err *err)
{
    AUTO_BUFFER text = BUFFER(HOME_BYTES_MAX);
    VaultReader *reader;
    const char *path = inside(restore, "home.sealed");
    TRY(vault_open(path, &restore->key, &reader, err));
    char piece[4096];
    size_t length = 1;
    ErrCode code = OK;
    while (code == OK && length > 0) {
        code = vault_read(reader, piece, sizeof piece, &length, err);
        if (code == OK)
            buffer_add(&text, piece, length);
    }
    vault_reader_close(reader);
    TRY(code);
    TRY(buffer_check(&text, path, err));
    restore->home = json_loadb(buffer_string(&text), text.length, 0, NULL);
    restore->files = json_object_get(restore->home, "files");
    if (text.bytes)
        memset(text.bytes, 0, text.length);
    if (!restore->home ||
        !json_equal(json_object_get(restore->home, "manifest"), restore->manifest_json)) {
        err_set(err, ERR_INPUT, _("the manifest of '%s' was changed after the backup"),
                restore->folder);
        return err_hint(err, _("take another copy of the backup"));
    }
    return home_files_check(restore->files, err);
}

/* Nothing has been written so far. */
static ErrCode look_through(Restore *restore, const Arguments *arguments, Err *err)
{
    TRY(manifest_read(restore, err));
    TRY(key_read(restore, option_text(arguments, "key"), err));
    TRY(sum_check(restore, err));
    return home_read(restore, err);
}

/* The key that comes back must open what comes back. */
static ErrCode seal_key_check(Restore *restore, Err *err)
{
    Context *context = restore->context;
    const char *path = config_path(&context->config, context->arena, "seal.key");
    Sealer *sealer;
    TRY(sealer_open(path, false, &sealer, err));
    const char *name = sealer_name(sealer, context->arena);
    sealer_free(sealer);
    if (text_equal(name, restore->manifest.seal_key))
        return OK;
    err_set(err, ERR_REFUSED, _("'%s' is another key than that of the backup"), path);
    return err_hint(err, _("restore into an empty home: choose another --home, or move the key "
                           "away if no base needs it"));
}

static ErrCode bring_back(Restore *restore, Err *err)
{
    Context *context = restore->context;
    const RestoredFrom from = {.manifest = &restore->manifest,
                               .file = inside(restore, "base.sealed"),
                               .key = &restore->key,
                               .user = context->user,
                               .shows_progress = !context->quiet};
    TRY(db_open(&context->config, &restore->db, err));
    TRY(restored_begin(restore->db, err));
    TRY(home_files_write(&context->config, restore->files, &restore->aside, err));
    TRY(seal_key_check(restore, err));
    return restored_fill(restore->db, &from, err);
}

static json_t *result_make(const Restore *restore)
{
    int64_t rows = 0;
    const char *name;
    json_t *value;
    json_object_foreach(restore->manifest.counts, name, value) rows += json_integer_value(value);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:O, s:O}", "backup", restore->folder, "taken_at",
                     restore->manifest.taken_at, "program", restore->manifest.program, "schema",
                     (json_int_t)restore->manifest.schema, "rows", (json_int_t)rows, "counts",
                     restore->manifest.counts, "aside", restore->aside);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Restore restore = {.context = context, .folder = argument_at(arguments, 0)};
    ErrCode code = look_through(&restore, arguments, err);
    if (code == OK)
        code = bring_back(&restore, err);
    if (code == OK)
        *ret_result = result_make(&restore);
    db_close(restore.db);
    vault_key_done(&restore.key);
    json_decref(restore.manifest_json);
    json_decref(restore.home);
    json_decref(restore.aside);
    return code;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    size_t index;
    json_t *path;
    printf(_("restored as of %s: %lld rows, every table as the manifest counts it\n"),
           json_string_value(json_object_get(result, "taken_at")),
           (long long)json_integer_value(json_object_get(result, "rows")));
    json_array_foreach(json_object_get(result, "aside"), index, path)
        printf(_("another file is there already: the backup's lies beside it as %s.restored\n"),
               json_string_value(path));
    puts(_("nothing is sent from it until 'talent outreach reconcile' has settled what happened "
           "after the backup"));
}

const Command DB_RESTORE = {
    .words = "db restore",
    .summary = N_("bring a backup back into an empty home"),
    .details =
        N_("Manifest, checksums and key are checked before anything is written; then the rows come "
           "back, are counted against the manifest, and brought to this program's schema. A home "
           "that holds a base is refused: give another one with --home. The restored base does not "
           "send until 'talent outreach reconcile': it cannot know what went out after the backup. "
           "A restore that was cut off is begun anew by the same command."),
    .positionals = (const Positional[]){{"DIR", N_("the folder of the backup"), false, false}, {0}},
    .options = (const Option[]){{.name = "key",
                                 .kind = OPTION_FILE,
                                 .value = "FILE",
                                 .help = N_("secret half of the key that it was made to"),
                                 .required = true},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = WRITES,
    .run = run,
    .show = show,
};
