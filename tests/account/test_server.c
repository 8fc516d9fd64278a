/* A shared server: nobody is known by the user of his computer there, everybody logs in, from a home
 * of his own. Over TCP with TLS, whatever the suite runs on. */
#include "account/staff.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static const char RIGHT[] = "correct horse battery\n";

typedef struct Shared {
    TestHome *home;  /* of the administrator */
    TestHome *other; /* of somebody else, on the same server */
    char dir[160];
} Shared;

static void script(const char *verb, const char *dir)
{
    char path[] = TALENT_SOURCE "/tests/support/tls_server.sh", word[16], folder[160];
    snprintf(word, sizeof word, "%s", verb);
    snprintf(folder, sizeof folder, "%s", dir);
    char *argv[] = {path, word, folder, NULL};
    pid_t child;
    int status = 0;
    assert_int_equal(posix_spawn(&child, path, NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void configure(TestHome *home, const char *dir)
{
    char url[1000] = "";
    FILE *file = fopen(arena_printf(home->context.arena, "%s/url", dir), "re");
    assert_non_null(file);
    assert_non_null(fgets(url, sizeof url, file));
    fclose(file);
    staff_file(
        home, "talent.json",
        arena_printf(home->context.arena, "{\"database\": \"%s\", \"window\": null}\n", url));
    Err err = {0};
    config_done(&home->context.config);
    assert_ok(config_load(home->context.arena, home->dir, NULL, &home->context.config, &err), &err);
}

static int setup(void **state)
{
    Shared *shared = calloc(1, sizeof *shared);
    *state = shared;
    shared->home = test_home_new();
    shared->other = test_home_new();
    shared->home->schema[0] = shared->other->schema[0] = '\0';
    snprintf(shared->dir, sizeof shared->dir, "%s/tls", shared->home->dir);
    script("start", shared->dir);
    configure(shared->home, shared->dir);
    configure(shared->other, shared->dir);
    return 0;
}

static int teardown(void **state)
{
    Shared *shared = *state;
    script("stop", shared->dir);
    test_home_free(shared->other);
    test_home_free(shared->home);
    free(shared);
    return 0;
}

static void everybody_logs_in_from_a_home_of_his_own(void **state)
{
    static const char NOBODY[] =
        "talent: nobody is logged in\n"
        "hint: 'talent account login NAME'; who has no account is given one by: li\n";
    Shared *shared = *state;
    TestHome *home = shared->home, *other = shared->other;
    STAFF_RUN(home, 0, "", "db", "migrate");
    STAFF_RUN(home, 0, "", "survey", "batches");
    TestOutput without = STAFF_RUN(home, 2, "", "account", "add", "li", "--os-user", "x");
    assert_non_null(strstr(without.err, "on a server people log in"));
    STAFF_RUN(home, 0, "", "account", "add", "li", "--role", "survey", "--password-file",
              staff_file(home, "right", RIGHT));
    STAFF_RUN(home, 1, NOBODY, "survey", "batches");
    STAFF_RUN(home, 1, NOBODY, "db", "status");
    STAFF_RUN(home, 1, NOBODY, "db", "migrate");
    STAFF_RUN(home, 0, "", "account", "login", "li", "--password-file",
              staff_file(home, "right", RIGHT));
    STAFF_RUN(home, 0, "", "survey", "batches");
    STAFF_RUN(home, 0, "", "db", "status");
    STAFF_RUN(home, 0, "", "db", "migrate");
    STAFF_RUN(other, 1, NOBODY, "survey", "batches");
}

static void two_homes_leave_one_chain_and_two_anchors(void **state)
{
    Shared *shared = *state;
    TestHome *home = shared->home, *other = shared->other;
    STAFF_RUN(home, 0, "", "account", "add", "chen", "--role", "admin", "--password-file",
              staff_file(home, "right", RIGHT));
    STAFF_RUN(other, 1, "", "account", "list");
    STAFF_RUN(other, 0, "", "account", "login", "chen", "--password-file",
              staff_file(other, "right", RIGHT));
    STAFF_RUN(other, 0, "", "account", "role", "chen", "admin,analyst");
    STAFF_RUN(home, 0, "", "account", "role", "li", "admin");
    json_t *deeds = TEST_JSON(other, 0, "audit", "list", "--what", "account role");
    assert_int_equal(json_array_size(deeds), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(deeds, 0), "who")), "li");
    assert_string_equal(json_string_value(json_object_get(json_array_get(deeds, 1), "who")),
                        "chen");
    json_decref(deeds);
    json_t *here = TEST_JSON(home, 0, "audit", "verify"),
           *there = TEST_JSON(other, 0, "audit", "verify");
    int64_t lines = json_integer_value(json_object_get(here, "lines"));
    assert_int_equal(json_integer_value(json_object_get(there, "lines")), lines);
    assert_int_equal(json_integer_value(json_object_get(here, "anchors")) +
                         json_integer_value(json_object_get(there, "anchors")),
                     lines);
    assert_true(json_integer_value(json_object_get(there, "file_behind")) > 0);
    json_decref(here);
    json_decref(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_logs_in_from_a_home_of_his_own),
        cmocka_unit_test(two_homes_leave_one_chain_and_two_anchors),
    };
    return cmocka_run_group_tests_name("account/server", tests, setup, teardown);
}
