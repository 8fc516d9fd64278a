/* account/gate.c: who may run what, asked of every command there is. */
#include "account/gate.h"

#include "account/staff.h"
#include "base/arguments.h"
#include "base/role.h"
#include "support/commands.h"

static const unsigned ROLES[] = {ROLE_SURVEY,  ROLE_OUTREACH, ROLE_APPROVER,
                                 ROLE_ANALYST, ROLE_OFFICER,  ROLE_ADMIN};
enum { ROLE_COUNT = sizeof ROLES / sizeof *ROLES };

/* The gate alone, for a command without options. */
static ErrCode passes(TestHome *home, const Command *command, Err *err)
{
    Db *db;
    Context context = home->context;
    context.os_user = context.user = staff_os_user();
    return gate_pass(arguments_new(context.arena, command), &context, &db, err);
}

static void every_command_declares_who_may_run_it(void **state)
{
    (void)state;
    const Command *const *commands = test_commands();
    size_t count = 0;
    for (; commands[count]; count++) {
        unsigned role = commands[count]->role;
        if (role == 0 || role & ~(unsigned)(ROLE_EVERY | ROLE_ANYONE))
            fail_msg("'%s' does not declare who may run it", commands[count]->words);
        if (role & ROLE_ANYONE && commands[count]->needs & NEEDS_KEYS)
            fail_msg("'%s' opens the key for anyone", commands[count]->words);
        for (const Option *o = commands[count]->options; o && o->name; o++)
            if (o->unmasks && !o->role)
                fail_msg("'%s --%s' unmasks for anyone", commands[count]->words, o->name);
    }
    assert_true(count > 50);
}

static void everything_passes_while_there_is_no_account(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    staff_forget_all(home);
    const Command *const *commands = test_commands();
    for (size_t i = 0; commands[i]; i++)
        assert_ok(passes(home, commands[i], &err), &err);
}

static void every_command_passes_under_its_roles_and_no_other(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    size_t passed = 0, refused = 0;
    const Command *const *commands = test_commands();
    staff_forget_all(home);
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        const char *word = roles_text(home->context.arena, ROLES[role], ",");
        staff_is(home, "li", word, ROLES[role] == ROLE_OFFICER ? "441900121" : "");
        staff_be(home, "li");
        for (size_t i = 0; commands[i]; i++) {
            bool may = commands[i]->role & (ROLES[role] | ROLE_ANYONE);
            ErrCode code = passes(home, commands[i], &err);
            if (code != (may ? OK : ERR_REFUSED))
                fail_msg("'%s' as %s: %s %s", commands[i]->words, word, err_name(code), err.text);
            passed += code == OK;
            refused += code != OK;
        }
    }
    assert_true(passed > 60 && refused > 100);
}

static void roles_add_up(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    const Command *const *commands = test_commands();
    staff_forget_all(home);
    staff_is(home, "li", "survey,analyst,admin", "");
    staff_be(home, "li");
    for (size_t i = 0; commands[i]; i++) {
        bool may = commands[i]->role & (ROLE_SURVEY | ROLE_ANALYST | ROLE_ADMIN | ROLE_ANYONE);
        assert_int_equal(passes(home, commands[i], &err), may ? OK : ERR_REFUSED);
    }
}

static void stranger_passes_nowhere_but_where_anyone_does(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    const Command *const *commands = test_commands();
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_is(home, "wang", "admin,survey", "");
    staff_is(home, "chen", "survey", "");
    staff_be(home, NULL);
    for (size_t i = 0; commands[i]; i++)
        assert_int_equal(passes(home, commands[i], &err),
                         commands[i]->role & ROLE_ANYONE ? OK : ERR_REFUSED);
    const char *said = arena_printf(
        home->context.arena,
        "talent: the user '%s' of this computer has no account in this base\n"
        "hint: log in with 'talent account login NAME', or ask to be let in: li, wang\n",
        staff_os_user());
    STAFF_RUN(home, 1, said, "survey", "batches");
    STAFF_RUN(home, 1, said, "db", "status");
    STAFF_RUN(home, 0, "", "help");
    STAFF_RUN(home, 0, "", "survey", "batches", "--help");
}

static void disabled_account_is_told_so(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_is(home, "chen", "survey", "");
    staff_be(home, "chen");
    STAFF_RUN(home, 0, "", "survey", "batches");
    test_sql(home, "UPDATE account SET state = 'disabled' WHERE name = 'chen'");
    STAFF_RUN(home, 1, "talent: account 'chen' is disabled\nhint: who can let it in again: li\n",
              "survey", "batches");
}

static void refusal_says_which_roles_it_takes_and_who_gives_them(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    staff_is(home, "li", "admin", "");
    staff_is(home, "chen", "analyst", "");
    staff_be(home, "chen");
    STAFF_RUN(home, 1,
              "talent: account 'chen' may not use 'outreach approve'\n"
              "hint: it takes one of the roles: approver; they are given by: li\n",
              "outreach", "approve", "x");
    STAFF_RUN(home, 1,
              "talent: account 'chen' may not use 'policy compare --list'\n"
              "hint: it takes one of the roles: survey; they are given by: li\n",
              "policy", "compare", "dongguan-2012-140", "dongguan-2021-talent", "--list");
    STAFF_RUN(home, 0, "", "policy", "compare", "dongguan-2012-140", "dongguan-2021-talent");
}

static void analyst_sees_no_small_figure_and_asks_by_nobody(void **state)
{
    TestHome *home = *state;
    staff_forget_all(home);
    test_sql(home, "DELETE FROM person;\n"
                   "INSERT INTO person (id, answers, skill_level) SELECT seq, 1, IF(seq <= 3, 1, 3)"
                   " FROM seq_1_to_60");
    json_t *open = TEST_JSON(home, 0, "policy", "size", "--where", "skill_level = 1");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(open, "where"), "true")),
                     3);
    json_decref(open);
    staff_is(home, "chen", "analyst", "");
    staff_be(home, "chen");
    json_t *withheld = TEST_JSON(home, 0, "policy", "size", "--where", "skill_level = 1");
    assert_true(json_is_null(json_object_get(json_object_get(withheld, "where"), "true")));
    json_decref(withheld);
    STAFF_RUN(home, 1,
              "talent: an analyst may not ask by 'name': it tells of one person\n"
              "hint: ask by facts that many people share\n",
              "policy", "size", "--where", "skill_level = 3 or name contains 王");
    STAFF_RUN(home, 0, "", "policy", "size", "--where", "verdict = likely");
    staff_is(home, "chen", "analyst,outreach", "");
    json_t *again = TEST_JSON(home, 0, "policy", "size", "--where", "skill_level = 1");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(again, "where"), "true")),
                     3);
    json_decref(again);
    test_sql(home, "DELETE FROM person");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_declares_who_may_run_it),
        cmocka_unit_test(everything_passes_while_there_is_no_account),
        cmocka_unit_test(every_command_passes_under_its_roles_and_no_other),
        cmocka_unit_test(roles_add_up),
        cmocka_unit_test(stranger_passes_nowhere_but_where_anyone_does),
        cmocka_unit_test(disabled_account_is_told_so),
        cmocka_unit_test(refusal_says_which_roles_it_takes_and_who_gives_them),
        cmocka_unit_test(analyst_sees_no_small_figure_and_asks_by_nobody),
    };
    return cmocka_run_group_tests_name("account/gate", tests, staff_setup, test_home_teardown);
}
