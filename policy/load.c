#include "base/buffer.h"
#include "base/config.h"
#include "base/json.h"
#include "base/text.h"
#include "policy/parse.h"

#include <dirent.h>
#include <errno.h>

enum { FILE_LIMIT_BYTES = 4 * 1024 * 1024, IDS_AT_MOST = 256 };

static bool is_policy_file(const char *name)
{
    return text_ends(name, ".json") && !text_ends(name, ".cases.json") &&
           !text_ends(name, ".schema.json") && name[0] != '.';
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

ErrCode policy_ids(Arena *arena, const char *const **ret_ids, size_t *ret_count, Err *err)
{
    const char *folder = config_shared(arena, "policy");
    DIR *directory = opendir(folder);
    if (!directory)
        return err_errno(err, ERR_IO, errno, _("cannot list the policies in '%s'"), folder);
    const char **ids = arena_array(arena, const char *, IDS_AT_MOST);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) && count < IDS_AT_MOST;) {
        if (is_policy_file(entry->d_name))
            ids[count++] =
                arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(".json"));
    }
    closedir(directory);
    qsort(ids, count, sizeof *ids, compare_ids);
    *ret_ids = ids;
    *ret_count = count;
    return OK;
}

static bool is_path(const char *id)
{
    return strchr(id, '/') || text_ends(id, ".json");
}

const char *policy_path(Arena *arena, const char *id)
{
    return is_path(id) ? id : config_shared(arena, arena_printf(arena, "policy/%s.json", id));
}

static ErrCode unknown_policy(Arena *arena, const char *id, Err *err)
{
    const char *const *ids;
    size_t count;
    TRY(policy_ids(arena, &ids, &count, err));
    err_set(err, ERR_NOT_FOUND, _("there is no policy '%s'"), id);
    const char *nearest = text_nearest(id, ids, count);
    if (nearest)
        return err_hint(err, _("did you mean '%s'?"), nearest);
    return err_hint(err, _("'talent policy list' names them"));
}

/* A file that says of itself that its text is not official; one that cannot be read does not. */
static bool is_unofficial(Arena *arena, const char *id)
{
    json_t *json = json_load_file(policy_path(arena, id), 0, NULL);
    const json_t *certainty = json_object_get(json_object_get(json, "source"), "certainty");
    bool unofficial = json_kind(certainty) == JSON_STRING &&
                      !text_equal(json_string_value(certainty), certainty_name(CERTAINTY_OFFICIAL));
    json_decref(json);
    return unofficial;
}

/* The one official policy: nobody is judged by a doubtful text without having named it. */
static ErrCode only_id(Arena *arena, const char **ret_id, Err *err)
{
    const char *const *ids;
    size_t count, official = 0;
    TRY(policy_ids(arena, &ids, &count, err));
    for (size_t i = 0; i < count; i++) {
        if (count > 1 && is_unofficial(arena, ids[i]))
            continue;
        official++;
        *ret_id = ids[i];
    }
    if (official == 1)
        return OK;
    if (count == 0)
        return err_set(err, ERR_NOT_FOUND, _("no policy is installed"));
    err_set(err, ERR_USAGE, _("there are %zu policies to choose from"), count);
    return err_hint(err, _("name one, for example '%s'"), ids[0]);
}

static ErrCode read_file(Arena *arena, const char *path, FILE *stream, PolicyFile *ret_file,
                         Err *err)
{
    AUTO_BUFFER text = BUFFER(FILE_LIMIT_BYTES);
    char piece[8192];
    size_t length;
    while ((length = fread(piece, 1, sizeof piece, stream)) > 0)
        buffer_add(&text, piece, length);
    if (ferror(stream))
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
    TRY(buffer_check(&text, path, err));
    *ret_file = (PolicyFile){.name = path,
                             .bytes = arena_strndup(arena, buffer_string(&text), text.length),
                             .length = text.length};
    return OK;
}

/* The id in the file must be the file's name, so that one policy has one name everywhere. */
static ErrCode check_name(const Policy *policy, const char *path, Err *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strlen(policy->id);
    if (strncmp(name, policy->id, length) == 0 && text_equal(name + length, ".json"))
        return OK;
    return err_set(err, ERR_CONFIG, _("%s: $.id: the file of policy '%s' must be called '%s.json'"),
                   path, policy->id, policy->id);
}

ErrCode policy_load(Arena *arena, const char *id, const Policy **ret_policy, Err *err)
{
    if (!id)
        TRY(only_id(arena, &id, err));
    PolicyFile file;
    const Policy *policy;
    const char *path = arena_strdup(arena, policy_path(arena, id));
    FILE *stream = fopen(path, "re");
    if (!stream) {
        if (errno == ENOENT && !is_path(id))
            return unknown_policy(arena, id, err);
        return err_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno,
                         _("cannot read '%s'"), path);
    }
    ErrCode code = read_file(arena, path, stream, &file, err);
    fclose(stream);
    TRY(code);
    TRY(policy_read(arena, file, NULL, 0, &policy, err));
    TRY(check_name(policy, path, err));
    *ret_policy = policy;
    return OK;
}
