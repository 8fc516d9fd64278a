/* talent db migrate: brings the configured base to this program's schema. */
#include "sql/connection.h"
#include "sql/schema.h"
#include "sql/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    Db *db;
    json_t *applied = NULL;
    unsigned version = 0;
    TRY(db_open(&context->config, &db, err));
    ErrCode code = schema_migrate(db, &applied, err);
    if (code == OK)
        code = schema_version(db, &version, err);
    db_close(db);
    if (code != OK) {
        json_decref(applied);
        return code;
    }
    *ret_result = json_pack("{s:o, s:i}", "applied", applied, "schema", (int)version);
    return OK;
}

const Command DB_MIGRATE = {
    .words = "db migrate",
    .summary = N_("bring the base to this program's schema"),
    .details = N_("Applies what is missing, in order, under a lock. It goes forward only, and goes "
                  "on where an "
                  "interrupted run stopped."),
    .role = ROLE_ADMIN,
    .needs = WRITES,
    .run = run,
};
