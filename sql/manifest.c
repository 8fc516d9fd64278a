#include "sql/manifest.h"

#include "base/lang.h"

#include <string.h>

enum { FORMAT = 1 };

json_t *manifest_json(const Manifest *manifest)
{
    return json_pack("{s:i, s:s, s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:{s:I, s:s}, s:O}", "format",
                     FORMAT, "program", manifest->program, "schema", (json_int_t)manifest->schema,
                     "epoch", manifest->epoch, "taken_ms", (json_int_t)manifest->taken_ms,
                     "taken_at", manifest->taken_at, "server", manifest->server, "key",
                     manifest->key, "seal_key", manifest->seal_key, "base.sealed", "bytes",
                     (json_int_t)manifest->base.bytes, "sha256", manifest->base.sha256, "counts",
                     manifest->counts);
}

static ErrCode counts_parse(const Node *root, const char *key, json_t **ret_object, Err *err)
{
    Node node;
    const char *name;
    json_t *value;
    TRY(node_get(root, key, &node, err));
    if (!json_is_object(node.value))
        return node_error(&node, err, _("must be an object"));
    json_object_foreach(node.value, name, value)
    {
        bool plain = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name);
        if (!*name || !plain || !json_is_integer(value) || json_integer_value(value) < 0)
            return node_error(&node, err, _("must hold a number for each table"));
    }
    *ret_object = node.value;
    return OK;
}

static ErrCode sum_parse(const Node *root, const char *key, VaultSum *ret_sum, Err *err)
{
    static const char *const KEYS[] = {"bytes", "sha256", NULL};
    Node node;
    const char *sha256;
    TRY(node_get(root, key, &node, err));
    TRY(node_keys(&node, KEYS, err));
    TRY(node_get_int(&node, "bytes", 0, INT64_MAX, &ret_sum->bytes, err));
    TRY(node_get_string(&node, "sha256", &sha256, err));
    if (strlen(sha256) != VAULT_SUM_LETTERS)
        return node_error(&node, err, _("must be %d hexadecimal digits"), VAULT_SUM_LETTERS);
    memcpy(ret_sum->sha256, sha256, sizeof ret_sum->sha256);
    return OK;
}

ErrCode manifest_parse(const char *name, json_t *json, Manifest *ret_manifest, Err *err)
{
    static const char *const KEYS[] = {"format",   "program",     "schema", "epoch",
                                       "taken_ms", "taken_at",    "server", "key",
                                       "seal_key", "base.sealed", "counts", NULL};
    Manifest *manifest = ret_manifest;
    const Node root = node_root(name, json);
    int64_t format = json_integer_value(json_object_get(json, "format"));
    if (format > FORMAT) {
        err_set(err, ERR_VERSION, _("'%s' is of format %d, this program knows formats up to %d"),
                name, (int)format, FORMAT);
        return err_hint(err, _("run the program that made it, or a newer one"));
    }
    *manifest = (Manifest){0};
    TRY(node_keys(&root, KEYS, err));
    TRY(node_get_int(&root, "format", 1, FORMAT, &format, err));
    TRY(node_get_string(&root, "program", &manifest->program, err));
    TRY(node_get_int(&root, "schema", 1, UINT32_MAX, &manifest->schema, err));
    TRY(node_get_string(&root, "epoch", &manifest->epoch, err));
    TRY(node_get_int(&root, "taken_ms", 0, INT64_MAX / 1000, &manifest->taken_ms, err));
    TRY(node_get_string(&root, "taken_at", &manifest->taken_at, err));
    TRY(node_get_string(&root, "server", &manifest->server, err));
    TRY(node_get_string(&root, "key", &manifest->key, err));
    TRY(node_get_string(&root, "seal_key", &manifest->seal_key, err));
    TRY(sum_parse(&root, "base.sealed", &manifest->base, err));
    return counts_parse(&root, "counts", &manifest->counts, err);
}
