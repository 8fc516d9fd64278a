/* tests/support/home.h: a home of its own for a test program: folder, real MariaDB, migrated
 * schema, keys, context.
 * Shape:  one TestHome per cmocka group: cmocka_run_group_tests(tests, test_home_setup,
 *         test_home_teardown); each test finds it in *state. Empty the tables with test_reset where
 *         a test needs to.
 * Owns:   teardown stops the server and removes the folder, also when tests failed; the next
 *         program sweeps up after one that was killed. Results of test_run live in
 *         home->context.arena.
 * Errors: what should not fail does not return: the test fails with the error's text.
 * Source: with TALENT_TEST_DATABASE=mariadb://… the same tests run against that server, each
 *         program in a schema of its own; tests/support/tls_server.sh starts one over TCP with TLS. */
#ifndef SUPPORT_HOME_H
#define SUPPORT_HOME_H

#include "base/command.h"
#include "sql/db.h"
#include "sql/server.h"

/* What cmocka.h wants before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct TestHome {
    char dir[128];   /* the home, mode 0700 */
    char schema[64]; /* made for this program on a server of TALENT_TEST_DATABASE; "" = private */
    Context context; /* arena, db, sealer, as_of 2012-10-01, English, quiet */
} TestHome;

int test_home_setup(void **state);
int test_home_teardown(void **state);

/* A home without a database: only the folder and a context with its configuration. */
TestHome *test_home_new(void);
void test_home_free(
    TestHome *home); /* stops a private server that was started in it, removes the folder */

/* The private server of this home, whatever TALENT_TEST_DATABASE says. */
Server test_private(TestHome *home);

/* Writes talent.json: the database of this run, the window open at any hour, and more members
 * ("\"cap\": …"; NULL = none). Loads it into the context. */
void test_config(TestHome *home, const char *members);

/* Empties every table, puts base_state's row back, begins person numbers at 1. */
void test_reset(TestHome *home);

/* SQL text of a test: a script of statements separated by ";\n", and one number. */
void test_sql(TestHome *home, const char *script);
int64_t test_number(TestHome *home, const char *sql);

/* Fails the test with the error's text and hint unless the call is OK: assert_ok(db_run(…, &err),
 * &err). */
#define assert_ok(call, err) test_ok((call), (err), #call)
void test_ok(ErrCode code, const Err *err, const char *what);

/* What a run of the program said. */
typedef struct TestOutput {
    int status; /* exit status; 128 + signal when it was killed */
    char *out;
    char *err;
} TestOutput;

/* Runs the built program: talent --home DIR WORDS…; words end with NULL. */
TestOutput test_run(TestHome *home, const char *const *words);
#define TEST_RUN(home, ...) test_run((home), (const char *const[]){__VA_ARGS__, NULL})

/* Runs it with --json, expects exit status `status`, gives what it printed; owned by the caller. */
json_t *test_run_json(TestHome *home, int status, const char *const *words);
#define TEST_JSON(home, status, ...)                                                               \
    test_run_json((home), (status), (const char *const[]){__VA_ARGS__, NULL})

#endif
