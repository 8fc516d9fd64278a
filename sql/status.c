/* talent db status: what the base is, whether it answers, and what it holds. Starts nothing. */
#include "sql/connection.h"
#include "sql/private.h"
#include "sql/schema.h"
#include "sql/verbs.h"

static ErrCode version_set(Db *db, json_t *result, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SQL_SERVER_VERSION, NO_PARAMS, &rows, err));
    if (rows_next(rows))
        json_object_set_new(result, "version", json_string(rows_text(rows, 0)));
    return OK;
}

static ErrCode number_set(Db *db, QueryId query, json_t *result, const char *key, Err *err)
{
    int64_t number;
    TRY(db_number(db, query, NO_PARAMS, &number, err));
    json_object_set_new(result, key, json_integer(number));
    return OK;
}

/* Counting reads an entry of an index for each of them: of many, an estimate will do. */
static ErrCode people_set(Db *db, json_t *result, Err *err)
{
    enum { COUNTED = 200 * 1000 };
    TRY(number_set(db, QUERY_SQL_SERVER_PEOPLE_ESTIMATE, result, "people", err));
    bool many = json_integer_value(json_object_get(result, "people")) > COUNTED;
    json_object_set_new(result, "people_estimated", json_boolean(many));
    return many ? OK : number_set(db, QUERY_SQL_SERVER_PEOPLE, result, "people", err);
}

static ErrCode content_set(Db *db, json_t *result, Err *err)
{
    unsigned schema;
    TRY(version_set(db, result, err));
    TRY(schema_version(db, &schema, err));
    json_object_set_new(result, "schema", json_integer(schema));
    if (!db->server.home)
        TRY(number_set(db, QUERY_SQL_SERVER_BYTES, result, "bytes", err));
    if (schema == 0)
        return OK;
    TRY(people_set(db, result, err));
    return number_set(db, QUERY_SQL_SERVER_BATCHES, result, "batches", err);
}

/* A private server that does not run is a state, not a failure. */
static ErrCode status_fill(Context *context, const Server *server, json_t *result, Err *err)
{
    bool running = !server->home || private_answers(server);
    json_object_set_new(result, "state", json_string(running ? "running" : "stopped"));
    if (server->home) {
        const char *socket = private_path(context->arena, server, "db.sock");
        pid_t pid = private_pid(server);
        json_object_set_new(result, "socket", json_string(socket));
        json_object_set_new(result, "pid", pid ? json_integer(pid) : json_null());
        json_object_set_new(result, "bytes", json_integer(private_bytes(server)));
    }
    if (!running)
        return OK;
    Db *db;
    TRY(db_open(&context->config, &db, err));
    ErrCode code = content_set(db, result, err);
    db_close(db);
    return code;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    Server server;
    TRY(server_of(context->arena, &context->config, &server, err));
    json_t *result = json_pack("{s:s, s:n, s:n, s:n, s:i, s:n, s:n, s:n, s:n, s:n, s:n}",
                               "database", server_shown(context->arena, &server), "state",
                               "version", "schema", "program_schema", (int)schema_program_version(),
                               "people", "people_estimated", "batches", "socket", "pid", "bytes");
    ErrCode code = status_fill(context, &server, result, err);
    if (code != OK) {
        json_decref(result);
        return code;
    }
    *ret_result = result;
    return OK;
}

const Command DB_STATUS = {
    .words = "db status",
    .summary = N_("say whether the database runs and what it holds"),
    .role = ROLE_EVERY & ~ROLE_OFFICER, /* it counts everyone */
    .run = run,
};
