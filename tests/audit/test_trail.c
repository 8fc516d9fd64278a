/* audit/trail.c, deed.c, list.c, verify.c: the lines that commands leave, also when they are killed. */
#include "audit/trail.h"

#include "account/staff.h"
#include "audit/check.h"
#include "audit/deed.h"
#include "base/arguments.h"
#include "support/commands.h"
#include "support/rounds.h"
#include "support/tables.h"

#include "base/buffer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { KILLS = 12, PEOPLE = 40 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The newest deed whose command holds these words. */
static json_t *last_deed(TestHome *home, const char *what)
{
    json_t *deeds = TEST_JSON(home, 0, "audit", "list", "--what", what, "--limit", "1");
    assert_int_equal(json_array_size(deeds), 1);
    json_t *deed = json_incref(json_array_get(deeds, 0));
    json_decref(deeds);
    return deed;
}

static const char *compact(TestHome *home, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    const char *kept = arena_strdup(home->context.arena, text);
    free(text);
    return kept;
}

static const char *people_file(TestHome *home, const char *name, const char *day)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|填表日期\n");
    for (unsigned i = 0; i < PEOPLE; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|高级工|长安镇|%s\n", person.name,
                      i == 7 ? "440524198001010014" : person.id, person.phone, day);
    }
    return table_csv(home, name, buffer_string(&out));
}

static int trail_setup(void **state)
{
    staff_setup(state);
    TestHome *home = *state;
    staff_forget_all(home);
    test_config(home, "\"review\": null");
    STAFF_RUN(home, 3, "", "survey", "import", people_file(home, "a.csv", "2012-06-01"));
    return 0;
}

static const struct {
    const char *words[10];
    int status;
    const char *what, *options, *subject, *why, *result;
} DEEDS[] = {
    {{"people", "correct", "1", "skill_level=技师", "--why", "证书核对"},
     0,
     "people correct",
     "1 skill_level=…",
     "{\"batch\":[2],\"person\":[1]}",
     "证书核对",
     "done"},
    {{"people", "correct", "9999", "skill_level=技师", "--why", "x"},
     1,
     "people correct",
     "9999 skill_level=…",
     "{\"person\":[9999]}",
     "x",
     "ERR_NOT_FOUND"},
    {{"people", "show", "2", "--unmask", "--why", "电话核对"},
     0,
     "people show",
     "2 --unmask",
     "{\"person\":[2]}",
     "电话核对",
     "done"},
    {{"people", "merge", "3", "4", "--why", "同一人"},
     0,
     "people merge",
     "3 4",
     "{\"person\":[3,4]}",
     "同一人",
     "done"},
    {{"survey", "problems", "-o", "/nowhere/mend.csv"},
     1,
     "survey problems",
     "-o /nowhere/mend.csv",
     "{}",
     "",
     "ERR_IO"},
    {{"outreach", "plan", "spring", "--template", "settlement-invitation", "--where",
      "name = 王伟"},
     0,
     "outreach plan",
     "spring --template settlement-invitation --where …",
     "{\"campaign\":[\"spring\"]}",
     "",
     "done"},
    {{"outreach", "launch", "spring"},
     1,
     "outreach launch",
     "spring",
     "{\"campaign\":[\"spring\"]}",
     "",
     "ERR_REFUSED"},
    {{"survey", "import", "/nowhere/13800138000.csv"},
     1,
     "survey import",
     "/nowhere/*******8000.csv",
     "{}",
     "",
     "ERR_NOT_FOUND"},
};

static void deed_says_who_what_on_whom_why_and_what_came_of_it(void **state)
{
    TestHome *home = *state;
    for (size_t i = 0; i < sizeof DEEDS / sizeof *DEEDS; i++) {
        staff_run(home, DEEDS[i].status, "", DEEDS[i].words);
        json_t *deed = last_deed(home, DEEDS[i].what);
        assert_string_equal(text_of(deed, "who"), staff_os_user());
        assert_string_equal(text_of(deed, "command"), DEEDS[i].what);
        assert_string_equal(text_of(deed, "options"), DEEDS[i].options);
        assert_string_equal(compact(home, json_object_get(deed, "subject")), DEEDS[i].subject);
        assert_string_equal(text_of(deed, "why"), DEEDS[i].why);
        assert_string_equal(text_of(deed, "result"), DEEDS[i].result);
        json_decref(deed);
    }
    json_t *import = TEST_JSON(home, 0, "audit", "list", "--what", "survey import");
    const json_t *first = json_array_get(import, json_array_size(import) - 1);
    assert_string_equal(text_of(first, "result"), "partial");
    assert_string_equal(compact(home, json_object_get(first, "subject")), "{\"batch\":[1]}");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(first, "counts"), "quarantined")), 1);
    json_decref(import);
}

static void looking_masked_leaves_nothing(void **state)
{
    TestHome *home = *state;
    int64_t before = test_number(home, "SELECT COUNT(*) FROM audit_line");
    STAFF_RUN(home, 0, "", "people", "find");
    STAFF_RUN(home, 0, "", "people", "show", "1");
    STAFF_RUN(home, 0, "", "survey", "problems");
    STAFF_RUN(home, 0, "", "audit", "list");
    STAFF_RUN(home, 0, "", "db", "status");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM audit_line"), before);
}

/* Every command that writes or exports, by its declaration. */
static void every_command_that_writes_exports_or_unmasks_is_audited(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    const Command *const *commands = test_commands();
    size_t audited = 0;
    for (size_t i = 0; commands[i]; i++) {
        Arguments *arguments = arguments_new(home->context.arena, commands[i]);
        bool always = commands[i]->needs & (WRITES | EXPORTS);
        assert_int_equal(deed_is_audited(arguments), always);
        audited += always;
        for (size_t at = 0; at < arguments->option_count; at++) {
            const Option *option = arguments->given[at].option;
            if (!option->unmasks &&
                !(option->kind == OPTION_OUTPUT && commands[i]->needs & NEEDS_DATABASE))
                continue;
            Arguments *with = arguments_new(home->context.arena, commands[i]);
            assert_ok(arguments_add(home->context.arena, &with->given[at],
                                    option->kind == OPTION_OUTPUT && option->endings
                                        ? arena_printf(home->context.arena, "f.%.*s",
                                                       (int)strcspn(option->endings, " "),
                                                       option->endings)
                                        : "yes",
                                    &err),
                      &err);
            assert_true(deed_is_audited(with));
        }
    }
    assert_true(audited > 20);
}

static void refusal_leaves_a_line(void **state)
{
    TestHome *home = *state;
    staff_is(home, "li", "admin", "");
    staff_is(home, "chen", "analyst", "");
    staff_be(home, "chen");
    STAFF_RUN(home, 1, "", "people", "find", "王伟");
    staff_be(home, NULL);
    STAFF_RUN(home, 1, "", "survey", "batches");
    staff_be(home, "li");
    json_t *deed = last_deed(home, "people find");
    assert_string_equal(text_of(deed, "who"), "chen");
    assert_string_equal(text_of(deed, "result"), "refused");
    assert_string_equal(text_of(deed, "options"), "…");
    json_decref(deed);
    deed = last_deed(home, "survey batches");
    assert_string_equal(text_of(deed, "who"), staff_os_user());
    assert_string_equal(text_of(deed, "result"), "refused");
    json_decref(deed);
    json_t *chens = TEST_JSON(home, 0, "audit", "list", "--who", "chen", "--since", "2020-01-01");
    assert_int_equal(json_array_size(chens), 1);
    json_decref(chens);
    json_t *none = TEST_JSON(home, 0, "audit", "list", "--until", "2020-01-01");
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    staff_forget_all(home);
}

static void verify_names_the_first_broken_line(void **state)
{
    TestHome *home = *state;
    STAFF_RUN(home, 0, "", "audit", "verify");
    test_sql(home, "DROP TRIGGER audit_line_unchanged;\n"
                   "UPDATE audit_line SET why = CONCAT(why, '!') WHERE number IN (5, 9)");
    STAFF_RUN(home, 1,
              "talent: the audit is not as it was written: line 5 was changed\n"
              "hint: compare with the anchor files of the other homes and with a backup\n",
              "audit", "verify");
    json_t *found = TEST_JSON(home, 1, "audit", "verify");
    assert_int_equal(json_integer_value(json_object_get(found, "broken")), 5);
    json_decref(found);
    test_sql(home, "UPDATE audit_line SET why = TRIM(TRAILING '!' FROM why);\n"
                   "CREATE TRIGGER audit_line_unchanged BEFORE UPDATE ON audit_line FOR EACH ROW "
                   "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'");
    STAFF_RUN(home, 0, "", "audit", "verify");
    STAFF_RUN(home, 0, "", "people", "correct", "5", "skill_level=技师", "--why", "x");
    test_sql(home, "DROP TRIGGER audit_line_kept;\n"
                   "CREATE TABLE audit_copy AS SELECT * FROM audit_line;\n"
                   "DELETE FROM audit_line ORDER BY number DESC LIMIT 2");
    TestOutput behind = STAFF_RUN(home, 1, "", "audit", "verify");
    assert_non_null(strstr(behind.err, "the base is behind: it ends before line"));
    test_sql(home, "DELETE FROM audit_line;\nINSERT INTO audit_line SELECT * FROM audit_copy;\n"
                   "DROP TABLE audit_copy;\n"
                   "CREATE TRIGGER audit_line_kept BEFORE DELETE ON audit_line FOR EACH ROW "
                   "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'");
    STAFF_RUN(home, 0, "", "audit", "verify");
}

/* As a restore does: the line of the beginning went with the base that was there. */
static void end_in_another_base_stands_alone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Context context = home->context;
    const Command *const *commands = test_commands();
    size_t at = 0;
    while (strcmp(commands[at]->words, "db migrate") != 0)
        at++;
    context.os_user = context.user = "tester";
    Trail trail = {.arguments = arguments_new(context.arena, commands[at]),
                   .context = &context,
                   .db = context.db};
    test_sql(home, "CREATE TABLE audit_copy AS SELECT * FROM audit_line");
    assert_ok(trail_begin(&trail, &err), &err);
    test_sql(home, "TRUNCATE TABLE audit_line;\nINSERT INTO audit_line SELECT * FROM audit_copy;\n"
                   "DROP TABLE audit_copy");
    unlink(audit_anchor_file(&context.config, context.arena));
    STAFF_RUN(home, 0, "", "people", "correct", "8", "skill_level=技师", "--why", "other");
    assert_ok(trail_end(&trail, OK, NULL, &err), &err);
    json_t *deed = last_deed(home, "db migrate"), *other = last_deed(home, "people correct");
    assert_string_equal(text_of(deed, "result"), "done");
    assert_string_equal(text_of(other, "why"), "other");
    assert_string_equal(text_of(other, "result"), "done");
    json_decref(deed);
    json_decref(other);
    STAFF_RUN(home, 0, "", "audit", "verify");
}

static pid_t start(TestHome *home, int round)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char level[40];
        snprintf(level, sizeof level, "pension_months=%d", 30 + round % 40);
        FILE *out = freopen("/dev/null", "w", stdout);
        FILE *err = freopen("/dev/null", "w", stderr);
        execl(TALENT_PROGRAM, "talent", "--home", home->dir, "people", "correct", "6", level,
              "--why", "killed", (char *)NULL);
        _exit(out && err ? 127 : 126);
    }
    return child;
}

/* While the base is held by somebody else, a command waits between its two lines. */
static void kill_between_its_lines(TestHome *home)
{
    Err err = {0};
    TestHome holder = *home;
    const char *lines = "SELECT COUNT(*) FROM audit_line";
    assert_ok(db_open(&home->context.config, &holder.context.db, &err), &err);
    test_sql(&holder, "START TRANSACTION;\nUPDATE base_state SET people_version = people_version");
    int64_t before = test_number(home, lines);
    pid_t child = start(home, 1);
    for (int wait = 0; wait < 500 && test_number(home, lines) == before; wait++)
        usleep(10000);
    assert_int_equal(test_number(home, lines), before + 1);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    test_sql(&holder, "ROLLBACK");
    db_close(holder.context.db);
}

static void killed_command_shows_and_breaks_nothing(void **state)
{
    TestHome *home = *state;
    unsigned seed = test_seed(), rounds = test_rounds(KILLS);
    unsigned killed = 0;
    for (unsigned round = 0; round < rounds; round++) {
        int status;
        pid_t child = start(home, (int)round);
        seed = seed * 1103515245U + 12345U;
        usleep((seed >> 8) % 90000);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status);
        Err err = {0};
        AuditCheck found;
        assert_ok(audit_check(home->context.db, &home->context.config, &found, &err), &err);
        if (!audit_sound(&found))
            fail_msg("%s", audit_wrong(home->context.arena, &found));
    }
    kill_between_its_lines(home);
    json_t *deed = last_deed(home, "people correct");
    assert_string_equal(text_of(deed, "result"), "not ended");
    assert_true(json_is_null(json_object_get(deed, "ended_at")));
    json_decref(deed);
    STAFF_RUN(home, 0, "", "audit", "verify");
    print_message("%u of %u were killed\n", killed, rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deed_says_who_what_on_whom_why_and_what_came_of_it),
        cmocka_unit_test(looking_masked_leaves_nothing),
        cmocka_unit_test(every_command_that_writes_exports_or_unmasks_is_audited),
        cmocka_unit_test(refusal_leaves_a_line),
        cmocka_unit_test(verify_names_the_first_broken_line),
        cmocka_unit_test(end_in_another_base_stands_alone),
        cmocka_unit_test(killed_command_shows_and_breaks_nothing),
    };
    return cmocka_run_group_tests_name("audit/trail", tests, trail_setup, test_home_teardown);
}
