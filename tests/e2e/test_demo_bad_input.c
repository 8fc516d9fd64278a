/* tests/e2e/test_demo_bad_input.c: what is handed in wrong gets one clear line and changes nothing.
 * Source: DESIGN 3 "Every command", DOMAIN checklist 1–16. */
#include "support/street.h"

#include "support/sheets.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char SOUND[] = "姓名,身份证号码,技能等级,手机号码\n"
                            "张三,11010519491231002X,高级工,13800138000\n";

/* Everything that a failed command must leave as it was, as one text. */
static const char *base_state(TestHome *home)
{
    static const char *const TABLES[] = {"batch",   "person",        "answer",  "quarantine",
                                         "problem", "campaign",      "message", "suppression",
                                         "optout",  "delivery_event"};
    const char *state = "";
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        const char *sql = arena_printf(home->context.arena, "SELECT COUNT(*) FROM %s", TABLES[i]);
        state = arena_printf(home->context.arena, "%s %s=%lld", state, TABLES[i],
                             (long long)test_number(home, sql));
    }
    return state;
}

static const char *file_put(TestHome *home, const char *name, const char *bytes, size_t length)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* A failure says one line, and a second one only to say what to do. */
static void assert_one_clear_line(const TestOutput *output, int status, const char *const *parts)
{
    if (output->status != status)
        fail_msg("ended with %d, not %d: %s%s", output->status, status, output->out, output->err);
    assert_string_equal(output->out, "");
    assert_int_equal(strncmp(output->err, "talent: ", 8), 0);
    const char *second = strchr(output->err, '\n');
    assert_non_null(second);
    if (second[1] && (strncmp(second + 1, "hint: ", 6) != 0 || strchr(second + 1, '\n')[1]))
        fail_msg("says more than a line and a hint: %s", output->err);
    for (; *parts; parts++)
        if (!strstr(output->err, *parts))
            fail_msg("does not say '%s': %s", *parts, output->err);
}
#define ASSERT_ONE_CLEAR_LINE(output, status, ...)                                                 \
    assert_one_clear_line(&(output), (status), (const char *const[]){__VA_ARGS__, NULL})

/* Imports a file that must be refused whole. */
static void assert_refused(TestHome *home, const char *path, const char *why)
{
    const char *before = base_state(home);
    TestOutput output = TEST_RUN(home, "survey", "import", path);
    ASSERT_ONE_CLEAR_LINE(output, 1, strrchr(path, '/') + 1, why);
    assert_string_equal(base_state(home), before);
}

static void a_file_that_is_not_what_its_name_says_is_read_as_what_it_is(void **state)
{
    TestHome *home = *state;
    const char *csv = file_put(home, "sound.xlsx", SOUND, strlen(SOUND));
    json_decref(TEST_JSON(home, 0, "survey", "import", csv, "--form", "enterprise", "--dry-run"));
    assert_refused(home, file_put(home, "picture.csv", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16),
                   "picture.csv");
    assert_refused(home, file_put(home, "old.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", 12),
                   ".xls");
    assert_refused(home, file_put(home, "empty.csv", "", 0), "empty");
    assert_refused(home, file_put(home, "torn.xlsx", "PK\3\4torn", 8), "torn.xlsx");
}

static void workbooks_that_are_traps_are_refused(void **state)
{
    TestHome *home = *state;
    SheetWorld world = {.arena = home->context.arena};
    snprintf(world.dir, sizeof world.dir, "%s", home->dir);
    const char *sheet =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>"
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
        "<sheetData/></worksheet>";
    const char *book = sheets_book(&world, &(OddBook){.sheet = sheet});
    assert_refused(home, book, "DOCTYPE");
    size_t length = (size_t)64 << 20;
    char *blank = calloc(1, length + 1);
    assert_non_null(blank);
    memset(blank, ' ', length);
    const ZipEntry bomb[] = {{.name = "[Content_Types].xml", .text = "<Types/>"},
                             {.name = "xl/workbook.xml", .text = blank, .length = length},
                             {0}};
    const char *bombed = sheets_zip(&world, "bomb.xlsx", bomb);
    free(blank);
    assert_refused(home, bombed, "bomb.xlsx");
    const ZipEntry locked[] = {
        {.name = "[Content_Types].xml", .text = "<Types/>", .encrypted = true},
        {.name = "xl/workbook.xml", .text = "<workbook/>", .encrypted = true},
        {0}};
    assert_refused(home, sheets_zip(&world, "locked.xlsx", locked), "locked.xlsx");
}

static void headings_and_forms_that_nobody_knows_are_refused(void **state)
{
    TestHome *home = *state;
    const char *strange = "颜色,大小,重量,味道\n红,大,轻,甜\n";
    assert_refused(home, file_put(home, "strange.csv", strange, strlen(strange)), "strange.csv");
    const char *twice = "姓名,姓名,身份证号码,技能等级\n张三,李四,11010519491231002X,高级工\n";
    assert_refused(home, file_put(home, "twice.csv", twice, strlen(twice)), "姓名");
    const char *sound = file_put(home, "sound.csv", SOUND, strlen(SOUND));
    const char *before = base_state(home);
    TestOutput output = TEST_RUN(home, "survey", "import", sound, "--form", "enterprize");
    ASSERT_ONE_CLEAR_LINE(output, 1, "enterprize", "hint: ");
    assert_string_equal(base_state(home), before);
}

static void a_good_file_behind_a_bad_one_says_what_happened_to_each(void **state)
{
    TestHome *home = *state;
    const char *sound = file_put(home, "sound.csv", SOUND, strlen(SOUND));
    TestOutput output = TEST_RUN(home, "survey", "import", "/nowhere.csv", sound);
    ASSERT_ONE_CLEAR_LINE(output, 1, "/nowhere.csv", "No such file or directory");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 0);
}

/* The shipped files in a folder of their own, where one of them can be made faulty. */
static void share_copy(TestHome *home)
{
    const char *share = arena_printf(home->context.arena, "%s/share", home->dir);
    const char *command = arena_printf(
        home->context.arena,
        "mkdir -p %s && cd %s && for d in survey policy outreach templates; do mkdir -p "
        "$(dirname %s/$d) && cp -r $d %s/; done",
        share, TALENT_SOURCE, share, share);
    FILE *shell = popen(command, "re");
    assert_int_equal(pclose(shell), 0);
    setenv("TALENT_SHARE", share, 1);
}

static void a_template_with_an_undeclared_placeholder_is_refused(void **state)
{
    TestHome *home = *state;
    share_copy(home);
    const char *text = "---\nid: odd\npolicy: dongguan-2012-140\nlanguage: zh\nsignature: "
                       "东莞人社\nclass: notice\n"
                       "approved_by: x\n---\n{{nmae}}您好\n";
    file_put(home, "share/templates/sms/odd.txt", text, strlen(text));
    const char *before = base_state(home);
    TestOutput output = TEST_RUN(home, "outreach", "plan", "odd", "--template", "odd");
    ASSERT_ONE_CLEAR_LINE(output, 1, "odd.txt", "nmae");
    output = TEST_RUN(home, "outreach", "plan", "odd", "--template", "nothing");
    ASSERT_ONE_CLEAR_LINE(output, 1, "nothing");
    assert_string_equal(base_state(home), before);
    unsetenv("TALENT_SHARE");
}

static void a_policy_with_an_unknown_fact_is_refused_at_its_path(void **state)
{
    TestHome *home = *state;
    share_copy(home);
    const char *path =
        arena_printf(home->context.arena, "%s/share/policy/dongguan-2012-140.json", home->dir);
    FILE *shell = popen(
        arena_printf(home->context.arena, "sed -i 's/\"skill_level\"/\"skill_levle\"/' %s", path),
        "re");
    assert_int_equal(pclose(shell), 0);
    TestOutput output = TEST_RUN(home, "policy", "size");
    ASSERT_ONE_CLEAR_LINE(output, 1, "dongguan-2012-140.json: $.", "skill_levle",
                          "hint: did you mean 'skill_level'?");
    unsetenv("TALENT_SHARE");
}

static void a_configuration_with_an_unknown_key_is_refused_at_its_path(void **state)
{
    TestHome *home = *state;
    const char *json = "{\"windw\": null}";
    const char *path = file_put(home, "wrong.json", json, strlen(json));
    TestOutput output = TEST_RUN(home, "--config", path, "survey", "batches");
    ASSERT_ONE_CLEAR_LINE(output, 1, "wrong.json: $: unknown key 'windw'",
                          "hint: did you mean 'window'?");
}

static void a_gateway_that_is_not_there_keeps_every_message(void **state)
{
    TestHome *home = *state;
    json_decref(street_generate(home, 9, 200));
    const char *file = arena_printf(home->context.arena, "%s/in/3-虎门镇-锦裳服饰.xlsx", home->dir);
    json_decref(TEST_JSON(home, 3, "survey", "import", file));
    json_decref(TEST_JSON(home, 0, "--as-of", "2012-10-08", "outreach", "plan", "a", "--template",
                          "settlement-invitation"));
    json_decref(TEST_JSON(home, 0, "outreach", "approve", "a"));
    json_decref(TEST_JSON(home, 0, "outreach", "launch", "a"));
    int64_t waiting = test_number(home, "SELECT COUNT(*) FROM message WHERE state = 'queued'");
    assert_true(waiting > 0);
    test_config(home,
                "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"simulator\", \"url\": "
                "\"http://127.0.0.1:9/send\"}}, \"receive\": {\"listen\": \"127.0.0.1:0\"}");
    TestOutput output = TEST_RUN(home, "outreach", "dispatch", "--until-done");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "127.0.0.1:9"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE state = 'queued'"),
                     waiting);
    output = TEST_RUN(home, "outreach", "dispatch", "--until-done", "--gateway", "nobody");
    ASSERT_ONE_CLEAR_LINE(output, 1, "nobody");
}

/* Ends the private server in the hardest way, a while from now. */
static pid_t kill_later(pid_t server, unsigned after_ms)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        usleep(after_ms * 1000);
        kill(server, SIGKILL);
        _exit(0);
    }
    return child;
}

static void a_database_that_goes_away_in_the_middle_keeps_files_whole(void **state)
{
    TestHome *home = *state;
    enum { ROWS = 8000 };
    json_decref(street_generate_rows(home, ROWS));
    const char *file = arena_printf(home->context.arena, "%s/rows.csv", home->dir);
    int64_t people = test_number(home, "SELECT COUNT(*) FROM person");
    for (unsigned after_ms = 100; after_ms <= 900; after_ms += 400) {
        json_t *status = TEST_JSON(home, 0, "db", "status");
        const json_t *pid = json_object_get(status, "pid");
        if (!json_is_integer(pid)) { /* a server that is not ours to end */
            json_decref(status);
            skip();
        }
        pid_t killer = kill_later((pid_t)json_integer_value(pid), after_ms);
        json_decref(status);
        TestOutput output = TEST_RUN(home, "survey", "import", file);
        waitpid(killer, NULL, 0);
        Err err = {0};
        db_close(home->context.db);
        home->context.db = NULL;
        test_ok(db_ready(&home->context.config, &home->context.db, &err), &err, "db_ready");
        int64_t came = test_number(home, "SELECT COUNT(*) FROM person") - people;
        if (output.status == 1) {
            ASSERT_ONE_CLEAR_LINE(output, 1, "rows.csv");
            assert_int_equal(came, 0);
            continue;
        }
        /* The server came back by itself and the whole file went in on the second try. */
        assert_int_equal(output.status, 0);
        assert_int_equal(came, ROWS);
        const char *batch = arena_printf(home->context.arena, "%lld",
                                         (long long)test_number(home, "SELECT MAX(id) FROM batch"));
        json_decref(TEST_JSON(home, 0, "survey", "undo", batch));
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), people);
    }
    json_decref(TEST_JSON(home, 0, "survey", "import", file));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), people + ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_not_what_its_name_says_is_read_as_what_it_is),
        cmocka_unit_test(workbooks_that_are_traps_are_refused),
        cmocka_unit_test(headings_and_forms_that_nobody_knows_are_refused),
        cmocka_unit_test(a_good_file_behind_a_bad_one_says_what_happened_to_each),
        cmocka_unit_test(a_template_with_an_undeclared_placeholder_is_refused),
        cmocka_unit_test(a_policy_with_an_unknown_fact_is_refused_at_its_path),
        cmocka_unit_test(a_configuration_with_an_unknown_key_is_refused_at_its_path),
        cmocka_unit_test(a_gateway_that_is_not_there_keeps_every_message),
        cmocka_unit_test(a_database_that_goes_away_in_the_middle_keeps_files_whole),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
