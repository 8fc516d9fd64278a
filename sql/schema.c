#include "sql/schema.h"

#include "base/lang.h"
#include "sql/connection.h"
#include "sql/statement.h"

#include <ctype.h>
#include <mysqld_error.h>

/* What the base says about one migration. */
typedef struct Progress {
    bool started, finished;
    unsigned steps; /* statements done */
} Progress;

unsigned schema_program_version(void)
{
    return MIGRATION_COUNT ? MIGRATIONS[MIGRATION_COUNT - 1].number : 0;
}

static ErrCode newer(unsigned number, Err *err)
{
    err_set(err, ERR_VERSION, _("the base has schema %u, this program knows schemas up to %u"),
            number, schema_program_version());
    return err_hint(err, _("run the program that made it, or a newer one"));
}

static ErrCode progress_load(Db *db, unsigned number, Progress *ret_progress, Err *err)
{
    AUTO_ROWS rows = NULL;
    Progress progress = {0};
    TRY(db_query(db, QUERY_SQL_MIGRATION_LIST, NO_PARAMS, &rows, err));
    while (rows_next(rows)) {
        unsigned found = (unsigned)rows_int(rows, 0);
        if (found > schema_program_version())
            return newer(found, err);
        if (found == number)
            progress = (Progress){.started = true,
                                  .finished = rows_int(rows, 3) == 1,
                                  .steps = (unsigned)rows_int(rows, 2)};
    }
    *ret_progress = progress;
    return OK;
}

/* sql/restore.c marks a base that is not whole with a migration number 0. */
static ErrCode restoring(Err *err)
{
    err_set(err, ERR_REFUSED, _("this base is being restored, or its restore was cut off"));
    return err_hint(err, _("wait for 'talent db restore', or run it again"));
}

ErrCode schema_version(Db *db, unsigned *ret_version, Err *err)
{
    int64_t exists;
    unsigned version = 0;
    TRY(db_number(db, QUERY_SQL_MIGRATION_TABLE_EXISTS, NO_PARAMS, &exists, err));
    if (exists) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_SQL_MIGRATION_LIST, NO_PARAMS, &rows, err));
        bool more = rows_next(rows);
        if (more && rows_int(rows, 0) == 0)
            return restoring(err);
        for (; more && rows_int(rows, 3) == 1; more = rows_next(rows))
            version = (unsigned)rows_int(rows, 0);
    }
    *ret_version = version;
    return OK;
}

ErrCode schema_check(Db *db, Err *err)
{
    unsigned version;
    TRY(schema_version(db, &version, err));
    if (version > schema_program_version())
        return newer(version, err);
    if (version == schema_program_version())
        return OK;
    err_set(err, ERR_VERSION, _("the base has schema %u, this program needs schema %u"), version,
            schema_program_version());
    return err_hint(err, _("run 'talent db migrate'"));
}

/* The next statement of a migration's text; NULL at its end. *cursor moves behind it. */
static const char *statement_next(Arena *arena, const char **cursor)
{
    while (isspace((unsigned char)**cursor))
        ++*cursor;
    if (!**cursor)
        return NULL;
    const char *end = strstr(*cursor, ";\n");
    size_t length = end ? (size_t)(end - *cursor) : strlen(*cursor);
    const char *statement = arena_strndup(arena, *cursor, length);
    *cursor += length + (end ? 2 : 0);
    return statement;
}

static bool says_already_done(unsigned number)
{
    return number == ER_TABLE_EXISTS_ERROR || number == ER_DUP_FIELDNAME ||
           number == ER_DUP_KEYNAME || number == ER_CANT_DROP_FIELD_OR_KEY ||
           number == ER_DUP_ENTRY;
}

/* A statement and its count, in one transaction where the server can; DDL commits itself, so only
 * its count can be lost. `again`: it may have been done by a run that was cut off. */
static ErrCode step_apply(Db *db, const Migration *migration, const char *text, unsigned step,
                          bool again, Err *err)
{
    ErrCode code = connection_text(db, migration->name, text, err);
    if (code != OK && !(again && says_already_done(err->db_errno)))
        return err_wrap(err, _("migration '%s', statement %u"), migration->name, step);
    TRY(db_run(db, QUERY_SQL_MIGRATION_STEP, PARAMS(v_int(step), v_int(migration->number)), NULL,
               err));
    return connection_text(db, "transaction_commit", STATEMENTS[QUERY_SQL_TRANSACTION_COMMIT].text,
                           err);
}

static ErrCode migration_apply(Db *db, const Migration *migration, Progress progress, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *cursor = migration->text, *text;
    if (!progress.started)
        TRY(db_run(db, QUERY_SQL_MIGRATION_START,
                   PARAMS(v_int(migration->number), v_text(migration->name)), NULL, err));
    for (unsigned step = 1; (text = statement_next(arena, &cursor)); step++) {
        if (step <= progress.steps)
            continue;
        bool again = progress.started && step == progress.steps + 1;
        TRY(connection_text(db, "transaction_begin", STATEMENTS[QUERY_SQL_TRANSACTION_BEGIN].text,
                            err));
        ErrCode code = step_apply(db, migration, text, step, again, err);
        if (code != OK) {
            Err ignored;
            if (connection_text(db, "transaction_rollback",
                                STATEMENTS[QUERY_SQL_TRANSACTION_ROLLBACK].text, &ignored) != OK)
                connection_drop(db);
            return code;
        }
    }
    return db_run(db, QUERY_SQL_MIGRATION_FINISH, PARAMS(v_int(migration->number)), NULL, err);
}

static ErrCode migrate_locked(Db *db, unsigned last, json_t *applied, Err *err)
{
    TRY(db_run(db, QUERY_SQL_MIGRATION_COLLATION, NO_PARAMS, NULL, err));
    TRY(db_run(db, QUERY_SQL_MIGRATION_CREATE_TABLE, NO_PARAMS, NULL, err));
    for (size_t i = 0; i < MIGRATION_COUNT && MIGRATIONS[i].number <= last; i++) {
        Progress progress = {0};
        TRY(progress_load(db, MIGRATIONS[i].number, &progress, err));
        if (progress.finished)
            continue;
        TRY(migration_apply(db, &MIGRATIONS[i], progress, err));
        json_array_append_new(applied, json_string(MIGRATIONS[i].name));
    }
    return OK;
}

static ErrCode migrate_under_lock(Db *db, unsigned last, json_t *applied, Err *err)
{
    int64_t locked, ignored;
    TRY(db_number(db, QUERY_SQL_MIGRATION_LOCK, NO_PARAMS, &locked, err));
    if (locked != 1) {
        err_set(err, ERR_DB, _("another command has been migrating this base for a minute"));
        return err_hint(err, _("wait for it, then try again"));
    }
    /* A lost connection frees the lock: nothing may be sent on a new one. */
    db->in_transaction = true;
    ErrCode code = migrate_locked(db, last, applied, err);
    db->in_transaction = false;
    db->doom.code = OK;
    Err unlock_err = {0};
    if (db->client &&
        db_number(db, QUERY_SQL_MIGRATION_UNLOCK, NO_PARAMS, &ignored, &unlock_err) != OK)
        connection_drop(db);
    return code;
}

ErrCode schema_migrate_to(Db *db, unsigned last, Err *err)
{
    json_t *applied = json_array();
    ErrCode code = migrate_under_lock(db, last, applied, err);
    json_decref(applied);
    return code;
}

ErrCode schema_migrate(Db *db, json_t **ret_applied, Err *err)
{
    unsigned version;
    json_t *applied = json_array();
    ErrCode code = schema_version(db, &version, err);
    if (code == OK && version != schema_program_version())
        code = version > schema_program_version()
                   ? newer(version, err)
                   : migrate_under_lock(db, schema_program_version(), applied, err);
    if (code == OK && ret_applied)
        *ret_applied = json_incref(applied);
    json_decref(applied);
    return code;
}
