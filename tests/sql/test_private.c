/* sql/private*.c: one server per home, whoever asks first, whoever dies. */
#include "sql/connection.h"
#include "sql/private.h"
#include "support/home.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static int teardown(void **state)
{
    test_home_free(*state);
    return 0;
}

static bool root_or_skip(const char *what)
{
    if (geteuid() == 0)
        return true;
    print_message("SKIPPED: %s needs root\n", what);
    return false;
}

static void start(const Server *server, bool expected)
{
    Err err = {0};
    bool started = !expected;
    assert_ok(private_start(server, &started, &err), &err);
    assert_int_equal(started, expected);
}

static void stop(const Server *server)
{
    Err err = {0};
    bool stopped = false;
    assert_ok(private_stop(server, &stopped, &err), &err);
    assert_true(stopped);
}

/* Living mariadbd processes on this home's data. */
static int servers(const Server *server)
{
    char wanted[4200];
    int found = 0;
    snprintf(wanted, sizeof wanted, "--datadir=%s/db", server->home);
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    for (struct dirent *entry; (entry = readdir(processes));) {
        char path[300], line[8192];
        snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        FILE *file = fopen(path, "re");
        size_t length = file ? fread(line, 1, sizeof line - 1, file) : 0;
        if (file)
            fclose(file);
        line[length] = '\0';
        for (size_t at = 0; at < length; at += strlen(line + at) + 1)
            found += strcmp(line + at, wanted) == 0;
    }
    closedir(processes);
    return found;
}

static void text_server(const Server *server, const char *text)
{
    Err err = {0};
    Db *db = NULL;
    assert_ok(connection_open(server, false, &db, &err), &err);
    assert_ok(db_text(db, text, NULL, &err), &err);
    db_close(db);
}

/* Runs body in a child, as another user when uid is not 0; what it says comes back in text. */
static int in_child(void (*body)(const Server *server, Err *err), const Server *server, uid_t uid,
                    char *text, size_t bytes)
{
    int pipe_ends[2], status = 0;
    fflush(NULL);
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Err err = {0};
        if (uid && (setgroups(0, NULL) != 0 || setgid(uid) != 0 || setuid(uid) != 0))
            _exit(99);
        body(server, &err);
        dprintf(pipe_ends[1], "%s|%s", err.text, err.hint);
        _exit(err.code == OK ? 0 : 1);
    }
    close(pipe_ends[1]);
    ssize_t length = read(pipe_ends[0], text, bytes - 1);
    text[length > 0 ? length : 0] = '\0';
    close(pipe_ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void body_start(const Server *server, Err *err)
{
    bool started;
    (void)!private_start(server, &started, err);
}

static void body_stop(const Server *server, Err *err)
{
    bool stopped;
    (void)!private_stop(server, &stopped, err);
}

static void server_starts_once_and_is_found_again(void **state)
{
    Err err = {0};
    Server server = test_private(*state);
    bool stopped = true;
    assert_false(private_answers(&server));
    assert_int_equal(private_pid(&server), 0);
    start(&server, true);
    pid_t pid = private_pid(&server);
    assert_true(pid > 0 && kill(pid, 0) == 0);
    start(&server, false);
    assert_int_equal(private_pid(&server), pid);
    assert_true(private_bytes(&server) > 1000000);
    text_server(&server, "CREATE DATABASE kept");
    stop(&server);
    assert_int_equal(servers(&server), 0);
    assert_ok(private_stop(&server, &stopped, &err), &err);
    assert_false(stopped);
    start(&server, true);
    text_server(&server, "DROP DATABASE kept");
}

static void killed_server_is_started_again_with_what_was_committed(void **state)
{
    Server server = test_private(*state);
    start(&server, true);
    text_server(&server, "CREATE DATABASE kept");
    text_server(&server, "CREATE TABLE kept.t ENGINE=InnoDB AS SELECT 1 AS n");
    assert_int_equal(kill(private_pid(&server), SIGKILL), 0);
    text_server(&server, "DROP TABLE kept.t");
    assert_int_equal(servers(&server), 1);
}

static void four_starts_at_once_end_with_one_server(void **state)
{
    enum { STARTERS = 4 };
    Server server = test_private(*state);
    pid_t children[STARTERS];
    int started_by = 0;
    for (int i = 0; i < STARTERS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            Err err = {0};
            bool started = false;
            ErrCode code = private_start(&server, &started, &err);
            if (code != OK)
                dprintf(STDERR_FILENO, "%s\n", err.text);
            _exit(code != OK ? 2 : started);
        }
    }
    for (int i = 0; i < STARTERS; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
        started_by += WEXITSTATUS(status);
    }
    assert_int_equal(started_by, 1);
    assert_int_equal(servers(&server), 1);
    text_server(&server, "CREATE DATABASE any");
}

static void starter_killed_at_any_moment_leaves_a_home_that_starts(void **state)
{
    static const unsigned MOMENTS_MS[] = {5, 60, 180, 350, 600};
    (void)state;
    for (size_t i = 0; i < sizeof MOMENTS_MS / sizeof *MOMENTS_MS; i++) {
        Err err = {0};
        TestHome *home = test_home_new();
        Server server = test_private(home);
        pid_t child = fork();
        if (child == 0) {
            body_start(&server, &err);
            _exit(0);
        }
        usleep(MOMENTS_MS[i] * 1000);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_ok(private_start(&server, NULL, &err), &err);
        assert_int_equal(servers(&server), 1);
        text_server(&server, "CREATE DATABASE any");
        test_home_free(home);
    }
}

static void home_may_lie_deeper_than_a_socket_address_reaches(void **state)
{
    TestHome *home = *state;
    char deep[400];
    snprintf(deep, sizeof deep, "%s/%0150d", home->dir, 7);
    assert_int_equal(mkdir(deep, 0700), 0);
    Server server = test_private(home);
    server.home = deep;
    start(&server, true);
    start(&server, false);
    text_server(&server, "CREATE DATABASE any");
    stop(&server);
}

static void server_holds_no_descriptor_of_the_program(void **state)
{
    TestHome *home = *state;
    Server server = test_private(home);
    char path[256], link[300], target[4200];
    snprintf(path, sizeof path, "%s/open-file", home->dir);
    int open_file = open(path, O_CREAT | O_RDWR, 0600); /* without O_CLOEXEC */
    assert_true(open_file >= 0);
    start(&server, true);
    pid_t pid = private_pid(&server);
    for (int i = 0; i < 1000; i++) {
        snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)pid, i);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        assert_null(strstr(target, "open-file"));
        if (i <= STDERR_FILENO && length > 0)
            assert_true(strcmp(target, "/dev/null") == 0 || strstr(target, "db.log"));
    }
    assert_int_equal(getsid(pid) != getsid(0), 1);
    close(open_file);
}

static void ordinary_user_has_a_server_of_his_own(void **state)
{
    if (!root_or_skip("another user's server"))
        return;
    char said[2100];
    TestHome *home = *state;
    Server server = test_private(home);
    server.user = "nobody";
    assert_int_equal(chown(home->dir, NOBODY, (gid_t)NOBODY), 0);
    if (in_child(body_start, &server, NOBODY, said, sizeof said) != 0)
        fail_msg("%s", said);
    struct stat status;
    const char *data = arena_printf(home->context.arena, "%s/db", home->dir);
    assert_int_equal(stat(data, &status), 0);
    assert_int_equal(status.st_uid, NOBODY);
    if (in_child(body_stop, &server, NOBODY, said, sizeof said) != 0)
        fail_msg("%s", said);
    assert_int_equal(servers(&server), 0);
}

static void body_connect(const Server *server, Err *err)
{
    Db *db;
    if (connection_open(server, false, &db, err) == OK)
        db_close(db);
}

static void other_user_cannot_connect(void **state)
{
    if (!root_or_skip("another user"))
        return;
    char said[2100];
    TestHome *home = *state;
    Server server = test_private(home);
    start(&server, true);
    assert_int_equal(chmod(home->dir, 0755), 0);
    assert_int_equal(in_child(body_connect, &server, NOBODY, said, sizeof said), 1);
    assert_non_null(
        strstr(said, "Access denied for user 'root'@'localhost'|only the user who made it"));
    assert_int_equal(in_child(body_connect, &server, 0, said, sizeof said), 0);
}

static void folder_of_another_user_is_refused(void **state)
{
    if (!root_or_skip("another owner"))
        return;
    Err err = {0};
    TestHome *home = *state;
    Server server = test_private(home);
    const char *data = arena_printf(home->context.arena, "%s/db", home->dir);
    assert_int_equal(mkdir(data, 0700), 0);
    assert_int_equal(chown(data, NOBODY, (gid_t)NOBODY), 0);
    assert_int_equal(private_start(&server, NULL, &err), ERR_IO);
    assert_string_equal(
        err.text,
        arena_printf(home->context.arena,
                     "the database folder '%s' belongs to user 'nobody', not to 'root'", data));
    assert_string_equal(err.hint, "run the command as 'nobody', or choose another --home");
}

static void folder_that_is_something_else_is_refused(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Server server = test_private(home);
    const char *data = arena_printf(home->context.arena, "%s/db", home->dir);
    assert_int_equal(mkdir(data, 0700), 0);
    assert_int_equal(mkdir(arena_printf(home->context.arena, "%s/photos", data), 0700), 0);
    assert_int_equal(private_start(&server, NULL, &err), ERR_IO);
    assert_string_equal(err.text,
                        arena_printf(home->context.arena, "'%s' exists and is no database", data));
}

static void home_that_cannot_be_written_is_told(void **state)
{
    char said[2100];
    TestHome *home = *state;
    Server server = test_private(home);
    uid_t uid = geteuid() == 0 ? NOBODY : 0;
    assert_int_equal(chmod(home->dir, 0555), 0);
    assert_int_equal(in_child(body_start, &server, uid, said, sizeof said), 1);
    assert_string_equal(said, arena_printf(home->context.arena,
                                           "cannot write '%s/db.lock': Permission denied"
                                           "|choose a folder of your own with --home",
                                           home->dir));
    assert_int_equal(chmod(home->dir, 0700), 0);
}

static void body_start_without_path(const Server *server, Err *err)
{
    setenv("PATH", "/nonexistent", 1);
    body_start(server, err);
}

static void missing_package_is_named(void **state)
{
    char said[2100];
    Server server = test_private(*state);
    assert_int_equal(in_child(body_start_without_path, &server, 0, said, sizeof said), 1);
    assert_non_null(
        strstr(said, "cannot find the program 'mariadb-install-db' of MariaDB|install the package "
                     "mariadb-server"));
}

static void full_disk_is_told_and_leaves_nothing_half(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Server server = test_private(home);
    server.home = arena_printf(home->context.arena, "%s/small", home->dir);
    assert_int_equal(mkdir(server.home, 0700), 0);
    if (!root_or_skip("a full disk"))
        return;
    if (mount("tmpfs", server.home, "tmpfs", 0, "size=20m,mode=0700") != 0) {
        print_message("SKIPPED: a full disk needs the right to mount a tmpfs\n");
        return;
    }
    ErrCode code = private_start(&server, NULL, &err);
    struct stat status;
    int data = stat(private_path(home->context.arena, &server, "db"), &status);
    int half = stat(private_path(home->context.arena, &server, "db.new"), &status);
    mount("tmpfs", server.home, "tmpfs", MS_REMOUNT, "size=400m");
    Err again_err = {0};
    ErrCode again = private_start(&server, NULL, &again_err);
    bool stopped = false;
    if (again == OK)
        assert_ok(private_stop(&server, &stopped, &again_err), &again_err);
    umount2(server.home, MNT_DETACH);
    assert_int_equal(code, ERR_IO);
    assert_non_null(strstr(err.text, "no space left on the disk of"));
    assert_non_null(strstr(err.hint, "free at least 300 MB"));
    assert_true(data != 0 && half != 0);
    assert_ok(again, &again_err);
}

static void server_that_cannot_start_says_why(void **state)
{
    Err err = {0};
    TestHome *home = *state;
    Server server = test_private(home);
    start(&server, true);
    stop(&server);
    assert_int_equal(truncate(private_path(home->context.arena, &server, "db/ibdata1"), 1000), 0);
    assert_int_equal(private_start(&server, NULL, &err), ERR_IO);
    assert_memory_equal(err.text, "the private database did not start: InnoDB: ", 44);
    assert_string_equal(err.hint, arena_printf(home->context.arena,
                                               "the whole story is in '%s/db.log'", home->dir));
    assert_int_equal(servers(&server), 0);
}

static void log_that_grew_is_set_aside(void **state)
{
    struct stat status;
    TestHome *home = *state;
    Server server = test_private(home);
    const char *log = private_path(home->context.arena, &server, "db.log");
    start(&server, true);
    stop(&server);
    assert_int_equal(truncate(log, 5 << 20), 0);
    start(&server, true);
    assert_int_equal(stat(log, &status), 0);
    assert_true(status.st_size < 1 << 20);
    assert_int_equal(stat(private_path(home->context.arena, &server, "db.log.old"), &status), 0);
}

static void server_takes_an_eighth_of_the_memory(void **state)
{
    Err err = {0};
    Db *db = NULL;
    Rows *rows = NULL;
    Server server = test_private(*state);
    const int64_t least = INT64_C(256) << 20, most = INT64_C(4096) << 20;
    int64_t eighth = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 8 >> 20 << 20;
    assert_ok(connection_open(&server, false, &db, &err), &err);
    const char *settings = "SELECT @@innodb_buffer_pool_size,"
                           " @@innodb_doublewrite AND @@innodb_flush_log_at_trx_commit = 1";
    assert_ok(db_text(db, settings, &rows, &err), &err);
    assert_true(rows_next(rows));
    int64_t wanted = eighth < least ? least : eighth > most ? most : eighth;
    assert_in_range(rows_int(rows, 0), wanted, wanted + (128 << 20)); /* it rounds up */
    assert_int_equal(rows_int(rows, 1), 1);
    rows_close(rows);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(server_starts_once_and_is_found_again, setup, teardown),
        cmocka_unit_test_setup_teardown(killed_server_is_started_again_with_what_was_committed,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(four_starts_at_once_end_with_one_server, setup, teardown),
        cmocka_unit_test(starter_killed_at_any_moment_leaves_a_home_that_starts),
        cmocka_unit_test_setup_teardown(home_may_lie_deeper_than_a_socket_address_reaches, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(server_holds_no_descriptor_of_the_program, setup, teardown),
        cmocka_unit_test_setup_teardown(ordinary_user_has_a_server_of_his_own, setup, teardown),
        cmocka_unit_test_setup_teardown(other_user_cannot_connect, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_of_another_user_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_that_is_something_else_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(home_that_cannot_be_written_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_package_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(full_disk_is_told_and_leaves_nothing_half, setup, teardown),
        cmocka_unit_test_setup_teardown(server_that_cannot_start_says_why, setup, teardown),
        cmocka_unit_test_setup_teardown(log_that_grew_is_set_aside, setup, teardown),
        cmocka_unit_test_setup_teardown(server_takes_an_eighth_of_the_memory, setup, teardown),
    };
    return cmocka_run_group_tests_name("sql/private", tests, NULL, NULL);
}
