#include "people/intake.h"

#include "base/lang.h"
#include "base/text.h"

/* *ret_server is NULL where this cannot be done; lives in the arena. */
static ErrCode server_of(Db *db, Arena *arena, const char **ret_server, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_INTAKE_SERVER, NO_PARAMS, &rows, err));
    const char *server = rows_next(rows) ? rows_text(rows, 0) : NULL;
    *ret_server = server ? arena_strdup(arena, server) : NULL;
    return OK;
}

ErrCode intake_writer(Db *db, Db **ret_writer, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *ours, *theirs;
    Db *writer;
    *ret_writer = NULL;
    TRY(server_of(db, arena, &ours, err));
    if (!ours)
        return OK;
    TRY(db_open_again(db, &writer, err));
    ErrCode code = server_of(writer, arena, &theirs, err);
    if (code == OK && text_equal(ours, theirs))
        *ret_writer = writer;
    else
        db_close(writer);
    return code;
}

ErrCode intake_lock(Db *db, Err *err)
{
    AUTO_ROWS left = NULL;
    TRY(db_run(db, QUERY_PEOPLE_INTAKE_LOCK, NO_PARAMS, NULL, err));
    TRY(db_query(db, QUERY_PEOPLE_INTAKE_LEFT, NO_PARAMS, &left, err));
    if (!rows_next(left))
        return OK;
    return db_run(db, QUERY_PEOPLE_ANSWER_DELETE_BATCH, PARAMS(v_int(rows_int(left, 0))), NULL,
                  err);
}

ErrCode intake_begin(Db *db, Db *writer, int64_t batch, Err *err)
{
    int64_t seen;
    TRY(db_run(writer, QUERY_PEOPLE_INTAKE_SESSION, NO_PARAMS, NULL, err));
    TRY(intake_lock(writer, err));
    TRY(db_run(writer, QUERY_PEOPLE_INTAKE_NOTE, PARAMS(v_int(batch)), NULL, err));
    TRY(db_number(db, QUERY_PEOPLE_INTAKE_SEEN, PARAMS(v_int(batch)), &seen, err));
    if (!seen) /* another node of a cluster, or a connection that was opened anew meanwhile */
        return err_set(err, ERR_DB_GONE, _("two connections to the database do not meet"));
    return OK;
}
