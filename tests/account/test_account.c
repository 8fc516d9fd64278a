/* account/add.c, list.c, role.c, disable.c, enable.c, account.c: letting people in, as the command
 * line does it. */
#include "account/account.h"

#include "account/staff.h"

#include <sys/wait.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void first_account_is_an_administrators_and_must_be_ones_own(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    STAFF_RUN(home, 1,
              arena_printf(home->context.arena,
                           "talent: the first account must be your own\nhint: you are '%s' on this "
                           "computer: talent account add NAME --os-user '%s'\n",
                           staff_os_user(), staff_os_user()),
              "account", "add", "nobody-here");
    STAFF_RUN(home, 0, "", "survey", "batches");
    json_t *first = TEST_JSON(home, 0, "account", "add", "li", "--os-user", staff_os_user(),
                              "--role", "survey");
    assert_string_equal(text_of(first, "roles"), "survey,admin");
    assert_true(json_is_true(json_object_get(first, "first")));
    json_decref(first);
    json_t *second = TEST_JSON(home, 0, "account", "add", "wang", "--role", "officer", "--town",
                               "虎门镇,长安镇", "--lang", "zh");
    assert_string_equal(text_of(second, "roles"), "officer");
    assert_string_equal(text_of(second, "towns"), "虎门镇,长安镇");
    assert_string_equal(text_of(second, "os_user"), "wang");
    assert_true(json_is_false(json_object_get(second, "first")));
    json_decref(second);
    json_t *list = TEST_JSON(home, 0, "account", "list");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(text_of(json_array_get(list, 0), "account"), "li");
    assert_string_equal(text_of(json_array_get(list, 1), "added_by"), "li");
    json_decref(list);
}

static void what_cannot_be_an_account_is_refused(void **state)
{
    static const struct {
        const char *said, *words[8];
        int status;
    } CASES[] = {
        {"there is an account 'li' already", {"li", "--role", "survey"}, 1},
        {"there is no role 'serveys'", {"a", "--role", "serveys"}, 2},
        {"an account needs a role", {"a"}, 2},
        {"an officer needs a town", {"a", "--role", "officer"}, 2},
        {"there is no town '南极'", {"a", "--role", "officer", "--town", "南极"}, 2},
        {"--town is for officers only", {"a", "--role", "survey", "--town", "虎门镇"}, 2},
        {"'a b' cannot be the name of an account", {"a b", "--role", "survey"}, 2},
        {"'a;b' cannot be the name of an account", {"a;b", "--role", "survey"}, 2},
        {"has account 'li'", {"b", "--role", "survey", "--os-user", "lee"}, 1},
    };
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_be(home, "li");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *words[12] = {"account", "add"};
        for (size_t at = 0; CASES[i].words[at]; at++)
            words[2 + at] = CASES[i].words[at];
        if (strcmp(CASES[i].words[0], "b") == 0)
            words[6] = staff_os_user();
        TestOutput output = staff_run(home, CASES[i].status, "", words);
        if (!strstr(output.err, CASES[i].said))
            fail_msg("'%s' instead of '%s'", output.err, CASES[i].said);
    }
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM account"), 1);
}

static void last_administrator_stays(void **state)
{
    static const char KEPT[] = "talent: account 'li' is the last that administers\n"
                               "hint: make another account an administrator first\n";
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_is(home, "wang", "admin", "");
    staff_be(home, "li");
    STAFF_RUN(home, 0, "", "account", "disable", "wang");
    STAFF_RUN(home, 1, KEPT, "account", "disable", "li");
    STAFF_RUN(home, 1, KEPT, "account", "role", "li", "survey");
    STAFF_RUN(home, 0, "", "account", "role", "li", "survey,admin");
    STAFF_RUN(home, 0, "", "account", "enable", "wang");
    STAFF_RUN(home, 0, "", "account", "role", "li", "survey");
    STAFF_RUN(home, 1, "", "account", "list");
    STAFF_RUN(home, 0, "", "survey", "batches");
}

static void of_two_first_accounts_at_once_one_is_made(void **state)
{
    enum { TRIES = 4 };
    TestHome *home = *state;
    staff_forget_all(home);
    pid_t children[TRIES];
    fflush(NULL);
    for (int i = 0; i < TRIES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            char name[8];
            snprintf(name, sizeof name, "n%d", i);
            FILE *out = freopen("/dev/null", "w", stdout);
            FILE *err = freopen("/dev/null", "w", stderr);
            execl(TALENT_PROGRAM, "talent", "--home", home->dir, "account", "add", name,
                  "--os-user", staff_os_user(), (char *)NULL);
            _exit(out && err ? 127 : 126);
        }
    }
    int made = 0;
    for (int i = 0; i < TRIES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        made += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    assert_int_equal(made, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM account"), 1);
}

static void who_planned_does_not_approve_once_there_are_two(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    test_sql(home, "INSERT INTO campaign (name, template, template_text, policy, policy_sha256, "
                   "verdicts, as_of, people, other_verdicts, content_hash, planned_by, planned_at) "
                   "VALUES ('first', 't', 't', 'p', SHA2('p', 256), 'likely', '2012-10-01', 0, "
                   "'{}', UNHEX(SHA2('c', 256)), 'li', UTC_TIMESTAMP(3))");
    staff_is(home, "li", "admin,outreach,approver", "");
    staff_be(home, "li");
    TestOutput alone = STAFF_RUN(home, 1, "", "outreach", "approve", "first");
    assert_non_null(strstr(alone.err, "has no messages")); /* the eyes were not what stopped it */
    staff_is(home, "wang", "approver", "");
    STAFF_RUN(home, 1,
              "talent: who planned campaign 'first' does not approve it\n"
              "hint: another account with the role approver does\n",
              "outreach", "approve", "first");
    staff_be(home, "wang");
    TestOutput other = STAFF_RUN(home, 1, "", "outreach", "approve", "first");
    assert_non_null(strstr(other.err, "has no messages"));
    /* Planned by the same person, before there were accounts. */
    test_sql(home, arena_printf(home->context.arena, "UPDATE campaign SET planned_by = '%s'",
                                staff_os_user()));
    TestOutput same = STAFF_RUN(home, 1, "", "outreach", "approve", "first");
    assert_non_null(strstr(same.err, "does not approve it"));
    test_sql(home, "DELETE FROM campaign");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_account_is_an_administrators_and_must_be_ones_own),
        cmocka_unit_test(what_cannot_be_an_account_is_refused),
        cmocka_unit_test(last_administrator_stays),
        cmocka_unit_test(of_two_first_accounts_at_once_one_is_made),
        cmocka_unit_test(who_planned_does_not_approve_once_there_are_two),
    };
    return cmocka_run_group_tests_name("account/account", tests, staff_setup, test_home_teardown);
}
