/* sql/start.c, stop.c, status.c, migrate.c: the commands as a person runs them. */
#include "sql/private.h"
#include "sql/schema.h"
#include "sql/statement.h"
#include "support/home.h"

#include <signal.h>
#include <sys/stat.h>

static int setup(void **state)
{
    TestHome *home = test_home_new();
    home->schema[0] =
        '\0'; /* these commands are about the private server, whatever the suite runs on */
    test_config(home, NULL);
    *state = home;
    return 0;
}

static int teardown(void **state)
{
    test_home_free(*state);
    return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static void status_tells_the_state_and_starts_nothing(void **state)
{
    TestHome *home = *state;
    json_t *status = TEST_JSON(home, 0, "db", "status");
    assert_string_equal(text_of(status, "database"), "private");
    assert_string_equal(text_of(status, "state"), "stopped");
    assert_true(json_is_null(json_object_get(status, "people")));
    assert_int_equal(json_integer_value(json_object_get(status, "program_schema")),
                     schema_program_version());
    json_decref(status);
    struct stat data;
    assert_int_equal(stat(arena_printf(home->context.arena, "%s/db", home->dir), &data), -1);
}

static void database_is_started_migrated_described_and_stopped(void **state)
{
    TestHome *home = *state;
    json_t *started = TEST_JSON(home, 0, "db", "start");
    assert_string_equal(text_of(started, "state"), "running");
    assert_true(json_is_true(json_object_get(started, "started")));
    pid_t pid = (pid_t)json_integer_value(json_object_get(started, "pid"));
    json_t *again = TEST_JSON(home, 0, "db", "start");
    assert_true(json_is_false(json_object_get(again, "started")));
    json_t *migrated = TEST_JSON(home, 0, "db", "migrate");
    assert_int_equal(json_array_size(json_object_get(migrated, "applied")), MIGRATION_COUNT);
    assert_int_equal(json_integer_value(json_object_get(migrated, "schema")),
                     schema_program_version());
    json_t *status = TEST_JSON(home, 0, "db", "status");
    assert_string_equal(text_of(status, "state"), "running");
    assert_non_null(strstr(text_of(status, "version"), "MariaDB"));
    assert_int_equal(json_integer_value(json_object_get(status, "pid")), pid);
    assert_int_equal(json_integer_value(json_object_get(status, "people")), 0);
    assert_int_equal(json_integer_value(json_object_get(status, "batches")), 0);
    assert_int_equal(json_integer_value(json_object_get(status, "schema")),
                     schema_program_version());
    assert_true(json_integer_value(json_object_get(status, "bytes")) > 1000000);
    json_t *stopped = TEST_JSON(home, 0, "db", "stop");
    assert_string_equal(text_of(stopped, "state"), "stopped");
    assert_true(json_is_true(json_object_get(stopped, "stopped")));
    const Server server = test_private(home);
    assert_false(private_answers(&server));
    json_decref(started);
    json_decref(again);
    json_decref(migrated);
    json_decref(status);
    json_decref(stopped);
}

static void first_command_that_needs_the_base_starts_and_migrates_it(void **state)
{
    TestHome *home = *state;
    json_t *batches = TEST_JSON(home, 0, "survey", "batches");
    assert_int_equal(json_array_size(batches), 0);
    json_t *status = TEST_JSON(home, 0, "db", "status");
    assert_int_equal(json_integer_value(json_object_get(status, "schema")),
                     schema_program_version());
    pid_t pid = (pid_t)json_integer_value(json_object_get(status, "pid"));
    assert_int_equal(kill(pid, SIGKILL), 0);
    json_t *after = TEST_JSON(home, 0, "survey", "batches");
    assert_int_equal(json_array_size(after), 0);
    json_decref(batches);
    json_decref(status);
    json_decref(after);
}

static void configured_server_is_not_started_or_stopped(void **state)
{
    TestHome *home = *state;
    const char *path = arena_printf(home->context.arena, "%s/talent.json", home->dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("{\"database\": \"mariadb://talent:secret@127.0.0.1:1/base\"}\n", file);
    assert_int_equal(fclose(file), 0);
    TestOutput start = TEST_RUN(home, "--lang", "en", "db", "start");
    assert_int_equal(start.status, 1);
    assert_string_equal(
        start.err,
        "talent: the database is 'mariadb://talent@127.0.0.1:1/base', which this program does not"
        " start\nhint: start it where it runs\n");
    TestOutput stop = TEST_RUN(home, "--lang", "en", "db", "stop");
    assert_int_equal(stop.status, 1);
    TestOutput status = TEST_RUN(home, "--lang", "en", "db", "status");
    assert_int_equal(status.status, 1);
    assert_non_null(strstr(status.err, "cannot connect to the database on '127.0.0.1'"));
    assert_null(strstr(status.err, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(status_tells_the_state_and_starts_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(database_is_started_migrated_described_and_stopped, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(first_command_that_needs_the_base_starts_and_migrates_it,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(configured_server_is_not_started_or_stopped, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("sql/verbs", tests, NULL, NULL);
}
