/* talent db key: makes the pair of keys for backups. The secret half is the administrator's to keep
 * away from this machine. */
#include "base/text.h"
#include "base/vault.h"
#include "sql/verbs.h"

#include <errno.h>
#include <libgen.h>
#include <unistd.h>

/* Whether the folder of a path is the home, or lies in it. */
static bool lies_in_home(const Context *context, const char *path)
{
    char *folder = realpath(dirname(arena_strdup(context->arena, path)), NULL);
    char *home = realpath(context->config.home, NULL);
    bool inside = folder && home && text_starts(folder, home) &&
                  (folder[strlen(home)] == '/' || folder[strlen(home)] == '\0');
    free(folder);
    free(home);
    return inside;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const char *secret = argument_at(arguments, 0);
    const char *open_half = arena_printf(context->arena, "%s.pub", secret);
    const char *own = config_path(&context->config, context->arena, "backup.pub");
    VaultKey key;
    if (lies_in_home(context, secret)) {
        err_set(err, ERR_REFUSED,
                _("the secret half may not lie in the home that it is to rescue"));
        return err_hint(err,
                        _("name a file on another disk, or carry it away on paper or a stick"));
    }
    TRY(vault_key_make(secret, open_half, &key, err));
    ErrCode code = OK;
    bool adopted = access(own, F_OK) != 0 && errno == ENOENT;
    if (adopted)
        code = vault_key_write_public(&key, own, err);
    const char *name = vault_key_name(context->arena, &key);
    vault_key_done(&key);
    TRY(code);
    *ret_result = json_pack("{s:s, s:s, s:s, s:b}", "key", name, "secret", secret, "public",
                            open_half, "adopted", adopted);
    return OK;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    const char *secret = json_string_value(json_object_get(result, "secret"));
    printf(_("secret half: %s: whoever has it reads every backup, and without it none can be read; "
             "keep two copies away from this machine\n"),
           secret);
    printf(_("public half: %s, key %s\n"), json_string_value(json_object_get(result, "public")),
           json_string_value(json_object_get(result, "key")));
    puts(json_is_true(json_object_get(result, "adopted"))
             ? _("backups of this home are locked to it from now on")
             : _("this home has a backup key already; give the new one with 'db backup --to-key'"));
}

const Command DB_KEY = {
    .words = "db key",
    .summary = N_("make the pair of keys for backups"),
    .details = N_("FILE is the secret half: it opens backups and is needed for a restore only. "
                  "FILE.pub is the public half: it locks them. The home keeps a copy of the public "
                  "half as backup.pub, unless it has one."),
    .positionals =
        (const Positional[]){{"FILE", N_("the secret half, to be made"), false, false}, {0}},
    .role = ROLE_ADMIN,
    .run = run,
    .show = show,
};
