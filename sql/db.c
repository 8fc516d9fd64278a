#include "sql/db.h"

#include "base/lang.h"
#include "sql/connection.h"
#include "sql/load.h"
#include "sql/private.h"
#include "sql/schema.h"
#include "sql/statement.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <unistd.h>

/* A server that accepts but does not answer is given up after this; so is a host that is away. */
enum { CONNECT_SECONDS = 10, ANSWER_SECONDS = 900 };

static ErrCode client_failed(MYSQL *client, Err *err, const char *what, const char *subject)
{
    Failure failure = {mysql_errno(client), mysql_sqlstate(client), mysql_error(client)};
    return failure_set(err, &failure, "%s '%s'", what, subject);
}

static ErrCode client_new(Db *db, MYSQL **ret_client, Err *err)
{
    MYSQL *client = mysql_init(NULL);
    if (!client)
        return err_set(err, ERR_DB, _("out of memory for a database connection"));
    unsigned connect_seconds = CONNECT_SECONDS, on = 1;
    my_bool off = 0;
    mysql_options(client, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
    mysql_options(client, MYSQL_OPT_RECONNECT, &off);
    mysql_options(client, MYSQL_OPT_LOCAL_INFILE, &on);
    mysql_options(client, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    load_serve(client, db);
    *ret_client = client;
    return OK;
}

static ErrCode private_connect_once(Db *db, const char *schema, Err *err)
{
    PrivateSocket socket;
    MYSQL *client;
    TRY(private_start(&db->server, NULL, err));
    TRY(private_socket(&db->server, &socket, err));
    ErrCode code = client_new(db, &client, err);
    if (code == OK &&
        !mysql_real_connect(client, NULL, db->server.user, NULL, schema, 0, socket.path, 0)) {
        code = client_failed(client, err, _("cannot connect to the private database of"),
                             db->server.home);
        if (err->db_errno == ER_ACCESS_DENIED_NO_PASSWORD_ERROR)
            err_hint(err, _("only the user who made it may connect; run the command as that user"));
        mysql_close(client);
    } else if (code == OK) {
        db->client = client;
    }
    private_socket_done(&socket);
    return code;
}

/* A server that is just ending still accepts, then hangs up: once it is gone the next try starts
 * another. */
static ErrCode private_connect(Db *db, const char *schema, Err *err)
{
    enum { PATIENCE_MS = 15000, PAUSE_MS = 50 };
    for (Moment began = moment_now();;) {
        ErrCode code = private_connect_once(db, schema, err);
        if (code != ERR_DB_GONE || moment_now() - began > PATIENCE_MS)
            return code;
        usleep(PAUSE_MS * 1000);
    }
}

static void secure(MYSQL *client, const Server *server)
{
    my_bool yes = 1;
    mysql_options(client, MYSQL_OPT_SSL_CA, server->ssl_ca);
    mysql_options(client, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(client, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
}

static ErrCode host_connect(Db *db, const ServerHost *host, const char *schema, Err *err)
{
    MYSQL *client;
    TRY(client_new(db, &client, err));
    unsigned tcp = MYSQL_PROTOCOL_TCP, answer_seconds = ANSWER_SECONDS;
    mysql_options(client, MYSQL_OPT_PROTOCOL, &tcp);
    mysql_options(client, MYSQL_OPT_READ_TIMEOUT, &answer_seconds);
    mysql_options(client, MYSQL_OPT_WRITE_TIMEOUT, &answer_seconds);
    if (db->server.ssl_ca)
        secure(client, &db->server);
    ErrCode code = OK;
    if (!mysql_real_connect(client, host->name, db->server.user, db->server.password, schema,
                            host->port, NULL, 0))
        code = client_failed(client, err, _("cannot connect to the database on"), host->name);
    else if (db->server.ssl_ca && !mysql_get_ssl_cipher(client))
        code = err_set(err, ERR_DB, _("the database on '%s' does not encrypt the connection"),
                       host->name);
    if (code != OK) {
        if (mysql_errno(client) == CR_SSL_CONNECTION_ERROR)
            err_hint(err, _("'ssl_ca' must name the certificate that signed the server's, and the "
                            "server's must name this host"));
        mysql_close(client);
        return code;
    }
    db->client = client;
    return OK;
}

/* The first host that answers is not always one that works: of several, each is asked. */
static ErrCode session_begin(Db *db, Err *err)
{
    static const QueryId STEPS[] = {QUERY_SQL_SESSION_SETUP, QUERY_SQL_SESSION_CLUSTER,
                                    QUERY_SQL_SESSION_PROBE};
    size_t steps = db->server.host_count > 1 ? 3 : 1;
    ErrCode code = OK;
    for (size_t i = 0; code == OK && i < steps; i++)
        code = connection_text(db, STATEMENTS[STEPS[i]].name, STATEMENTS[STEPS[i]].text, err);
    if (code != OK)
        connection_drop(db);
    return code;
}

static ErrCode any_host_connect(Db *db, const char *schema, Err *err)
{
    ErrCode code = err_set(err, ERR_CONFIG, _("the database URL names no host"));
    for (size_t i = 0; i < db->server.host_count; i++) {
        code = host_connect(db, &db->server.hosts[i], schema, err);
        if (code == OK)
            code = session_begin(db, err);
        if (code == OK)
            return OK;
    }
    if (err->hint[0] == '\0')
        err_hint(err, _("check \"database\" in talent.json, and that the server runs"));
    return code;
}

static ErrCode client_connect(Db *db, const char *schema, Err *err)
{
    if (!db->server.home)
        return any_host_connect(db, schema, err);
    TRY(private_connect(db, schema, err));
    return session_begin(db, err);
}

ErrCode connection_ensure(Db *db, Err *err)
{
    if (db->in_transaction && db->doom.code != OK) {
        /* The server has ended the transaction: another statement would be committed by itself. */
        *err = db->doom;
        return err->code;
    }
    if (db->client)
        return OK;
    if (db->in_transaction)
        return err_set(err, ERR_DB_GONE, _("the connection to the database was lost"));
    return client_connect(db, db->server.schema, err);
}

void connection_drop(Db *db)
{
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        if (db->prepared[i])
            mysql_stmt_close(db->prepared[i]);
        db->prepared[i] = NULL;
    }
    for (size_t i = 0; i < FILLED_KEPT; i++) {
        if (db->filled[i].stmt)
            mysql_stmt_close(db->filled[i].stmt);
        free(db->filled[i].text);
        db->filled[i] = (FilledStmt){0};
    }
    if (db->client)
        mysql_close(db->client);
    db->client = NULL;
}

ErrCode connection_open(const Server *server, bool with_schema, Db **ret_db, Err *err)
{
    Arena *arena = arena_new(0);
    Db *db = arena_alloc(arena, sizeof *db);
    db->arena = arena;
    db->server = server_copy(arena, server);
    ErrCode code = client_connect(db, with_schema ? db->server.schema : NULL, err);
    if (code != OK) {
        arena_free(arena);
        return code;
    }
    *ret_db = db;
    return OK;
}

/* The private server's first visitor makes its schema. */
static ErrCode private_schema_create(const Server *server, Err *err)
{
    Db *db;
    TRY(connection_open(server, false, &db, err));
    ErrCode code = connection_text(db, "server_create_schema",
                                   STATEMENTS[QUERY_SQL_SERVER_CREATE_SCHEMA].text, err);
    db_close(db);
    return code;
}

ErrCode db_open(const Config *config, Db **ret_db, Err *err)
{
    Server server;
    AUTO_ARENA arena = arena_new(0);
    TRY(server_of(arena, config, &server, err));
    ErrCode code = connection_open(&server, true, ret_db, err);
    if (code == OK || !server.home || err->db_errno != ER_BAD_DB_ERROR)
        return code;
    TRY(private_schema_create(&server, err));
    return connection_open(&server, true, ret_db, err);
}

ErrCode db_open_running(const Config *config, Db **ret_db, Err *err)
{
    Server server;
    AUTO_ARENA arena = arena_new(0);
    *ret_db = NULL;
    TRY(server_of(arena, config, &server, err));
    if (server.home && !private_answers(&server))
        return OK;
    ErrCode code = connection_open(&server, true, ret_db, err);
    return code != OK && err->db_errno == ER_BAD_DB_ERROR ? OK : code;
}

ErrCode db_open_again(Db *db, Db **ret_db, Err *err)
{
    return connection_open(&db->server, true, ret_db, err);
}

void db_close(Db *db)
{
    if (!db)
        return;
    connection_drop(db);
    arena_free(db->arena);
}

ErrCode db_ready(const Config *config, Db **ret_db, Err *err)
{
    Db *db;
    TRY(db_open(config, &db, err));
    ErrCode code = db->server.home ? schema_migrate(db, NULL, err) : schema_check(db, err);
    if (code != OK) {
        db_close(db);
        return code;
    }
    *ret_db = db;
    return OK;
}
