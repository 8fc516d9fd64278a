/* tests/account/staff.h: accounts of a test, and being one of them.
 * Errors: what should not fail fails the test. */
#ifndef TESTS_ACCOUNT_STAFF_H
#define TESTS_ACCOUNT_STAFF_H

#include "support/home.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A home whose base is private, whatever the suite runs on: there the OS user is who is acting. */
static inline int staff_setup(void **state)
{
    Err err = {0};
    TestHome *home = test_home_new();
    home->schema[0] = '\0';
    test_config(home, NULL);
    *state = home;
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
    assert_ok(sealer_open(arena_printf(home->context.arena, "%s/seal.key", home->dir), true,
                          &home->context.sealer, &err),
              &err);
    return 0;
}

static inline const char *staff_os_user(void)
{
    const struct passwd *self = getpwuid(getuid());
    assert_non_null(self);
    return self->pw_name;
}

static inline void staff_forget_all(TestHome *home)
{
    test_sql(home, "DELETE FROM account_session;\nDELETE FROM account");
    unlink(config_path(&home->context.config, home->context.arena, "session"));
}

/* An account of the table, made or given other roles; towns: codes. */
static inline void staff_is(TestHome *home, const char *name, const char *roles, const char *towns)
{
    test_sql(home,
             arena_printf(home->context.arena,
                          "INSERT INTO account (name, roles, towns, added_by, added_at) VALUES "
                          "('%s', '%s', '%s', 'tester', UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE "
                          "roles = VALUES(roles), towns = VALUES(towns), state = 'active'",
                          name, roles, towns));
}

/* The OS user of this test is this account, from now on; NULL = of none. */
static inline void staff_be(TestHome *home, const char *name)
{
    test_sql(home, "UPDATE account SET os_user = NULL");
    if (name)
        test_sql(home, arena_printf(home->context.arena,
                                    "UPDATE account SET os_user = '%s' WHERE name = '%s'",
                                    staff_os_user(), name));
}

/* A file that only its owner can read. */
static inline const char *staff_file(TestHome *home, const char *name, const char *text)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fchmod(fileno(file), 0600), 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* Runs the program in English: it ends with this status and says exactly this, "" = anything. */
static inline TestOutput staff_run(TestHome *home, int status, const char *said,
                                   const char *const *words)
{
    const char *all[32] = {"--lang", "en"};
    size_t count = 2;
    for (; *words && count < 31; words++)
        all[count++] = *words;
    TestOutput output = test_run(home, all);
    if (output.status != status)
        fail_msg("'%s %s' ended with %d instead of %d: %s%s", all[2], all[3], output.status, status,
                 output.out, output.err);
    if (*said)
        assert_string_equal(output.err, said);
    return output;
}
#define STAFF_RUN(home, status, said, ...)                                                         \
    staff_run((home), (status), (said), (const char *const[]){__VA_ARGS__, NULL})

#endif
