#include "base/config.h"

#include "base/installed.h"
#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_LIMIT_BYTES = 4096 };

static char home_now[PATH_MAX]; /* of the configuration that was loaded last */

/* Makes every missing folder of an absolute path, 0700. */
static ErrCode make_folder(Arena *arena, const char *path, Err *err)
{
    char *partial = arena_strdup(arena, path);
    for (char *at = partial + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        if (mkdir(partial, 0700) != 0 && errno != EEXIST) {
            err_errno(err, ERR_IO, errno, _("cannot make folder '%s'"), partial);
            return err_hint(err, _("choose another home with --home DIR or TALENT_HOME"));
        }
        *at = kept;
        if (kept == '\0')
            break;
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return err_set(err, ERR_IO, _("home '%s' is not a folder"), path);
    return OK;
}

static const char *absolute(Arena *arena, const char *path)
{
    if (*path == '/')
        return path;
    char *here = getcwd(NULL, 0);
    const char *joined = arena_printf(arena, "%s/%s", here ? here : "", path);
    free(here);
    return joined;
}

static const char *choose_home(Arena *arena, const char *home)
{
    const char *talent_home = getenv("TALENT_HOME");
    const char *data_home = getenv("XDG_DATA_HOME");
    const char *user_home = getenv("HOME");
    if (home)
        return absolute(arena, home);
    if (talent_home && *talent_home)
        return absolute(arena, talent_home);
    if (data_home && *data_home == '/')
        return arena_printf(arena, "%s/talent", data_home);
    return arena_printf(arena, "%s/.local/share/talent", user_home ? user_home : "");
}

const char *config_path(const Config *config, Arena *arena, const char *path)
{
    return *path == '/' ? path : arena_printf(arena, "%s/%s", config->home, path);
}

static ErrCode read_minute(const Node *window, const char *key, int *ret_minute, Err *err)
{
    Node node = node_find(window, key);
    if (!node.value)
        return OK;
    const char *text;
    TRY(node_string(&node, &text, err));
    bool shaped = strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789:") == 5;
    int hour = shaped ? (text[0] - '0') * 10 + text[1] - '0' : 99;
    int minute = shaped ? (text[3] - '0') * 10 + text[4] - '0' : 99;
    if (hour > 24 || minute > 59 || hour * 60 + minute > 24 * 60)
        return node_error(&node, err, _("'%s' is not a time of day such as 09:00"), text);
    *ret_minute = hour * 60 + minute;
    return OK;
}

static ErrCode read_window(const Node *root, Arena *arena, Config *config, Err *err)
{
    json_t *value = json_object_get(root->value, "window");
    config->window_open = json_is_null(value);
    if (!value || json_is_null(value))
        return OK;
    Node window = node_find(root, "window");
    TRY(node_keys(&window, (const char *const[]){"from", "to", "holidays_file", NULL}, err));
    TRY(read_minute(&window, "from", &config->window_from_minute, err));
    TRY(read_minute(&window, "to", &config->window_to_minute, err));
    if (config->window_from_minute >= config->window_to_minute)
        return node_error(&window, err, _("'from' must be before 'to'"));
    Node holidays = node_find(&window, "holidays_file");
    if (holidays.value) {
        const char *file;
        TRY(node_string(&holidays, &file, err));
        config->holidays_file = config_path(config, arena, file);
    }
    return OK;
}

static ErrCode read_cap(const Node *root, Config *config, Err *err)
{
    Node cap = node_find(root, "cap");
    if (!cap.value)
        return OK;
    TRY(node_keys(&cap, (const char *const[]){"messages", "days", NULL}, err));
    int64_t messages, days;
    TRY(node_get_int(&cap, "messages", 1, 1000, &messages, err));
    TRY(node_get_int(&cap, "days", 0, 3650, &days, err));
    config->cap_messages = (int)messages;
    config->cap_days = (int)days;
    return OK;
}

static ErrCode read_share(const Node *review, const char *key, double *ret_share, Err *err)
{
    json_t *value = json_object_get(review->value, key);
    if (!value)
        return OK;
    *ret_share = json_is_null(value) ? -1 : json_number_value(value);
    if (json_is_null(value) || (json_is_number(value) && *ret_share >= 0 && *ret_share <= 1))
        return OK;
    Node node = node_find(review, key);
    return node_error(&node, err, _("must be a share from 0 to 1, or null"));
}

/* null lifts all of it. */
static ErrCode read_review(const Node *root, Config *config, Err *err)
{
    static const char *const KEYS[] = {"changed_share", "quarantined_share", "rows_at_least", NULL};
    json_t *value = json_object_get(root->value, "review");
    if (json_is_null(value))
        config->review_changed_share = config->review_quarantined_share = -1;
    if (!value || json_is_null(value))
        return OK;
    Node review = node_find(root, "review");
    TRY(node_keys(&review, KEYS, err));
    TRY(read_share(&review, "changed_share", &config->review_changed_share, err));
    TRY(read_share(&review, "quarantined_share", &config->review_quarantined_share, err));
    Node rows = node_find(&review, "rows_at_least");
    return rows.value ? node_int(&rows, 1, INT32_MAX, &config->review_rows_at_least, err) : OK;
}

static ErrCode read_text(const Node *node, const char *key, const char **ret_text, Err *err)
{
    Node found = node_find(node, key);
    return found.value ? node_string(&found, ret_text, err) : OK;
}

static ErrCode read_receive(const Node *root, Arena *arena, Config *config, Err *err)
{
    Node receive = node_find(root, "receive");
    if (receive.value) {
        TRY(node_keys(&receive, (const char *const[]){"listen", "public_url", "token_file", NULL},
                      err));
        TRY(read_text(&receive, "listen", &config->listen, err));
        TRY(read_text(&receive, "public_url", &config->public_url, err));
        TRY(read_text(&receive, "token_file", &config->token_file, err));
    }
    if (!config->public_url)
        config->public_url = arena_printf(arena, "http://%s", config->listen);
    config->token_file = config_path(config, arena, config->token_file);
    return OK;
}

static ErrCode read_config(Arena *arena, const Node *root, Config *config, Err *err)
{
    static const char *const KEYS[] = {"database", "gateway", "gateways", "receive",
                                       "window",   "cap",     "review",   NULL};
    TRY(node_keys(root, KEYS, err));
    TRY(read_text(root, "database", &config->database, err));
    if (strcmp(config->database, "private") != 0 && !text_starts(config->database, "mariadb://")) {
        Node database = node_find(root, "database");
        return node_error(&database, err, _("must be \"private\" or a mariadb:// URL"));
    }
    TRY(read_text(root, "gateway", &config->gateway, err));
    Node gateways = node_find(root, "gateways");
    if (gateways.value) {
        if (!json_is_object(gateways.value))
            return node_error(&gateways, err, _("must be an object of gateways by name"));
    }
    config->gateways = gateways.value ? json_incref(gateways.value) : json_object();
    Node gateway = node_find(root, "gateway");
    if (config->gateway && !json_object_get(config->gateways, config->gateway))
        return node_error(&gateway, err, _("gateway '%s' does not stand in 'gateways'"),
                          config->gateway);
    TRY(read_receive(root, arena, config, err));
    TRY(read_window(root, arena, config, err));
    TRY(read_cap(root, config, err));
    return read_review(root, config, err);
}

/* The configuration may hold a password in its database URL. */
static ErrCode refuse_public_secret(const Config *config, Err *err)
{
    struct stat status;
    const char *host = strchr(config->database, '@');
    bool has_password = host && memchr(config->database + strlen("mariadb://"), ':',
                                       (size_t)(host - config->database) - strlen("mariadb://"));
    if (!has_password || stat(config->file, &status) != 0 || !(status.st_mode & 077))
        return OK;
    err_set(err, ERR_REFUSED, _("'%s' holds a password and can be read by others"), config->file);
    return err_hint(err, "chmod 600 '%s'", config->file);
}

ErrCode config_load(Arena *arena, const char *home, const char *file, Config *ret_config, Err *err)
{
    Config config = {.database = "private",
                     .listen = "127.0.0.1:8480",
                     .token_file = "receive.token",
                     .window_from_minute = 9 * 60,
                     .window_to_minute = 20 * 60,
                     .cap_messages = 1,
                     .cap_days = 30,
                     .review_changed_share = 0.2,
                     .review_quarantined_share = 0.3,
                     .review_rows_at_least = 100};
    config.home = choose_home(arena, home);
    TRY(make_folder(arena, config.home, err));
    snprintf(home_now, sizeof home_now, "%s", config.home);
    const char *path = file ? absolute(arena, file) : config_path(&config, arena, "talent.json");
    if (!file && access(path, F_OK) != 0) {
        config.json = json_object();
    } else {
        TRY(node_load(path, &config.json, err));
        config.file = path;
    }
    Node root = node_root(path, config.json);
    ErrCode code = read_config(arena, &root, &config, err);
    if (code == OK && config.file)
        code = refuse_public_secret(&config, err);
    if (code != OK) {
        config_done(&config);
        return code;
    }
    *ret_config = config;
    return OK;
}

void config_done(Config *config)
{
    json_decref(config->gateways);
    json_decref(config->json);
    *config = (Config){0};
}

ErrCode config_secret(Arena *arena, const char *file, const char **ret_secret, Err *err)
{
    int stream = open(file, O_RDONLY | O_CLOEXEC);
    if (stream < 0)
        return err_errno(err, ERR_CONFIG, errno, _("cannot read secret file '%s'"), file);
    struct stat status;
    char secret[SECRET_LIMIT_BYTES];
    bool known = fstat(stream, &status) == 0;
    ssize_t length = read(stream, secret, sizeof secret - 1);
    close(stream);
    if (!known || length < 0)
        return err_set(err, ERR_CONFIG, _("cannot read secret file '%s'"), file);
    if (status.st_mode & 077) {
        err_set(err, ERR_REFUSED, _("secret file '%s' can be read by others"), file);
        return err_hint(err, "chmod 600 '%s'", file);
    }
    secret[length] = '\0';
    secret[strcspn(secret, "\r\n")] = '\0';
    if (!*secret)
        return err_set(err, ERR_CONFIG, _("secret file '%s' is empty"), file);
    *ret_secret = arena_strdup(arena, secret);
    explicit_bzero(secret, sizeof secret);
    return OK;
}

const char *config_shared(Arena *arena, const char *relative)
{
    char installed[PATH_MAX];
    const char *folder = getenv("TALENT_SHARE");
    if (!folder || !*folder)
        folder = installed_share("talent", installed) ? installed : TALENT_SOURCE;
    return arena_printf(arena, "%s/%s", folder, relative);
}

const char *config_own(Arena *arena, const char *relative)
{
    return *home_now ? arena_printf(arena, "%s/%s", home_now, relative) : NULL;
}
