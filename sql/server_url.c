#include "sql/server.h"

#include "base/lang.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pwd.h>
#include <unistd.h>

static const char SCHEME[] = "mariadb://";

static ErrCode url_wrong(Err *err, const char *what)
{
    err_set(err, ERR_CONFIG, "\"database\": %s", what);
    return err_hint(err, _("write \"private\", or "
                           "\"mariadb://USER@HOST:PORT/SCHEMA?ssl_ca=FILE&password_file=FILE\""));
}

static int hex_digit(char c)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = c ? strchr(DIGITS, tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

/* Text of the URL with %41 decoded; NULL when two hex digits do not follow, or mean NUL. */
static char *decode(Arena *arena, const char *text, size_t length)
{
    char *out = arena_alloc(arena, length + 1), *to = out;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            *to++ = text[i];
            continue;
        }
        int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low < 0 || high * 16 + low == 0)
            return NULL;
        *to++ = (char)(high * 16 + low);
        i += 2;
    }
    return out;
}

static ErrCode decode_part(Arena *arena, const char *text, size_t length, const char **ret_text,
                           Err *err)
{
    *ret_text = decode(arena, text, length);
    return *ret_text ? OK
                     : url_wrong(err, _("a percent sign needs two hexadecimal digits after it"));
}

/* "user" or "user:password". The error never repeats the text: it may be a password in the wrong
 * place. */
static ErrCode account_parse(Arena *arena, const char *text, size_t length, Server *server,
                             Err *err)
{
    const char *colon = memchr(text, ':', length);
    size_t user_length = colon ? (size_t)(colon - text) : length;
    if (user_length == 0)
        return url_wrong(err, _("the URL names no user"));
    TRY(decode_part(arena, text, user_length, &server->user, err));
    if (!colon)
        return OK;
    return decode_part(arena, colon + 1, length - user_length - 1, &server->password, err);
}

/* "host", "host:port" or "[v6]:port". */
static ErrCode host_parse(Arena *arena, const char *text, size_t length, ServerHost *ret_host,
                          Err *err)
{
    const char *end = text + length, *name = text, *name_end;
    if (length > 0 && *text == '[') {
        name = text + 1;
        name_end = memchr(text, ']', length);
    } else {
        name_end = memchr(text, ':', length);
        name_end = name_end ? name_end : end;
    }
    if (!name_end || name_end == name)
        return url_wrong(err, _("a host is empty"));
    ServerHost host = {.port = SERVER_PORT};
    TRY(decode_part(arena, name, (size_t)(name_end - name), &host.name, err));
    const char *rest = name == text ? name_end : name_end + 1;
    if (rest < end) {
        char *after = NULL;
        unsigned long port =
            *rest == ':' && isdigit((unsigned char)rest[1]) ? strtoul(rest + 1, &after, 10) : 0;
        if (port == 0 || port > 65535 || after != end)
            return url_wrong(err, _("a port must be a number from 1 to 65535"));
        host.port = (unsigned)port;
    }
    *ret_host = host;
    return OK;
}

static ErrCode hosts_parse(Arena *arena, const char *text, size_t length, Server *server, Err *err)
{
    for (const char *at = text, *end = text + length; at <= end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        if (server->host_count == SERVER_HOSTS)
            return url_wrong(err, _("too many hosts"));
        TRY(host_parse(arena, at, (size_t)(stop - at), &server->hosts[server->host_count], err));
        server->host_count++;
        at = stop + 1;
    }
    return OK;
}

static ErrCode parameter_set(Arena *arena, const Config *config, Server *server, const char *pair,
                             Err *err)
{
    static const char *const NAMES[] = {"ssl_ca", "password_file"};
    const char *value = strchr(pair, '=');
    size_t length = value ? (size_t)(value - pair) : strlen(pair);
    const char *name = arena_strndup(arena, pair, length);
    const char *file;
    if (!value || value[1] == '\0')
        return url_wrong(err, arena_printf(arena, _("parameter '%s' has no value"), name));
    TRY(decode_part(arena, value + 1, strlen(value + 1), &file, err));
    file = config_path(config, arena, file);
    if (strcmp(name, "ssl_ca") == 0) {
        if (access(file, R_OK) != 0)
            return url_wrong(err, arena_printf(arena, _("cannot read the file '%s'"), file));
        server->ssl_ca = file;
        return OK;
    }
    if (strcmp(name, "password_file") == 0)
        return config_secret(arena, file, &server->password, err);
    err_set(err, ERR_CONFIG, _("\"database\": unknown parameter '%s'"), name);
    const char *near = text_nearest(name, NAMES, sizeof NAMES / sizeof *NAMES);
    return near ? err_hint(err, _("did you mean '%s'?"), near)
                : err_hint(err, _("known are 'ssl_ca' and 'password_file'"));
}

static ErrCode parameters_parse(Arena *arena, const Config *config, Server *server,
                                const char *text, Err *err)
{
    while (*text) {
        size_t length = strcspn(text, "&");
        TRY(parameter_set(arena, config, server, arena_strndup(arena, text, length), err));
        text += length + (text[length] == '&');
    }
    return OK;
}

static bool this_machine(const char *host)
{
    struct in_addr address;
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

ErrCode server_url_parse(Arena *arena, const Config *config, const char *url, Server *ret_server,
                         Err *err)
{
    Server server = {0};
    if (!text_starts(url, SCHEME))
        return url_wrong(err, _("it is neither \"private\" nor a mariadb:// URL"));
    const char *rest = url + sizeof SCHEME - 1;
    size_t authority = strcspn(rest, "/?");
    const char *at = memrchr(rest, '@', authority);
    if (!at)
        return url_wrong(err, _("the URL names no user"));
    TRY(account_parse(arena, rest, (size_t)(at - rest), &server, err));
    TRY(hosts_parse(arena, at + 1, authority - (size_t)(at + 1 - rest), &server, err));
    const char *schema = rest[authority] == '/' ? rest + authority + 1 : rest + authority;
    size_t schema_length = strcspn(schema, "?");
    if (schema_length == 0 || memchr(schema, '/', schema_length))
        return url_wrong(err, _("the URL must end with /SCHEMA"));
    TRY(decode_part(arena, schema, schema_length, &server.schema, err));
    if (schema[schema_length] == '?')
        TRY(parameters_parse(arena, config, &server, schema + schema_length + 1, err));
    for (size_t i = 0; i < server.host_count; i++)
        if (!server.ssl_ca && !this_machine(server.hosts[i].name)) {
            url_wrong(err, arena_printf(arena,
                                        _("host '%s' is another machine, and without ssl_ca the "
                                          "connection would not be encrypted"),
                                        server.hosts[i].name));
            return err->code;
        }
    *ret_server = server;
    return OK;
}

ErrCode server_of(Arena *arena, const Config *config, Server *ret_server, Err *err)
{
    if (strcmp(config->database, "private") != 0)
        return server_url_parse(arena, config, config->database, ret_server, err);
    const struct passwd *self = getpwuid(geteuid());
    if (!self) {
        err_set(err, ERR_IO, _("this process runs as user number %u, which has no name"),
                geteuid());
        return err_hint(err,
                        _("add the user to /etc/passwd: the database knows its owner by name"));
    }
    *ret_server = (Server){.home = arena_strdup(arena, config->home),
                           .user = arena_strdup(arena, self->pw_name),
                           .schema = "talent"};
    return OK;
}

const char *server_shown(Arena *arena, const Server *server)
{
    if (server->home)
        return "private";
    char *hosts = arena_strdup(arena, "");
    for (size_t i = 0; i < server->host_count; i++) {
        const ServerHost *host = &server->hosts[i];
        bool bare_v6 = strchr(host->name, ':') != NULL;
        hosts = arena_printf(arena, "%s%s%s%s%s:%u", hosts, i ? "," : "", bare_v6 ? "[" : "",
                             host->name, bare_v6 ? "]" : "", host->port);
    }
    return arena_printf(arena, "%s%s@%s/%s", SCHEME, server->user, hosts, server->schema);
}

static const char *copied(Arena *arena, const char *text)
{
    return text ? arena_strdup(arena, text) : NULL;
}

Server server_copy(Arena *arena, const Server *server)
{
    Server copy = *server;
    copy.home = copied(arena, server->home);
    copy.user = copied(arena, server->user);
    copy.password = copied(arena, server->password);
    copy.schema = copied(arena, server->schema);
    copy.ssl_ca = copied(arena, server->ssl_ca);
    for (size_t i = 0; i < copy.host_count; i++)
        copy.hosts[i].name = copied(arena, server->hosts[i].name);
    return copy;
}
