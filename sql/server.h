/* sql/server.h: where a base lives: the private server under the home, or one that the
 * configuration names.
 * Shape:  plain value; home is set for the private server, hosts for a configured one.
 * Owns:   strings live in the arena given to the call.
 * Errors: ERR_CONFIG for a URL that cannot be right, with what to write instead; ERR_REFUSED when
 *         others can read the password file.
 * Source: DESIGN "Running it":
 *         mariadb://user:password@host1:port,host2/schema?ssl_ca=FILE&password_file=FILE. */
#ifndef SQL_SERVER_H
#define SQL_SERVER_H

#include "base/arena.h"
#include "base/config.h"

enum { SERVER_HOSTS = 8, SERVER_PORT = 3306 };

typedef struct ServerHost {
    const char *name;
    unsigned port;
} ServerHost;

typedef struct Server {
    const char *home;               /* of the private server; NULL = a configured server */
    ServerHost hosts[SERVER_HOSTS]; /* tried in this order, until one answers */
    size_t host_count;
    const char *user;
    const char *password; /* NULL = none */
    const char *schema;
    const char
        *ssl_ca; /* certificates that may sign the server's; NULL = no TLS (this machine only) */
} Server;

/* The server that the configuration means. */
ErrCode server_of(Arena *arena, const Config *config, Server *ret_server, Err *err) MUST_CHECK;

/* Reads a URL; relative files are meant against config's home. */
ErrCode server_url_parse(Arena *arena, const Config *config, const char *url, Server *ret_server,
                         Err *err) MUST_CHECK;

/* "private", or the URL without its password; lives in arena. */
const char *server_shown(Arena *arena, const Server *server);

/* A copy whose strings live in arena. */
Server server_copy(Arena *arena, const Server *server);

#endif
