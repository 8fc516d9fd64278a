/* sql/schema.c: from any state a base can be left in, to this program's schema, or a clear no. */
#include "sql/connection.h"
#include "sql/schema.h"
#include "sql/statement.h"
#include "support/home.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static Db *db_of(void **state)
{
    return ((TestHome *)*state)->context.db;
}

/* Back to an empty schema. */
static int wipe(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    AUTO_ROWS tables = NULL;
    assert_ok(db_text(home->context.db,
                      "SELECT IF(table_type = 'SEQUENCE', 'SEQUENCE', 'TABLE'), table_name FROM "
                      "information_schema.tables"
                      " WHERE table_schema = DATABASE()",
                      &tables, &err),
              &err);
    test_sql(home, "SET foreign_key_checks = 0");
    while (rows_next(tables))
        test_sql(home, arena_printf(home->context.arena, "DROP %s `%s`", rows_text(tables, 0),
                                    rows_text(tables, 1)));
    test_sql(home, "SET foreign_key_checks = 1");
    return 0;
}

/* Everything that a schema is, as one number. */
static int64_t fingerprint(TestHome *home)
{
    return test_number(
        home,
        "SELECT CAST(CONV(LEFT(MD5(GROUP_CONCAT(table_name, column_name, column_type, is_nullable,"
        " COALESCE(collation_name, ''), column_key ORDER BY table_name, ordinal_position)), 15), "
        "16, 10)"
        " AS SIGNED) FROM information_schema.columns WHERE table_schema = DATABASE()");
}

static void empty_base_gets_every_migration_once(void **state)
{
    Err err = {0};
    json_t *applied = NULL;
    unsigned version = 7;
    assert_ok(schema_version(db_of(state), &version, &err), &err);
    assert_int_equal(version, 0);
    assert_int_equal(schema_check(db_of(state), &err), ERR_VERSION);
    assert_ok(schema_migrate(db_of(state), &applied, &err), &err);
    assert_int_equal(json_array_size(applied), MIGRATION_COUNT);
    assert_string_equal(json_string_value(json_array_get(applied, 0)), MIGRATIONS[0].name);
    json_decref(applied);
    assert_ok(schema_version(db_of(state), &version, &err), &err);
    assert_int_equal(version, schema_program_version());
    assert_ok(schema_check(db_of(state), &err), &err);
    assert_ok(schema_migrate(db_of(state), &applied, &err), &err);
    assert_int_equal(json_array_size(applied), 0);
    json_decref(applied);
    assert_int_equal(test_number(*state, "SELECT COUNT(*) FROM base_state"), 1);
}

/* As a program that was killed leaves it: so many statements of a migration done, one fewer or as
 * many counted. */
static void leave_half(TestHome *home, size_t which, unsigned done, unsigned counted)
{
    Err err = {0};
    Db *db = home->context.db;
    test_sql(home, "CREATE TABLE schema_migration (number INT UNSIGNED NOT NULL PRIMARY KEY, name "
                   "VARCHAR(64) NOT NULL,"
                   " steps INT UNSIGNED NOT NULL DEFAULT 0, started_at DATETIME(3) NOT NULL, "
                   "finished_at DATETIME(3) NULL)");
    for (size_t i = 0; i <= which; i++) {
        const char *at = MIGRATIONS[i].text;
        for (unsigned step = 1; *at && (i < which || step <= done); step++) {
            const char *end = strstr(at, ";\n");
            size_t length = end ? (size_t)(end - at) : strlen(at);
            assert_ok(
                connection_text(db, "half", arena_strndup(home->context.arena, at, length), &err),
                &err);
            at += length + (end ? 2 : 0);
        }
        test_sql(home, arena_printf(home->context.arena,
                                    "INSERT INTO schema_migration VALUES (%u, '%s', %u, NOW(), %s)",
                                    MIGRATIONS[i].number, MIGRATIONS[i].name,
                                    i < which ? 0 : counted, i < which ? "NOW()" : "NULL"));
    }
}

static unsigned statements_of(const Migration *migration)
{
    unsigned count = 0;
    for (const char *at = migration->text; (at = strstr(at, ";\n")); at += 2)
        count++;
    return count;
}

static void interrupted_migration_goes_on_where_it_stopped(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    assert_ok(schema_migrate(db_of(state), NULL, &err), &err);
    int64_t whole = fingerprint(home);
    for (size_t which = 0; which < MIGRATION_COUNT; which++)
        for (unsigned done = 0; done <= statements_of(&MIGRATIONS[which]); done++)
            for (unsigned uncounted = 0; uncounted <= (done == 1); uncounted++) {
                unsigned counted = done > 1 ? done - 1 : done - uncounted;
                wipe(state);
                leave_half(home, which, done, counted);
                assert_int_equal(schema_check(db_of(state), &err), ERR_VERSION);
                assert_ok(schema_migrate(db_of(state), NULL, &err), &err);
                assert_ok(schema_check(db_of(state), &err), &err);
                assert_int_equal(fingerprint(home), whole);
                assert_int_equal(test_number(home, "SELECT COUNT(*) FROM base_state"), 1);
            }
}

static void statement_that_fails_for_another_reason_is_not_taken_for_done(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    test_sql(
        home,
        "CREATE TABLE base_state (id INT)"); /* not ours: nothing says that a migration began */
    assert_int_equal(schema_migrate(db_of(state), NULL, &err), ERR_DB);
    assert_non_null(strstr(err.text, "migration '0001_base', statement 1: "));
    assert_non_null(strstr(err.text, "Table 'base_state' already exists"));
    assert_int_equal(schema_check(db_of(state), &err), ERR_VERSION);
}

static void base_of_a_newer_program_is_refused(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    assert_ok(schema_migrate(db_of(state), NULL, &err), &err);
    test_sql(home, "INSERT INTO schema_migration VALUES (9999, '9999_future', 1, NOW(), NOW())");
    assert_int_equal(schema_migrate(db_of(state), NULL, &err), ERR_VERSION);
    assert_int_equal(schema_check(db_of(state), &err), ERR_VERSION);
    assert_string_equal(
        err.text, arena_printf(home->context.arena,
                               "the base has schema 9999, this program knows schemas up to %u",
                               schema_program_version()));
    Db *db = NULL;
    assert_int_equal(db_ready(&home->context.config, &db, &err), ERR_VERSION);
}

static void two_migrators_at_once_leave_one_whole_schema(void **state)
{
    enum { MIGRATORS = 3 };
    Err err = {0};
    TestHome *home = *state;
    pid_t children[MIGRATORS];
    for (int i = 0; i < MIGRATORS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            Db *db = NULL;
            ErrCode code = db_open_again(home->context.db, &db, &err);
            if (code == OK)
                code = schema_migrate(db, NULL, &err);
            if (code != OK)
                dprintf(STDERR_FILENO, "%s\n", err.text);
            _exit(code != OK);
        }
    }
    for (int i = 0; i < MIGRATORS; i++) {
        int status = 1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_ok(schema_check(db_of(state), &err), &err);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM base_state"), 1);
}

static void migrator_killed_at_any_moment_leaves_a_base_that_migrates(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    assert_ok(schema_migrate(db_of(state), NULL, &err), &err);
    int64_t whole = fingerprint(home);
    for (unsigned ms = 1; ms < 80; ms += 9) {
        wipe(state);
        pid_t child = fork();
        if (child == 0) {
            Db *db = NULL;
            if (db_open_again(home->context.db, &db, &err) == OK)
                (void)!schema_migrate(db, NULL, &err);
            _exit(0);
        }
        usleep(ms * 1000);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_ok(schema_migrate(db_of(state), NULL, &err), &err);
        assert_int_equal(fingerprint(home), whole);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM base_state"), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(empty_base_gets_every_migration_once, wipe),
        cmocka_unit_test_setup(interrupted_migration_goes_on_where_it_stopped, wipe),
        cmocka_unit_test_setup(statement_that_fails_for_another_reason_is_not_taken_for_done, wipe),
        cmocka_unit_test_setup(base_of_a_newer_program_is_refused, wipe),
        cmocka_unit_test_setup(two_migrators_at_once_leave_one_whole_schema, wipe),
        cmocka_unit_test_setup(migrator_killed_at_any_moment_leaves_a_base_that_migrates, wipe),
    };
    return cmocka_run_group_tests_name("sql/schema", tests, test_home_setup, test_home_teardown);
}
