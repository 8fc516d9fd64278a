/* sql/reseal.c, rekey.c: every sealed value gets the new key, whatever happens on the way, and can
 * be opened at every moment. */
#include "outreach/outbox_fill.h"
#include "support/rounds.h"
#include "support/street.h"

#include "base/text.h"
#include "sql/connection.h"
#include "sql/reseal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEOPLE = 700, MESSAGES = 300 };

static unsigned seed;

static unsigned chance(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

/* A value in every sealed column: files that came in, one that waits, messages, pushes, a reply. */
static void fill(TestHome *home)
{
    unlink(arena_printf(home->context.arena, "%s/seal.key", home->dir));
    sealer_free(home->context.sealer);
    Err err = {0};
    assert_ok(sealer_open(arena_printf(home->context.arena, "%s/seal.key", home->dir), true,
                          &home->context.sealer, &err),
              &err);
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    test_sql(home, "UPDATE base_state SET person_number = 5000");
    json_t *summary = street_generate(home, 11, PEOPLE);
    size_t count = json_array_size(json_object_get(summary, "files"));
    for (size_t i = 0; i < count; i++) {
        TestOutput output = TEST_RUN(home, "survey", "import", street_file(home, summary, i),
                                     i == 0 ? "--stage" : "--quiet");
        if (output.status != 0 && output.status != 3)
            fail_msg("%s", output.err);
    }
    json_decref(summary);
    const char *phone = outbox_phone(home, 5);
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO optout (phone_hash, phone, source, why, added_by, "
                                "added_at) VALUES (UNHEX('%s'), UNHEX('%s'), 'staff', 'w', 't', "
                                "UTC_TIMESTAMP(3));\n"
                                "INSERT INTO receipt (id, received_at, gateway, kind, body, state) "
                                "VALUES (1, UTC_TIMESTAMP(3), 'g', 'reply', UNHEX('%s'), "
                                "'matched');\n"
                                "INSERT INTO reply (receipt_id, phone_hash, received_at, text, "
                                "meaning) VALUES (1, UNHEX('%s'), UTC_TIMESTAMP(3), UNHEX('%s'), "
                                "'other')",
                                outbox_hash(home, phone), outbox_seal(home, phone),
                                outbox_seal(home, "body"), outbox_hash(home, phone),
                                outbox_seal(home, "hello")));
}

/* Columns of bytes that hold no sealed values. */
static bool known_plain(const char *table, const char *column)
{
    return (text_equal(table, "person_change") && text_equal(column, "persons")) ||
           (text_equal(table, "message") && text_equal(column, "reserve"));
}

static void every_column_of_bytes_is_listed(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(home->context.db,
                      "SELECT table_name, column_name FROM information_schema.columns WHERE "
                      "table_schema = DATABASE() AND (data_type = 'varbinary' OR data_type LIKE "
                      "'%blob')",
                      &rows, &err),
              &err);
    size_t listed = 0;
    while (rows_next(rows)) {
        const char *table = rows_text(rows, 0), *column = rows_text(rows, 1);
        bool found = false;
        for (size_t i = 0; i < SEALED_COLUMN_COUNT; i++)
            found = found || (text_equal(SEALED_COLUMNS[i].table, table) &&
                              text_equal(SEALED_COLUMNS[i].column, column));
        listed += found;
        if (!found && !known_plain(table, column))
            fail_msg("%s.%s is not in sql/sealed.def", table, column);
    }
    assert_int_equal(listed, SEALED_COLUMN_COUNT);
}

/* How many values there are, all of them opening; and how many with another key than number. */
static int64_t values_of(TestHome *home, uint8_t number, int64_t *ret_other)
{
    Err err = {0};
    Sealer *sealer;
    int64_t values = 0;
    *ret_other = 0;
    assert_ok(sealer_open(arena_printf(home->context.arena, "%s/seal.key", home->dir), false,
                          &sealer, &err),
              &err);
    for (size_t i = 0; i < SEALED_COLUMN_COUNT; i++) {
        const SealedColumn *column = &SEALED_COLUMNS[i];
        SealedCheck check;
        assert_ok(reseal_check(home->context.db, sealer, column, &check, &err), &err);
        if (check.bad > 0)
            fail_msg("%s.%s: %lld values do not open, the first one %s", column->table,
                     column->column, (long long)check.bad, check.bad_row);
        if (check.values == 0)
            fail_msg("%s.%s has no value: nothing was looked at", column->table, column->column);
        values += check.values;
        *ret_other +=
            test_number(home, arena_printf(home->context.arena,
                                           "SELECT COUNT(*) FROM %s WHERE ASCII(%s) NOT IN (0, %u)",
                                           column->table, column->column, number));
    }
    sealer_free(sealer);
    return values;
}

static void everything_is_sealed_anew_and_says_the_same(void **state)
{
    TestHome *home = *state;
    fill(home);
    int64_t other, values = values_of(home, 1, &other);
    assert_int_equal(other, 0);
    const char *id = arena_printf(home->context.arena, "%lld",
                                  (long long)test_number(home, "SELECT MAX(id) FROM person"));
    json_t *person = TEST_JSON(home, 0, "people", "show", id);
    json_t *batches = TEST_JSON(home, 0, "survey", "problems");
    if (home->schema[0]) /* a server that other hosts may work with */
        json_decref(TEST_JSON(home, 0, "db", "rekey", "--prepare"));
    json_t *result = TEST_JSON(home, 0, "db", "rekey");
    assert_int_equal(json_number_at(result, "key"), 2);
    assert_int_equal(json_number_at(result, "values"), values);
    json_decref(result);
    assert_int_equal(values_of(home, 2, &other), values);
    assert_int_equal(other, 0);
    json_t *person_after = TEST_JSON(home, 0, "people", "show", id);
    json_t *batches_after = TEST_JSON(home, 0, "survey", "problems");
    assert_true(json_equal(person, person_after));
    assert_true(json_equal(batches, batches_after));
    json_decref(person);
    json_decref(person_after);
    json_decref(batches);
    json_decref(batches_after);
    /* the old key opens no more only once nothing needs it */
    test_sql(home, arena_printf(home->context.arena,
                                "UPDATE receipt SET body = UNHEX('01%s') WHERE id = 1",
                                outbox_seal(home, "body") + 2));
    TestOutput refused = TEST_RUN(home, "--lang", "en", "db", "rekey", "--drop-old");
    assert_int_equal(refused.status, 1);
    assert_non_null(strstr(refused.err, "1 values are still sealed with an older key"));
    test_sql(home,
             arena_printf(home->context.arena, "UPDATE receipt SET body = UNHEX('%s') WHERE id = 1",
                          outbox_seal(home, "body")));
    json_t *dropped = TEST_JSON(home, 0, "db", "rekey", "--drop-old");
    assert_int_equal(json_number_at(dropped, "keys"), 1);
    json_decref(dropped);
    assert_int_equal(values_of(home, 2, &other), values);
}

static pid_t program_start(const TestHome *home, const char *const *words)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const char *argv[16] = {TALENT_PROGRAM, "--home", home->dir, "--quiet", "--json"};
        for (size_t i = 5; i < 15 && *words; i++)
            argv[i] = *words++;
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDOUT_FILENO);
        execv(TALENT_PROGRAM, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

/* Killed again and again while an import and readers work: each value opens at each moment. */
static void change_that_is_killed_goes_on(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    int64_t other;
    int status = 0, kills = 0;
    seed = test_seed();
    fill(home);
    json_decref(street_generate_rows(home, 2000));
    const char *rows = arena_printf(home->context.arena, "%s/rows.csv", home->dir);
    pid_t import = program_start(home, (const char *const[]){"survey", "import", rows, NULL});
    for (unsigned round = 0; round < test_rounds(6); round++) {
        if (home->schema[0])
            json_decref(TEST_JSON(home, 0, "db", "rekey", "--prepare"));
        pid_t pid = program_start(home, (const char *const[]){"db", "rekey", NULL});
        /* what runs already reads on: the sealer of this test was opened with the first key */
        usleep((round < 2 ? 5 + chance(60) : 1500 + chance(400)) * 1000);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        kills += WIFSIGNALED(status);
        for (size_t i = 0; i < SEALED_COLUMN_COUNT; i++) {
            SealedCheck check;
            assert_ok(reseal_check(home->context.db, home->context.sealer, &SEALED_COLUMNS[i],
                                   &check, &err),
                      &err);
            assert_int_equal(check.bad, 0);
        }
    }
    assert_int_equal(waitpid(import, &status, 0), import);
    assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3));
    if (home->schema[0])
        json_decref(TEST_JSON(home, 0, "db", "rekey", "--prepare"));
    json_t *last = TEST_JSON(home, 0, "db", "rekey");
    uint8_t number = (uint8_t)json_number_at(last, "key");
    json_decref(last);
    print_message("%d kills; the key has number %u now\n", kills, number);
    assert_true(kills > 0);
    values_of(home, number, &other);
    assert_int_equal(other, 0);
    assert_int_equal(test_number(home, "SELECT SUM(accepted) FROM batch WHERE state = 'active'"),
                     test_number(home, "SELECT COUNT(*) FROM answer"));
}

static void several_hosts_are_given_the_key_first(void **state)
{
    TestHome *home = *state;
    if (home->schema[0]) {
        TestOutput alone = TEST_RUN(home, "--lang", "en", "db", "rekey");
        if (alone.status == 1) /* after a key that was prepared already it would be done */
            assert_non_null(strstr(alone.err, "do not know the new key yet"));
    }
    json_t *first = TEST_JSON(home, 0, "db", "rekey", "--prepare");
    json_t *again = TEST_JSON(home, 0, "db", "rekey", "--prepare");
    int64_t prepared = json_number_at(first, "key");
    assert_int_equal(json_number_at(again, "key"), prepared);
    assert_int_not_equal(sealer_number(home->context.sealer), prepared);
    json_t *renewed = TEST_JSON(home, 0, "db", "rekey");
    assert_int_equal(json_number_at(renewed, "key"), prepared);
    json_decref(first);
    json_decref(again);
    json_decref(renewed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_of_bytes_is_listed),
        cmocka_unit_test(everything_is_sealed_anew_and_says_the_same),
        cmocka_unit_test(change_that_is_killed_goes_on),
        cmocka_unit_test(several_hosts_are_given_the_key_first),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
