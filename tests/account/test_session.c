/* account/session.c, password.c, login.c, logout.c, passwd.c: being known by a password, on one
 * computer and on a server. */
#include "account/session.h"

#include "account/password.h"
#include "account/staff.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>

static const char RIGHT[] = "correct horse battery\n", WRONG[] = "correct horse saddle\n";

static void add_with_password(TestHome *home, const char *name, const char *role)
{
    STAFF_RUN(home, 0, "", "account", "add", name, "--role", role, "--password-file",
              staff_file(home, "right", RIGHT));
}

static void login_makes_another_account_act(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    add_with_password(home, "chen", "survey");
    STAFF_RUN(home, 1, "", "survey", "batches");
    STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file",
              staff_file(home, "right", RIGHT));
    STAFF_RUN(home, 0, "", "survey", "batches");
    STAFF_RUN(home, 1, "", "account", "list");
    STAFF_RUN(home, 0, "", "account", "logout");
    STAFF_RUN(home, 0, "", "account", "list");
    json_t *again = TEST_JSON(home, 0, "account", "logout");
    assert_true(json_is_false(json_object_get(again, "ended")));
    json_decref(again);
}

static void session_is_for_its_owner_alone_and_not_in_the_base(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    struct stat status;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    add_with_password(home, "chen", "survey");
    STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file",
              staff_file(home, "right", RIGHT));
    const char *path = arena_printf(arena, "%s/session", home->dir);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    char token[80] = "";
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(token, sizeof token, file));
    fclose(file);
    token[strcspn(token, "\n")] = '\0';
    assert_int_equal(strlen(token), 64);
    assert_int_equal(test_number(home, arena_printf(arena,
                                                    "SELECT COUNT(*) FROM account_session WHERE "
                                                    "token_hash = '%s'",
                                                    token)),
                     0);
    assert_int_equal(test_number(home, arena_printf(arena,
                                                    "SELECT COUNT(*) FROM account_session WHERE "
                                                    "token_hash = SHA2('%s', 256)",
                                                    token)),
                     1);
    assert_int_equal(
        test_number(home, "SELECT password LIKE '$argon2id$%' FROM account WHERE name = 'chen'"),
        1);
    assert_int_equal(chmod(path, 0644), 0);
    TestOutput open = STAFF_RUN(home, 1, "", "survey", "batches");
    assert_non_null(strstr(open.err, "others can read"));
    assert_int_equal(chmod(path, 0600), 0);
    STAFF_RUN(home, 0, "", "survey", "batches");
}

static void login_ends_by_time_by_disabling_and_by_another_password(void **state)
{
    static const char *const ENDS[] = {
        "UPDATE account_session SET expires_at = UTC_TIMESTAMP(3)", NULL,
        "UPDATE account_session SET token_hash = SHA2('another', 256)"};
    TestHome *home = *state;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        staff_forget_all(home);
        staff_is(home, "li", "admin", "");
        staff_be(home, "li");
        add_with_password(home, "chen", "survey");
        STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file",
                  staff_file(home, "right", RIGHT));
        STAFF_RUN(home, 0, "", "survey", "batches");
        if (ENDS[i])
            test_sql(home, ENDS[i]);
        else
            STAFF_RUN(home, 0, "", "account", "passwd", "--password-file",
                      staff_file(home, "both",
                                 arena_printf(home->context.arena, "%sa new one, long\n", RIGHT)));
        STAFF_RUN(home, 1,
                  "talent: the login of this home has ended\n"
                  "hint: 'talent account login NAME' begins another\n",
                  "survey", "batches");
    }
    STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file",
              staff_file(home, "right", RIGHT));
    test_sql(home, "UPDATE account SET state = 'disabled' WHERE name = 'chen'");
    TestOutput disabled = STAFF_RUN(home, 1, "", "survey", "batches");
    assert_non_null(strstr(disabled.err, "account 'chen' is disabled"));
}

static void five_wrong_passwords_close_the_door_for_a_while(void **state)
{
    static const char NO[] = "talent: name and password do not belong together\n"
                             "hint: after five wrong passwords in a row a quarter of an hour must "
                             "pass\n";
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    add_with_password(home, "chen", "survey");
    const char *wrong = staff_file(home, "wrong", WRONG), *right = staff_file(home, "right", RIGHT);
    STAFF_RUN(home, 1, NO, "account", "login", "nobody", "--password-file", right);
    STAFF_RUN(home, 1, NO, "account", "login", "li", "--password-file", right);
    for (int i = 0; i < 4; i++)
        STAFF_RUN(home, 1, NO, "account", "login", "chen", "--password-file", wrong);
    STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file", right);
    for (int i = 0; i < 5; i++)
        STAFF_RUN(home, 1, NO, "account", "login", "chen", "--password-file", wrong);
    STAFF_RUN(home, 1, NO, "account", "login", "chen", "--password-file", right);
    test_sql(home, "UPDATE account SET failed_at = failed_at - INTERVAL 16 MINUTE");
    STAFF_RUN(home, 0, "", "account", "login", "chen", "--password-file", right);
}

static void password_is_long_private_and_known_to_who_changes_it(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    const char *file = staff_file(home, "short", "ninechars\n");
    STAFF_RUN(home, 1, "talent: a password has at least 10 characters\n", "account", "passwd",
              "--password-file", file);
    file = staff_file(home, "open", RIGHT);
    assert_int_equal(chmod(file, 0640), 0);
    TestOutput open = STAFF_RUN(home, 1, "", "account", "passwd", "--password-file", file);
    assert_non_null(strstr(open.err, "others can read"));
    STAFF_RUN(home, 1, "talent: there is no password to read\n", "account", "passwd",
              "--password-fd", "0");
    STAFF_RUN(home, 2, "", "account", "passwd", "--password", "on the command line");
    staff_is(home, "chen", "survey", "");
    STAFF_RUN(home, 0, "", "account", "passwd", "chen", "--password-file",
              staff_file(home, "right", RIGHT));
    staff_is(home, "chen", "officer", "441900121");
    staff_be(home, "chen");
    STAFF_RUN(home, 1, "talent: that is not the present password\n", "account", "passwd",
              "--password-file",
              staff_file(home, "both",
                         arena_printf(home->context.arena, "%s%s", WRONG, "another long one\n")));
    STAFF_RUN(home, 1, "talent: only an administrator changes another's password\n", "account",
              "passwd", "li", "--password-file", staff_file(home, "right", RIGHT));
    staff_is(home, "chen", "officer", "441900121"); /* whose towns are not looked at here */
    STAFF_RUN(home, 0, "", "account", "passwd", "--password-file",
              staff_file(home, "both",
                         arena_printf(home->context.arena, "%s%s", RIGHT, "another long one\n")));
}

/* What a terminal shows while the program asks on it. */
static int on_a_terminal(TestHome *home, const char *typed, char *shown, size_t shown_bytes)
{
    int terminal, status = -1;
    fflush(NULL);
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    assert_true(child >= 0);
    if (child == 0) {
        execl(TALENT_PROGRAM, "talent", "--home", home->dir, "--lang", "en", "account", "passwd",
              (char *)NULL);
        _exit(127);
    }
    size_t length = 0, asked = 0;
    const char *at = typed;
    for (ssize_t got; (got = read(terminal, shown + length, shown_bytes - 1 - length)) > 0;) {
        length += (size_t)got;
        shown[length] = '\0';
        const char *prompt = strstr(shown + asked, ": ");
        if (!prompt || !*at)
            continue;
        asked = (size_t)(prompt - shown) + 2;
        size_t line = strcspn(at, "\n") + 1;
        assert_int_equal(write(terminal, at, line), (ssize_t)line);
        at += line;
    }
    close(terminal);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static void terminal_does_not_show_what_is_typed(void **state)
{
    TestHome *home = *state;
    char shown[4000] = "";
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    assert_int_equal(
        on_a_terminal(home, "typed in silence\ntyped in silence\n", shown, sizeof shown), 0);
    assert_non_null(strstr(shown, "New password: "));
    assert_non_null(strstr(shown, "The same once more: "));
    assert_null(strstr(shown, "silence"));
    assert_int_equal(
        on_a_terminal(home, "typed in silence\ntyped in noise..\n", shown, sizeof shown), 1);
    assert_non_null(strstr(shown, "the two passwords differ"));
    assert_null(strstr(shown, "noise"));
    STAFF_RUN(home, 0, "", "account", "login", "li", "--password-file",
              staff_file(home, "typed", "typed in silence\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(login_makes_another_account_act),
        cmocka_unit_test(session_is_for_its_owner_alone_and_not_in_the_base),
        cmocka_unit_test(login_ends_by_time_by_disabling_and_by_another_password),
        cmocka_unit_test(five_wrong_passwords_close_the_door_for_a_while),
        cmocka_unit_test(password_is_long_private_and_known_to_who_changes_it),
        cmocka_unit_test(terminal_does_not_show_what_is_typed),
    };
    return cmocka_run_group_tests_name("account/session", tests, staff_setup, test_home_teardown);
}
