#include "sql/restored.h"

#include "base/command.h"
#include "base/lang.h"
#include "base/progress.h"
#include "sql/connection.h"
#include "sql/expr.h"
#include "sql/load_dump.h"
#include "sql/schema.h"

#include <inttypes.h>

enum { PIECE_BYTES = 256 * 1024 };

static ErrCode holds_something(Db *db, bool *ret_holds, Err *err)
{
    int64_t migrated, number = 0;
    TRY(db_number(db, QUERY_SQL_MIGRATION_TABLE_EXISTS, NO_PARAMS, &migrated, err));
    if (migrated)
        TRY(db_number(db, QUERY_SQL_RESTORE_UNDER_WAY, NO_PARAMS, &number, err));
    bool unfinished = number == 1;
    number = 0;
    if (migrated && !unfinished)
        TRY(db_number(db, QUERY_SQL_RESTORE_HOLDS, NO_PARAMS, &number, err));
    *ret_holds = number == 1;
    return OK;
}

/* The book of migrations goes last: it says that the base is not whole. */
static ErrCode drop_all(Db *db, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_SQL_BACKUP_TABLES, NO_PARAMS, &rows, err));
    while (rows_next(rows)) {
        const char *kind = rows_int(rows, 1) ? "SEQUENCE" : "TABLE";
        TRY(connection_text(db, "restore_drop",
                            arena_printf(arena, "DROP %s `%s`", kind, rows_text(rows, 0)), err));
    }
    return db_run(db, QUERY_SQL_RESTORE_FORGET, NO_PARAMS, NULL, err);
}

ErrCode restored_begin(Db *db, Err *err)
{
    bool holds;
    TRY(holds_something(db, &holds, err));
    if (holds) {
        err_set(err, ERR_REFUSED, _("this home holds a base already"));
        return err_hint(err, _("restore into another home (--home DIR); what is here stays as it "
                               "is"));
    }
    TRY(db_run(db, QUERY_SQL_MIGRATION_COLLATION, NO_PARAMS, NULL, err));
    TRY(db_run(db, QUERY_SQL_RESTORE_UNCHECKED, NO_PARAMS, NULL, err));
    TRY(drop_all(db, err));
    TRY(db_run(db, QUERY_SQL_MIGRATION_CREATE_TABLE, NO_PARAMS, NULL, err));
    return db_run(db, QUERY_SQL_RESTORE_BEGIN, NO_PARAMS, NULL, err);
}

static ErrCode table_count(Db *db, const char *table, int64_t *ret_rows, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    const Hole hole = {"counted_table", expr_column(arena, NULL, table)};
    TRY(db_query_filled(db, QUERY_SQL_RESTORE_COUNT, NO_PARAMS, &hole, 1, &rows, err));
    *ret_rows = rows_next(rows) ? rows_int(rows, 0) : 0;
    return OK;
}

/* The migrations have put the first rows into some tables. */
static ErrCode tables_clear(Db *db, const Manifest *manifest, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *table;
    json_t *value;
    json_object_foreach(manifest->counts, table, value)
    {
        const Hole hole = {"emptied_table", expr_column(arena, NULL, table)};
        TRY(db_run_filled(db, QUERY_SQL_RESTORE_CLEAR, NO_PARAMS, &hole, 1, NULL, err));
    }
    return OK;
}

static ErrCode rows_load(Db *db, const RestoredFrom *from, VaultReader *reader, Err *err)
{
    static _Thread_local char piece[PIECE_BYTES];
    LoadDump load = load_dump_start(db, from->manifest->counts);
    Progress progress = progress_start(from->shows_progress, _("megabytes restored"), 0);
    int64_t bytes = 0;
    size_t length = 1;
    ErrCode code = OK;
    while (code == OK && length > 0) {
        if (command_interrupted)
            code = err_set(err, ERR_INTERRUPTED, _("stopped; run it again to begin anew"));
        if (code == OK)
            code = vault_read(reader, piece, sizeof piece, &length, err);
        if (code == OK)
            code = load_dump_take(&load, piece, length, err);
        bytes += (int64_t)length;
        progress_at(&progress, bytes >> 20);
    }
    if (code == OK)
        code = load_dump_end(&load, err);
    progress_end(&progress);
    load_dump_done(&load);
    return code;
}

static ErrCode counts_check(Db *db, const Manifest *manifest, Err *err)
{
    const char *table;
    json_t *value;
    json_object_foreach(manifest->counts, table, value)
    {
        int64_t found, said = json_integer_value(value);
        TRY(table_count(db, table, &found, err));
        if (found != said)
            return err_set(err, ERR_INPUT,
                           _("table '%s' has %" PRId64 " rows where the manifest counts %" PRId64),
                           table, found, said);
    }
    return OK;
}

static ErrCode finish(Db *db, void *state, Err *err)
{
    const RestoredFrom *from = state;
    TRY(db_run(db, QUERY_SQL_RESTORE_EPOCH, NO_PARAMS, NULL, err));
    TRY(db_run(db, QUERY_SQL_RESTORE_RECORD,
               PARAMS(v_int(from->manifest->taken_ms), v_text(from->manifest->epoch),
                      v_text(from->manifest->program), v_text(from->user)),
               NULL, err));
    return db_run(db, QUERY_SQL_RESTORE_END, NO_PARAMS, NULL, err);
}

ErrCode restored_fill(Db *db, const RestoredFrom *from, Err *err)
{
    VaultReader *reader;
    RestoredFrom copy = *from;
    TRY(schema_migrate_to(db, (unsigned)from->manifest->schema, err));
    TRY(tables_clear(db, from->manifest, err));
    TRY(vault_open(from->file, from->key, &reader, err));
    ErrCode code = rows_load(db, from, reader, err);
    vault_reader_close(reader);
    TRY(code);
    TRY(counts_check(db, from->manifest, err));
    connection_drop(db); /* the next one is as every connection is */
    TRY(schema_migrate_to(db, schema_program_version(), err));
    return db_transact(db, finish, &copy, err);
}
